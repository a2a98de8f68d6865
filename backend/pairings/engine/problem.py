"""Everything that decides a plan, what people have handled included: that holds its places."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Literal

import matching
from backend.pairings.changes import Pair
from backend.pairings.decisions import Lessons
from backend.pairings.engine.rows import criteria_of, learned, pool_of, refusals_of
from backend.pairings.enums import Refusal
from backend.pairings.queries import Refusals
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from matching.solution import PairIds


@dataclass(frozen=True)
class Held:
    """Pairs that are in the plan, and pairs beside it that take their places all the same.

    Beside it are those put together by hand against what a person may override: too far, no shared hour.
    """

    locked: frozenset[PairIds]
    beside: frozenset[PairIds]


@dataclass(frozen=True)
class Problem:
    """Everything that decides the answer, and nothing else: equal problems have equal plans.

    `kept` are pairs that a person has handled, the surest first; `lock` and `forbid` are asked for, and go
    before them.
    """

    mentors: matching.Pool
    newcomers: matching.Pool
    criteria: matching.Criteria
    objective: Literal["coverage", "fit"]
    refusals: Mapping[str, matching.Refusal]
    lessons: Lessons | None
    kept: tuple[PairIds, ...] = ()
    lock: frozenset[PairIds] = frozenset()
    forbid: frozenset[PairIds] = frozenset()

    def solve(self) -> matching.Solution:
        """Raises FixedPairError where two that are to be together cannot be."""
        mentors, newcomers, full = self.people
        return matching.solve(
            mentors,
            newcomers,
            self.criteria,
            objective=self.objective,
            refusals={**self.refusals, **full},
            locked=self.held.locked,
            forbidden=self.forbid,
            **learned(self.lessons),
        )

    @cached_property
    def held(self) -> Held:
        """Of several handled for one last place the first has it; the others stay as suggestions alone."""
        kept = [pair for pair in self.kept if pair not in self.lock | self.forbid]
        against = self.why_refused(kept)
        taken = Counter(person for pair in self.lock for person in enumerate(pair))
        locked, beside = set(self.lock), set[PairIds]()
        for pair in kept:
            if all(taken[who] < self._places(*who) for who in enumerate(pair)):
                taken.update(enumerate(pair))
                (beside if against[pair] else locked).add(pair)
        return Held(frozenset(locked), frozenset(beside))

    @cached_property
    def people(self) -> tuple[matching.Pool, matching.Pool, Mapping[str, matching.Refusal]]:
        """Mentors and newcomers with the places that are left, and who is full because of it."""
        if not self.held.beside:
            return self.mentors, self.newcomers, {}
        mentors, newcomers = (
            pool.changed(_with_fewer_places(pool, [pair[side] for pair in self.held.beside]))
            for side, pool in enumerate((self.mentors, self.newcomers))
        )
        waiting = matching.Pool(person for person in newcomers.people if person.capacity)
        full = self.refusals.get(Refusal.FULL.value, matching.Refusal())
        taken = {mentor for mentor, _newcomer in self.held.beside}
        now_full = {mentor for mentor in taken if not mentors.capacities[mentors.index(mentor)]}
        return mentors, waiting, {Refusal.FULL.value: replace(full, mentors=full.mentors | now_full)}

    def why_refused(self, pairs: Iterable[PairIds]) -> Mapping[PairIds, tuple[str, ...]]:
        """By pair what refuses it, apart from places; the people must be here."""
        return matching.why_refused(
            pairs, self.mentors, self.newcomers, self.criteria, refusals=self.refusals
        )

    def _places(self, side: int, person: str) -> int:
        pool = (self.mentors, self.newcomers)[side]
        return int(pool.capacities[pool.index(person)])

    @property
    def fingerprint(self) -> str:
        """The same for the same problem, whenever it was read from the database."""
        read = sha256()
        for each in fields(self):
            read.update(repr(_plain(getattr(self, each.name))).encode())
        return read.hexdigest()


def problem_of(
    programme: Programme,
    mentors: Sequence[Enrolment],
    newcomers: Sequence[Enrolment],
    refusals: Refusals,
    *,
    day: date,
    lessons: Lessons | None = None,
    kept: Iterable[Pair] = (),
) -> Problem:
    """What a run solves. `kept`: pairs of these people that nothing final refuses, the surest first."""
    criteria = criteria_of(programme.criteria, day)
    return Problem(
        mentors=pool_of(mentors, Side.MENTOR),
        newcomers=pool_of(newcomers, Side.NEWCOMER),
        criteria=criteria,
        objective="fit" if programme.objective == "fit" else "coverage",
        refusals=refusals_of(refusals, criteria),
        lessons=lessons,
        kept=ids_of(kept),
    )


def ids_of(pairs: Iterable[Pair]) -> tuple[PairIds, ...]:
    """Pairs as the engine names them."""
    return tuple((str(mentor), str(newcomer)) for mentor, newcomer in pairs)


def _with_fewer_places(pool: matching.Pool, taken: Collection[str]) -> list[matching.Person]:
    """Those people, each with as many places fewer as they are named."""
    times = Counter(taken)
    people = [pool.person(pool.index(who)) for who in times]
    return [replace(person, capacity=person.capacity - times[person.id]) for person in people]


def _plain(value: object) -> object:
    """What is written the same way each time: pools by what they hold, sets in order."""
    if isinstance(value, matching.Pool):
        columns = {name: list(column) for name, column in value.columns.items()}
        return value.ids, value.capacities.tolist(), columns
    if isinstance(value, matching.Refusal):
        return sorted(value.pairs), sorted(value.mentors), sorted(value.newcomers)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    return value
