"""The graph of changes that are still possible to an assignment: prices, proof, improvement, ties.

Nodes: newcomers 0..n-1, mentors n..n+m-1, and "nobody", n+m. An arc moves one place: newcomer -> mentor takes
a pair in, mentor -> newcomer takes it back, to and from "nobody" fills or frees a place. A closed walk is an
exchange that keeps every capacity, its length what the exchange gains.
"""

import numpy as np
from numpy.typing import NDArray

from matching.kinds import Mask

Ints = NDArray[np.int64]

NEVER = np.int64(-(2**62))
# Looking for a gaining cycle after each round would cost more than the round itself.
ROUNDS_BETWEEN_LOOKS = 8


class Residual:
    """An assignment `chosen` (n, m) that is improved in place; all numbers are whole."""

    def __init__(
        self, worth: Ints, feasible: Mask, places: tuple[Ints, Ints], bonuses: Ints, chosen: Mask
    ) -> None:
        self.worth, self.feasible, self.places, self.bonuses = worth, feasible, places, bonuses
        self.chosen = chosen.copy()
        self.n, self.m = worth.shape
        self.nobody = self.n + self.m
        self.prices = np.zeros(self.n + self.m + 1, dtype=np.int64)
        self._without_loss = feasible

    def value(self) -> int:
        """What the assignment is worth, coverage included."""
        covered = self.chosen.any(axis=1)
        return _total(self.worth[self.chosen]) + _total(self.bonuses[covered])

    def bound(self) -> int:
        """No assignment is worth more: Lagrange's bound at the present prices, valid for any prices."""
        ours = self.prices[: self.n] - self.prices[self.nobody]
        theirs = self.prices[self.n : self.nobody] - self.prices[self.nobody]
        surplus = np.maximum(self.worth + ours[:, None] - theirs[None, :], 0)
        places, places_of_mentors = self.places
        first_or_all = np.maximum(self.bonuses - ours, self.bonuses - places * ours)
        newcomers = np.where(places > 0, np.maximum(first_or_all, 0), 0)
        mentors = np.maximum(theirs * places_of_mentors, 0)
        return _total(surplus[self.feasible]) + _total(newcomers) + _total(mentors)

    def improve(self) -> None:
        """Take gaining cycles until there is none; then `prices` prove that nothing better exists."""
        while cycle := self._gaining_cycle():
            self._exchange(cycle)

    def smallest(self) -> None:
        """Among equally good assignments take the first in dictionary order of (newcomer, mentor)."""
        ours, theirs = self.prices[: self.n], self.prices[self.n : self.nobody]
        self._without_loss = self.feasible & (ours[:, None] + self.worth == theirs[None, :])
        undecided = np.ones(self.n, dtype=bool)
        for newcomer in range(self.n):
            self._settle(newcomer, undecided)
            undecided[newcomer] = False

    # Arcs to and from "nobody", each a gain per node or NEVER.

    def _fill(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Gains of nobody -> newcomer, newcomer -> nobody, mentor -> nobody, nobody -> mentor."""
        ours, theirs = self.chosen.sum(axis=1), self.chosen.sum(axis=0)
        take = np.where(ours == 0, self.bonuses, 0)
        free = np.where(ours == 1, -self.bonuses, 0)
        return (
            np.where(ours < self.places[0], take, NEVER),
            np.where(ours > 0, free, NEVER),
            np.where(theirs < self.places[1], 0, NEVER).astype(np.int64),
            np.where(theirs > 0, 0, NEVER).astype(np.int64),
        )

    def _gaining_cycle(self) -> list[int]:
        """One cycle of nodes that gains, or [] once the prices have settled (Bellman-Ford, longest paths)."""
        n, nobody = self.n, self.nobody
        take_in = np.where(self.feasible & ~self.chosen, self.worth, NEVER)
        take_back = np.where(self.chosen, -self.worth, NEVER)
        take, free, leave, enter = self._fill()
        price = self.prices = np.zeros(nobody + 1, dtype=np.int64)
        before = np.full(nobody + 1, -1, dtype=np.int64)
        rounds = 0
        while True:
            old = price.copy()
            ours, theirs = price[:n], price[n:nobody]
            _raise(theirs, take_in + ours[:, None], before[n:nobody], 0)
            _raise(ours, (take_back + theirs[None, :]).T, before[:n], n)
            to_nobody = np.concatenate([free + ours, leave + theirs])[:, None]
            _raise(price[nobody:], to_nobody, before[nobody:], 0)
            _raise(ours, (take + price[nobody])[None, :], before[:n], nobody)
            _raise(theirs, (enter + price[nobody])[None, :], before[n:nobody], nobody)
            if np.array_equal(old, price):
                return []
            rounds += 1
            if rounds % ROUNDS_BETWEEN_LOOKS == 0 and (cycle := _cycle(before)):
                return cycle

    def _exchange(self, cycle: list[int]) -> None:
        """Carry out a closed walk: each arc between two people takes their pair in or back."""
        for one, next_one in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            if self.nobody not in (one, next_one):
                self.chosen[min(one, next_one), max(one, next_one) - self.n] = one < self.n

    def _settle(self, newcomer: int, undecided: Mask) -> None:
        """Give `newcomer` the smallest mentors that cost nothing and change no earlier newcomer."""
        decided = ~self._without_loss[newcomer]
        while (wanted := np.flatnonzero(~decided & ~self.chosen[newcomer])).size:
            following = self._ways_back(newcomer, undecided, ~decided)
            reachable = wanted[following[self.n + wanted] >= 0]
            if not reachable.size:
                return
            mentor = int(reachable[0])
            held = self.chosen[newcomer, :mentor] & ~decided[:mentor]
            if held.any():
                # A smaller mentor already held may not be given away for this one: look again without.
                decided[:mentor] |= held
                continue
            walk = [newcomer, self.n + mentor]
            while (step := int(following[walk[-1]])) != newcomer:
                walk.append(step)
            self._exchange(walk)
            decided[: mentor + 1] = True

    def _ways_back(self, goal: int, undecided: Mask, loose: Mask) -> Ints:
        """For each node the next one on a way without loss to `goal`, or -1; settled pairs are left alone."""
        n, nobody, prices = self.n, self.nobody, self.prices
        ours, theirs = prices[:n], prices[n:nobody]
        movable = self._without_loss & undecided[:, None]
        movable[goal] &= loose
        take_in, take_back = movable & ~self.chosen, movable & self.chosen
        take, free, leave, enter = self._fill()
        take_ok = (take != NEVER) & (prices[nobody] + take == ours) & undecided
        free_ok = (free != NEVER) & (ours + free == prices[nobody]) & undecided
        leave_ok = (leave != NEVER) & (theirs == prices[nobody])
        enter_ok = (enter != NEVER) & (theirs == prices[nobody])
        following = np.full(nobody + 1, -1, dtype=np.int64)
        following[goal] = goal
        fresh = np.array([goal])
        while fresh.size:
            people, mentors = fresh[fresh < n], fresh[(fresh >= n) & (fresh < nobody)]
            found = [_found(take_back[people].T, people, following[n:nobody]) + n]
            found.append(_found(take_in[:, mentors - n], mentors, following[:n]))
            if nobody in fresh:
                found.append(_found(free_ok[:, None], np.array([nobody]), following[:n]))
                found.append(_found(leave_ok[:, None], np.array([nobody]), following[n:nobody]) + n)
            onward = np.concatenate([people[take_ok[people]], mentors[enter_ok[mentors - n]]])
            if following[nobody] < 0 and onward.size:
                following[nobody] = onward[0]
                found.append(np.array([nobody]))
            fresh = np.concatenate(found)
        return following


def _total(numbers: Ints) -> int:
    """The sum in Python's own numbers, which cannot overflow."""
    return sum(numbers[numbers != 0].tolist())


def _raise(prices: Ints, offers: Ints, before: Ints, offset: int) -> None:
    """Raise `prices` (k,) to the best of `offers` (sources, k), noting which source offered it."""
    if not len(offers) or not len(prices):
        return
    best = offers.argmax(axis=0)
    value = offers[best, np.arange(len(prices))]
    higher = value > prices
    prices[higher], before[higher] = value[higher], best[higher] + offset


def _cycle(before: Ints) -> list[int]:
    """A cycle among the arcs that raised the prices last, in walking order; such a cycle always gains."""
    state = np.zeros(len(before), dtype=np.int64)
    for start in range(len(before)):
        node, walk = start, []
        while node >= 0 and state[node] == 0:
            state[node] = start + 1
            walk.append(node)
            node = int(before[node])
        if node >= 0 and state[node] == start + 1 and walk:
            return walk[walk.index(node) :][::-1]
    return []


def _found(arcs: Mask, targets: Ints, following: Ints) -> Ints:
    """Nodes (rows of `arcs`) not yet reached that have an arc to one of `targets`; notes which one."""
    if not len(targets):
        return np.zeros(0, dtype=np.int64)
    new = np.flatnonzero(arcs.any(axis=1) & (following < 0))
    following[new] = targets[arcs[new].argmax(axis=1)]
    return new
