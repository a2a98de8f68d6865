"""Arrivals in batches: what a place is worth to those still to come, learned from those who came before.

After Ahani, Gölz, Procaccia, Teytelboym and Trapp, "Dynamic Placement in Refugee Resettlement" (2021):
futures are drawn from past households, the linear relaxation of each prices what is left, and a batch is
placed by fit minus the price of what it uses, so that a scarce place is kept for whoever needs it more.
"""

import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.errors import InputError
from matching.placement.offline import (
    Objective,
    Placement,
    Proved,
    check_objective,
    deadline_after,
    placed_bound,
    placement,
    tie_break,
)
from matching.placement.optimum import greatest, greedy, relax, solve
from matching.placement.problem import Fits, Household, Place, Problem, Rows

# Under "coverage" a household is worth this many of the greatest fit. Measured twice on 300 households and 12
# places: 10 placed 275 and 276, 200 placed 276 and 278. More would drown the fits in the noise of the prices.
HOUSEHOLD = 200


@dataclass(frozen=True, slots=True)
class Futures:
    """Households who came before, and their fits at the same places."""

    households: Sequence[Household]
    fits: Fits


def place_online(
    households: Sequence[Household],
    places: Sequence[Place],
    fits: Fits,
    futures: Futures,
    *,
    seed: int,
    objective: Objective = "fit",
    batch: int = 10,
    expected: int | None = None,
    samples: int = 30,
    time_limit: float | None = None,
) -> Placement:
    """Place `households` in their order of arrival, `batch` at a time, knowing only who has arrived so far.

    With each batch, `samples` futures are drawn (with replacement) from `futures`, each as many households as
    are still to come of the `expected` ones in all (by default as many as are given). Who is placed is never
    moved; who is not placed waits and is looked at again with each later batch. "fit" gives up fit now for
    more fit later. "coverage" does so with households, each worth HOUSEHOLD times the greatest fit.

    For one batch at a time, as in a running programme, give its households, what is left at the places,
    `batch` at least their number, and as `expected` their number and that of those still to come.

    The bounds are those of hindsight: what could have been reached with all arrivals known (see `Placement`),
    so the gap is the price of not knowing. `time_limit` is for each batch and once more for the bounds.
    The order within a batch does not matter; the same `seed` gives the same answer.

    Raises InputError for what `place` refuses, a batch or number of samples below 1, or no past households.
    """
    began = time.monotonic()
    check_objective(objective)
    _check_at_least_one(batch=batch, samples=samples, futures=len(futures.households))
    problem = Problem.of(households, places, fits)
    past = Problem.of(futures.households, places, futures.fits)
    bonus = _bonus(problem, past) if objective == "coverage" else 0.0
    order = [bisect_left(problem.households, household.id) for household in households]
    rng = np.random.default_rng(seed)
    where = np.full(len(order), -1, dtype=np.int64)
    for first in range(0, len(order), batch):
        arrived = np.array(order[: first + batch])
        coming = max((len(order) if expected is None else expected) - len(arrived), 0)
        free = problem.free - problem.used(problem.chosen(where))
        left = past.with_free(free * past.units // problem.units)
        prices = _prices(left, left.fit + bonus, coming, samples, rng)
        now = problem.only(np.isin(problem.home, arrived[where[arrived] < 0])).with_free(free)
        where = np.maximum(where, _place_batch(now, bonus, prices, deadline_after(time_limit)))
    proved = _hindsight(problem, where, objective, deadline_after(time_limit))
    return placement(problem, proved, began)


def _bonus(*problems: Problem) -> float:
    """What a household is worth in units of fit under "coverage"."""
    return HOUSEHOLD * max(greatest(problem.fit) for problem in problems)


def _place_batch(now: Problem, bonus: float, prices: Floats, deadline: float) -> Ints:
    """The best place (n,) for those waiting, -1 for none: fit minus the `prices` (p * r,) of what is used."""
    worth = now.fit + bonus - now.needs_of_pairs().T @ prices + tie_break(now)
    now, worth = now.only(worth >= 0), worth[worth >= 0]
    return now.where(solve(now, worth, Rows.capacities(now), greedy(now, worth), deadline).chosen)


def _prices(past: Problem, worth: Floats, coming: int, samples: int, rng: np.random.Generator) -> Floats:
    """The mean price (p * r,) of what is left at each place over futures of `coming` households."""
    rows, count = Rows.capacities(past), len(past.households)
    if not coming:
        return np.zeros_like(rows.limits)
    prices = np.zeros_like(rows.limits)
    for times in rng.multinomial(coming, np.full(count, 1 / count), size=samples):
        present = times[past.home] > 0
        prices += relax(past.only(present), worth[present], rows.only(present), times.astype(float)).prices
    return prices / samples


def _hindsight(problem: Problem, where: Ints, objective: Objective, deadline: float) -> Proved:
    """`where` (n,) and what could have been had all arrivals been known."""
    rows, start, ones = Rows.capacities(problem), problem.chosen(where), np.ones(len(problem.fit))
    if objective == "coverage":
        rows = rows.and_row(-ones, -float(start.sum()))
    found = solve(problem, problem.fit, rows, start, deadline)
    return Proved(where, placed_bound(problem), found.bound, found.lp_bound)


def _check_at_least_one(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise InputError(f"The number for {name!r} is {number}; accepted: 1 or more.")
