"""What waits for a coordinator today, in all organisations whose cases they work on: facts, no words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from backend.core.actor import Actor
from backend.insight.today.lines import (
    ORDER,
    QUIET,
    QUIET_ELSEWHERE,
    Asking,
    Kind,
    Line,
    Part,
    Whose,
)
from backend.insight.today.matching import offers, suggestions
from backend.insight.today.mentorings import mentorings
from backend.insight.today.numbers import WEEKS, Numbers, numbers
from backend.insight.today.people import calls, enrolled
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership

__all__ = [
    "QUIET",
    "QUIET_ELSEWHERE",
    "WEEKS",
    "Kind",
    "Line",
    "Numbers",
    "Part",
    "Today",
    "Whose",
    "today_of",
]


@dataclass(frozen=True)
class Source:
    """Where lines come from, and in which roles somebody sees them: each looks at their own organisations."""

    lines: Callable[[Asking], Iterable[Line]]
    roles: tuple[str, ...] = CASE_ROLES


# One query each. What only some roles may see, such as concerns, is one more line here.
SOURCES = (Source(calls), Source(suggestions), Source(offers), Source(enrolled), Source(mentorings))


@dataclass(frozen=True, slots=True)
class Today:
    """The lines that are asked for, by part; `counts` says how many each tab of "needs action now" holds."""

    needs_you: tuple[Line, ...]
    waits_for_others: tuple[Line, ...]
    going_well: tuple[Line, ...]
    counts: Mapping[Whose, int]
    numbers: Numbers


def today_of(*, actor: Actor, now: datetime, day: date, whose: Whose = Whose.ALL) -> Today:
    """Everything of Today, `day` being today where the reader is. Seven queries, over open work alone."""
    everything = _named(_lines(actor, now=now, day=day), actor, day=day)
    asked = [line for line in everything if _is_asked(line, whose, actor)]
    parts: dict[Part, list[Line]] = {part: [] for part in Part}
    for line in sorted(asked, key=lambda line: (ORDER[line.kind], -line.age)):
        parts[line.kind.part].append(line)
    needs = [line for line in everything if line.kind.part is Part.NEEDS]
    office = Asking(actor, actor.organisations(*CASE_ROLES), now, day)
    return Today(
        needs_you=tuple(parts[Part.NEEDS]),
        waits_for_others=tuple(parts[Part.WAITS]),
        # Who was heard of last comes first.
        going_well=tuple(reversed(parts[Part.WELL])),
        counts=Counter(w for w in Whose for line in needs if _is_asked(line, w, actor)),
        numbers=numbers(office),
    )


def _lines(actor: Actor, *, now: datetime, day: date) -> list[Line]:
    found: list[Line] = []
    for source in SOURCES:
        if offices := actor.organisations(*source.roles):
            found += source.lines(Asking(actor, offices, now, day))
    return found


def _named(lines: list[Line], actor: Actor, *, day: date) -> list[Line]:
    """With the colleague's name; whose colleague works on cases no more is nobody's again. One query."""
    rows = Membership.objects.filter(organisation__in=actor.organisations(*CASE_ROLES), role__in=CASE_ROLES)
    at_work = rows.active_on(day).order_by("id").values_list("organisation", "person", "name")
    names = {(office, person): name for office, person, name in at_work}
    return [
        replace(line, who=who) if (who := names.get((line.office, line.who_id or 0))) else _of_nobody(line)
        for line in lines
    ]


def _of_nobody(line: Line) -> Line:
    return replace(line, who_id=None, who="")


def _is_asked(line: Line, whose: Whose, actor: Actor) -> bool:
    if whose is Whose.MINE:
        return line.who_id == actor.person_id
    return line.who_id is None if whose is Whose.NOBODYS else True
