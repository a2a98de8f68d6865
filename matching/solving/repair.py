"""A best assignment and its prices, mended for a few more pairs instead of solved again.

One pair at a time: either it closes a walk of changes that gains, or prices give way. The walk is the
shortest at reduced costs (Tomizawa 1971; Edmonds and Karp 1972), looked for from both ends (Pohl 1971) and no
further than the pair gains. From both ends, because the price of "nobody" then never changes: from one end,
one search in eight passed through it to almost everybody (49,000 x 49,000 people: 6,300,000 nodes for 800
pairs, and 3,000 from both).
"""

from collections.abc import Iterator
from heapq import heappop, heappush

import numpy as np
from scipy.sparse import csr_array

from matching.arrays import Ints, Mask
from matching.solving.problem import Prices, Problem


def repair(
    problem: Problem, chosen: Mask, prices: Prices, new: Ints, *, most: int
) -> tuple[Mask, Prices] | None:
    """(p,): the pairs of a best assignment, and the prices that prove it.

    `problem` has the pairs at positions `new` already; `chosen` (p,) is the best without them, and `prices`
    prove that. None where `most` nodes have been searched.
    """
    mending = _Mending(problem, chosen, prices)
    for pair in np.sort(new).tolist():
        mending.admit(pair)
        if mending.searched >= most:
            return None
    return mending.chosen, mending.prices


class _Side:
    """A search from one end of a walk: along the arcs (sign 1) or against them (sign -1)."""

    def __init__(self, end: int, sign: int) -> None:
        self.sign = sign
        self.shortest = {end: 0}
        self.settled: dict[int, int] = {}
        self.towards: dict[int, tuple[int, int]] = {}
        """For each node the next one on the way to `end`, and the pair between them, or -1."""
        self.heap = [(0, end)]

    def next(self) -> int:
        """The nearest node that is not settled, or -1."""
        while self.heap and self.heap[0][1] in self.settled:
            heappop(self.heap)
        return self.heap[0][1] if self.heap else -1

    def radius(self, limit: int) -> int:
        """All that is nearer is settled."""
        return min(limit, self.heap[0][0]) if self.next() >= 0 else limit

    def way(self, node: int) -> Iterator[int]:
        """The pairs from `node` to the end."""
        while node in self.towards:
            node, pair = self.towards[node]
            if pair >= 0:
                yield pair


