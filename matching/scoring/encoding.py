"""Columns of a pool as arrays, ready to be compared: what the kinds of criteria share."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import cells
from matching.arrays import Floats, Mask
from matching.criteria import LEVELS, Criterion
from matching.people import Pool
from matching.scoring.bits import Bits, places_of

EARTH_RADIUS_KM = 6371.0


def codes(words: Iterable[str], numbers: dict[str, int]) -> NDArray[np.int32]:
    """Number equal words equally over both sides, -1 for unknown."""
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int32)


def indicator(sets: Sequence[frozenset[str]], vocabulary: Mapping[str, int]) -> Floats:
    """One row per set, 1 where it holds the word; words outside the vocabulary are left out."""
    table = np.zeros((len(sets), len(vocabulary)))
    table[places_of(sets, vocabulary)] = 1
    return table


def by_level(side: Sequence[Mapping[str, int]], vocabulary: Mapping[str, int]) -> list[Bits]:
    """For each level from A1 on, everybody's languages at that level or above."""
    rows, words = places_of(side, vocabulary)
    ranks = (rank for known in side for tag, rank in known.items() if tag in vocabulary)
    reached = np.fromiter(ranks, dtype=np.int64, count=len(rows))
    enough = (reached >= rank for rank in range(1, len(LEVELS) + 1))
    return [Bits(rows[here], words[here], len(side), len(vocabulary)) for here in enough]


def weighted(wishes: Floats, seen: Counter[str], vocabulary: Sequence[str]) -> Floats:
    """Weigh each wish by log(all wishes / wishes for this); where that leaves nothing, all weigh the same."""
    rarity = np.array([math.log(max(seen.total(), 1) / max(seen[word], 1)) for word in vocabulary])
    weighted = wishes * np.maximum(rarity, 0.0)
    return np.where(weighted.sum(axis=1, keepdims=True) > 0, weighted, wishes)


def flags(pool: Pool, column: str) -> Mask:
    return np.array(pool.read(column, cells.flag) if column else [False] * len(pool), dtype=bool)


def reach(pool: Pool, column: str) -> Floats:
    """Squared chords of everybody's reach; -1 where unknown, so that nothing is within it."""
    km = pool.numbers(column) if column else np.full(len(pool), math.nan)
    half_turn = np.clip(km / (2 * EARTH_RADIUS_KM), 0, math.pi / 2)
    squared: Floats = np.where(km >= 0, 4 * np.sin(half_turn) ** 2, -1.0)
    # From half way round the Earth on, everywhere is within reach, whatever the last digit says.
    return np.where(half_turn == math.pi / 2, np.inf, squared)


def unit_vectors(pool: Pool, columns: Sequence[str]) -> Floats:
    """(3, people): x, y, z on the unit sphere, NaN where unknown. Raises InputError outside the globe."""
    degrees = []
    for column, most in zip(columns, (90, 180), strict=True):
        values = pool.numbers(column)
        if (beyond := np.flatnonzero(np.abs(values) > most)).size:
            raise pool.cannot_read(int(beyond[0]), column, f"degrees from -{most} to {most}")
        degrees.append(np.radians(values))
    latitude, longitude = degrees
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude) + 0 * longitude])


def positions(c: Criterion, pool: Pool, column: str) -> Floats:
    if not c.order:
        return pool.numbers(column)
    place = {"": math.nan} | {value: float(index) for index, value in enumerate(c.order)}

    def position(value: Any) -> float:
        if (word := cells.word(value)) not in place:
            raise cells.UnreadableError(", ".join(c.order))
        return place[word]

    return np.array(pool.read(column, position), dtype=float)
