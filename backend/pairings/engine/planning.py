"""The best assignment over everybody in a programme, proved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import matching
from backend.pairings.decisions import Lessons
from backend.pairings.engine.proposals import Proposal, proposal_of, share_of
from backend.pairings.engine.rows import problem_of
from backend.pairings.engine.warm import WARM
from backend.pairings.queries import Refusals
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
    gap: float
    feasible_pairs: int


def plan(
    programme: Programme,
    mentors: Sequence[Enrolment],
    newcomers: Sequence[Enrolment],
    refusals: Refusals,
    *,
    day: date,
    lessons: Lessons | None = None,
) -> Plan:
    """The best assignment over all these people within their free places, proved by its upper bound."""
    problem = problem_of(programme, mentors, newcomers, refusals, day=day, lessons=lessons)
    criteria, result = problem.criteria, WARM.solved(programme.pk, problem).result
    return Plan(
        proposals=tuple(
            proposal_of(p, criteria, alternatives=_others(result.alternatives[p.newcomer], criteria))
            for p in result.pairs
        ),
        left=tuple(left_of(unmatched) for unmatched in result.unmatched),
        total=result.total,
        upper_bound=result.upper_bound,
        gap=result.gap,
        feasible_pairs=result.feasible_pairs,
    )


def _others(pairs: Sequence[matching.Pair], criteria: matching.Criteria) -> tuple[dict[str, Any], ...]:
    """Other mentors, best first; `regret` is what taking one would cost everybody together, at least."""
    return tuple(
        {
            "mentor": int(pair.mentor),
            "fit": pair.fit,
            "share": share_of(pair.parts, criteria),
            "regret": asdict(pair.regret) if pair.regret else None,
        }
        for pair in pairs
    )


def left_of(unmatched: matching.Unmatched) -> Left:
    lines = sorted(unmatched.excluded, key=lambda line: (-line.mentors, line.name))
    return Left(
        newcomer=int(unmatched.newcomer),
        feasible=unmatched.feasible,
        reasons=tuple({"refusal": x.name, "excludes": x.mentors, "alone": x.alone} for x in lines),
    )
