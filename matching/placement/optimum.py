"""The best choice of pairs for one worth per pair, with a proved bound.

The linear relaxation gives prices of the resources and a first bound; the prices show which pairs can be in
no choice better than one already known (reduced costs; Dantzig, Fulkerson and Johnson 1954), and HiGHS's
branch and bound (Huangfu and Hall 2018) decides among the rest.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from matching.arrays import Floats, Mask
from matching.placement.problem import Problem, Rows

# HiGHS proves a total to 1e-6; worths are scaled to this, so that it is 1e-10 of the greatest.
SCALE = 1e4
ROUNDING = 1e-6
# Polishing: places solved together, and how often each has its turn.
TOGETHER, TURNS = 3, 10


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Prices (m,) of the limits, the bound they prove, and what each pair (k,) falls short of its best."""

    prices: Floats
    bound: float
    regret: Floats


@dataclass(frozen=True, slots=True)
class Solved:
    """The best choice (k,) found; no choice is worth more than `bound`, itself at most `lp_bound`."""

    chosen: Mask
    bound: float
    lp_bound: float


def solve(
    problem: Problem, worth: Floats, rows: Rows, start: Mask, deadline: float, gap: float = 0.0
) -> Solved:
    """Improve `start` (k,) to the choice of greatest `worth` (k,) within `rows`; `start` must be within them.

    It is the best so far after `deadline` (of `time.monotonic`), or once the bound is within `gap`, a share.
    """
    relaxed = relax(problem, worth, rows, np.ones(len(problem.households)))
    known = total(worth, start)
    lp_bound = max(floor(relaxed.bound, worth), known)
    if lp_bound == known:
        return Solved(start, known, known)
    # The margin keeps the pairs of `start` itself in spite of rounding.
    open_ = relaxed.regret <= relaxed.bound - known + ROUNDING * greatest(worth)
    found, proved = _branch(problem.only(open_), worth[open_], rows.only(open_), deadline, gap)
    chosen = start
    if found is not None and total(worth[open_], found) > known:
        chosen = np.zeros_like(start)
        chosen[open_] = found
    return Solved(chosen, max(min(lp_bound, floor(proved, worth)), total(worth, chosen)), lp_bound)


def polish(problem: Problem, worth: Floats, rows: Rows, start: Mask, deadline: float) -> Mask:
    """A better choice (k,) within `rows`: a few places at a time are solved anew, the others held."""
    chosen, places = start, len(problem.places)
    for turn in range(TURNS):
        if time.monotonic() > deadline:
            break
        order = np.random.default_rng(turn).permutation(places)
        for first in range(0, places, TOGETHER):
            inside = np.isin(problem.there, order[first : first + TOGETHER])
            open_ = inside & ~np.isin(problem.home, problem.home[chosen & ~inside])
            held = chosen & ~open_
            left = Rows(rows.matrix, rows.limits - rows.matrix @ held).only(open_)
            anew = solve(problem.only(open_), worth[open_], left, chosen[open_], deadline)
            chosen = held.copy()
            chosen[open_] = anew.chosen
    return chosen


def relax(problem: Problem, worth: Floats, rows: Rows, times: Floats) -> Relaxed:
    """The linear relaxation, where household i comes `times[i]` times and may be shared out.

    The bound is Lagrange's, recomputed from the prices: true for any prices, whatever the solver's tolerance.
    """
    if not worth.size:
        return Relaxed(np.zeros_like(rows.limits), 0.0, worth)
    one_each, scale = _one_each(problem), _scale(worth)
    matrix = vstack([one_each, rows.matrix], format="csr")
    limits = np.concatenate([times, rows.limits])
    answer = linprog(-worth * scale, A_ub=matrix, b_ub=limits, method="highs")
    prices = np.maximum(-answer.ineqlin.marginals[len(times) :], 0) / scale
    worth = worth - rows.matrix.T @ prices
    best = np.zeros(len(times))
    np.maximum.at(best, problem.home, worth)
    bound = math.fsum([*(prices * rows.limits), *(times * best)])
    return Relaxed(prices, bound, best[problem.home] - worth)


def total(worth: Floats, chosen: Mask) -> float:
    """The sum over the chosen pairs, rounded once."""
    return math.fsum(worth[chosen])


def greedy(problem: Problem, worth: Floats) -> Mask:
    """Best pair first, smaller ids on ties: what is kept if there is no time for better."""
    chosen = np.zeros(len(worth), dtype=bool)
    free, placed = problem.free.copy(), set[int]()
    for pair in np.argsort(-worth, kind="stable"):
        home, there = int(problem.home[pair]), problem.there[pair]
        if home not in placed and (problem.needs[home] <= free[there]).all():
            free[there] -= problem.needs[home]
            placed.add(home)
            chosen[pair] = True
    return chosen


def _branch(
    problem: Problem, worth: Floats, rows: Rows, deadline: float, gap: float
) -> tuple[Mask | None, float]:
    """HiGHS's choice (k,) and bound; solved again while its tolerance hides that a place is overfull."""
    one_each, scale = _one_each(problem), _scale(worth)
    while True:
        answer = milp(
            -worth * scale,
            integrality=np.ones(len(worth)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(
                vstack([one_each, rows.matrix], format="csr"),
                ub=np.concatenate([np.ones(one_each.shape[0]), rows.limits]),
            ),
            options={"mip_rel_gap": gap, "time_limit": max(deadline - time.monotonic(), 0.0)},
        )
        bound = math.inf if answer.mip_dual_bound is None else -answer.mip_dual_bound / scale
        if answer.x is None:
            return None, bound
        chosen: Mask = answer.x > 0.5
        overfull = (problem.used(chosen) > problem.free).astype(bool).any(axis=1)
        if not overfull.any():
            return chosen, bound
        for place in np.flatnonzero(overfull):
            # A cover cut: not all of these together, which is what the limit says to one more digit.
            together = chosen & (problem.there == place)
            rows = rows.and_row(together, float(together.sum() - 1))


def _one_each(problem: Problem) -> csr_array:
    """Each household's row (n, k): at most one place."""
    pairs = len(problem.home)
    cells = (np.ones(pairs), (problem.home, np.arange(pairs)))
    return csr_array(cells, shape=(len(problem.households), pairs))


def greatest(worth: Floats) -> float:
    """The greatest worth (k,) in absolute terms, 0 without any."""
    return float(np.abs(worth).max(initial=0.0))


def _scale(worth: Floats) -> float:
    return SCALE / (greatest(worth) or 1.0)


def floor(bound: float, worth: Floats) -> float:
    """`bound`, rounded down where each worth is a whole number and so is each total."""
    whole = math.isfinite(bound) and bool((worth == np.rint(worth)).all())
    return float(math.floor(bound + ROUNDING)) if whole else bound
