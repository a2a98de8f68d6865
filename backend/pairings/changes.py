"""What a coordinator may ask a plan: somebody could do more, something counts otherwise, two are set.

Only more can be said of a person, and a wish can be given up with their own recorded yes where it was not
required. A required wish, people to avoid, a block, a missing proof or an age has no name here, so no
question can drop it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from backend.pairings.enums import WhatIfProblem
from backend.people.enums import Channel
from backend.people.told import Told
from backend.programmes.models import Programme

Pair = tuple[int, int]  # (mentor's enrolment id, newcomer's enrolment id)


@dataclass(frozen=True)
class Against:
    """Two who cannot be put together (enrolment ids), and the names of what refuses it."""

    mentor: int
    newcomer: int
    refusals: tuple[str, ...]


class Unanswerable(Exception):
    """The question has no answer, for a reason that can be told."""

    def __init__(self, problem: WhatIfProblem, against: Sequence[Against] = ()) -> None:
        self.problem, self.against = problem, tuple(against)
        super().__init__(problem.value)


def plan_print(programme: Programme) -> str:
    """The same as long as the same things count in this programme; of those people alone make the plan."""
    counts = json.dumps([programme.criteria, programme.objective], sort_keys=True)
    return sha256(counts.encode()).hexdigest()


@dataclass(frozen=True)
class More:
    """What one person, an enrolment id, could do more: a longer way, further half-days, help, the screen."""

    enrolment: int
    reach_km: int | None = None
    slots: tuple[str, ...] = ()
    interpreter: bool = False
    online: bool = False

    @property
    def is_empty(self) -> bool:
        return self == More(self.enrolment)


@dataclass(frozen=True)
class Dropped:
    """Wishes that a newcomer, an enrolment id, gives up: for a woman or a man, or topics. They said yes."""

    enrolment: int
    told: Told
    gender: bool = False
    topics: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.gender or self.topics)


@dataclass(frozen=True)
class Change:
    """weights: {name from criteria.WEIGHABLE: 0 to 10}; `lock` pairs are in the plan, `forbid` ones not."""

    more: tuple[More, ...] = ()
    wishes: tuple[Dropped, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    lock: tuple[Pair, ...] = ()
    forbid: tuple[Pair, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return self.lock + self.forbid

    @property
    def people(self) -> frozenset[int]:
        """The enrolments it names."""
        return frozenset(
            {m.enrolment for m in self.more}.union((w.enrolment for w in self.wishes), *self.pairs)
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Change":
        return cls(
            more=tuple(More(**one | {"slots": tuple(one["slots"])}) for one in stored["more"]),
            # Questions asked before wishes could be given up have none.
            wishes=tuple(_dropped(one) for one in stored.get("wishes", ())),
            weights=stored["weights"],
            lock=tuple((mentor, newcomer) for mentor, newcomer in stored["lock"]),
            forbid=tuple((mentor, newcomer) for mentor, newcomer in stored["forbid"]),
        )


def _dropped(stored: Mapping[str, Any]) -> Dropped:
    told = dict(stored["told"])
    told["channel"] = Channel(told["channel"])
    return Dropped(**dict(stored) | {"topics": tuple(stored["topics"]), "told": Told(**told)})
