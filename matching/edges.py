"""The pairs that nothing refuses, with their fit: what scoring hands to solving."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from matching.arrays import Floats, Ints, Mask


@dataclass(frozen=True, slots=True)
class Edges:
    """The pairs that nothing refuses, by newcomer: row k is `columns[starts[k]:starts[k + 1]]`, ascending."""

    starts: Ints
    """(n + 1,)"""
    columns: NDArray[Any]
    """(p,) mentors, unsigned and as narrow as their number allows"""
    fit: Floats
    """(p,)"""
    mentors: int

    @property
    def rows(self) -> NDArray[np.int32]:
        """(p,) newcomers."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))

    def __len__(self) -> int:
        return len(self.columns)

    @classmethod
    def of(cls, rows: Ints, columns: Ints, fit: Floats, shape: tuple[int, int]) -> tuple["Edges", Ints]:
        """Put pairs, each there once, in order; and say which came where."""
        table = coo_array((np.arange(len(fit)), (rows, columns)), shape=shape).tocsr()
        table.sort_indices()
        columns = table.indices.astype(index_type(shape[1]))
        return cls(table.indptr.astype(np.int64), columns, fit[table.data], shape[1]), table.data

    def only(self, kept: Mask) -> "Edges":
        """The same people with fewer pairs."""
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return Edges(starts, self.columns[kept], self.fit[kept], self.mentors)

    def rows_of(self, positions: Ints) -> Ints:
        """(k,) newcomers of the pairs at these positions."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def find(self, row: int, column: int) -> int:
        """The position of a pair, or -1 where it is refused."""
        first, end = self.starts[row : row + 2]
        position = int(first + np.searchsorted(self.columns[first:end], column))
        return position if position < end and self.columns[position] == column else -1


def index_type(count: int) -> Any:
    """The smallest type that holds a place among `count`; pairs by the million are kept by it."""
    return np.min_scalar_type(count)
