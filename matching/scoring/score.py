"""All pairs of two pools: refusals first, then fits and named parts of those that are left."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.arrays import Floats, Ints, Mask, ranges
from matching.criteria import PRIORITIES, Criteria
from matching.edges import Edges, index_type
from matching.errors import InputError
from matching.people import Pool
from matching.scoring.kinds import KINDS, Context, Distance, Kind
from matching.scoring.pooled import learn_history, learn_rarity, learn_words
from matching.scoring.tiles import COLUMNS, ROWS, blocks

Decision = tuple[str, str, bool]
Table = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who is refused for one reason known to the caller alone; people outside the pools are ignored."""

    pairs: frozenset[tuple[str, str]] = frozenset()
    """(mentor, newcomer) identifiers."""
    mentors: frozenset[str] = frozenset()
    newcomers: frozenset[str] = frozenset()


class Model(Protocol):
    """What learning adds: the probability that a pair lasts."""

    def bind(
        self, mentors: Pool, newcomers: Pool, criteria: Criteria, decisions: Iterable[Decision] = ()
    ) -> "Bound":
        """Prepare for two pools. Raises InputError where the model was learned for other criteria."""


class Bound(Protocol):
    def probability(self, parts: Floats, i: Ints, j: Ints) -> Floats:
        """(p,) from the parts (p, criteria) of pairs with newcomers `i` and mentors `j`."""


class Scorer:
    """Scores pairs by criteria; `fit` learns only what whole pools can tell (rarity, words, history).

    Parameters: `criteria`; `decisions` as (newcomer, mentor, accepted) for `history`; `tables` by the
    criterion's name, (newcomer, mentor) -> value, for `table`; `model`, learned from what became of pairs.
    """

    def __init__(
        self,
        criteria: Criteria,
        *,
        decisions: Iterable[Decision] = (),
        tables: Mapping[str, Table] | None = None,
        model: Model | None = None,
    ) -> None:
        self.criteria = criteria
        self.decisions = tuple(decisions)
        self.tables = dict(tables or {})
        self.model = model
        self.learned: dict[str, Any] = {}

    def fit(self, mentors: Pool, newcomers: Pool) -> "Scorer":
        """Learn from both pools. Raises InputError for a column or a cell that cannot be read."""
        self._check(mentors, newcomers)
        for c in self.criteria.criteria:
            if c.kind == "coverage" and c.rarity:
                self.learned[c.name] = learn_rarity(c, newcomers)
            elif c.kind == "text":
                self.learned[c.name] = learn_words(c, mentors, newcomers)
            elif c.kind == "history":
                self.learned[c.name] = learn_history(self.decisions)
        return self

    def score(
        self, mentors: Pool, newcomers: Pool, refusals: Mapping[str, Refusal] | None = None
    ) -> "Scores":
        """Make two pools ready to be scored, with what `fit` learned. Raises InputError, CriteriaError."""
        self._check(mentors, newcomers)
        with _nothing_collected():
            kinds = {
                c.name: KINDS[c.kind](
                    c, mentors, newcomers, Context(self.learned.get(c.name), self.tables.get(c.name))
                )
                for c in self.criteria.criteria
            }
        masks = {name: _Refused(refusal, mentors, newcomers) for name, refusal in (refusals or {}).items()}
        if twice := sorted(kinds.keys() & masks.keys()):
            raise InputError(f"The refusal {twice[0]!r} has the name of a criterion; each needs its own.")
        model = self.model
        bound = model.bind(mentors, newcomers, self.criteria, self.decisions) if model else None
        return Scores(self.criteria, kinds, masks, (len(newcomers), len(mentors)), bound)

    def _check(self, mentors: Pool, newcomers: Pool) -> None:
        for c in self.criteria.criteria:
            mentors.check(c.columns("mentor"), "mentor")
            newcomers.check(c.columns("newcomer"), "newcomer")


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Hold Python's collector back while sets are made by the hundred thousand and none is garbage.

    It would walk through all of them again and again: half the time of encoding 100,000 people.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Refused:
    """One of the caller's refusals over two pools."""

    def __init__(self, refusal: Refusal, mentors: Pool, newcomers: Pool) -> None:
        self.width = len(mentors)
        self.newcomers, self.mentors = (
            _marked(newcomers, refusal.newcomers),
            _marked(mentors, refusal.mentors),
        )
        keys = sorted(
            newcomers.index(newcomer) * self.width + mentors.index(mentor)
            for mentor, newcomer in refusal.pairs
            if newcomer in newcomers and mentor in mentors
        )
        self.keys = np.array([*keys, -1], dtype=np.int64)

    def refused(self, i: Ints, j: Ints) -> Mask:
        """True where the pair is refused."""
        whole: Mask = self.newcomers[i] | self.mentors[j]
        if len(self.keys) == 1:
            return whole
        wanted = i * self.width + j
        return whole | (self.keys[np.searchsorted(self.keys[:-1], wanted)] == wanted)


