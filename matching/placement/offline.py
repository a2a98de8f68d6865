"""Everybody known at once: the placement with the greatest total fit, or of most households."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np

from matching.arrays import Ints
from matching.errors import InputError, listing
from matching.placement.optimum import floor, greatest, greedy, polish, relax, solve, total
from matching.placement.problem import Fits, Household, Place, Problem, Rows

Objective = Literal["fit", "coverage"]

# Totals closer than this times the greatest fit count as equal; HiGHS itself proves to 1e-10 of it.
EQUAL = 1e-6
# How far from its bound a rough first choice may be, as a share.
ROUGH = 0.005


class Placed(NamedTuple):
    """Where a household goes; `place` is None and `fit` 0.0 for one that is not placed."""

    household: str
    place: str | None
    fit: float


@dataclass(frozen=True, slots=True)
class Placement:
    """One row per household, in the order of ids, and how much better any other placement could be.

    `upper_bound`: no placement has a greater total fit ("coverage": none of at least as many households).
    `lp_bound`: the same from the linear relaxation, never below `upper_bound`.
    `placed_bound`: no placement at all places more households. `seconds`: how long it took.
    """

    placements: tuple[Placed, ...]
    placed_bound: int
    upper_bound: float
    lp_bound: float
    seconds: float = field(compare=False)

    @property
    def placed(self) -> int:
        """How many households have a place."""
        return sum(row.place is not None for row in self.placements)

    @property
    def total_fit(self) -> float:
        """The sum of the fits, rounded once."""
        return math.fsum(row.fit for row in self.placements)

    @property
    def gap(self) -> float:
        """How far the total may be from the best, as a share of the upper bound; 0 is proved optimal."""
        return (self.upper_bound - self.total_fit) / max(1.0, abs(self.upper_bound))


@dataclass(frozen=True, slots=True)
class Proved:
    """Each household's place (n,), -1 for none, and the bounds on the count and the total fit."""

    where: Ints
    most: int
    upper: float
    lp: float


def place(
    households: Sequence[Household],
    places: Sequence[Place],
    fits: Fits,
    *,
    objective: Objective = "fit",
    time_limit: float | None = None,
) -> Placement:
    """Place each household in at most one place, never beyond a place's resources; pairs not in `fits` never.

    "fit": the greatest total fit, and among those the most households, so that a fit of 0 is taken and one
    below 0 is not. "coverage": the most households, and among those the greatest total fit. Totals that
    differ by less than a millionth of the greatest fit count as equal.

    The order of rows does not matter. Among placements equal in both, the same one is returned each time by
    the same version of HiGHS; which one is not promised. After `time_limit` seconds (None: as long as it
    takes) the best placement so far is returned with its honest gap; that one may differ from time to time.
    The linear relaxations run to their end (a second or two for 20,000 pairs).

    Raises InputError for what `Problem.of` refuses, an unknown objective, a time limit below 0.
    """
    began = time.monotonic()
    deadline = deadline_after(time_limit)
    check_objective(objective)
    problem = Problem.of(households, places, fits)
    find = most_then_fit if objective == "coverage" else fit_then_most
    return placement(problem, find(problem, deadline), began)


def fit_then_most(problem: Problem, deadline: float) -> Proved:
    """The greatest total fit, then the most households."""
    # A pair below 0 lowers the total, and leaving it out breaks no limit.
    left = problem.only(problem.fit >= 0)
    worth = left.fit + tie_break(left)
    found = solve(left, worth, Rows.capacities(left), greedy(left, worth), deadline)
    count = placed_bound(problem)
    return Proved(left.where(found.chosen), count, found.bound, found.lp_bound)


def most_then_fit(problem: Problem, deadline: float) -> Proved:
    """The most households, then the greatest total fit."""
    ones, rows = np.ones(len(problem.fit)), Rows.capacities(problem)
    # HiGHS is slow to find a good choice of exactly so many households. A rough one with a bonus for each
    # comes first, in half the time: on 1,000 households and 50 places, 30 s, the gap fell from 0.34 to 0.06.
    bonus = 2 * equal(problem) / EQUAL
    worth, now = problem.fit + 5 * bonus, time.monotonic()
    halfway = now + (deadline - now) / 2
    rough = solve(problem, worth, rows, greedy(problem, worth), halfway, ROUGH)
    count = solve(problem, ones, rows, rough.chosen, deadline)
    most = int(count.chosen.sum())
    start = polish(problem, problem.fit, rows.and_row(-ones, -most), count.chosen, deadline)
    # The same reason: a bonus and a limit from above, not one from below. A small bonus is mostly enough;
    # whether it was is counted.
    rows = rows.and_row(ones, count.bound)
    found = solve(problem, problem.fit + bonus, rows, start, deadline)
    while found.chosen.sum() < most:
        bonus *= 8
        found = solve(problem, problem.fit + bonus, rows, start, deadline)
    paid = bonus * found.chosen.sum()
    return Proved(problem.where(found.chosen), int(count.bound), found.bound - paid, found.lp_bound - paid)


def equal(problem: Problem) -> float:
    """How close two total fits must be to count as equal."""
    return EQUAL * (greatest(problem.fit) or 1.0)


def tie_break(problem: Problem) -> float:
    """A worth for being placed at all, so small that all of them together count as no fit."""
    return equal(problem) / (len(problem.households) + 1)


def placed_bound(problem: Problem) -> int:
    """No placement puts more households somewhere: the linear relaxation's bound."""
    ones, once = np.ones(len(problem.fit)), np.ones(len(problem.households))
    return int(floor(relax(problem, ones, Rows.capacities(problem), once).bound, ones))


def placement(problem: Problem, proved: Proved, began: float) -> Placement:
    """The answer in ids; a bound that differs from the total by rounding alone becomes the total."""
    chosen = problem.chosen(proved.where)
    reached = total(problem.fit, chosen)
    fits = dict(zip(problem.home[chosen].tolist(), problem.fit[chosen].tolist(), strict=True))
    rows = tuple(
        Placed(household, problem.places[there] if there >= 0 else None, fits.get(i, 0.0))
        for i, (household, there) in enumerate(zip(problem.households, proved.where, strict=True))
    )
    upper, lp = (
        reached if bound <= reached + equal(problem) else bound for bound in (proved.upper, proved.lp)
    )
    return Placement(rows, proved.most, upper, lp, time.monotonic() - began)


def check_objective(objective: Objective) -> Objective:
    """The objective; raises InputError unless it is known."""
    if objective not in (accepted := get_args(Objective)):
        raise InputError(f"The objective {objective!r} is not known; accepted: {listing(accepted)}.")
    return objective


def deadline_after(time_limit: float | None) -> float:
    """When to stop, of `time.monotonic`; raises InputError for less than 0 seconds."""
    if time_limit is not None and not time_limit >= 0:
        raise InputError(f"The time limit is {time_limit!r}; accepted: seconds, 0 or more, or none.")
    return math.inf if time_limit is None else time.monotonic() + time_limit
