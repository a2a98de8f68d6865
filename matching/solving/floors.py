"""Group floors: at least a share of each named group is matched, and within that the best assignment.

Where the best assignment of all reaches the floors, it is the answer. Otherwise a linear programme over the
pairs, with HiGHS through scipy: one variable for each pair and one for "is covered" of each newcomer. Only
the best few pairs of each person take part at first; prices tell which others could gain, and those join.
Floors on groups without common members keep it a flow, whose best corners are whole numbers; where groups
overlap, an integer programme follows. Stages instead of large weights: newcomers, then fit, then more pairs.

* Newcomers: whoever can be matched stays matched while augmenting paths match more (Berge 1957), so floors
  never cost a newcomer: the number to reach is that of the best assignment without floors.
* Fit: in whole numbers of 1e-9, as in `assign`. HiGHS calculates in floating point, so nothing it
  says is taken as proof: its prices are rounded to whole numbers, and any whole prices bound every assignment
  (Lagrange). Only where no prices can prove it, with overlapping groups, its own bound closes the proof; it
  cannot tell totals apart that differ by less than 1e-6, and such a difference is not called a gap.
* More pairs: among the assignments that the same prices call as good. Of what is equal then, HiGHS takes one,
  the same whatever the order of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_array, coo_array, eye_array

from matching.arrays import Floats, Ints, Mask
from matching.edges import Edges
from matching.errors import InputError, MatchingError, listing
from matching.fairness.groups import UNKNOWN, members
from matching.people import Pool
from matching.solving.assign import Assignment, assign
from matching.solving.few import best_of_columns, best_of_rows

GRID = 10**9
# HiGHS stops when it is this near to its bound.
NEAR = 1e-6
# Each person's few pairs of least regret begin, and so many more of each may join in every round.
FEW = 10
# To begin with, a pair that would cost a newcomer is less likely than any that costs only fit.
LOST = 1e4


class FloorError(MatchingError):
    """A floor that cannot be reached, whoever is matched with whom."""

    code = "floor_out_of_reach"


@dataclass(frozen=True, slots=True, order=True)
class Floor:
    """At least `share` (0 to 1) of the newcomers whose `column` holds `value` are matched.

    Where a column holds several values (a list, `tag:level` entries, text split at `separator`), a newcomer
    counts in the group of each; see `matching.fairness.groups.members`. "" stands for the unknown.
    """

    column: str
    value: str
    share: float
    separator: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise InputError(f"The floor for {self.name}: the share is {self.share}; expected 0 to 1.")

    @property
    def name(self) -> str:
        """The group in words: "language ti"."""
        return f"{self.column} {self.value or UNKNOWN}"


@dataclass(frozen=True, slots=True)
class _Group:
    floor: Floor
    members: Mask
    """(n,)"""

    @property
    def size(self) -> int:
        return int(self.members.sum())

    @property
    def least(self) -> int:
        """How many members are to be matched; 0.1 of 30 is three, whatever the last digit says."""
        return int(np.ceil(self.floor.share * self.size - 1e-9))

    def counts(self, matched: Mask) -> int:
        return int((self.members & matched).sum())


def assign_with_floors(
    edges: Edges,
    places: tuple[Ints, Ints],
    floors: Sequence[Floor],
    newcomers: Pool,
    *,
    coverage: bool,
    covered: Mask,
) -> Assignment:
    """Choose pairs as `matching.solving.assign.assign` does, among those assignments that reach all floors.

    Newcomers in `covered` (n,) hold a fixed pair and count as matched. What other pairs would cost is known
    only where the best assignment of all reaches the floors; else losses are None. Raises
    FloorError; InputError for a column or a value nobody has.
    """
    groups = [_group(floor, newcomers) for floor in sorted(set(floors))]
    plain = assign(edges, places, coverage=coverage, covered=covered)
    matched = _matched(edges, plain.chosen, covered)
    missed = [group for group in groups if group.counts(matched) < group.least]
    if not missed:
        return plain
    reaching = [_reach(group, edges, places, covered) for group in missed]
    programme = _Programme.of(edges, places, groups, covered, int(matched.sum()) if coverage else 0)
    lost, cost = plain.regrets(edges.rows.astype(np.int64), edges.columns, edges.fit)
    likely = _best_few(edges, -(cost + LOST * lost))
    chosen, slack = programme.solve(np.any([plain.chosen, likely, *reaching], axis=0))
    return replace(plain, chosen=chosen, slack=slack, losses=None)


def _group(floor: Floor, newcomers: Pool) -> _Group:
    newcomers.check([floor.column], "newcomer")
    found = members(newcomers, floor.column, {floor.column: floor.separator})
    if (value := floor.value or UNKNOWN) not in found:
        known = listing(found)
        raise InputError(f"The floor for {floor.name}: nobody is in that group; the values are: {known}.")
    mask = np.zeros(len(newcomers), dtype=bool)
    mask[[newcomers.index(person) for person in found[value]]] = True
    return _Group(floor, mask)


def _matched(edges: Edges, chosen: Mask, covered: Mask) -> Mask:
    """(n,): who has a mentor."""
    return covered | (np.bincount(edges.rows[chosen], minlength=len(covered)) > 0)


def _reach(group: _Group, edges: Edges, places: tuple[Ints, Ints], covered: Mask) -> Mask:
    """(p,): pairs that match as many of a group as can be. Raises FloorError where that is too few."""
    theirs = group.members[edges.rows]
    best = assign(edges.only(theirs), places, coverage=True, covered=covered)
    chosen = np.zeros(len(edges), dtype=bool)
    chosen[theirs] = best.chosen
    if (most := group.counts(_matched(edges, chosen, covered))) < group.least:
        who = f"{most} of {group.size} newcomers with {group.floor.name}"
        raise FloorError(f"At most {who} can be matched; the floor asks for {group.least}.")
    return chosen


def _best_few(edges: Edges, values: Floats) -> Mask:
    """(p,): the few best pairs of each newcomer and of each mentor; -inf is never among them."""
    columns = edges.columns.astype(np.int64)
    best = best_of_rows(values, edges.starts, FEW) | best_of_columns(values, columns, edges.mentors, FEW)
    return best & (values > -np.inf)


@dataclass(frozen=True, slots=True)
class _Programme:
    """Find whole z from 0 to 1 of greatest worth @ z with table @ z <= limits: all whole numbers.

    z (p + n,) says which pairs are chosen and then which newcomers are covered by them.
    """

    edges: Edges
    table: Any
    """(limits, p + n), sparse"""
    limits: Ints
    worth: Ints
    floors: str
    """The floors in words, for an error."""
    may_add_pairs: bool
    """Whether equally many newcomers and as much fit can go with different numbers of pairs."""

    @classmethod
    def of(
        cls, edges: Edges, places: tuple[Ints, Ints], groups: Sequence[_Group], covered: Mask, count: int
    ) -> "_Programme":
        """At least `count` newcomers are to be matched, and the least number of each group."""
        p, n = len(edges), len(covered)
        one, pairs = np.ones(p, dtype=np.int64), np.arange(p)
        ours = coo_array((one, (edges.rows, pairs)), shape=(n, p))
        theirs = coo_array((one, (edges.columns, pairs)), shape=(edges.mentors, p))
        counted = np.array([*(group.members for group in groups), np.ones(n)], dtype=np.int64)
        least = np.array([*(group.least for group in groups), count]) - counted @ covered
        table = block_array(
            [
                [ours, None],
                [theirs, None],
                [-ours, eye_array(n, dtype=np.int64)],
                [None, coo_array(-counted * ~covered)],
            ],
            format="csc",
        )
        limits = np.concatenate([*places, np.zeros(n, dtype=np.int64), -least])
        worth = np.concatenate([np.rint(edges.fit * GRID).astype(np.int64), np.zeros(n, dtype=np.int64)])
        wanted = ", ".join(f"{group.least} of {group.size} with {group.floor.name}" for group in groups)
        # Whoever takes one place and is newly covered by it adds a pair and a newcomer at once.
        adds = count == 0 or bool((places[0] > np.where(covered, 0, 1)).any())
        return cls(edges, table, limits, worth, wanted, adds)

    def solve(self, start: Mask) -> tuple[Mask, float]:
        """(p,): the best pairs, beginning with the pairs `start`; and the slack. Raises FloorError."""
        active, solved, prices = self._relaxed(start)
        bound = self._bound(prices)
        if np.abs(solved - np.rint(solved)).max() < NEAR:
            chosen, limit = self._pairs(solved), bound / GRID
        else:
            chosen, limit = self._whole(active, prices)
        slack = limit - self._value(chosen) / GRID
        if self.may_add_pairs:
            chosen = self._with_more_pairs(chosen, prices)
        return chosen, slack if slack >= NEAR else 0.0

    def _relaxed(self, active: Mask) -> tuple[Mask, Floats, Ints]:
        """Which pairs took part, the best z in fractions, and prices at which no other pair would gain."""
        while True:
            answer = self._linear(active)
            if answer is None:
                active = self._everything_instead_of(active)
                continue
            gains = np.where(active, 0, self._reduced(answer[1])[: len(active)])
            joining = _best_few(self.edges, np.where(gains > 0, gains, -np.inf))
            if not joining.any():
                return active, *answer
            active = active | joining

    def _whole(self, active: Mask, prices: Ints) -> tuple[Mask, float]:
        """The best pairs where the best z has fractions, and HiGHS's own bound of their fit."""
        while (solved := self._integer(self._with_people(active), self.worth / GRID)) is None:
            active = self._everything_instead_of(active)
        lack = self._bound(prices) - self._value(self._pairs(solved[0]))
        # No better assignment has a pair that loses as much as is open.
        hopeful = active | (self._reduced(prices)[: len(active)] > -lack)
        if (hopeful & ~active).any():
            solved = self._integer(self._with_people(hopeful), self.worth / GRID) or solved
        return self._pairs(solved[0]), solved[1]

    def _everything_instead_of(self, active: Mask) -> Mask:
        """All pairs where a few did not reach the floors. Raises FloorError where all do not either."""
        if active.all():
            raise FloorError(f"The floors can be reached one by one, but not together: {self.floors}.")
        return np.ones_like(active)

    def _with_more_pairs(self, chosen: Mask, prices: Ints) -> Mask:
        """As many pairs as can be at the same fit: what the prices refuse stays out, what they ask for in."""
        value, reduced = self._value(chosen), self._reduced(prices)
        lack = self._bound(prices) - value
        kept = reduced >= -lack
        gain = np.concatenate([np.ones(len(chosen)), np.zeros(len(reduced) - len(chosen))])
        tight = np.where(prices > lack, self.limits, -np.inf)
        solved = self._integer(kept, gain, low=reduced > lack, tight=tight, value=value if lack else None)
        assert solved is not None  # the chosen pairs themselves are one
        more = self._pairs(solved[0])
        return more if self._value(more) >= value else chosen

    def _linear(self, active: Mask) -> tuple[Floats, Ints] | None:
        """The best z in fractions with pairs among `active`, and its prices; None where there is none."""
        kept = self._with_people(active)
        cost = -self.worth[kept] / GRID
        answer = linprog(cost, A_ub=self.table[:, kept], b_ub=self.limits, bounds=(0, 1), method="highs")
        if answer.x is None:
            return None
        solved = np.zeros(len(kept))
        solved[kept] = answer.x
        prices: Ints = np.maximum(np.rint(-answer.ineqlin.marginals * GRID), 0).astype(np.int64)
        return solved, prices

    def _integer(
        self,
        kept: Mask,
        gain: Floats,
        *,
        low: Mask | None = None,
        tight: Floats | None = None,
        value: int | None = None,
    ) -> tuple[Floats, float] | None:
        """The whole z of most gain with what is `kept`, and the bound of it; None where there is none.

        z is at least `low`, table @ z at least `tight`, and worth @ z not below `value`.
        """
        low = np.zeros(len(kept), dtype=bool) if low is None else low
        rules = [LinearConstraint(self.table[:, kept], -np.inf if tight is None else tight, self.limits)]
        if value is not None:
            rules.append(LinearConstraint(self.worth[None, kept] / GRID, value / GRID, np.inf))
        answer = milp(
            -gain[kept],
            integrality=np.ones(kept.sum()),
            bounds=Bounds(low[kept], 1),
            constraints=rules,
            options={"mip_rel_gap": 0},
        )
        if answer.x is None:
            return None
        solved = np.zeros(len(kept))
        solved[kept] = answer.x
        return solved, -float(answer.mip_dual_bound)

    def _with_people(self, active: Mask) -> Mask:
        """(p + n,): these pairs and everybody."""
        return np.concatenate([active, np.ones(len(self.worth) - len(active), dtype=bool)])

    def _pairs(self, solved: Floats) -> Mask:
        """(p,): the chosen ones, after a look that whole numbers keep every limit."""
        whole = np.rint(solved).astype(np.int64)
        if (self.table @ whole > self.limits).any():
            raise RuntimeError("HiGHS gave an answer that breaks a limit once it is rounded.")
        chosen: Mask = whole[: len(self.edges)] > 0
        return chosen

    def _value(self, chosen: Mask) -> int:
        return int(self.worth[: len(chosen)][chosen].sum())

    def _reduced(self, prices: Ints) -> Ints:
        """(p + n,): what one more of each would gain at these prices."""
        reduced: Ints = self.worth - self.table.T @ prices
        return reduced

    def _bound(self, prices: Ints) -> int:
        """No z is worth more: Lagrange's bound, valid for any prices from 0."""
        reduced = self._reduced(prices)
        return int(self.limits @ prices) + int(reduced[reduced > 0].sum())