def _marked(pool: Pool, who: frozenset[str]) -> Mask:
    marked = np.zeros(len(pool), dtype=bool)
    marked[[pool.index(person) for person in who if person in pool]] = True
    return marked


@dataclass(frozen=True, slots=True)
class Scores:
    """Two pools ready to be scored, pair by pair or all at once; `shape` is (newcomers, mentors)."""

    criteria: Criteria
    kinds: Mapping[str, Kind]
    refusals: Mapping[str, _Refused]
    shape: tuple[int, int]
    model: Bound | None = field(default=None)

    def edges(self) -> Edges:
        """Every pair that nothing refuses, with its fit. Raises InputError where a fit is no number."""
        found = [self._block(*near) for near in self._blocks(np.arange(self.shape[0]))]
        starts = np.zeros(self.shape[0] + 1, dtype=np.int64)
        for block in found:
            starts[block.rows + 1] = block.counts
        np.cumsum(starts, out=starts)
        columns, fit = np.empty(starts[-1], dtype=index_type(self.shape[1])), np.empty(starts[-1])
        while found:
            block = found.pop()  # let go of each as soon as it has its place
            at = ranges(starts[block.rows], block.counts)
            columns[at], fit[at] = block.columns, block.fit
        if not np.isfinite(fit).all():
            raise InputError("A fit is not a finite number; look for such a value in the tables.")
        return Edges(starts, columns, fit, self.shape[1])

    def parts(self, i: Ints, j: Ints) -> Floats:
        """(p, criteria): what each criterion says of the pairs of newcomers `i` (p,) and mentors `j` (p,)."""
        return np.stack([kind.part(i, j) for kind in self.kinds.values()], axis=1)

    def unknown(self, i: Ints, j: Ints) -> Mask:
        """(p, criteria): where a part is only assumed."""
        return np.stack([kind.unknown(i, j) for kind in self.kinds.values()], axis=1)

    def fit(self, i: Ints, j: Ints) -> Floats:
        """(p,): sum of weight x part, never rescaled; with a model its probability and the priorities."""
        if self.model is None:
            total = np.zeros(np.broadcast_shapes(i.shape, j.shape))
            for kind in self.kinds.values():
                if kind.c.weight:
                    total += kind.c.weight * kind.part(i, j)
            return total
        parts = self.parts(i, j)
        first = [k for k, kind in enumerate(self.kinds.values()) if kind.c.kind in PRIORITIES]
        weights = np.array([kind.c.weight for kind in self.kinds.values()])
        priorities: Floats = parts[:, first] @ weights[first]
        return self.criteria.maximum * self.model.probability(parts, i, j) + priorities

    def refused(self, i: Ints, j: Ints, near: Ints | None = None) -> Iterator[tuple[str, Mask]]:
        """The name of each refusal and where it refuses.

        `near` may tell which mentors are within reach, where `j` (1, c) are mentors in a row.
        """
        for name, kind in self.kinds.items():
            if near is not None and kind is self._way:
                mask = np.ones((len(i), j.shape[1]), dtype=bool)
                first, end = np.searchsorted(near, [j[0, 0], j[0, -1] + 1])
                mask[:, near[first:end] - j[0, 0]] = kind.refused(i, near[None, first:end])
                yield name, mask
            elif kind.refuses:
                yield name, kind.refused(i, j)
        for name, refusal in self.refusals.items():
            yield name, refusal.refused(i, j)

    def ledger(self, rows: Ints) -> Iterator[tuple[Ints, str, Ints, Ints]]:
        """For blocks of newcomers: (rows, refusal, mentors it excludes, mentors it alone excludes)."""
        blocks = list(self._blocks(rows))
        far = np.setdiff1d(rows, np.concatenate([rows[:0], *(block for block, _ in blocks)]))
        blocks += [(far[k : k + ROWS], rows[:0]) for k in range(0, len(far), ROWS)]
        for block, near in blocks:
            for name, (excluded, alone) in self._refusals(block, near).items():
                yield block, name, excluded, alone

    def _refusals(self, rows: Ints, near: Ints) -> dict[str, Ints]:
        """By refusal, (2, rows): how many mentors it excludes, and how many nothing else does.

        Mentors who are not `near` are out of reach and need no measuring.
        """
        counts: dict[str, Ints] = {}
        for first in range(0, self.shape[1], COLUMNS):
            columns = np.arange(first, min(first + COLUMNS, self.shape[1]))
            masks = dict(self.refused(rows[:, None], columns[None, :], near))
            reasons = sum((mask.view(np.uint8) for mask in masks.values()), np.uint8(0))
            single = reasons == 1
            for name, mask in masks.items():
                counts[name] = counts.get(name, 0) + np.stack([_count(mask), _count(mask & single)])
        return counts

    @property
    def _way(self) -> Distance | None:
        """The required distance, which says who need not be looked at."""
        ways = (kind for kind in self.kinds.values() if isinstance(kind, Distance) and kind.refuses)
        return next(ways, None)

    def _blocks(self, rows: Ints) -> Iterator[tuple[Ints, Ints]]:
        return blocks(rows, self.shape[1], self._way)

    def _block(self, rows: Ints, columns: Ints) -> "_Block":
        """The pairs of a block of newcomers (ascending) with `columns` that nothing refuses."""
        found = [self._tile(rows, columns[k : k + COLUMNS]) for k in range(0, len(columns), COLUMNS)]
        row, column, fit = (np.concatenate(part) for part in zip(_NOTHING, *found, strict=True))
        order = np.argsort(row, kind="stable")  # a radix sort for so small a type
        counts = np.bincount(row, minlength=len(rows))
        return _Block(rows, counts, column[order].astype(index_type(self.shape[1])), fit[order])

    def _tile(self, rows: Ints, columns: Ints) -> tuple[NDArray[np.uint16], Ints, Floats]:
        """Places in the block, mentors and fits of pairs; small enough for a core's cache."""
        i, j = rows[:, None], columns[None, :]
        refused = np.zeros((len(rows), len(columns)), dtype=bool)
        for kind in self.kinds.values():
            if kind.refuses:
                refused |= kind.refused(i, j)
        row, column = np.nonzero(~refused)
        i, j = rows[row], columns[column]
        for refusal in self.refusals.values():
            left = ~refusal.refused(i, j)
            row, i, j = row[left], i[left], j[left]
        return row.astype(np.uint16), j, self.fit(i, j)


def _count(mask: Mask) -> Ints:
    """(rows,): how many are True in each row of a tile; numpy's own count takes ten times as long."""
    return np.add.reduce(mask.view(np.uint8), axis=1, dtype=np.uint16).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Block:
    """Pairs of some newcomers: how many each has, and theirs one after the other."""

    rows: Ints
    counts: Ints
    columns: NDArray[Any]
    fit: Floats


_NOTHING = (np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int64), np.zeros(0))
