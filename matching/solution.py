"""A solved match that stays warm: its result, why not somebody else, and what if something changed."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from matching.arrays import Floats, Ints, Mask
from matching.edges import Edges
from matching.errors import FixedPairError, InputError, listing
from matching.people import Person, Pool
from matching.result import LEARNED, Alternatives, Excluded, PairColumns, Pairs, Regret, Result, Unmatched
from matching.scoring.score import Refusal, Scorer, Scores
from matching.solving.assign import FINEST, assign
from matching.solving.few import best_of_columns, best_of_rows
from matching.solving.floors import Floor, assign_with_floors

Objective = Literal["coverage", "fit"]
PairIds = tuple[str, str]
"""(mentor, newcomer) identifiers."""

FORBIDDEN = "forbidden"
# To begin with, a pair that would cost a newcomer is less promising than any that costs only fit.
LOST = 1e4


@dataclass(frozen=True)
class Wanted:
    """What a match is asked for, beside people and criteria."""

    objective: Objective = "coverage"
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    locked: frozenset[PairIds] = frozenset()
    forbidden: frozenset[PairIds] = frozenset()
    floors: tuple[Floor, ...] = ()

    def __post_init__(self) -> None:
        if self.objective not in ("coverage", "fit"):
            raise InputError(f"The objective {self.objective!r} is not known; accepted: coverage, fit.")
        if FORBIDDEN in self.refusals:
            raise InputError(f"The refusal {FORBIDDEN!r} is kept for forbidden pairs; choose another name.")

    @property
    def all_refusals(self) -> Mapping[str, Refusal]:
        """The caller's refusals and the forbidden pairs."""
        forbidden = {FORBIDDEN: Refusal(pairs=self.forbidden)} if self.forbidden else {}
        return {**self.refusals, **forbidden}


