"""Among equally good assignments the smallest: pairs by newcomer and mentor, each taken if it still can be.

Every equally good assignment is reached by exchanges without loss: closed walks in the graph of changes (see
`problem.prices`) along arcs whose prices leave no slack. Only pairs on such a walk are looked at, which are
those whose two ends are strongly connected.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import Ints, Mask, ranges
from matching.solving.problem import Prices, Problem


def smallest(problem: Problem, chosen: Mask, prices: Prices) -> Mask:
    """(p,): the first in dictionary order of all assignments worth as much as `chosen`."""
    changes = _Changes(problem, chosen, prices)
    # Also those who hold all they could: a pair may be taken from them for an earlier newcomer.
    for newcomer in np.unique(changes.rows[changes.loose]):
        changes.settle(int(newcomer))
    return changes.chosen


class _Changes:
    """Exchanges without loss from an assignment `chosen` that is changed in place.

    Nodes: newcomers 0 to n - 1, mentors n to n + m - 1, "nobody" n + m. An arc newcomer -> mentor takes a
    pair in, mentor -> newcomer takes it back, to and from "nobody" a place is freed or filled.
    """

    def __init__(self, problem: Problem, chosen: Mask, prices: Prices) -> None:
        self.problem, self.prices, self.chosen = problem, prices, chosen.copy()
        self.held = np.flatnonzero(chosen)  # the same as positions: few beside all pairs
        self.n, self.nobody = problem.n, problem.n + problem.m
        self.rows, self.columns = problem.rows, problem.columns
        self.by_column = np.argsort(self.columns, kind="stable")
        counts = np.bincount(self.columns, minlength=problem.m)
        self.column_starts = np.concatenate([[0], np.cumsum(counts)])
        self.loose = prices.surplus(self.rows, self.columns, problem.worth) == 0
        self.places = self._places()
        self.loose &= self._on_a_closed_walk()

    def settle(self, newcomer: int) -> None:
        """Give `newcomer` the smallest mentors that cost nothing and change no earlier newcomer."""
        first, end = self.problem.starts[newcomer : newcomer + 2]
        own = np.arange(first, end)
        open_ = self.loose[first:end].copy()
        while True:
            wanted, given = own[open_ & ~self.chosen[first:end]], own[open_ & self.chosen[first:end]]
            if not given.size and not self.places[0][newcomer]:
                return
            wanted = wanted[self._can_be_had(newcomer)[self.columns[wanted]]]
            if not wanted.size:
                return
            following = self._ways_back(newcomer, given, wanted[0])
            reached = wanted[following[self.n + self.columns[wanted]] >= 0]
            if not reached.size:
                return
            smaller = own < reached[0]
            if (open_ & smaller & self.chosen[first:end]).any():
                # A smaller mentor already held may not be given away for this one: look again without.
                open_ &= ~smaller
                continue
            self._exchange(newcomer, int(reached[0]), following)
            open_ &= own > reached[0]

    def _exchange(self, newcomer: int, pair: int, following: Ints) -> None:
        """Take `pair` in and follow the way back: each step takes a pair in or back, or fills a place."""
        node, here = newcomer, self.n + int(self.columns[pair])
        changed = []
        while True:
            if self.nobody not in (node, here):
                row, column = min(node, here), max(node, here) - self.n
                start, end = self.problem.starts[row : row + 2]
                changed.append(start + np.searchsorted(self.columns[start:end], column))
            if here == newcomer:
                break
            node, here = here, int(following[here])
        self.chosen[changed] ^= True
        self.held = np.setxor1d(self.held, changed, assume_unique=True)
        if following[self.nobody] >= 0:
            self.places = self._places()

    def _ways_back(self, goal: int, given: Ints, enough: int) -> Ints:
        """For each node the next one on a way without loss to `goal`, or -1; earlier newcomers stay put.

        `goal` gives away none but the pairs `given`; the search ends when the pair `enough` is reached.
        """
        n, nobody = self.n, self.nobody
        takes, frees, leaves, enters = self.places
        following = np.full(nobody + 1, -1, dtype=np.int64)
        following[goal] = goal
        people, pairs = np.array([goal]), given
        while people.size:
            mentors = _note(following, n + self.columns[pairs], self.rows[pairs]) - n
            others = people[:0]
            onward = np.concatenate([people[takes[people]], n + mentors[enters[mentors]]])
            if onward.size and following[nobody] < 0:
                following[nobody] = onward[0]
                others = _note(following, goal + np.flatnonzero(frees[goal:]), np.array(nobody))
                mentors = np.append(
                    mentors, _note(following, n + np.flatnonzero(leaves), np.array(nobody)) - n
                )
            if following[n + self.columns[enough]] >= 0:
                break
            taken = self._takers(mentors, goal)
            people = np.append(_note(following, self.rows[taken], n + self.columns[taken]), others)
            pairs = self._held_by(people)
        return following

    def _can_be_had(self, goal: int) -> Mask:
        """(m,): mentors with a free place or one held by a newcomer after `goal`; only those can be had."""
        later = self.held[np.searchsorted(self.held, self.problem.starts[goal + 1]) :]
        had = self.places[2].copy()
        had[self.columns[later[self.loose[later]]]] = True
        return had

    def _held_by(self, newcomers: Ints) -> Ints:
        """Pairs that could be taken back from `newcomers`."""
        first, end = (np.searchsorted(self.held, self.problem.starts[newcomers + k]) for k in (0, 1))
        pairs = self.held[ranges(first, end - first)]
        return pairs[self.loose[pairs]]

    def _takers(self, mentors: Ints, goal: int) -> Ints:
        """Pairs with `mentors` that newcomers from `goal` on could take in."""
        starts = self.column_starts
        pairs = self.by_column[ranges(starts[mentors], starts[mentors + 1] - starts[mentors])]
        return pairs[self.loose[pairs] & ~self.chosen[pairs] & (self.rows[pairs] > goal)]

    def _places(self) -> tuple[Mask, Mask, Mask, Mask]:
        """Who may, without loss: newcomers take and free a place; mentors fill a free one, give one up."""
        problem, ours, theirs = self.problem, self.prices.ours, self.prices.theirs
        held = np.bincount(self.rows[self.held], minlength=problem.n)
        taken = np.bincount(self.columns[self.held], minlength=problem.m)
        return (
            (held < problem.places[0]) & (ours == np.where(held == 0, problem.bonuses, 0)),
            (held > 0) & (ours == np.where(held == 1, problem.bonuses, 0)),
            (taken < problem.places[1]) & (theirs == 0),
            (taken > 0) & (theirs == 0),
        )

    def _on_a_closed_walk(self) -> Mask:
        """(p,): both ends are strongly connected by changes without loss."""
        n, nobody = self.n, self.nobody
        takes, frees, leaves, enters = (np.flatnonzero(mask) for mask in self.places)
        rows, columns, back = self.rows, n + self.columns, self.chosen
        tails = [np.where(back, columns, rows)[self.loose], frees, n + leaves]
        heads = [np.where(back, rows, columns)[self.loose], takes, n + enters]
        outward = len(frees) + len(leaves)
        inward = len(takes) + len(enters)
        tail = np.concatenate([*tails, np.full(inward, nobody)])
        head = np.concatenate([heads[0], np.full(outward, nobody), *heads[1:]])
        graph = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nobody + 1, nobody + 1))
        _, label = connected_components(graph.tocsr(), directed=True, connection="strong")
        same: Mask = label[rows] == label[columns]
        return same


def _note(following: Ints, nodes: Ints, onward: Ints) -> Ints:
    """Note where new `nodes` lead; return them, each once."""
    new = following[nodes] < 0
    nodes, onward = nodes[new], onward[new] if onward.ndim else onward
    following[nodes] = onward
    # Of a node that is there twice, with different ways on, the last note stays.
    return nodes[following[nodes] == onward]
