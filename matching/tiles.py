"""Which pairs are worth looking at: blocks of newcomers who live near each other, and the mentors in reach.

Place comes first: of 100,000 x 100,000 people across Europe one pair in a hundred is within anybody's reach,
and all others are never looked at. Without a required distance every pair is looked at.
"""

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from matching.kinds import Distance, Floats, Ints

# A tile of masks and one of kilometres stay within a core's cache.
ROWS = 256
COLUMNS = 2_048


def blocks(n: int, m: int, way: Distance | None) -> Iterator[tuple[Ints, Ints]]:
    """Newcomers and mentors, ascending, whose products together hold every pair that `way` may allow."""
    if way is None:
        everybody = np.arange(m)
        for start in range(0, n, ROWS):
            yield np.arange(start, min(start + ROWS, n)), everybody
        return
    placed = ~np.isnan(way.at[0][0])
    known = np.flatnonzero(placed)
    if known.size:
        # The tree's leaves hold neighbours side by side.
        order = known[cKDTree(way.at[0][:, known].T, leafsize=ROWS).indices]
        for start in range(0, len(order), ROWS):
            rows = np.sort(order[start : start + ROWS])
            yield rows, _in_reach(way, rows)
    afar = np.flatnonzero(~placed & way.online[0])
    for start in range(0, len(afar), ROWS):
        yield afar[start : start + ROWS], np.flatnonzero(way.online[1])


def _in_reach(way: Distance, rows: Ints) -> Ints:
    """Mentors whom the reach of a newcomer in `rows`, or their own, may let meet one of them."""
    at = way.at[0][:, rows]
    centre = at.mean(axis=1, keepdims=True)
    spread = np.sqrt(((at - centre) ** 2).sum(axis=0).max())
    away: Floats = np.sqrt(((way.at[1] - centre) ** 2).sum(axis=0))
    ours, theirs = np.sqrt(np.maximum(way.reach[0][rows].max(), 0)), np.sqrt(np.maximum(way.reach[1], 0))
    reach = np.minimum(ours, theirs) if way.c.require == "both" else np.maximum(ours, theirs)
    # A hair more than the triangle inequality asks for: rounding must not lose a pair at the very edge.
    near = away <= (spread + reach) * (1 + 1e-9) + 1e-9
    if way.online[0][rows].any():
        near |= way.online[1]
    return np.flatnonzero(near)