class Solution:
    """The best assignment of two pools, and what is needed to explain it or to change it and solve again."""

    def __init__(
        self,
        scorer: Scorer,
        mentors: Pool,
        newcomers: Pool,
        wanted: Wanted,
        *,
        scores: Scores | None = None,
        edges: Edges | None = None,
        promise: Floats | None = None,
    ) -> None:
        """Solve; `scorer` is fitted. `scores`, `edges` and the `promise` of those (p,) may be known already.

        Raises CriteriaError, InputError, FixedPairError, FloorError.
        """
        _know(wanted.forbidden, mentors, newcomers, InputError)
        _know(wanted.locked, mentors, newcomers, FixedPairError)
        self.scorer, self.mentors, self.newcomers, self.wanted = scorer, mentors, newcomers, wanted
        if scores is not None:
            self.scores = scores
        self.edges = self.scores.edges() if edges is None else edges
        self._assign(promise)

    @cached_property
    def scores(self) -> Scores:
        """Both pools ready to be scored."""
        return self.scorer.score(self.mentors, self.newcomers, self.wanted.all_refusals)

    def _assign(self, promise: Floats | None) -> None:
        kept = self._locked()
        free = np.ones(len(self.edges), dtype=bool)
        free[kept] = False
        taken = self.edges.rows_of(kept), self.edges.columns[kept]
        places = (
            self.newcomers.capacities - np.bincount(taken[0], minlength=len(self.newcomers)),
            self.mentors.capacities - np.bincount(taken[1], minlength=len(self.mentors)),
        )
        covered = np.zeros(len(self.newcomers), dtype=bool)
        covered[taken[0]] = True
        edges = self.edges.only(free) if kept.size else self.edges
        coverage = self.wanted.objective == "coverage"
        if self.wanted.floors:
            self.assignment = assign_with_floors(
                edges, places, self.wanted.floors, self.newcomers, coverage=coverage, covered=covered
            )
        else:
            promise = promise if promise is None else promise[free]
            self.assignment = assign(edges, places, coverage=coverage, covered=covered, promise=promise)
        self.chosen = ~free
        self.chosen[free] = self.assignment.chosen

    def _locked(self) -> Ints:
        """Where the fixed pairs stand among the edges. Raises FixedPairError for the first that cannot be."""
        positions, held = [], Counter[tuple[str, str]]()
        for mentor, newcomer in sorted(self.wanted.locked):
            where = f"The fixed pair of mentor {mentor!r} and newcomer {newcomer!r} cannot be kept"
            row, column = self.newcomers.index(newcomer), self.mentors.index(mentor)
            for side, pool, index in (("mentor", self.mentors, column), ("newcomer", self.newcomers, row)):
                held[side, pool.ids[index]] += 1
                if held[side, pool.ids[index]] > pool.capacities[index]:
                    raise FixedPairError(f"{where}: it is beyond the capacity of {pool.ids[index]!r}.")
            position = self.edges.find(row, column)
            if position < 0:
                refusals = self.scores.refused(np.array([row]), np.array([column]))
                by = listing(name for name, mask in refusals if mask[0])
                raise FixedPairError(f"{where}: it is refused by {by}.")
            positions.append(position)
        return np.array(positions, dtype=np.int64)

    # Explaining.

    def result(self, alternatives: int = 5) -> Result:
        """Everything as frozen values; `alternatives` best other mentors for each newcomer."""
        total = math.fsum(self.edges.fit[self.chosen].tolist())
        return Result(
            pairs=self._pairs(np.flatnonzero(self.chosen)),
            alternatives=self._alternatives(alternatives),
            unmatched=self._unmatched(),
            feasible_pairs=len(self.edges),
            total=total,
            upper_bound=total + self.assignment.slack,
        )

    def regret(self, mentor: str, newcomer: str) -> Regret | None:
        """What this pair would cost everybody together, at least; None where it is refused or chosen.

        By duality: the prices of the two places it takes, minus what it is worth.
        """
        position = self.edges.find(self.newcomers.index(newcomer), self.mentors.index(mentor))
        if position < 0 or self.chosen[position] or self.assignment.losses is None:
            return None
        newcomers, fit = self._regrets(np.array([position]))
        return Regret(int(newcomers[0]), float(fit[0]))

    def _regrets(self, positions: Ints) -> tuple[Ints, Floats]:
        """Regrets of pairs: whole newcomers, and fit."""
        rows = self.edges.rows_of(positions)
        return self.assignment.regrets(rows, self.edges.columns[positions], self.edges.fit[positions])

    def _pairs(self, positions: Ints, *, with_regret: bool = False) -> Pairs:
        i = self.edges.rows_of(positions)
        j = self.edges.columns[positions].astype(np.int64)
        regret = self._regrets(positions) if with_regret and self.assignment.losses is not None else None
        return pairs_of(self.scores, self.edges.fit[positions], i, j, (self.mentors, self.newcomers), regret)

    def _alternatives(self, most: int) -> Alternatives:
        """The mentors of greatest fit beside the chosen ones, taken or not; ties by identifier."""
        positions = np.zeros(0, dtype=np.int64)
        if most > 0:
            others = np.where(self.chosen, -np.inf, np.round(self.edges.fit, FINEST))
            positions = np.flatnonzero(best_of_rows(others, self.edges.starts, most) & ~self.chosen)
        rows = self.edges.rows_of(positions)
        fit = np.round(self.edges.fit[positions], FINEST)  # as solved: 0.1 + 0.2 and 0.3 are a tie
        order = np.lexsort((self.edges.columns[positions], -fit, rows))
        starts = np.searchsorted(rows[order], np.arange(len(self.newcomers) + 1))
        pairs = self._pairs(positions[order], with_regret=True)
        return Alternatives(self.newcomers.ids, pairs, starts)

    def choices(self, most: int = 5) -> Alternatives:
        """By mentor the newcomers of greatest fit, chosen or not, best first; ties by identifier."""
        fit = np.round(self.edges.fit, FINEST)
        best = best_of_columns(fit, self.edges.columns, len(self.mentors), most)
        positions = np.flatnonzero(best)
        columns = self.edges.columns[positions]
        order = np.lexsort((positions, -fit[positions], columns))
        starts = np.searchsorted(columns[order], np.arange(len(self.mentors) + 1))
        return Alternatives(self.mentors.ids, self._pairs(positions[order]), starts)

    def _unmatched(self) -> tuple[Unmatched, ...]:
        """The ledger of everybody without a pair."""
        alone = np.flatnonzero(self.per_newcomer == 0)
        lines: dict[int, list[Excluded]] = {int(row): [] for row in alone}
        for rows, name, excluded, only in self.scores.ledger(alone):
            for row, mentors, own in zip(rows.tolist(), excluded.tolist(), only.tolist(), strict=True):
                if mentors:
                    lines[row].append(Excluded(name, mentors, own))
        feasible = np.diff(self.edges.starts)
        return tuple(
            Unmatched(self.newcomers.ids[row], int(feasible[row]), tuple(line)) for row, line in lines.items()
        )

    @property
    def per_newcomer(self) -> Ints:
        """(n,): how many mentors each newcomer has now."""
        return np.diff(np.searchsorted(np.flatnonzero(self.chosen), self.edges.starts))

    # Changing.

    def what_if(
        self,
        *,
        mentors: Iterable[Person] = (),
        newcomers: Iterable[Person] = (),
        lock: Collection[PairIds] = (),
        forbid: Collection[PairIds] = (),
    ) -> "Solution":
        """Solve again with these people changed or added, and these pairs locked or forbidden.

        Only pairs of those people are scored again, and what was learned from the pools stays as it was.
        Raises InputError, FixedPairError.
        """
        mentors, newcomers = tuple(mentors), tuple(newcomers)
        wanted = replace(
            self.wanted,
            locked=self.wanted.locked | frozenset(lock),
            forbidden=self.wanted.forbidden | frozenset(forbid),
        )
        after = self.mentors.changed(mentors), self.newcomers.changed(newcomers)
        _know(wanted.forbidden, *after, InputError)
        edges, promise = self._edges_after(after, wanted, (_of(mentors, after[0]), _of(newcomers, after[1])))
        return Solution(self.scorer, *after, wanted, edges=edges, promise=promise)

    def _edges_after(
        self, pools: tuple[Pool, Pool], wanted: Wanted, changed: tuple[Pool, Pool]
    ) -> tuple[Edges, Floats | None]:
        """The pairs after a change, and how promising each is: by regret, those of changed people first."""
        mentors, newcomers = pools
        new_mentor, new_newcomer = _places(changed[0], mentors), _places(changed[1], newcomers)
        i = _places(self.newcomers, newcomers)[self.edges.rows]
        j = _places(self.mentors, mentors)[self.edges.columns]
        same = ~(_among(new_newcomer, len(newcomers))[i] | _among(new_mentor, len(mentors))[j])
        for mentor, newcomer in wanted.forbidden - self.wanted.forbidden:
            same &= (i != newcomers.index(newcomer)) | (j != mentors.index(mentor))
        theirs = self.scorer.score(mentors, changed[1], wanted.all_refusals).edges()
        ours = self.scorer.score(changed[0], newcomers, wanted.all_refusals).edges()
        other = ~_among(new_newcomer, len(newcomers))[ours.rows]
        rows = np.concatenate([i[same], new_newcomer[theirs.rows], ours.rows[other]])
        columns = np.concatenate([j[same], theirs.columns, new_mentor[ours.columns[other]]])
        fit = np.concatenate([self.edges.fit[same], theirs.fit, ours.fit[other]])
        edges, order = Edges.of(rows, columns, fit, (len(newcomers), len(mentors)))
        if self.assignment.losses is None:
            return edges, None
        lost, cost = self.assignment.regrets(
            self.edges.rows[same], self.edges.columns[same], self.edges.fit[same]
        )
        promise = np.full(len(fit), 1.0)
        promise[: len(cost)] = -cost - LOST * lost
        return edges, promise[order]


