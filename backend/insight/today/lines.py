"""One thing to do, to wait for or to be glad of: facts, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from backend.core.actor import Actor

QUIET = timedelta(days=21)
QUIET_ELSEWHERE = timedelta(days=35)  # they write elsewhere, and say once a month that they met
EXPIRES_SOON = timedelta(days=2)  # of an offer
PROOF_ENDS_SOON = timedelta(days=60)
JUST_SEEN = timedelta(days=7)
HOSTED_SOON = timedelta(days=7)


class Part(Enum):
    NEEDS = "needs"
    WAITS = "waits"
    WELL = "well"


class Kind(Enum):
    """In the order in which a part lists them: first what somebody waits for at this moment."""

    CALL = "call"
    CALL_FIRST = "call_first"
    QUESTION = "question"
    OFFER_ENDS = "offer_ends"
    HOST = "host"
    LAPSED = "lapsed"
    SUGGESTIONS = "suggestions"
    STAGED = "staged"
    INTAKE = "intake"
    CLEARED = "cleared"
    APPLICATION = "application"
    ARRANGE = "arrange"
    CHECK_IN = "check_in"
    QUIET = "quiet"
    PLAN_OVER = "plan_over"
    EXPENSE = "expense"
    PROOF_ENDS = "proof_ends"
    # Others must act.
    OFFER = "offer"
    FIRST_PROPOSED = "first_proposed"
    PAUSED = "paused"
    # Nobody must.
    WELL = "well"

    @property
    def part(self) -> Part:
        return _PARTS.get(self, Part.NEEDS)


_PARTS = {
    Kind.OFFER: Part.WAITS,
    Kind.FIRST_PROPOSED: Part.WAITS,
    Kind.PAUSED: Part.WAITS,
    Kind.WELL: Part.WELL,
}
ORDER: Mapping[Kind, int] = {kind: place for place, kind in enumerate(Kind)}


class Whose(Enum):
    """Which lines are asked for."""

    ALL = "all"
    MINE = "mine"
    NOBODYS = "nobody"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks, at which of the organisations, and when; `day` is today where they are."""

    actor: Actor
    offices: frozenset[int]
    now: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of Today. `age` is in days; `about` is the public id of what the page opens.

    `office` and `who_id` say who is responsible, `who` is what colleagues call them: empty for nobody.
    `profile` is whom to take over then, `tick` a promised call. `what` holds kinds of requirement, `on` is
    the day that matters; `count` and `mean` are of suggestions, `cents` and `currency` of an expense.
    """

    kind: Kind
    age: int
    office: int
    who_id: int | None = None
    who: str = ""
    about: UUID | None = None
    profile: UUID | None = None
    tick: UUID | None = None
    name: str = ""
    other: str = ""
    what: tuple[str, ...] = ()
    on: date | None = None
    count: int = 0
    mean: float = 0
    days: int = 0
    cents: int = 0
    currency: str = ""
