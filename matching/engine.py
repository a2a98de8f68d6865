"""Match two pools: frozen people and criteria in, a frozen, explained and proved result out."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.assign import Ints, assign
from matching.criteria import Criteria
from matching.errors import FixedPairError, InputError, listing
from matching.kinds import Mask
from matching.people import Person, Pool
from matching.score import Decision, Refusal, Scorer, Scores, Table

Objective = Literal["coverage", "fit"]
PairIds = tuple[str, str]
"""(mentor, newcomer) identifiers."""

FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's say: contribution = weight x value; `unknown` marks a value that is only assumed."""

    name: str
    value: float
    weight: float
    contribution: float
    unknown: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, their fit, and the parts that add up to it."""

    mentor: str
    newcomer: str
    fit: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """One line of the ledger: how many mentors a refusal excludes, and how many nothing else excludes."""

    name: str
    mentors: int
    alone: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A newcomer without anybody: how many mentors are suitable, and what excludes the others."""

    newcomer: str
    feasible: int
    excluded: tuple[Excluded, ...]

    @property
    def all_taken(self) -> bool:
        """True when suitable mentors exist but others got their places."""
        return self.feasible > 0


@dataclass(frozen=True, slots=True)
class Result:
    """What is proposed, by newcomer's and mentor's identifiers; `gap` 0 means proved optimal.

    `upper_bound` is for the number of newcomers reached (objective `coverage`) or for any (`fit`).
    """

    pairs: tuple[Pair, ...]
    alternatives: Mapping[str, tuple[Pair, ...]]
    unmatched: tuple[Unmatched, ...]
    feasible_pairs: int
    total: float
    upper_bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class Examination:
    """One pair as it is, whether or not it is refused; `refused_by` names each refusal."""

    pair: Pair
    refused_by: tuple[str, ...]


def match(
    mentors: Pool,
    newcomers: Pool,
    criteria: Criteria,
    *,
    objective: Objective = "coverage",
    refusals: Mapping[str, Refusal] | None = None,
    locked: Collection[PairIds] = (),
    forbidden: Collection[PairIds] = (),
    alternatives: int = 5,
    decisions: Iterable[Decision] = (),
    tables: Mapping[str, Table] | None = None,
) -> Result:
    """Find the best assignment of newcomers to mentors within both sides' capacities, and prove it.

    `objective`: "coverage" reaches most newcomers first, then the greatest total fit; "fit" only the latter.
    `refusals` are the caller's own, by name; `locked` pairs are kept; `forbidden` ones become a refusal.
    Raises CriteriaError, InputError, FixedPairError.
    """
    if objective not in ("coverage", "fit"):
        raise InputError(f"The objective {objective!r} is not known; accepted: coverage, fit.")
    _know(forbidden, mentors, newcomers)
    scorer = Scorer(criteria, decisions=tuple(decisions), tables=tables).fit(mentors, newcomers)
    scores = scorer.score(mentors, newcomers, _with_forbidden(refusals, forbidden))
    fixed = _fixed(locked, scores, mentors, newcomers)
    places = (_places(newcomers) - fixed.sum(axis=1), _places(mentors) - fixed.sum(axis=0))
    choice = assign(
        scores.fit,
        scores.feasible & ~fixed,
        places,
        coverage=objective == "coverage",
        covered=np.asarray(fixed.any(axis=1)),
    )
    return _result(scores, choice.chosen | fixed, choice.slack, (mentors, newcomers), criteria, alternatives)


def examine(
    mentor: Person,
    newcomer: Person,
    criteria: Criteria,
    *,
    refusals: Mapping[str, Refusal] | None = None,
    scorer: Scorer | None = None,
) -> Examination:
    """Score one pair, for pairing by hand.

    `scorer` is one fitted on the whole pools; without it, rarity and words are those of these two alone.
    """
    one, other = Pool((mentor,)), Pool((newcomer,))
    scorer = scorer if scorer is not None else Scorer(criteria).fit(one, other)
    scores = scorer.score(one, other, refusals)
    names = tuple(name for name, mask in scores.refusals.items() if mask[0, 0])
    return Examination(_pair(scores, 0, 0, (one, other), scorer.criteria), names)


def _places(pool: Pool) -> Ints:
    return np.array([min(person.capacity, 2**31) for person in pool.people], dtype=np.int64)


def _with_forbidden(
    refusals: Mapping[str, Refusal] | None, forbidden: Collection[PairIds]
) -> Mapping[str, Refusal]:
    named = dict(refusals or {})
    if forbidden:
        if FORBIDDEN in named:
            raise InputError(f"The refusal {FORBIDDEN!r} is kept for forbidden pairs; choose another name.")
        named[FORBIDDEN] = Refusal(pairs=frozenset(forbidden))
    return named