class _Mending:
    """An assignment and its prices, changed in place.

    Nodes and arcs are those of `matching.solving.problem.prices`: newcomers 0 to n - 1, mentors n to
    n + m - 1, "nobody" n + m. An arc costs price of its head - price of its tail - gain: never less than 0,
    except for pairs not admitted yet, and those are passed over.
    """

    def __init__(self, problem: Problem, chosen: Mask, prices: Prices) -> None:
        n, m, p = problem.n, problem.m, len(chosen)
        self.chosen = chosen.copy()
        self.n, self.nobody = n, n + m
        self.price = [*prices.ours.tolist(), *prices.theirs.tolist(), 0]
        self.places = np.concatenate(problem.places).tolist()
        self.bonuses = [*problem.bonuses.tolist(), *m * [0]]
        self.rows, self.columns = problem.rows, n + problem.columns
        by_mentor = csr_array((np.arange(p), problem.columns, problem.starts), shape=(n, m)).tocsc()
        self.starts = np.concatenate([problem.starts[:-1], p + by_mentor.indptr])
        self.pairs = np.concatenate([np.arange(p), by_mentor.data])
        self.others = np.concatenate([self.columns, by_mentor.indices])
        self.worths = np.concatenate([problem.worth, problem.worth[by_mentor.data]])
        ends = np.concatenate([self.rows[chosen], self.columns[chosen]])
        self.counts = np.bincount(ends, minlength=n + m).tolist()
        self.searched = 0

    @property
    def prices(self) -> Prices:
        price = np.array(self.price, dtype=np.int64)
        return Prices(price[: self.n], price[self.n : self.nobody])

    def admit(self, pair: int) -> None:
        """Let a pair take part, and choose it where a walk back to its newcomer costs less than it gains.

        Let `limit` be the lesser of both, a + b = limit, A(v) what v is nearer than a to the mentor and B(v)
        what it is nearer than b to the newcomer, or 0. Prices change by A(v) - B(v). Then

        * the cost of an arc u -> v changes by A(v) - A(u) + B(u) - B(v). A(u) - A(v) is at most the cost,
          and so is B(v) - B(u). Where both A(u) and B(v) are above 0, the way through the arc is at least
          `limit`, so the cost is at least A(u) + B(v). Thus it never falls below 0;
        * mentor and newcomer are `limit` apart or more, so the mentor's price changes by a, the newcomer's
          by -b, and the pair's gain by -limit: nothing is left of it, or the walk is there;
        * the costs on that walk, `limit` in all, change by as much in all: each becomes 0, and so is the
          opposite arc's that replaces it. What is left of the pair's gain is the cost of giving it back.
          A bonus counts once, so filling one more place, or freeing it, costs no less than it did.
        """
        newcomer, mentor = int(self.rows[pair]), int(self.columns[pair])
        gain = int(self.worths[pair]) + self.price[newcomer] - self.price[mentor]
        if gain <= 0:
            return
        ahead, back = _Side(mentor, 1), _Side(newcomer, -1)
        limit, meeting = self._search(ahead, back, gain)
        reach = ahead.radius(limit)
        self.searched += len(ahead.settled) + len(back.settled)
        for side, radius in (ahead, reach), (back, limit - reach):
            for node, far in side.settled.items():
                self.price[node] += side.sign * max(0, radius - far)
        if limit < gain:
            for changed in (pair, *ahead.way(meeting), *back.way(meeting)):
                self._change(changed)

    def _search(self, ahead: _Side, back: _Side, limit: int) -> tuple[int, int]:
        """The length of the shortest way between both ends, or `limit`; and a node on that way, or -1."""
        meeting = -1
        while ahead.radius(limit) + back.radius(limit) < limit:
            # Both cannot be at "nobody", or they would have met.
            ahead_is_next = len(ahead.settled) <= len(back.settled) and ahead.next() != self.nobody
            side = ahead if ahead_is_next or back.next() == self.nobody else back
            other = back if side is ahead else ahead
            far, node = heappop(side.heap)
            side.settled[node] = far
            for head, cost, pair in self._arcs(node, side.sign):
                length = far + cost
                if cost >= 0 and length < side.shortest.get(head, limit):
                    side.shortest[head] = length
                    side.towards[head] = node, pair
                    heappush(side.heap, (length, head))
                    if (whole := length + other.shortest.get(head, limit)) < limit:
                        limit, meeting = whole, head
        return limit, meeting

    def _arcs(self, node: int, sign: int) -> Iterator[tuple[int, int, int]]:
        """Arcs out of a node (sign 1) or into it (-1): the other end, the cost, and the pair or -1."""
        price, here, count = self.price, self.price[node], self.counts[node]
        # A pair is taken in from newcomer to mentor, and back from mentor to newcomer.
        given = (node >= self.n) == (sign > 0)
        arcs = slice(self.starts[node], self.starts[node + 1])
        pairs, others, worths = (
            self.pairs[arcs].tolist(),
            self.others[arcs].tolist(),
            self.worths[arcs].tolist(),
        )
        for pair, other, worth in zip(pairs, others, worths, strict=True):
            if self.chosen[pair] == given:
                yield other, sign * (price[other] - here) + (worth if given else -worth), pair
        if count < self.places[node] if given else count > 0:
            first_place = count == (1 if sign > 0 else 0)
            yield self.nobody, sign * (self.bonuses[node] * first_place - here), -1

    def _change(self, pair: int) -> None:
        """Take a pair in, or back."""
        self.chosen[pair] = not self.chosen[pair]
        for node in (int(self.rows[pair]), int(self.columns[pair])):
            self.counts[node] += 1 if self.chosen[pair] else -1
