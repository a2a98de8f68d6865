"""What would help most: which one added mentor could meet whom, and how many more newcomers would be matched.

Candidates are made from the pools: a mentor who speaks what most mentors speak and perhaps one language of a
newcomer left alone, lives where one of them lives, has one of their hours or any, and is what one of them
wishes; in all else a mentor as most are. Whether such a mentor may meet somebody is an "and" over those
dimensions, so each is asked apart and one product of matrices counts for all combinations. How many more
newcomers would be matched is then known, or found by solving again with each of the best few.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product
from statistics import median, median_low
from typing import Any, TypeVar

import numpy as np

from matching import cells
from matching.arrays import Ints, Mask
from matching.criteria import LEVELS, Criterion
from matching.people import Person, Pool
from matching.scoring.score import Refusal
from matching.solution import Solution

T = TypeVar("T", str, tuple[float, float])

Town = tuple[float, float]
"""Degrees of latitude and longitude."""

FLEXIBLE = "flexible"
# The commonest among those left alone are tried, so that a hundred thousand people take seconds.
MOST_TOWNS = 500
MOST_WORDS = 50
# Newcomers in one product of matrices.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Help:
    """One more mentor and what that would change; "" and None stand for what makes no difference."""

    language: str
    """beside those that most mentors speak"""
    town: Town | None
    hours: str
    """one part of the week, or "flexible" """
    values: Mapping[str, str]
    """what newcomers wish of a mentor, by the mentors' column: {"gender": "f"}"""
    newcomers: tuple[str, ...]
    """those left alone who could meet this mentor"""
    more_matched: int
    """how many more newcomers would be matched with this mentor's places"""
    mentor: Person
    """the mentor that was tried, for `Solution.what_if`"""

    @property
    def could_meet(self) -> int:
        """How many of those left alone could meet this mentor."""
        return len(self.newcomers)


@dataclass(frozen=True, slots=True)
class _Option:
    """What is said of one choice, the mentor's cells, and whether it asks more of a mentor than others."""

    told: Any
    row: Mapping[str, Any]
    demanding: bool = False


@dataclass(frozen=True, slots=True)
class _Dimension:
    """The choices between mentors that the refusals by some criteria know; `column` for a newcomer's wish."""

    field: str
    criteria: Collection[str]
    options: Sequence[_Option]
    column: str = ""


def what_would_help(
    solution: Solution,
    *,
    places: int = 1,
    most: int = 10,
    languages: Iterable[str] | None = None,
    towns: Iterable[Town] | None = None,
    hours: Iterable[str] | None = None,
) -> tuple[Help, ...]:
    """At most `most` different mentors with so many `places`, who would match most newcomers first.

    Of mentors who could meet the same newcomers the one of whom least is asked is named: no further language
    rather than one, one part of the week rather than any, no wish met rather than one. `languages` (tags),
    `towns` and `hours` limit what is tried. Whom only a chain of changes would reach is counted in
    `more_matched`, but no candidate is made for them. Raises InputError for a cell that cannot be read.
    """
    waiting = np.flatnonzero((solution.per_newcomer == 0) & (solution.newcomers.capacities > 0))
    if not waiting.size:
        return ()
    alone = Pool(solution.newcomers.person(int(row)) for row in waiting)
    usual = _usual_row(solution)
    refusing = _refusals(solution, alone, [usual])
    named = [c for c in solution.scorer.criteria.criteria if c.name in refusing]
    dimensions = [
        *_languages(named, alone, usual, languages),
        *_hours(named, alone, hours),
        *_values(named, alone),
        *_towns(named, alone, towns),
    ]
    search = _Search.of(solution, alone, usual, dimensions)
    id = next(name for k in count(1) if (name := f"added {k}") not in solution.mentors)
    found = []
    for options, met in search.best(most):
        row = usual | {column: cell for option in options for column, cell in option.row.items()}
        mentor = Person(id, row, places)
        more = _more_matched(solution, mentor, int(met.sum()))
        who = tuple(alone.ids[k] for k in np.flatnonzero(met))
        found.append(Help(**_told(dimensions, options), newcomers=who, more_matched=more, mentor=mentor))
    return tuple(sorted((one for one in found if one.more_matched > 0), key=lambda one: -one.more_matched))


def _more_matched(solution: Solution, added: Person, could_meet: int) -> int:
    """How many more newcomers are matched when this mentor joins."""
    # Newcomers come first: each place matches one more while somebody left alone could take it, never two.
    if solution.wanted.objective == "coverage" and could_meet >= added.capacity:
        return added.capacity
    before, after = (s.per_newcomer > 0 for s in (solution, solution.what_if(mentors=[added])))
    return int(after.sum()) - int(before.sum())


