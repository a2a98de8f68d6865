"""People whose possible pairs hang together: the most promising pairs, and those that prices still miss."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints, merged
from matching.edges import Edges
from matching.solving.few import best_of_columns, best_of_rows
from matching.solving.problem import Prices, Problem

# Pairs are looked at in pieces of about so many, so that a pass over all costs no memory to speak of.
PIECE = 250_000
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Digits:
    """How a fit becomes a whole number: `fit * grid`, times `ties`, plus one for being a pair at all."""

    grid: float
    ties: int
    bonus: int

    @property
    def unit(self) -> float:
        """How many make one unit of fit."""
        return self.grid * self.ties

    def worth(self, fit: Floats) -> Ints:
        """(p,) whole numbers."""
        return np.rint(fit * self.grid).astype(np.int64) * self.ties + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """The pairs `at` to `at + len(columns)` of consecutive newcomers."""

    at: int
    starts: Ints
    rows: Ints
    columns: Ints


@dataclass(frozen=True, slots=True)
class Territory:
    """Newcomers, mentors and every pair they may form; `places` are the free ones of (n,) and (m,)."""

    edges: Edges
    places: tuple[Ints, Ints]
    bonuses: Ints
    digits: Digits

    def problem(self, pairs: Ints) -> Problem:
        """The same people with these pairs alone, given by ascending position."""
        rows = self.edges.rows_of(pairs)
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(self.edges.starts) - 1))])
        worth = self.digits.worth(self.edges.fit[pairs])
        return Problem(starts, self.edges.columns[pairs].astype(np.int64), worth, self.places, self.bonuses)

    def most_promising(self, promise: Floats, few: int) -> Ints:
        """Positions of the `few` pairs of greatest promise of each newcomer and of each mentor, ascending."""

        def value(piece: Piece) -> tuple[Ints, Floats]:
            everything = np.arange(len(piece.columns))
            return everything, promise[piece.at : piece.at + len(everything)] * self.digits.grid

        return self._best(value, few)

    def pieces(self) -> Iterator[Piece]:
        """All pairs, piece by piece."""
        starts, n = self.edges.starts, len(self.edges.starts) - 1
        first = 0
        while first < n:
            last = max(first + 1, int(np.searchsorted(starts, starts[first] + PIECE, side="right")) - 1)
            at, end = int(starts[first]), int(starts[last])
            rows = np.repeat(np.arange(first, last), np.diff(starts[first : last + 1]))
            yield Piece(at, starts[first : last + 1] - at, rows, self.edges.columns[at:end])
            first = last

    def _best(self, value: Callable[[Piece], tuple[Ints, Floats]], few: int) -> Ints:
        """Positions of the `few` pairs of greatest value of each newcomer and of each mentor, ascending.

        `value` says which pairs of a piece come into question, and their values, of which less than 1 means
        nothing.
        """
        m = self.edges.mentors
        ours = [np.zeros(0, dtype=np.int64)]
        theirs, columns, values = np.zeros(0, dtype=np.int64), self.edges.columns[:0], np.zeros(0)
        least = np.full(m, -np.inf)
        for piece in self.pieces():
            here, worth = value(piece)
            # Equal pairs are drawn from all over: everybody's first ten would be the same ten mentors.
            worth = worth + np.modf((piece.at + here) * GOLDEN)[0]
            ours.append(piece.at + here[best_of_rows(worth, np.searchsorted(here, piece.starts), few)])
            new = worth > least[piece.columns[here]]
            theirs = np.concatenate([theirs, piece.at + here[new]])
            columns = np.concatenate([columns, piece.columns[here[new]]])
            values = np.concatenate([values, worth[new]])
            kept = best_of_columns(values, columns, m, few)
            theirs, columns, values = theirs[kept], columns[kept], values[kept]
            full = np.bincount(columns, minlength=m) >= few
            lowest = np.full(m, np.inf)
            np.minimum.at(lowest, columns, values)
            least[full] = lowest[full]
        return merged(*ours, theirs)

    def surplus(self, piece: Piece, prices: Prices) -> Ints:
        """What each pair of a piece would gain at these prices."""
        fit = self.edges.fit[piece.at : piece.at + len(piece.columns)]
        return self.digits.worth(fit) + prices.ours[piece.rows] - prices.theirs[piece.columns]

    def missed(self, prices: Prices, held: Ints, few: int) -> tuple[Ints, int]:
        """Positions of pairs beside `held` that would gain, best few of each; and the sum of all gains."""
        total = 0

        def value(piece: Piece) -> tuple[Ints, Floats]:
            nonlocal total
            surplus = self.surplus(piece, prices)
            gains = np.flatnonzero(surplus > 0)
            total += int(surplus[gains].sum())
            at = np.searchsorted(held, piece.at + gains)
            new = gains[held[np.minimum(at, len(held) - 1)] != piece.at + gains]
            return new, surplus[new].astype(np.float64)

        return self._best(value, few), total

    def without_loss(self, prices: Prices, chosen: Ints) -> Ints:
        """Positions of the chosen pairs and of all that could take part in an exchange without loss."""
        level = [piece.at + np.flatnonzero(self.surplus(piece, prices) == 0) for piece in self.pieces()]
        return merged(chosen, *level)