def _know(pairs: Collection[PairIds], mentors: Pool, newcomers: Pool) -> None:
    """A slip in a forbidden pair would silently allow it."""
    for mentor, newcomer in pairs:
        for person, pool, side in ((mentor, mentors, "mentor"), (newcomer, newcomers, "newcomer")):
            if person not in pool:
                raise InputError(f"The pair of {mentor!r} and {newcomer!r}: no {side} is called {person!r}.")


def _fixed(locked: Collection[PairIds], scores: Scores, mentors: Pool, newcomers: Pool) -> Mask:
    """(n, m): the pairs to keep. Raises FixedPairError naming the first that cannot be."""
    fixed = np.zeros(scores.fit.shape, dtype=bool)
    kept: Counter[tuple[str, str]] = Counter()
    for mentor, newcomer in sorted(set(locked)):
        where = f"The fixed pair of mentor {mentor!r} and newcomer {newcomer!r}"
        for side, person, pool in (("mentor", mentor, mentors), ("newcomer", newcomer, newcomers)):
            if person not in pool:
                raise FixedPairError(f"{where} cannot be kept: no {side} is called {person!r}.")
            kept[side, person] += 1
            if kept[side, person] > pool.people[pool.index(person)].capacity:
                raise FixedPairError(f"{where} cannot be kept: it is beyond the capacity of {person!r}.")
        row, column = newcomers.index(newcomer), mentors.index(mentor)
        if not scores.feasible[row, column]:
            by = listing(name for name, mask in scores.refusals.items() if mask[row, column])
            raise FixedPairError(f"{where} cannot be kept: it is refused by {by}.")
        fixed[row, column] = True
    return fixed


def _result(
    scores: Scores, chosen: Mask, slack: float, pools: tuple[Pool, Pool], criteria: Criteria, most: int
) -> Result:
    cells = [(int(row), int(column)) for row, column in np.argwhere(chosen)]
    total = math.fsum(scores.fit[chosen].tolist())
    upper_bound = total + slack
    return Result(
        pairs=tuple(_pair(scores, row, column, pools, criteria) for row, column in cells),
        alternatives={
            newcomer: tuple(_pair(scores, row, j, pools, criteria) for j in _best(scores, chosen, row, most))
            for row, newcomer in enumerate(pools[1].ids)
        },
        unmatched=_unmatched(scores, chosen, pools[1]),
        feasible_pairs=int(scores.feasible.sum()),
        total=total,
        upper_bound=upper_bound,
        gap=(upper_bound - total) / max(1.0, abs(upper_bound)),
    )


def _pair(scores: Scores, row: int, column: int, pools: tuple[Pool, Pool], criteria: Criteria) -> Pair:
    parts = []
    for c in criteria.criteria:
        cells = scores.cells[c.name]
        value = float(cells.part[row, column])
        parts.append(Part(c.name, value, c.weight, c.weight * value, bool(cells.unknown[row, column])))
    mentors, newcomers = pools
    return Pair(mentors.ids[column], newcomers.ids[row], float(scores.fit[row, column]), tuple(parts))


def _best(scores: Scores, chosen: Mask, row: int, most: int) -> list[int]:
    """The mentors of greatest fit beside the chosen one, taken or not; ties by identifier."""
    others = np.flatnonzero(scores.feasible[row] & ~chosen[row])
    order = np.argsort(-scores.fit[row, others], kind="stable")
    return [int(column) for column in others[order[: max(most, 0)]]]


def _unmatched(scores: Scores, chosen: Mask, newcomers: Pool) -> tuple[Unmatched, ...]:
    """The ledger of everybody without a pair."""
    alone_rows = np.flatnonzero(~chosen.any(axis=1))
    reasons = sum((mask[alone_rows].astype(np.int64) for mask in scores.refusals.values()), np.int64(0))
    lines: list[list[Excluded]] = [[] for _ in alone_rows]
    for name, mask in scores.refusals.items():
        here = mask[alone_rows]
        counts, alone = here.sum(axis=1), (here & (reasons == 1)).sum(axis=1)
        for line, count, only in zip(lines, counts.tolist(), alone.tolist(), strict=True):
            if count:
                line.append(Excluded(name, count, only))
    feasible = scores.feasible[alone_rows].sum(axis=1).tolist()
    return tuple(
        Unmatched(newcomers.ids[row], count, tuple(line))
        for row, count, line in zip(alone_rows, feasible, lines, strict=True)
    )
