"""The best assignment over everybody in a programme, proved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import matching
from backend.pairings.changes import Pair
from backend.pairings.decisions import Lessons
from backend.pairings.engine.problem import problem_of
from backend.pairings.engine.proposals import Proposal, proposal_of, share_of
from backend.pairings.engine.warm import WARM
from backend.pairings.queries import Refusals
from backend.programmes.models import Enrolment, Programme


@dataclass(frozen=True)
class Left:
    """A newcomer without anybody: how many suit but are taken, and what excludes the others, most first."""

    newcomer: int
    feasible: int
    reasons: tuple[dict[str, Any], ...]


# So many newcomers are kept for each mentor, and so many pieces of advice for each run.
CHOICES = 5
PIECES_OF_ADVICE = 5


@dataclass(frozen=True)
class Choice:
    """Whom a mentor with a free place could take: plain dicts, best first; empty where nobody suits."""

    mentor: int
    newcomers: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Plan:
    """`proposals` hold the kept pairs that the plan can hold; `beside` are those that only take places."""

    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...]
    choices: tuple[Choice, ...]
    advice: tuple[dict[str, Any], ...]
    beside: tuple[Pair, ...]
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
    kept: Iterable[Pair] = (),
) -> Plan:
    """The best assignment over all these people within their free places, proved by its upper bound.

    `kept` pairs hold their places, the first ones before the later.
    """
    problem = problem_of(programme, mentors, newcomers, refusals, day=day, lessons=lessons, kept=kept)
    solved = WARM.solved(programme.pk, problem)
    criteria, result = problem.criteria, solved.result
    return Plan(
        proposals=tuple(
            proposal_of(p, criteria, alternatives=_others(result.alternatives[p.newcomer], criteria))
            for p in result.pairs
        ),
        left=tuple(left_of(unmatched) for unmatched in result.unmatched),
        choices=tuple(_choices(solved.solution, criteria)),
        advice=tuple(_advice(solved.solution, newcomers)),
        beside=tuple((int(mentor), int(newcomer)) for mentor, newcomer in sorted(problem.held.beside)),
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


def _choices(solution: matching.Solution, criteria: matching.Criteria) -> Iterator[Choice]:
    """For each mentor with a free place; 5,000 mentors of 2 million pairs take a third of a second."""
    places = solution.mentors.capacities
    for mentor, pairs in solution.choices(CHOICES).items():
        if places[solution.mentors.index(mentor)] > 0:
            best = [(int(p.newcomer), p.fit, share_of(p.parts, criteria)) for p in pairs]
            told = tuple({"newcomer": who, "fit": fit, "share": share} for who, fit, share in best)
            yield Choice(int(mentor), told)


def _advice(solution: matching.Solution, newcomers: Sequence[Enrolment]) -> Iterator[dict[str, Any]]:
    """Which one more mentor would help most, as it is stored; towns are those where newcomers live.

    It looks at those left alone, and solves again only where fit comes before numbers.
    """
    towns = {(p.town.latitude, p.town.longitude): p.town.name for e in newcomers if (p := e.profile).town}
    for one in matching.what_would_help(solution, most=PIECES_OF_ADVICE):
        yield {
            "language": one.language,
            "town": towns.get(one.town, "") if one.town else "",
            "hours": one.hours,
            "gender": one.values.get("gender", ""),
            "could_meet": one.could_meet,
            "more_matched": one.more_matched,
        }
