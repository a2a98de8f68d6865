"""The best assignment within capacities on both sides: exact, proved, the same whatever the order of rows.

Fits are rounded to a grid (1e-9, coarser only for very large territories) and everything after is whole
numbers, so "equal" means equal. One number per pair carries the whole wish, as digits: newcomers covered
(objective `coverage`), then fit, then one more pair. Territories that share no pair are solved apart:

1. a flow of least cost finds a best assignment. Where there are many pairs only the best few of each person
   take part; prices then tell which of the others could still gain, those join, and it is solved again,
   or repaired where few join, until none is left (column generation; Lübbecke and Desrosiers 2005);
2. the prices bound every other assignment from above, so optimality is proved and not claimed;
3. among equally good assignments, those reachable over exchanges without loss, each pair in the order
   (newcomer, mentor) is taken if it still can be: the smallest list of pairs in dictionary order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import Floats, Ints, Mask, merged, ranges
from matching.edges import Edges, index_type
from matching.solving import covering, flow
from matching.solving.problem import Prices, Problem, prices
from matching.solving.repair import repair
from matching.solving.territory import GOLDEN, Digits, Territory
from matching.solving.ties import smallest

FINEST = 9
# So many pairs are given to the flow as they are.
ALL_PAIRS = 200_000
# Beyond that, each person's best few to begin with, and so many more of each in every round.
FEW = 10
# A pair that joins is repaired in the time of 40 pairs in the flow (60 µs and 1.6 µs each), and each node
# of a long search as long as five (9 µs): repairing is given up at so many nodes for each pair in the flow.
REPAIRED = 40
SEARCHED = 1 / 8
# Small territories are solved together, up to so many pairs: each solve has a price of its own.
TOGETHER = 100_000
ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which pairs, (p,) in the order of the edges, and the proof of it."""

    chosen: Mask
    slack: float
    """How far a better total could be, in fit units: 0 is proved optimal."""
    losses: Prices | None
    """What taking a place from anybody costs, in the whole numbers of their territory; None beside floors."""
    grids: Floats
    """(n,): how many of those make one unit of fit, apart from the digits for ties"""
    ties: Ints
    """(n,): what one more pair is worth among equal fits, that is, how many make one on the grid"""
    bonuses: Ints
    """(n,): how many covering a newcomer is worth; 0 unless coverage comes first"""

    def regrets(self, rows: Ints, columns: Ints, fit: Floats) -> tuple[Ints, Floats]:
        """(p,) each: what pairs beside the chosen ones would cost at least, in newcomers and then in fit.

        There must be losses.
        """
        assert self.losses is not None
        grid, ties, bonus = self.grids[rows], self.ties[rows], self.bonuses[rows]
        worth = np.rint(fit * grid).astype(np.int64) * ties + 1
        cost = self.losses.theirs[columns] - self.losses.ours[rows] - worth
        newcomers = np.where(bonus > 0, np.rint(cost / np.maximum(bonus, 1)), 0).astype(np.int64)
        lost = (cost - newcomers * bonus) // ties / grid
        return newcomers, np.where(newcomers > 0, lost, np.maximum(lost, 0.0))