def _told(dimensions: Sequence[_Dimension], options: Sequence[_Option]) -> dict[str, Any]:
    """The options as Help's fields."""
    told: dict[str, Any] = {"language": "", "town": None, "hours": "", "values": {}}
    for dimension, option in zip(dimensions, options, strict=True):
        if not dimension.column:
            told[dimension.field] = option.told
        elif option.told:
            told["values"][dimension.column] = option.told
    return told


# What a mentor is like.


def _usual_row(solution: Solution) -> dict[str, Any]:
    """A mentor as most are: their languages and reach, all topics; no place, hours or answer to a wish."""
    mentors, newcomers = solution.mentors, solution.newcomers
    row: dict[str, Any] = {}
    for c in solution.scorer.criteria.criteria:
        row |= {column: "" for column in c.columns("mentor") if column not in row}
        if c.kind == "levels":
            row[c.mentor[0]] = _usual_languages(mentors, c.mentor[0])
        elif c.kind in ("coverage", "contains"):
            wanted = newcomers.read(c.newcomer[0], _words(c.separator))
            row[c.mentor[0]] = sorted(set().union(*wanted))
        elif c.kind in ("same", "different", "difference"):
            row[c.mentor[0]] = next(iter(_commonest(mentors.read(c.mentor[0], cells.word), 1)), "")
        elif c.reach_mentor:
            known = [km for km in mentors.read(c.reach_mentor, cells.number) if km >= 0]
            row[c.reach_mentor] = median(known) if known else ""
    return row


def _usual_languages(mentors: Pool, column: str) -> dict[str, str]:
    """Languages that more than half of all mentors speak, at the median of their levels."""
    ranks: dict[str, list[int]] = {}
    for known in mentors.read(column, cells.levels):
        for tag, rank in known.items():
            ranks.setdefault(tag, []).append(rank)
    shared = (tag for tag in sorted(ranks) if 2 * len(ranks[tag]) > len(mentors))
    return {tag: LEVELS[median_low(ranks[tag]) - 1] for tag in shared}


def _languages(
    named: Iterable[Criterion], alone: Pool, usual: Mapping[str, Any], wanted: Iterable[str] | None
) -> Iterable[_Dimension]:
    criteria = [c for c in named if c.kind == "levels"]
    spoken = [known for c in criteria for known in alone.read(c.newcomer[0], cells.levels)]
    options = [_Option("", {})]
    for tag in _chosen(wanted, lambda: _commonest((tag for known in spoken for tag in known), MOST_WORDS)):
        row = {c.mentor[0]: {**usual[c.mentor[0]], tag: LEVELS[-1]} for c in criteria}
        options.append(_Option(tag, row, demanding=True))
    yield from _dimension("language", criteria, options)


def _hours(named: Iterable[Criterion], alone: Pool, wanted: Iterable[str] | None) -> Iterable[_Dimension]:
    criteria = [c for c in named if c.kind == "slots"]
    asked = [week - {FLEXIBLE} for c in criteria for week in alone.read(c.newcomer[0], _words(" "))]
    words = _chosen(wanted, lambda: [*_commonest((w for week in asked for w in week), MOST_WORDS), FLEXIBLE])
    options = [
        _Option(word, {c.mentor[0]: word for c in criteria}, demanding=word == FLEXIBLE) for word in words
    ]
    yield from _dimension("hours", criteria, options)


def _towns(named: Iterable[Criterion], alone: Pool, wanted: Iterable[Town] | None) -> Iterable[_Dimension]:
    criteria = [c for c in named if c.kind == "distance"]
    homes = [
        (north, east)
        for c in criteria
        for north, east in zip(*(alone.read(column, cells.number) for column in c.newcomer), strict=True)
        if not math.isnan(north + east)
    ]
    towns = _chosen(wanted, lambda: _commonest(homes, MOST_TOWNS))
    options = [
        _Option(town, {column: at for c in criteria for column, at in zip(c.mentor, town, strict=True)})
        for town in towns
    ]
    yield from _dimension("town", criteria, options)


def _values(named: Iterable[Criterion], alone: Pool) -> Iterable[_Dimension]:
    """For each column of mentors that newcomers' wishes ask about: nothing known, or one wished value."""
    criteria = [c for c in named if c.kind == "wish" and c.asked_by == "newcomer"]
    for column in sorted({c.mentor[0] for c in criteria}):
        here = [c for c in criteria if c.mentor[0] == column]
        asked = (
            wish.removesuffix("!").strip() for c in here for wish in alone.read(c.newcomer[0], cells.word)
        )
        wishes = [_Option(wish, {column: wish}, demanding=True) for wish in _commonest(asked, MOST_WORDS)]
        yield from _dimension("values", here, [_Option("", {}), *wishes], column)


def _dimension(
    field: str, criteria: Iterable[Criterion], options: Sequence[_Option], column: str = ""
) -> Iterable[_Dimension]:
    """None where no criterion refuses anybody or there is nothing to choose from."""
    names = [c.name for c in criteria]
    if names and options:
        yield _Dimension(field, names, options, column)


