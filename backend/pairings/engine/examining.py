"""Two people put together by hand, refused or not."""

from collections.abc import Sequence
from datetime import date

import matching
from backend.pairings.decisions import Lessons
from backend.pairings.engine.proposals import Proposal, proposal_of
from backend.pairings.engine.rows import criteria_of, learned, person_of, pool_of, refusals_of
from backend.pairings.queries import Refusals
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme


def examine(
    programme: Programme,
    mentor: Enrolment,
    newcomer: Enrolment,
    everyone: tuple[Sequence[Enrolment], Sequence[Enrolment]],
    refusals: Refusals,
    *,
    day: date,
    lessons: Lessons | None = None,
) -> Proposal:
    """One pair as it is, refused or not. `everyone` (mentors, newcomers) says how rare each wish is."""
    criteria = criteria_of(programme.criteria, day)
    mentors = {e.pk: e for e in (*everyone[0], mentor)}
    newcomers = {e.pk: e for e in (*everyone[1], newcomer)}
    scorer = matching.Scorer(criteria, **learned(lessons)).fit(
        pool_of(list(mentors.values()), Side.MENTOR), pool_of(list(newcomers.values()), Side.NEWCOMER)
    )
    seen = matching.examine(
        person_of(mentor, Side.MENTOR),
        person_of(newcomer, Side.NEWCOMER),
        criteria,
        refusals=refusals_of(refusals, criteria),
        scorer=scorer,
    )
    return proposal_of(seen.pair, criteria, refusals=seen.refused_by)