def assign(
    edges: Edges,
    places: tuple[Ints, Ints],
    *,
    coverage: bool,
    covered: Mask | None = None,
    promise: Floats | None = None,
) -> Assignment:
    """Choose pairs for the greatest total fit, or for most newcomers first and then fit.

    `places` are the free capacities of newcomers (n,) and mentors (m,); `covered` (n,) marks newcomers who
    need not be counted as covered again (they hold a fixed pair); `promise` (p,) may say which pairs to begin
    with, greatest first, where that is known from an earlier solution.
    """
    n, m = len(places[0]), len(places[1])
    chosen = np.zeros(len(edges), dtype=bool)
    losses = Prices(np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64))
    grids, ties, bonuses = np.ones(n), np.ones(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    covered = np.zeros(n, dtype=bool) if covered is None else covered
    promise = edges.fit if promise is None else promise
    slack = 0.0
    for newcomers, mentors, pairs, here in _territories(edges):
        theirs = places[0][newcomers], places[1][mentors]
        territory = _territory(here, theirs, coverage, covered[newcomers])
        best, lost, spare = _solve(territory, promise[pairs])
        chosen[pairs.start + best if isinstance(pairs, slice) else pairs[best]] = True
        losses.ours[newcomers], losses.theirs[mentors] = lost.ours, lost.theirs
        grids[newcomers], ties[newcomers] = territory.digits.grid, territory.digits.ties
        bonuses[newcomers] = territory.bonuses
        slack += spare / territory.digits.unit
    return Assignment(chosen, slack, losses, grids, ties, bonuses)


def _territory(edges: Edges, places: tuple[Ints, Ints], coverage: bool, covered: Mask) -> Territory:
    # Nobody can use more places than there are people opposite; this also keeps the sums small.
    most = np.diff(edges.starts), np.bincount(edges.columns, minlength=edges.mentors)
    places = np.minimum(places[0], most[0]), np.minimum(places[1], most[1])
    digits = _digits(edges, places, coverage, covered)
    bonuses = np.where(covered, 0, digits.bonus)
    return Territory(edges, places, bonuses, digits)


def _digits(edges: Edges, places: tuple[Ints, Ints], coverage: bool, covered: Mask) -> Digits:
    """A worth that puts coverage, then fit, then one more pair in the digits of one whole number."""
    pairs = int(min(places[0].sum(), places[1].sum())) + 1
    # Where each pair covers one more newcomer, "more pairs" is already decided and needs no digits.
    always_covers = coverage and places[0].max() <= 1 and not (places[0][covered] > 0).any()
    ties = 1 if always_covers else pairs
    greatest = max(float(edges.fit.max()), -float(edges.fit.min()))
    # More than any exchange of pairs could win back: nobody is left out for the sake of fit.
    exchange = 2 * pairs if coverage else 1
    limit = flow.cost_limit(len(places[0]) + len(places[1]))
    grid = 10.0**FINEST
    while ((greatest * grid + 1) * ties + 1) * exchange > limit:
        grid /= 10
    bonus = int((greatest * grid + 1) * ties + 1) * exchange if coverage else 0
    return Digits(grid, ties, bonus)


def _solve(territory: Territory, promise: Floats) -> tuple[Ints, Prices, int]:
    """Positions of the best pairs, what each place is worth, and what the proof leaves open."""
    size = len(territory.edges)
    active = np.arange(size) if size <= ALL_PAIRS else territory.most_promising(promise, FEW)
    problem = territory.problem(active)
    chosen = covering.solve(problem)
    proof = prices(problem, chosen)
    missed, surpluses = territory.missed(proof, active, FEW)
    while missed.size:
        before, active = active[chosen], merged(active, missed)
        problem, chosen = territory.problem(active), np.zeros(len(active), dtype=bool)
        chosen[np.searchsorted(active, before)] = True
        chosen, proof = _joined(problem, chosen, proof, np.searchsorted(active, missed))
        missed, surpluses = territory.missed(proof, active, FEW)
    slack = proof.bound(problem, surpluses) - problem.value(chosen)
    best = active[chosen]
    level = territory.without_loss(proof, best)
    kept = smallest(territory.problem(level), np.isin(level, best, assume_unique=True), proof)
    best = level[kept]
    return best, _losses(territory, proof, best), slack


def _joined(problem: Problem, chosen: Mask, proof: Prices, new: Ints) -> tuple[Mask, Prices]:
    """The best pairs and the proof of it, from those of the same problem without the pairs `new`."""
    if new.size * REPAIRED <= len(chosen):
        repaired = repair(problem, chosen, proof, new, most=int(len(chosen) * SEARCHED))
        if repaired is not None:
            return repaired
    chosen = covering.solve(problem)
    return chosen, prices(problem, chosen, proof)


def _losses(territory: Territory, proof: Prices, best: Ints) -> Prices:
    """Prices as sharp as they can be for asking what one more pair would cost.

    Whoever has no free place loses a pair, and with it at least what the least of theirs is worth beyond both
    prices. For one pair asked about, both its people may be charged so: they hold no pair together.
    """
    held = territory.problem(best)
    beyond = proof.surplus(held.rows, held.columns, held.worth)
    ours, theirs = proof.ours.copy(), proof.theirs.copy()
    for prices_, sign, places, who in (
        (ours, -1, territory.places[0], held.rows), (theirs, 1, territory.places[1], held.columns)
    ):  # fmt: skip
        least = np.full(len(places), np.iinfo(np.int64).max)
        np.minimum.at(least, who, beyond)
        full = (np.bincount(who, minlength=len(places)) >= places) & (places > 0)
        prices_[full] += sign * least[full]
    return Prices(ours, theirs)


def _territories(edges: Edges) -> Iterator[tuple[Ints, Ints, Ints | slice, Edges]]:
    """Newcomers, mentors, positions and pairs of connected territories, small ones together."""
    n, m = len(edges.starts) - 1, edges.mentors
    counts = np.diff(edges.starts)
    batch = _batches(edges)
    if batch.max(initial=-1) == 0:
        yield np.arange(n), np.arange(m), slice(0, len(edges)), edges
        return
    local = np.zeros(m, dtype=edges.columns.dtype)
    by_newcomer, ours = _groups(batch[:n])
    by_mentor, theirs = _groups(batch[n:])
    for k in range(batch.max(initial=-1) + 1):
        newcomers = by_newcomer[ours[k] : ours[k + 1]]
        mentors = by_mentor[theirs[k] : theirs[k + 1]]
        local[mentors] = np.arange(len(mentors))
        pairs = ranges(edges.starts[newcomers], counts[newcomers])
        starts = np.concatenate([[0], np.cumsum(counts[newcomers])])
        columns = local[edges.columns[pairs]].astype(index_type(len(mentors)))
        yield newcomers, mentors, pairs, Edges(starts, columns, edges.fit[pairs], len(mentors))


def _groups(labels: Ints) -> tuple[Ints, Ints]:
    """Places ordered by their label, and where each label from 0 starts."""
    order = np.argsort(labels, kind="stable")
    return order, np.searchsorted(labels[order], np.arange(labels.max(initial=-1) + 2))


def _batches(edges: Edges) -> Ints:
    """(n + m,): which connected territories are solved together, -1 for who has no pair at all."""
    n = len(edges.starts) - 1
    label, count = _connected(edges)
    sizes = np.bincount(label[:n], weights=np.diff(edges.starts), minlength=count).astype(np.int64)
    _, first = np.unique(label, return_index=True)
    batch_of, batch, room = np.full(count, -1), -1, 0
    for territory in np.argsort(first, kind="stable"):
        if not sizes[territory]:
            continue
        if sizes[territory] > room:
            batch, room = batch + 1, max(TOGETHER, int(sizes[territory]))
        batch_of[territory] = batch
        room -= int(sizes[territory])
    return batch_of[label]


def _connected(edges: Edges) -> tuple[Ints, int]:
    """(n + m,): a number for each connected territory, and how many there are.

    A few pairs of each newcomer connect almost everybody; only pairs between what is still apart follow.
    """
    n, m = len(edges.starts) - 1, edges.mentors
    counts = np.diff(edges.starts)
    few = np.minimum(counts, FEW)
    rows = np.repeat(np.arange(n), few)
    # Each from another place in its row, so that together they meet everybody.
    turn = ranges(np.zeros(n, dtype=np.int64), few) + np.modf(rows * GOLDEN)[0]
    sample = edges.starts[rows] + (turn * (counts / np.maximum(few, 1))[rows]).astype(np.int64)
    label, count = _components(rows, n + edges.columns[sample].astype(np.int64), n + m)
    apart = [np.zeros((2, 0), dtype=np.int64)]
    for first in range(0, n, ROWS_AT_ONCE):
        last = min(first + ROWS_AT_ONCE, n)
        ours = np.repeat(label[first:last], counts[first:last])
        theirs = label[n + edges.columns[edges.starts[first] : edges.starts[last]].astype(np.int64)]
        differ = ours != theirs
        apart.append(np.stack([ours[differ], theirs[differ]]))
    tails, heads = np.concatenate(apart, axis=1)
    joined, count = _components(tails, heads, count)
    return joined[label], count


def _components(tails: Ints, heads: Ints, nodes: int) -> tuple[Ints, int]:
    graph = coo_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(nodes, nodes))
    count, label = connected_components(graph, directed=False)
    return label.astype(np.int64), count
