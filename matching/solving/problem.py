"""One assignment problem in whole numbers: who may meet whom, what it is worth, and what nobody can beat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.arrays import Ints, Mask, merged, ranges

Places = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Problem:
    """Pairs by newcomer, ascending: row k is `columns[starts[k]:starts[k + 1]]`; all values whole numbers.

    `worth` is a pair's, `bonuses` what covering a newcomer for the first time adds, `places` the free places
    of newcomers (n,) and mentors (m,).
    """

    starts: Ints
    columns: Ints
    worth: Ints
    places: tuple[Ints, Ints]
    bonuses: Ints

    @property
    def n(self) -> int:
        return len(self.places[0])

    @property
    def m(self) -> int:
        return len(self.places[1])

    @property
    def rows(self) -> Ints:
        """(p,) newcomers."""
        return np.repeat(np.arange(self.n), np.diff(self.starts))

    def only(self, kept: Mask) -> "Problem":
        """The same people with fewer pairs."""
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return Problem(starts, self.columns[kept], self.worth[kept], self.places, self.bonuses)

    def value(self, chosen: Mask) -> int:
        """What an assignment is worth, coverage included."""
        covered = merged(self.rows[chosen])
        return int(self.worth[chosen].sum()) + int(self.bonuses[covered].sum())


@dataclass(frozen=True, slots=True)
class Prices:
    """One valid price of each place: `theirs` (m,) a mentor's; `ours` (n,) minus a newcomer's.

    A pair that is not chosen costs at least theirs - ours - worth.
    """

    ours: Ints
    theirs: Ints

    def surplus(self, rows: Ints, columns: Ints, worth: Ints) -> Ints:
        """What pairs would gain at these prices; above 0 means that the prices do not hold yet."""
        return worth + self.ours[rows] - self.theirs[columns]

    def bound(self, problem: Problem, surpluses: int) -> int:
        """No assignment is worth more: Lagrange's bound, valid for any prices.

        `surpluses` is the sum of all positive surpluses.
        """
        places, places_of_mentors = problem.places
        first_or_all = np.maximum(problem.bonuses - self.ours, problem.bonuses - places * self.ours)
        newcomers = np.where(places > 0, np.maximum(first_or_all, 0), 0)
        mentors = np.maximum(self.theirs, 0) * places_of_mentors
        return surpluses + int(newcomers.sum()) + int(mentors.sum())


def prices(problem: Problem, chosen: Mask, start: Prices | None = None) -> Prices:
    """Prices that prove `chosen` the best of `problem`, by Bellman and Ford on the graph of changes.

    Nodes are newcomers, mentors and "nobody". An arc moves one place: newcomer to mentor takes a pair in,
    mentor to newcomer takes it back, to and from "nobody" fills or frees a place. Prices are longest paths
    over those arcs; they settle because no exchange gains anything where `chosen` is the best.
    `start` may be any prices; near ones settle sooner. Raises RuntimeError where `chosen` is not the best.
    """
    ours = np.zeros(problem.n, dtype=np.int64) if start is None else start.ours.copy()
    theirs = np.zeros(problem.m, dtype=np.int64) if start is None else start.theirs.copy()
    nobody = 0
    held, taken, worth = problem.rows[chosen], problem.columns[chosen], problem.worth[chosen]
    ours_held, theirs_held = np.bincount(held, minlength=problem.n), np.bincount(taken, minlength=problem.m)
    take = np.where(ours_held == 0, problem.bonuses, 0)
    free = np.where(ours_held == 1, -problem.bonuses, 0)
    may_take, may_free = ours_held < problem.places[0], ours_held > 0
    may_leave, may_enter = theirs_held < problem.places[1], theirs_held > 0
    counts = np.diff(problem.starts)
    gains = np.where(chosen, np.iinfo(np.int64).min // 2, problem.worth)
    fresh = np.arange(problem.n)
    for _ in range(problem.n + problem.m + 2):
        before = ours.copy()
        pairs = ranges(problem.starts[fresh], counts[fresh])
        np.maximum.at(theirs, problem.columns[pairs], gains[pairs] + np.repeat(ours[fresh], counts[fresh]))
        np.maximum.at(ours, held, theirs[taken] - worth)
        nobody = max(
            nobody,
            int((ours + free)[may_free].max(initial=nobody)),
            int(theirs[may_leave].max(initial=nobody)),
        )
        np.maximum(ours, take + nobody, out=ours, where=may_take)
        raised = may_enter & (theirs < nobody)
        theirs[raised] = nobody
        np.maximum.at(ours, held, theirs[taken] - worth)
        fresh = np.flatnonzero(ours > before)
        if not fresh.size:
            return Prices(ours - nobody, theirs - nobody)
    raise RuntimeError("The assignment can still be improved, so no prices can prove it.")