def _chosen(wanted: Iterable[T] | None, otherwise: Callable[[], list[T]]) -> list[T]:
    return otherwise() if wanted is None else sorted(set(wanted))


def _commonest(items: Iterable[T], most: int) -> list[T]:
    """At most so many different items, the most frequent first, equals in order; "" is none."""
    seen = Counter(item for item in items if item != "")
    return sorted(seen, key=lambda item: (-seen[item], item))[:most]


def _words(separator: str) -> Callable[[Any], frozenset[str]]:
    return lambda cell: cells.words(cell, separator)


# Whom they could meet.


def _refusals(solution: Solution, newcomers: Pool, rows: Iterable[Mapping[str, Any]]) -> dict[str, Mask]:
    """By name (newcomers, rows): whom each refusal keeps from mentors with these rows."""
    mentors = Pool(Person(f"{k:06}", row) for k, row in enumerate(rows))
    # Nobody has forbidden a pair with them yet.
    known = {name: Refusal(newcomers=r.newcomers) for name, r in solution.wanted.refusals.items()}
    scores = solution.scorer.score(mentors, newcomers, known)
    return dict(scores.refused(np.arange(len(newcomers))[:, None], np.arange(len(mentors))[None, :]))


@dataclass(frozen=True, slots=True)
class _Side:
    """All combinations of options of some dimensions."""

    choices: Sequence[tuple[_Option, ...]]
    met: Mask
    """(choices, newcomers): who could be met, as far as these dimensions go"""
    demands: Mask
    """(choices, dimensions): what is asked beyond the least"""

    @classmethod
    def of(cls, dimensions: Sequence[_Dimension], met: Sequence[Mask], anyway: Mask) -> "_Side":
        """`met` (options, newcomers) of each dimension, `anyway` (newcomers,) beside all of them."""
        together = anyway[None, :]
        for mask in met:
            together = (together[:, None, :] & mask[None, :, :]).reshape(-1, len(anyway))
        choices = list(product(*(dimension.options for dimension in dimensions)))
        demands = [[option.demanding for option in choice] for choice in choices]
        return cls(choices, together, np.array(demands, dtype=bool).reshape(len(choices), len(dimensions)))


@dataclass(frozen=True, slots=True)
class _Search:
    """Every candidate: a choice of one side with a choice of the other, counted by products of matrices."""

    sides: tuple[_Side, _Side]

    @classmethod
    def of(
        cls, solution: Solution, alone: Pool, usual: Mapping[str, Any], dimensions: Sequence[_Dimension]
    ) -> "_Search":
        met = []
        for dimension in dimensions:
            refused = _refusals(solution, alone, [{**usual, **option.row} for option in dimension.options])
            met.append(~np.any([refused[name] for name in dimension.criteria], axis=0).T)
        asked = {name for dimension in dimensions for name in dimension.criteria}
        others = [
            mask[:, 0] for name, mask in _refusals(solution, alone, [usual]).items() if name not in asked
        ]
        anybody = np.ones(len(alone), dtype=bool)
        rest = anybody & ~np.any([*others, ~anybody], axis=0)
        return cls((_Side.of(dimensions[:-1], met[:-1], rest), _Side.of(dimensions[-1:], met[-1:], anybody)))

    def best(self, most: int) -> Iterator[tuple[tuple[_Option, ...], Mask]]:
        """Choices and (newcomers,) whom they meet, most first; none that asks more for nobody else."""
        one, other = self.sides
        asked = one.demands.sum(axis=1)[:, None] + other.demands.sum(axis=1)[None, :]
        met = self._count(slice(None))
        rank = met * (asked.max() + 1) - asked
        left = met > 0
        for _ in range(most):
            if not left.any():
                return
            first, second = divmod(int(np.argmax(np.where(left, rank, -1))), left.shape[1])
            who = one.met[first] & other.met[second]
            yield one.choices[first] + other.choices[second], who
            asks_no_less = np.logical_and.outer(
                (one.demands >= one.demands[first]).all(axis=1),
                (other.demands >= other.demands[second]).all(axis=1),
            )
            left &= ~(asks_no_less & (self._count(np.flatnonzero(who)) == met))

    def _count(self, newcomers: Ints | slice) -> Ints:
        """(choices, choices): how many of these newcomers each candidate could meet."""
        ours, theirs = (side.met[:, newcomers] for side in self.sides)
        total = np.zeros((len(ours), len(theirs)), dtype=np.float32)
        for start in range(0, ours.shape[1], AT_ONCE):
            part = slice(start, start + AT_ONCE)
            total += ours[:, part].astype(np.float32) @ theirs[:, part].T.astype(np.float32)
        return total.astype(np.int64)
