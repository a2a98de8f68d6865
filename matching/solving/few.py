"""The best few values of each group, without sorting everything."""

import numpy as np
from numpy.typing import NDArray

from matching.arrays import Ints, Mask

Values = NDArray[np.float64]

# Groups are laid out as rows of a table of at most so many cells.
CELLS = 2_000_000


def best_of_rows(values: Values, starts: Ints, few: int) -> Mask:
    """(p,): the `few` greatest of each row `values[starts[k]:starts[k + 1]]`; of equal ones the first."""
    counts = np.diff(starts)
    kept = np.repeat(counts <= few, counts)
    longer = np.flatnonzero(counts > few)
    # Rows of like length together, so that little of the table is empty.
    longer = longer[np.argsort(-counts[longer], kind="stable")]
    while longer.size:
        width = int(counts[longer[0]])
        rows, longer = np.split(longer, [max(1, CELLS // width)])
        at = starts[rows][:, None] + np.arange(width)
        inside = np.arange(width) < counts[rows][:, None]
        table = np.where(inside, values[np.minimum(at, len(values) - 1)], -np.inf)
        least = np.partition(table, width - few, axis=1)[:, width - few, None]
        best = (table >= least) & inside
        if np.count_nonzero(best) > few * len(rows):
            above = table > least
            room = few - above.sum(axis=1, keepdims=True)
            best &= above | (np.cumsum(best & ~above, axis=1) <= room)
        kept[at[best]] = True
    return kept


def best_of_columns(values: Values, columns: Ints, width: int, few: int) -> Mask:
    """(p,): the `few` greatest of each of `width` columns; of equal ones the first."""
    order = np.argsort(columns, kind="stable")  # a radix sort where mentors are few enough for 16 bits
    starts = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=width))])
    kept = np.zeros(len(columns), dtype=bool)
    kept[order] = best_of_rows(values[order], starts, few)
    return kept
