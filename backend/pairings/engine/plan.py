"""The best assignment over everybody in a programme, proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import matching
from backend.pairings.engine.proposals import Proposal, proposal_of, share_of
from backend.pairings.engine.rows import Refusals, criteria_of, pool_of, refusals_of
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme


@dataclass(frozen=True)
class Left:
    """A newcomer without anybody: how many suit but are taken, and what excludes the others, most first."""

    newcomer: int
    feasible: int
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Plan:
    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...]
    total: float
    upper_bound: float


def plan(
    programme: Programme,
    mentors: Sequence[Enrolment],
    newcomers: Sequence[Enrolment],
    refusals: Refusals,
    *,
    day: date,
) -> Plan:
    """The best assignment over all these people within their free places, proved by its upper bound."""
    criteria = criteria_of(programme, day)
    result = matching.match(
        pool_of(mentors, Side.MENTOR),
        pool_of(newcomers, Side.NEWCOMER),
        criteria,
        objective="fit" if programme.objective == "fit" else "coverage",
        refusals=refusals_of(refusals, criteria),
    )
    others = {
        newcomer: tuple(
            {"mentor": int(p.mentor), "fit": p.fit, "share": share_of(p.parts, criteria)} for p in pairs
        )
        for newcomer, pairs in result.alternatives.items()
    }
    return Plan(
        proposals=tuple(
            proposal_of(p, criteria, alternatives=others.get(p.newcomer, ())) for p in result.pairs
        ),
        left=tuple(_left(u) for u in result.unmatched),
        total=result.total,
        upper_bound=result.upper_bound,
    )


def _left(unmatched: matching.Unmatched) -> Left:
    lines = sorted(unmatched.excluded, key=lambda line: (-line.mentors, line.name))
    return Left(
        newcomer=int(unmatched.newcomer),
        feasible=unmatched.feasible,
        reasons=tuple({"refusal": x.name, "excludes": x.mentors, "alone": x.alone} for x in lines),
    )