def pairs_of(
    scores: Scores,
    fit: Floats,
    i: Ints,
    j: Ints,
    pools: tuple[Pool, Pool],
    regret: tuple[Ints, Floats] | None = None,
) -> Pairs:
    """Pairs of newcomers `i` and mentors `j` (p,) with the parts that add up to their `fit`."""
    names = [kind.c.name for kind in scores.kinds.values()]
    weights = [kind.c.weight for kind in scores.kinds.values()]
    value, unknown = scores.parts(i, j), scores.unknown(i, j)
    contribution = value * np.array(weights)
    if scores.model is not None:
        learned = (fit - contribution.sum(axis=1))[:, None]
        names, weights = [*names, LEARNED], [*weights, 1.0]
        value, contribution = np.hstack([value, learned]), np.hstack([contribution, learned])
        unknown = np.hstack([unknown, np.zeros((len(fit), 1), dtype=bool)])
    mentors, newcomers = pools
    return Pairs(
        PairColumns(
            names=tuple(names),
            weights=tuple(weights),
            newcomers=[newcomers.ids[k] for k in i],
            mentors=[mentors.ids[k] for k in j],
            fit=fit,
            value=value,
            contribution=contribution,
            unknown=unknown,
            regret=regret,
        )
    )


def _of(people: Iterable[Person], whole: Pool) -> Pool:
    """These people as they stand in `whole`, with all its columns."""
    return Pool(whole.person(whole.index(person.id)) for person in people)


def _places(pool: Pool, whole: Pool) -> Ints:
    """Where the people of `pool` stand in `whole`."""
    return np.array([whole.index(person) for person in pool.ids], dtype=np.int64)


def _among(places: Ints, count: int) -> Mask:
    """(count,): True at these places."""
    marked = np.zeros(count, dtype=bool)
    marked[places] = True
    return marked


def _know(
    pairs: Collection[PairIds], mentors: Pool, newcomers: Pool, error: type[InputError | FixedPairError]
) -> None:
    """A slip in a forbidden pair would silently allow it."""
    for mentor, newcomer in sorted(pairs):
        for person, pool, side in ((mentor, mentors, "mentor"), (newcomer, newcomers, "newcomer")):
            if person not in pool:
                raise error(f"The pair of {mentor!r} and {newcomer!r}: no {side} is called {person!r}.")
