"""Who needs what, what is there and who may go where: checked, sorted by id, capacities in whole numbers."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matching.arrays import Floats, Ints, Mask
from matching.errors import InputError, listing

# Python's own whole numbers, which are exact at any size.
Whole = NDArray[np.object_]
Fits = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Household:
    """People who are placed together; `needs` says how much of each resource they use."""

    id: str
    needs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality; `available` says how much of each resource it has left."""

    id: str
    available: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Problem:
    """n households, p places, r resources and k allowed pairs, in the order of ids.

    `needs` (n, r) and `free` (p, r) count in `units` (r,): a unit of 10 means tenths. Pair j is household
    `home[j]` at place `there[j]`, worth `fit[j]`; a pair whose household alone is too much is not in it.
    """

    households: tuple[str, ...]
    places: tuple[str, ...]
    needs: Whole
    free: Whole
    units: Whole
    home: Ints
    there: Ints
    fit: Floats

    @classmethod
    def of(cls, households: Sequence[Household], places: Sequence[Place], fits: Fits) -> "Problem":
        """Check and sort; numbers are taken as the decimals they are written as, so 0.1 + 0.2 fills 0.3.

        Raises InputError for an id given twice, a resource or id that is not known, a number below 0.
        """
        there, home = _by_id(places, "place"), _by_id(households, "household")
        known = [place.available for place in there.values()] or [one.needs for one in home.values()]
        resources = sorted(known[0]) if known else []
        free = [_amounts(f"Place {p.id!r}", p.available, resources) for p in there.values()]
        needs = [_amounts(f"Household {h.id!r}", h.needs, resources) for h in home.values()]
        units = [math.lcm(*(row[i].denominator for row in (*free, *needs))) for i in range(len(resources))]
        pairs = _pairs(fits, {id_: i for i, id_ in enumerate(home)}, {id_: i for i, id_ in enumerate(there)})
        return cls(
            tuple(home),
            tuple(there),
            _whole(needs, units),
            _whole(free, units),
            np.array(units, dtype=object),
            np.array([i for i, _, _ in pairs], dtype=np.int64),
            np.array([j for _, j, _ in pairs], dtype=np.int64),
            np.array([fit for _, _, fit in pairs], dtype=np.float64),
        ).with_free(_whole(free, units))

    def with_free(self, free: Whole) -> "Problem":
        """The same with `free` (p, r) left, without the pairs that no longer fit there on their own."""
        fitting: Mask = np.logical_and.reduce(self.needs[self.home] <= free[self.there], axis=1)
        return replace(self.only(fitting.astype(np.bool_)), free=free)

    def only(self, pairs: Mask) -> "Problem":
        """The same with fewer allowed pairs (k,)."""
        return replace(self, home=self.home[pairs], there=self.there[pairs], fit=self.fit[pairs])

    def used(self, chosen: Mask) -> Whole:
        """What the chosen pairs (k,) use of each place's resources, (p, r), exactly."""
        used = np.zeros(self.free.shape, dtype=object)
        np.add.at(used, self.there[chosen], self.needs[self.home[chosen]])
        return used

    def where(self, chosen: Mask) -> Ints:
        """Each household's place (n,), -1 for none, by the chosen pairs (k,)."""
        where = np.full(len(self.households), -1, dtype=np.int64)
        where[self.home[chosen]] = self.there[chosen]
        return where

    def chosen(self, where: Ints) -> Mask:
        """Which pairs (k,) put each household at its place `where` (n,), -1 for none."""
        chosen: Mask = where[self.home] == self.there
        return chosen

    def needs_of_pairs(self) -> csr_array:
        """What each pair uses of each place's resource, (p * r, k), in the units of the input."""
        resources = len(self.units)
        amounts = (self.needs / self.units).astype(np.float64)[self.home]
        rows = self.there[:, None] * resources + np.arange(resources)
        columns = np.broadcast_to(np.arange(len(self.home))[:, None], rows.shape)
        cells = (amounts.ravel(), (rows.ravel(), columns.ravel()))
        return csr_array(cells, shape=(len(self.places) * resources, len(self.home)))


@dataclass(frozen=True, slots=True)
class Rows:
    """Linear limits on the pairs: `matrix` (m, k) times the choice (k,) stays within `limits` (m,)."""

    matrix: csr_array
    limits: Floats

    @classmethod
    def capacities(cls, problem: Problem) -> "Rows":
        """One row per place and resource."""
        return cls(problem.needs_of_pairs(), (problem.free / problem.units).astype(np.float64).ravel())

    def and_row(self, coefficients: Any, limit: float) -> "Rows":
        """One more row, `coefficients` (k,)."""
        row = csr_array(np.asarray(coefficients, dtype=np.float64)[None, :])
        return Rows(vstack([self.matrix, row], format="csr"), np.append(self.limits, limit))

    def only(self, pairs: Mask) -> "Rows":
        """The same limits on fewer pairs (k,)."""
        return Rows(self.matrix[:, np.flatnonzero(pairs)], self.limits)


def _by_id(items: Iterable[Any], kind: str) -> dict[str, Any]:
    items = sorted(items, key=lambda item: item.id)
    for item, following in itertools.pairwise(items):
        if item.id == following.id:
            raise InputError(f"The {kind} {item.id!r} is given twice; each id may appear once.")
    return {item.id: item for item in items}


def _amounts(whose: str, given: Mapping[str, float], resources: Sequence[str]) -> list[Fraction]:
    if sorted(given) != list(resources):
        raise InputError(
            f"{whose} gives numbers for {listing(given)}; "
            f"accepted: one for each of {listing(resources)} (0 where there is none)."
        )
    return [_amount(f"{whose}, {name}", given[name]) for name in resources]


def _amount(whose: str, value: object) -> Fraction:
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        exact = Fraction(-1)
    if exact < 0:
        raise InputError(f"{whose}: {value!r} was given; accepted: a number, 0 or more.")
    return exact


def _whole(rows: list[list[Fraction]], units: list[int]) -> Whole:
    whole = [[int(value * unit) for value, unit in zip(row, units, strict=True)] for row in rows]
    return np.array(whole, dtype=object).reshape(len(rows), len(units))


def _pairs(fits: Fits, home: dict[str, int], there: dict[str, int]) -> list[tuple[int, int, float]]:
    pairs = []
    for (household, place), fit in fits.items():
        for id_, known, kind in ((household, home, "household"), (place, there, "place")):
            if id_ not in known:
                raise InputError(f"A fit names the {kind} {id_!r}; accepted: the ids of the {kind}s given.")
        if not _is_finite(fit):
            raise InputError(
                f"The fit of {household!r} at {place!r} is {fit!r}; accepted: a finite number. "
                "Leave the pair out where it is not allowed."
            )
        pairs.append((home[household], there[place], float(fit)))
    return sorted(pairs)


def _is_finite(value: object) -> bool:
    try:
        return math.isfinite(value)  # type: ignore[arg-type]
    except TypeError:
        return False
