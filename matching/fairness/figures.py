"""Fairness in numbers: who found a mentor, who waits how long, and how the mentors' work is shared."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np

from matching.errors import InputError, listing
from matching.fairness.disclosure import Figure, Sizes, bins, depth, depths, figure
from matching.fairness.groups import Members, members, several
from matching.people import Pool

_LEAST_COMPARED = 5  # a share of fewer people says little: one person is a fifth of it or more


class Paired(Protocol):
    """What the engine's Pair offers."""

    @property
    def newcomer(self) -> str: ...
    @property
    def mentor(self) -> str: ...
    @property
    def fit(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Newcomers who share a value: counts, shares 0 to 1, days waited (all, the unmatched), mean fit.

    `nobody` are the unmatched without any feasible mentor; `nobody_share` is their share of the newcomers.
    """

    name: str
    newcomers: Figure
    matched: Figure
    matched_share: Figure
    waiting_median: Figure
    waiting_p90: Figure
    unmatched_waiting_median: Figure
    unmatched_waiting_p90: Figure
    mean_fit: Figure
    nobody: Figure
    nobody_share: Figure


@dataclass(frozen=True, slots=True)
class Gap:
    """The two groups whose matched shares lie furthest apart, among those large enough to compare."""

    least: str
    most: str
    difference: float


@dataclass(frozen=True, slots=True)
class Column:
    """The groups of one newcomers' column, largest first; `several`: one newcomer may be in several.

    `withheld`: the groups are so small that not even their names are shown.
    """

    name: str
    groups: tuple[Group, ...]
    several: bool
    withheld: bool
    widest: Gap | None


@dataclass(frozen=True, slots=True)
class Bin:
    """How many mentors have this number of newcomers, or with `or_more` at least this number."""

    newcomers: int
    or_more: bool
    mentors: Figure


@dataclass(frozen=True, slots=True)
class LoadGroup:
    """The mentors who share a value: how many, how many of them have a newcomer, the Gini of their load."""

    name: str
    mentors: Figure
    busy: Figure
    busy_share: Figure
    gini: Figure


@dataclass(frozen=True, slots=True)
class LoadColumn:
    """The groups of one mentors' column, as in `Column`."""

    name: str
    groups: tuple[LoadGroup, ...]
    several: bool
    withheld: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How the work is shared; `gini` of load/capacity: 0 all alike, towards 1 few do all. No bins: hidden."""

    mentors: Figure
    gini: Figure
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """All the numbers; `waiting_known`, `feasible_known`: whether the input held what they are made of."""

    hide_under: int
    as_of: date | None
    waiting_known: bool
    feasible_known: bool
    overall: Group
    columns: tuple[Column, ...]
    load: Load
    mentor_columns: tuple[LoadColumn, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON; each number is {"value": ..., "hidden": ...}."""
        return asdict(self) | {"as_of": self.as_of.isoformat() if self.as_of else None}


class _Case(NamedTuple):
    """One newcomer: the fits of their pairs, the days waited, whether no mentor at all is feasible."""

    fits: tuple[float, ...]
    days: int | None
    nobody: bool


class _Work(NamedTuple):
    """One mentor: how many newcomers they have, and how many they offered to take."""

    load: int
    capacity: int


class _Rules(NamedTuple):
    """The least count to show, and whether waiting and feasibility can be known at all."""

    least: int
    waiting: bool
    feasible: bool


def report(
    pairs: Iterable[tuple[str, str, float] | Paired],
    mentors: Pool,
    newcomers: Pool,
    *,
    groups: Sequence[str],
    feasible: Mapping[str, int] | None = None,
    waiting: str = "",
    as_of: date | None = None,
    hide_under: int = 0,
    separators: Mapping[str, str] | None = None,
) -> FairnessReport:
    """Count who found a mentor, overall and by each value of the columns `groups` of newcomers and mentors.

    `pairs`: (newcomer, mentor, fit), or the engine's pairs. `feasible`: newcomer -> number of feasible
    mentors, at least for each unmatched one. `waiting`: the newcomers' column with the day since when; days
    are counted up to `as_of`, a later day is 0. `hide_under`: see `disclosure`; 0 hides nothing.
    `separators`: column -> what separates values; who is in which group: see `groups.members`.

    Percentiles interpolate linearly (Hyndman and Fan 1996, type 7). Raises InputError.
    """
    _check(mentors, newcomers, groups, waiting, as_of, hide_under)
    fits = _fits(pairs, mentors, newcomers)
    rules = _Rules(hide_under, bool(waiting), feasible is not None)
    cases = _cases(newcomers, fits, feasible, _days(newcomers, waiting, as_of))
    everybody = tuple(cases.values())
    overall = _group("", everybody, depth(_sizes(everybody), hide_under), rules)
    loads = Counter(mentor for _, mentor in fits)
    works = {person.id: _Work(loads[person.id], person.capacity) for person in mentors.people}
    # With all or nearly all newcomers matched, the loads add up to what is hidden.
    load = _load(tuple(works.values()), hide_under, withheld=overall.matched.hidden)
    split = separators or {}
    columns = [_column(*one, cases, rules) for one in _grouped(newcomers, groups, split)]
    of_mentors = [_load_column(*one, works, load, hide_under) for one in _grouped(mentors, groups, split)]
    known = (rules.waiting, rules.feasible)
    return FairnessReport(hide_under, as_of, *known, overall, tuple(columns), load, tuple(of_mentors))


def gini(values: Collection[float]) -> float | None:
    """Gini coefficient of values >= 0: 0 all alike, (n - 1) / n if one has all, None if nobody has any.

    G = 2 sum(i x_i) / (n sum(x_i)) - (n + 1) / n, x ascending, i from 1; that is the mean absolute
    difference over twice the mean (Gini 1912; in this form Damgaard and Weiner 2000, Ecology 81:1139).
    """
    ordered = sorted(values)
    total, n = math.fsum(ordered), len(ordered)
    if total == 0:
        return None
    return 2 * math.fsum(i * x for i, x in enumerate(ordered, start=1)) / (n * total) - (n + 1) / n


def _check(
    mentors: Pool, newcomers: Pool, groups: Sequence[str], waiting: str, as_of: date | None, hide_under: int
) -> None:
    if hide_under < 0:
        raise InputError(f"hide_under is {hide_under}; expected 0 (hide nothing) or more.")
    if waiting and as_of is None:
        raise InputError(f"as_of is missing: the day up to which the days since {waiting!r} are counted.")
    newcomers.check(filter(None, [waiting]), "newcomer")
    known = {column for pool in (newcomers, mentors) for person in pool.people for column in person.row}
    for column in groups:
        if known and column not in known:
            raise InputError(f"Nobody has a column {column!r}; the columns are: {listing(known)}.")


def _grouped(pool: Pool, columns: Iterable[str], separators: Mapping[str, str]) -> list[tuple[str, Members]]:
    """The groups by each of the columns that this side has."""
    own = {column for person in pool.people for column in person.row}
    return [(name, members(pool, name, separators)) for name in columns if name in own]


def _fits(
    pairs: Iterable[tuple[str, str, float] | Paired], mentors: Pool, newcomers: Pool
) -> dict[tuple[str, str], float]:
    fits: dict[tuple[str, str], float] = {}
    for pair in pairs:
        newcomer, mentor, fit = pair if isinstance(pair, tuple) else (pair.newcomer, pair.mentor, pair.fit)
        where = f"The pair of newcomer {newcomer!r} and mentor {mentor!r}"
        for side, person, pool in (("newcomer", newcomer, newcomers), ("mentor", mentor, mentors)):
            if person not in pool:
                raise InputError(f"{where}: no {side} is called {person!r}.")
        if (newcomer, mentor) in fits:
            raise InputError(f"{where} is there twice; expected once.")
        if not math.isfinite(fit):
            raise InputError(f"{where} has the fit {fit}; expected a finite number.")
        fits[newcomer, mentor] = fit
    return fits


def _days(newcomers: Pool, waiting: str, as_of: date | None) -> dict[str, int]:
    if not waiting or as_of is None:
        return {}
    since = {person.id: person.day(waiting) for person in newcomers.people}
    return {id: max((as_of - day).days, 0) for id, day in since.items() if day is not None}


def _cases(
    newcomers: Pool,
    fits: Mapping[tuple[str, str], float],
    feasible: Mapping[str, int] | None,
    days: Mapping[str, int],
) -> dict[str, _Case]:
    """Whoever is matched has somebody, also where a pair made by hand is not feasible by the criteria."""
    found: dict[str, tuple[float, ...]] = {}
    for (newcomer, _), fit in fits.items():
        found[newcomer] = (*found.get(newcomer, ()), fit)
    for id in newcomers.ids:
        if feasible is not None and id not in found and id not in feasible:
            raise InputError(f"feasible lacks the unmatched newcomer {id!r}; expected a number of mentors.")
    nobody = {id for id in newcomers.ids if feasible is not None and id not in found and not feasible[id]}
    return {id: _Case(found.get(id, ()), days.get(id), id in nobody) for id in newcomers.ids}


def _sizes(cases: Collection[_Case]) -> Sizes:
    found = sum(bool(case.fits) for case in cases)
    rest = len(cases) - found
    nobody = sum(case.nobody for case in cases)
    return Sizes(len(cases), found, rest, nobody, rest - nobody)


def _group(name: str, cases: Collection[_Case], shown: int, rules: _Rules) -> Group:
    sizes = _sizes(cases)
    fits = [fit for case in cases for fit in case.fits]
    waited = [case.days for case in cases if case.days is not None]
    waiting = [case.days for case in cases if case.days is not None and not case.fits]
    return Group(
        name=name,
        newcomers=figure(sizes.all, shown > 0),
        matched=figure(sizes.found, shown > 1),
        matched_share=figure(_share(sizes.found, sizes.all), shown > 1),
        waiting_median=_percentile(50, waited, shown > 0, rules),
        waiting_p90=_percentile(90, waited, shown > 0, rules),
        unmatched_waiting_median=_percentile(50, waiting, shown > 1, rules),
        unmatched_waiting_p90=_percentile(90, waiting, shown > 1, rules),
        mean_fit=figure(_share(math.fsum(fits), len(fits)), shown > 1),
        nobody=figure(sizes.nobody, shown > 2, rules.feasible),
        nobody_share=figure(_share(sizes.nobody, sizes.all), shown > 2, rules.feasible),
    )


def _percentile(percent: int, days: Sequence[int], shown: bool, rules: _Rules) -> Figure:
    value = float(np.percentile(days, percent)) if days else None
    return figure(value, shown and not 0 < len(days) < rules.least, rules.waiting)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _column(name: str, values: Members, cases: Mapping[str, _Case], rules: _Rules) -> Column:
    parts = [[cases[id] for id in ids] for ids in values.values()]
    shown = depths([_sizes(part) for part in parts], _sizes(cases.values()), rules.least)
    groups = [_group(*one, rules) for one in zip(values, parts, shown or (), strict=False)]
    return Column(
        name=name,
        groups=tuple(sorted(groups, key=lambda group: _place(group.name, group.newcomers))),
        several=several(values),
        withheld=shown is None,
        widest=_widest(groups, max(rules.least, _LEAST_COMPARED)),
    )


def _place(name: str, size: Figure) -> tuple[float, str]:
    """Largest first; the hidden at the end by name, as their order would tell their size."""
    return (math.inf if size.value is None else -size.value, name)


def _widest(groups: Iterable[Group], least: int) -> Gap | None:
    shares = [
        (group.matched_share.value, group.name)
        for group in groups
        if group.matched_share.value is not None and (group.newcomers.value or 0) >= least
    ]
    if len(shares) < 2:
        return None
    (low, worst_served), (high, best_served) = min(shares), max(shares)
    return Gap(worst_served, best_served, high - low)


def _load(works: Collection[_Work], least: int, withheld: bool) -> Load:
    counts = [] if withheld else bins([work.load for work in works], least)
    shown = not withheld and not any(count.hidden for count in counts)
    return Load(
        mentors=figure(len(works), len(works) >= least),
        gini=figure(_gini(works), shown),
        bins=tuple(Bin(load, least > 0 and load == len(counts) - 1, n) for load, n in enumerate(counts)),
    )


def _gini(works: Iterable[_Work]) -> float | None:
    """A mentor without a place counts only where they have somebody all the same, as if they had one."""
    return gini([work.load / max(work.capacity, 1) for work in works if work.capacity or work.load])


def _load_column(
    name: str, values: Members, works: Mapping[str, _Work], load: Load, least: int
) -> LoadColumn:
    parts = [[works[id] for id in ids] for ids in values.values()]
    shown = depths([_work_sizes(part) for part in parts], _work_sizes(works.values()), least)
    # The idle of all groups add up to the first bin: hidden there, hidden here.
    most = 3 if load.bins and not load.bins[0].mentors.hidden else 1
    groups = [
        _load_group(value, part, min(one, most), not load.gini.hidden)
        for value, part, one in zip(values, parts, shown or (), strict=False)
    ]
    return LoadColumn(
        name=name,
        groups=tuple(sorted(groups, key=lambda group: _place(group.name, group.mentors))),
        several=several(values),
        withheld=shown is None,
    )


def _work_sizes(works: Collection[_Work]) -> Sizes:
    busy = sum(work.load > 0 for work in works)
    return Sizes(len(works), busy, len(works) - busy)


def _load_group(name: str, works: Collection[_Work], shown: int, with_gini: bool) -> LoadGroup:
    sizes = _work_sizes(works)
    return LoadGroup(
        name=name,
        mentors=figure(sizes.all, shown > 0),
        busy=figure(sizes.found, shown > 1),
        busy_share=figure(_share(sizes.found, sizes.all), shown > 1),
        gini=figure(_gini(works), shown > 1 and with_gini),
    )
