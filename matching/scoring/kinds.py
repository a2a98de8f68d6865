"""What each kind of criterion says about pairs; criteria.md's table, one class per kind.

Each kind encodes both pools once, newcomers first, and then answers for any indices `i` (newcomers) and
`j` (mentors) that broadcast: a list of pairs, (p,) and (p,), or a tile, (r, 1) and (1, c). `part` is what the
pair scores, `unknown` where it is only assumed, `refused` where `require` or a wish refuses the pair.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from matching import cells
from matching.arrays import Floats, Ints, Mask
from matching.criteria import LEVELS, Criterion
from matching.errors import CriteriaError
from matching.people import Pool
from matching.scoring.bits import Bits, shared_words
from matching.scoring.encoding import (
    EARTH_RADIUS_KM,
    by_level,
    codes,
    flags,
    indicator,
    positions,
    reach,
    unit_vectors,
    weighted,
)

ASSUMED = 0.5


@dataclass(frozen=True, slots=True)
class Context:
    """What a criterion knows beside the two pools: what was learned from them, and a given table."""

    learned: Any = None
    table: Mapping[tuple[str, str], float] | None = None


class Kind:
    """A criterion over two pools; the common rule: what is required may be neither unknown nor 0."""

    def __init__(self, c: Criterion, mentors: Pool, newcomers: Pool, context: Context) -> None:
        self.c = c
        self.encode(mentors, newcomers, context)

    @property
    def refuses(self) -> bool:
        """Whether this can refuse anybody at all."""
        return bool(self.c.require)

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        """Turn cells into arrays, by newcomer and by mentor. Raises InputError, CriteriaError."""

    def part(self, i: Ints, j: Ints) -> Floats:
        """What the pairs score, assumed where unknown."""
        raise NotImplementedError

    def unknown(self, i: Ints, j: Ints) -> Mask:
        """True where the part is only assumed."""
        return np.zeros(np.broadcast_shapes(i.shape, j.shape), dtype=bool)

    def refused(self, i: Ints, j: Ints) -> Mask:
        """True where the pair is refused; asked only of a kind that `refuses`."""
        return self.unknown(i, j) | (self.part(i, j) <= 0)


class Constant(Kind):
    """The same for everybody."""

    def part(self, i: Ints, j: Ints) -> Floats:
        return np.ones(np.broadcast_shapes(i.shape, j.shape))


class Same(Kind):
    """1 where both have the same value; `different` turns it round."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        numbers: dict[str, int] = {"": -1}
        self.ours = codes(newcomers.read(self.c.newcomer[0], cells.word), numbers)
        self.theirs = codes(mentors.read(self.c.mentor[0], cells.word), numbers)

    def part(self, i: Ints, j: Ints) -> Floats:
        equal = self.ours[i] == self.theirs[j]
        agrees = equal if self.c.kind == "same" else ~equal
        return np.where(self.unknown(i, j), ASSUMED, agrees)

    def unknown(self, i: Ints, j: Ints) -> Mask:
        return (self.ours[i] < 0) | (self.theirs[j] < 0)


