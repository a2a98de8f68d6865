"""What decisions teach, in and out of the engine's own words. A model travels as text, never as code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import matching
from backend.pairings.decisions import Decided
from backend.pairings.engine.rows import criteria_of, pool_of
from backend.pairings.enums import Target
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from matching.learning import LearnedModel, Outcome, from_json, to_json
from matching.learning import learn as learn_model


@dataclass(frozen=True)
class Learned:
    """A model as text, and what it says of itself; areas under the curve are None while newcomers are few."""

    body: str
    decided: int
    positive: int
    champion: str
    challenger: str
    auc: float | None
    programme_auc: float | None
    lead: float | None
    standard_error: float | None


def learn(
    programme: Programme,
    target: Target,
    pairs: Sequence[Decided],
    people: Mapping[int, Enrolment],
    *,
    day: date,
) -> Learned:
    """Learn one target from decided pairs; `people` by enrolment id. The same pairs give the same model."""
    mentors = [people[pk] for pk in sorted({pair.mentor for pair in pairs})]
    newcomers = [people[pk] for pk in sorted({pair.newcomer for pair in pairs})]
    model = learn_model(
        criteria_of(programme.criteria, day),
        pool_of(mentors, Side.MENTOR),
        pool_of(newcomers, Side.NEWCOMER),
        [_outcome(pair, target) for pair in pairs],
        parts=[pair.parts for pair in pairs],
        target=target.value,
    )
    return _told(model)


def suits(body: str, criteria: Mapping[str, Any], *, day: date) -> bool:
    """Whether a stored model can be read and was taught with these criteria."""
    nobody = matching.Pool(())
    try:
        from_json(body).bind(nobody, nobody, criteria_of(criteria, day))
    except matching.InputError:
        return False
    return True


def _outcome(pair: Decided, target: Target) -> Outcome:
    return Outcome(
        newcomer=str(pair.newcomer),
        mentor=str(pair.mentor),
        outcome=pair.outcome,
        mentor_answer=pair.mentor_answer,
        newcomer_answer=pair.newcomer_answer,
        target=target.value,
    )


def _told(model: LearnedModel) -> Learned:
    auc = model.within_newcomer_auc
    return Learned(
        body=to_json(model),
        decided=model.decided,
        positive=model.positive,
        champion=model.champion,
        challenger=model.challenger or "",
        auc=auc.get(model.champion),
        programme_auc=auc.get("programme"),
        lead=model.lead,
        standard_error=model.standard_error,
    )
