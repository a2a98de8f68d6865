"""The best assignment within capacities on both sides: exact, proved, the same whatever the order of rows.

Fits are rounded to a grid (1e-9, coarser only for very large pools) and everything after is whole numbers, so
"equal" means equal. One number per pair carries the whole wish, as digits: newcomers covered (objective
`coverage`), then fit, then one more pair. Three steps:

1. `scipy.optimize.linear_sum_assignment` on copies of people, one per place, gives a start;
2. Bellman-Ford finds prices on the residual graph of that start; where a cycle would still gain, it is taken
   (Klein 1967). Without one the assignment is optimal, and the prices bound every other one from above;
3. among equally good assignments, those reachable over arcs without loss, each pair in the order (newcomer,
   mentor) is taken if it still can be: the smallest list of pairs in dictionary order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.kinds import Floats, Mask
from matching.residual import Residual

Ints = NDArray[np.int64]

# Products and sums below this are exact both in float64 (where scipy solves) and in int64 (where we prove).
EXACT = 2**51
FINEST = 9


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which pairs, (n, m); `slack` is how far a better total could be, in fit units: 0 is proved optimal."""

    chosen: Mask
    slack: float


def assign(
    fit: Floats,
    feasible: Mask,
    places: tuple[Ints, Ints],
    *,
    coverage: bool,
    covered: Mask | None = None,
) -> Assignment:
    """Choose pairs for the greatest total fit, or for most newcomers first and then fit.

    `fit` and `feasible` are (n, m); `places` are the free capacities of newcomers (n,) and mentors (m,);
    `covered` (n,) marks newcomers who need not be counted as covered again (they hold a fixed pair).
    """
    if not feasible.any():
        return Assignment(np.zeros(fit.shape, dtype=bool), 0.0)
    # Nobody can use more places than there are people opposite; this also keeps the sums small.
    places = (np.minimum(places[0], feasible.sum(axis=1)), np.minimum(places[1], feasible.sum(axis=0)))
    worth, bonus, unit = _digits(fit, feasible, places, coverage)
    bonuses = np.full(len(fit), bonus, dtype=np.int64)
    if covered is not None:
        bonuses[covered] = 0
    chosen = _start(worth, feasible, places, bonuses)
    residual = Residual(worth, feasible, places, bonuses, chosen)
    residual.improve()
    slack = residual.bound() - residual.value()
    residual.smallest()
    return Assignment(residual.chosen, slack / unit)


def _digits(
    fit: Floats, feasible: Mask, places: tuple[Ints, Ints], coverage: bool
) -> tuple[Ints, int, float]:
    """Whole-number worth of each pair (n, m), the worth of covering a newcomer, and the worth of one fit."""
    pairs = int(min(places[0].sum(), places[1].sum())) + 1
    # Where each pair covers one more newcomer, "more pairs" is already decided and needs no digits.
    ties = 1 if coverage and places[0].max() <= 1 else pairs
    exchange = pairs if coverage else 1
    greatest = float(np.abs(fit[feasible]).max())
    grid = 10.0**FINEST
    while grid > 1 and 2 * (greatest * grid + 1) * ties * exchange > EXACT:
        grid /= 10
    worth = np.where(feasible, np.rint(fit * grid), 0).astype(np.int64) * ties + 1
    # More than any exchange of pairs could win back: nobody is left out for the sake of fit.
    bonus = int(2 * np.abs(worth).max()) * pairs + 1 if coverage else 0
    return worth, bonus, grid * ties


def _start(worth: Ints, feasible: Mask, places: tuple[Ints, Ints], bonuses: Ints) -> Mask:
    """A good feasible assignment, the best one wherever not both sides have several places."""
    rows = np.repeat(np.arange(len(worth)), places[0])
    columns = np.repeat(np.arange(worth.shape[1]), places[1])
    first = np.ones(len(rows), dtype=bool)
    first[1:] = rows[1:] != rows[:-1]
    gain = np.where(feasible, worth, 0)[np.ix_(rows, columns)]
    gain += np.where(first, bonuses[rows], 0)[:, None] * feasible[np.ix_(rows, columns)]
    # A pair that loses stays out: in the matrix it looks like "nobody".
    np.maximum(gain, 0, out=gain)
    row, column = linear_sum_assignment(gain, maximize=True)
    kept = gain[row, column] > 0
    chosen = np.zeros(feasible.shape, dtype=bool)
    chosen[rows[row[kept]], columns[column[kept]]] = True
    return chosen