class Contains(Kind):
    """1 where the newcomer's one value is among the mentor's."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        ours = newcomers.read(self.c.newcomer[0], lambda cell: frozenset(filter(None, (cells.word(cell),))))
        theirs = mentors.read(self.c.mentor[0], partial(cells.words, separator=self.c.separator))
        vocabulary = shared_words(ours, theirs)
        self.ours, self.theirs = Bits.of(ours, vocabulary), Bits.of(theirs, vocabulary)

    def part(self, i: Ints, j: Ints) -> Floats:
        return self.ours.meets(self.theirs, i, j).astype(np.float64)


class Coverage(Kind):
    """The share of the newcomer's wishes that the mentor offers, rarer wishes weighing more if asked."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        read = partial(cells.words, separator=self.c.separator)
        wanted, offered = newcomers.read(self.c.newcomer[0], read), mentors.read(self.c.mentor[0], read)
        self.nothing_wanted = np.array([not wishes for wishes in wanted], dtype=bool)
        vocabulary = shared_words(wanted, wanted)
        wishes = indicator(wanted, vocabulary)
        if self.c.rarity and vocabulary:
            wishes = weighted(wishes, context.learned, list(vocabulary))
        self.shares = wishes / np.maximum(wishes.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        self.offered = indicator(offered, vocabulary)

    def part(self, i: Ints, j: Ints) -> Floats:
        if i.ndim == 2:
            share: Floats = self.shares[i[:, 0]] @ self.offered[j[0]].T
        else:
            share = np.einsum("pw,pw->p", self.shares[i], self.offered[j])
        return np.where(self.nothing_wanted[i], ASSUMED, np.minimum(share, 1.0))

    def unknown(self, i: Ints, j: Ints) -> Mask:
        return np.broadcast_to(self.nothing_wanted[i], np.broadcast_shapes(i.shape, j.shape))


class Levels(Kind):
    """The best shared language, at the lower of the two levels, in sevenths.

    A pair shares level k when some language is at k or above on both sides, so the best shared level is the
    number of levels that are shared: seven bit tests whatever the number of languages.
    """

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        ours = newcomers.read(self.c.newcomer[0], cells.levels)
        theirs = mentors.read(self.c.mentor[0], cells.levels)
        self.silent = [np.array([not known for known in side], dtype=bool) for side in (ours, theirs)]
        vocabulary = shared_words(ours, theirs)
        self.ours, self.theirs = by_level(ours, vocabulary), by_level(theirs, vocabulary)
        self.interpreted = np.array(newcomers.read(self.c.interpreter, cells.flag), dtype=bool)

    def _shares(self, rank: int, i: Ints, j: Ints) -> Mask:
        return self.ours[rank - 1].meets(self.theirs[rank - 1], i, j)

    def part(self, i: Ints, j: Ints) -> Floats:
        best = np.zeros(np.broadcast_shapes(i.shape, j.shape), dtype=np.uint8)
        for rank in range(1, len(LEVELS) + 1):
            best += self._shares(rank, i, j)
        return np.where(self.unknown(i, j), ASSUMED, best / len(LEVELS))

    def unknown(self, i: Ints, j: Ints) -> Mask:
        return self.silent[0][i] | self.silent[1][j]

    def refused(self, i: Ints, j: Ints) -> Mask:
        least = 1 if self.c.require is True else LEVELS.index(str(self.c.require)) + 1
        # Whoever said nothing shares nothing, so the unknown are refused too.
        return ~(self._shares(least, i, j) | self.interpreted[i])


class Slots(Kind):
    """Shared hours up to `saturate`; a "flexible" week counts as half of that and is never refused."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        read = partial(cells.words, separator=" ")
        ours, theirs = newcomers.read(self.c.newcomer[0], read), mentors.read(self.c.mentor[0], read)
        vocabulary = shared_words(ours, theirs)
        vocabulary.pop("flexible", None)
        self.ours, self.theirs = Bits.of(ours, vocabulary), Bits.of(theirs, vocabulary)
        self.silent = [np.array([not week for week in side], dtype=bool) for side in (ours, theirs)]
        self.loose = [np.array(["flexible" in week for week in side], dtype=bool) for side in (ours, theirs)]

    def flexible(self, i: Ints, j: Ints) -> Mask:
        """True where one of the two has no fixed hours."""
        return self.loose[0][i] | self.loose[1][j]

    def part(self, i: Ints, j: Ints) -> Floats:
        shared = self.ours.count(self.theirs, i, j)
        part = np.minimum(shared, self.c.saturate) / self.c.saturate
        either = self.silent[0][i] | self.silent[1][j]
        return np.where(either | self.flexible(i, j), ASSUMED, part)

    def unknown(self, i: Ints, j: Ints) -> Mask:
        return (self.silent[0][i] | self.silent[1][j]) & ~self.flexible(i, j)

    def refused(self, i: Ints, j: Ints) -> Mask:
        least = int(self.c.require)
        meets, count = self.ours.meets, self.ours.count
        enough = meets(self.theirs, i, j) if least == 1 else count(self.theirs, i, j) >= least
        return ~(enough | self.flexible(i, j))


class Distance(Kind):
    """exp(-kilometres / decay); refused beyond the reach of whoever travels, or of both.

    Places are unit vectors: the straight chord between two of them grows with the great circle, so a reach is
    compared as a squared chord and the arc (by the haversine: chord = 2 sin(arc / 2)) is only worked out for
    pairs that are left.
    """

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        self.at = [unit_vectors(newcomers, self.c.newcomer), unit_vectors(mentors, self.c.mentor)]
        self.reach = [
            reach(newcomers, self.c.reach_newcomer), reach(mentors, self.c.reach_mentor)
        ]  # fmt: skip
        self.online = [
            flags(newcomers, self.c.online_newcomer), flags(mentors, self.c.online_mentor)
        ]  # fmt: skip

    def squared_chord(self, i: Ints, j: Ints) -> Floats:
        """Squared straight distance on the unit sphere; NaN where a place is unknown."""
        total = np.zeros(np.broadcast_shapes(i.shape, j.shape))
        for ours, theirs in zip(*self.at, strict=True):
            step = ours[i] - theirs[j]
            step *= step
            total += step
        return total

    def both_online(self, i: Ints, j: Ints) -> Mask:
        """True where both would meet online."""
        return self.online[0][i] & self.online[1][j]

    def part(self, i: Ints, j: Ints) -> Floats:
        half = np.minimum(np.sqrt(self.squared_chord(i, j)) / 2, 1.0)
        near = np.exp(-2 * EARTH_RADIUS_KM / self.c.decay * np.arcsin(half))
        return np.where(np.isnan(near) | self.both_online(i, j), ASSUMED, near)

    def unknown(self, i: Ints, j: Ints) -> Mask:
        return np.isnan(self.at[0][0][i] + self.at[1][0][j]) & ~self.both_online(i, j)

    def refused(self, i: Ints, j: Ints) -> Mask:
        chord = self.squared_chord(i, j)
        # Comparing with NaN is False, so an unknown place or reach never counts as reached.
        ours, theirs = chord <= self.reach[0][i], chord <= self.reach[1][j]
        within = (ours & theirs) if self.c.require == "both" else (ours | theirs)
        return ~(within | self.both_online(i, j))


class Difference(Kind):
    """The points for "mentor minus newcomer"; a difference without points is 0, and refused if required."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        self.theirs = positions(self.c, mentors, self.c.mentor[0])
        self.ours = positions(self.c, newcomers, self.c.newcomer[0])

    def _hits(self, i: Ints, j: Ints) -> Iterable[tuple[Mask, float]]:
        steps = self.theirs[j] - self.ours[i]
        # Differences of decimals are never quite what they look like.
        return ((np.abs(steps - step) <= 1e-9, points) for step, points in self.c.points)

    def part(self, i: Ints, j: Ints) -> Floats:
        part = np.zeros(np.broadcast_shapes(i.shape, j.shape))
        for hit, points in self._hits(i, j):
            part[hit] = points
        return part

    def refused(self, i: Ints, j: Ints) -> Mask:
        pointless = np.ones(np.broadcast_shapes(i.shape, j.shape), dtype=bool)
        for hit, _ in self._hits(i, j):
            pointless &= ~hit
        return pointless


class Text(Kind):
    """Cosine of the TF-IDF vectors of two free texts."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        sides = [
            newcomers.read(self.c.newcomer[0], cells.word), mentors.read(self.c.mentor[0], cells.word)
        ]  # fmt: skip
        self.silent = [np.array([not text for text in side], dtype=bool) for side in sides]
        # Rows come normalised, so their product is the cosine.
        self.vectors = [context.learned.transform(side) for side in sides] if context.learned else None

    def part(self, i: Ints, j: Ints) -> Floats:
        cosine: Floats = np.zeros(np.broadcast_shapes(i.shape, j.shape))
        if self.vectors is not None and cosine.size:
            ours, theirs = self.vectors
            if i.ndim == 2:
                cosine = (ours[i[:, 0]] @ theirs[j[0]].T).toarray()
            else:
                cosine = np.asarray(ours[i].multiply(theirs[j]).sum(axis=1)).ravel()
        return np.where(self.unknown(i, j), ASSUMED, np.clip(cosine, 0.0, 1.0))

    def unknown(self, i: Ints, j: Ints) -> Mask:
        return self.silent[0][i] | self.silent[1][j]


class Wish(Kind):
    """What one person asks of the other's value; a trailing "!" makes that person's wish a refusal."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        self.asks_first = self.c.asked_by == "newcomer"
        sides = (newcomers, self.c.newcomer[0]), (mentors, self.c.mentor[0])
        (asker, wish), (other, value) = sides if self.asks_first else sides[::-1]
        wishes = asker.read(wish, cells.word)
        numbers: dict[str, int] = {"": -1}
        self.wish = codes((word.removesuffix("!").strip() for word in wishes), numbers)
        self.value = codes(other.read(value, cells.word), numbers)
        self.must = np.array([word.endswith("!") for word in wishes], dtype=bool) & (self.wish >= 0)

    @property
    def refuses(self) -> bool:
        return bool(self.c.require) or bool(self.must.any())

    def part(self, i: Ints, j: Ints) -> Floats:
        asker, other = (i, j) if self.asks_first else (j, i)
        met = (self.wish[asker] < 0) | (self.wish[asker] == self.value[other])
        return np.where(self.unknown(i, j), ASSUMED, met)

    def unknown(self, i: Ints, j: Ints) -> Mask:
        asker, other = (i, j) if self.asks_first else (j, i)
        return (self.wish[asker] >= 0) & (self.value[other] < 0)

    def refused(self, i: Ints, j: Ints) -> Mask:
        asker, other = (i, j) if self.asks_first else (j, i)
        binding = np.True_ if self.c.require else self.must[asker]
        asked = (self.wish[asker] >= 0) & binding
        return asked & (self.wish[asker] != self.value[other])


class Waiting(Kind):
    """Days waited divided by `per`: a priority of the newcomer, the same beside every mentor."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        if (as_of := self.c.as_of) is None:
            raise CriteriaError(f"Criterion {self.c.name}: as_of is missing; give a day as 2026-11-01.")
        days = [(as_of - (day or as_of)).days for day in newcomers.read(self.c.newcomer[0], cells.day)]
        self.waited = np.array(days, dtype=float) / self.c.per

    def part(self, i: Ints, j: Ints) -> Floats:
        return np.broadcast_to(self.waited[i], np.broadcast_shapes(i.shape, j.shape))


class History(Kind):
    """The mentor's share of accepted offers, shrunken towards everybody's."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        overall, shares = context.learned
        self.shares = np.array([shares.get(mentor, overall) for mentor in mentors.ids], dtype=float)

    def part(self, i: Ints, j: Ints) -> Floats:
        return np.broadcast_to(self.shares[j], np.broadcast_shapes(i.shape, j.shape))


class Table(Kind):
    """Values that the caller gives by (newcomer, mentor)."""

    def encode(self, mentors: Pool, newcomers: Pool, context: Context) -> None:
        if context.table is None:
            name = self.c.name
            raise CriteriaError(f"Criterion {name}: its table of (newcomer, mentor) values was not given.")
        self.width = len(mentors)
        given = sorted(
            (newcomers.index(newcomer) * self.width + mentors.index(mentor), value)
            for (newcomer, mentor), value in context.table.items()
            if newcomer in newcomers and mentor in mentors
        )
        # A last key that no pair has, so that every look-up finds a place.
        self.keys = np.array([*(key for key, _ in given), -1], dtype=np.int64)
        self.values = np.array([*(value for _, value in given), 0.0])

    def part(self, i: Ints, j: Ints) -> Floats:
        wanted = i * self.width + j
        place = np.searchsorted(self.keys[:-1], wanted)
        return np.where(self.keys[place] == wanted, self.values[place], 0.0)


KINDS: Mapping[str, Callable[[Criterion, Pool, Pool, Context], Kind]] = {
    "constant": Constant, "same": Same, "different": Same, "contains": Contains, "coverage": Coverage,
    "levels": Levels, "slots": Slots, "distance": Distance, "difference": Difference, "text": Text,
    "wish": Wish, "waiting": Waiting, "history": History, "table": Table,
}  # fmt: skip
