"""Which pairs are worth looking at: blocks of newcomers who live near each other, and the mentors in reach.

Place comes first: of 100,000 x 100,000 people across Europe one pair in a hundred is within anybody's reach,
and all others are never looked at. Without a required distance every pair is looked at.
"""

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from matching.arrays import Floats, Ints
from matching.scoring.kinds import Distance

# A tile of kilometres stays within a core's cache. The fewer newcomers live in a block, the fewer mentors
# elsewhere are looked at for it: 64 look at half as many as 256.
ROWS = 64
COLUMNS = 2_048
PARTS = 8


def blocks(rows: Ints, m: int, way: Distance | None) -> Iterator[tuple[Ints, Ints]]:
    """Newcomers and mentors, ascending, whose products together hold every pair that `way` may allow."""
    everybody = np.arange(m)
    if way is None:
        yield from ((rows[k : k + ROWS], everybody) for k in range(0, len(rows), ROWS))
        return
    placed = ~np.isnan(way.at[0][0, rows])
    known = rows[placed]
    if known.size:
        # The tree's leaves hold neighbours side by side.
        order = known[cKDTree(way.at[0][:, known].T, leafsize=ROWS).indices]
        yield from _neighbours(way, order, everybody)
    afar = rows[~placed & way.online[0][rows]]
    online = np.flatnonzero(way.online[1])
    yield from ((afar[k : k + ROWS], online) for k in range(0, len(afar), ROWS))


def _neighbours(way: Distance, rows: Ints, among: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Blocks of `rows`, neighbours side by side: each part asks only those whom the whole may meet."""
    near = _in_reach(way, rows, among)
    if len(rows) <= ROWS:
        yield np.sort(rows), near
        return
    blocks_each = -(-len(rows) // (ROWS * PARTS))
    for part in np.split(rows, range(blocks_each * ROWS, len(rows), blocks_each * ROWS)):
        yield from _neighbours(way, part, near)


def _in_reach(way: Distance, rows: Ints, among: Ints) -> Ints:
    """Those of the mentors `among` whom the reach of a newcomer in `rows`, or their own, may let meet one."""
    at = way.at[0][:, rows]
    centre = at.mean(axis=1, keepdims=True)
    spread = np.sqrt(((at - centre) ** 2).sum(axis=0).max())
    away: Floats = np.sqrt(((way.at[1][:, among] - centre) ** 2).sum(axis=0))
    ours = np.sqrt(np.maximum(way.reach[0][rows].max(), 0))
    theirs = np.sqrt(np.maximum(way.reach[1][among], 0))
    reach = np.minimum(ours, theirs) if way.c.require == "both" else np.maximum(ours, theirs)
    # A hair more than the triangle inequality asks for: rounding must not lose a pair at the very edge.
    near = away <= (spread + reach) * (1 + 1e-9) + 1e-9
    if way.online[0][rows].any():
        near |= way.online[1][among]
    return among[near]
