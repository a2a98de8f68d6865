"""A person's home, and the figures beside Today, in words; every sentence is whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext, ngettext

from backend.insight.home import Mentoring, Place
from backend.insight.today import Numbers
from backend.programmes.enums import EnrolmentState, Side
from backend.web.shell import words


@dataclass(frozen=True, slots=True)
class Seat:
    """A running mentoring on its member's home."""

    public_id: UUID
    names: str
    initials: str
    side: str
    speaks: str
    is_mentor: bool
    is_paused: bool
    open_until: datetime | None


@dataclass(frozen=True, slots=True)
class Task:
    """What is still to do before someone can be suggested, and who acts."""

    title: str
    text: str
    badge: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Seeking:
    """One's own place in a programme, in words."""

    programme: str
    waits_for: str
    text: str
    tasks: Sequence[Task]
    ask: tuple[str, str]


def figures(numbers: Numbers) -> list[tuple[str, str]]:
    """(number, what it counts)."""
    days = numbers.median_days
    return [
        (
            formats.number_format(numbers.found),
            ngettext("found a mentor", "found a mentor", numbers.found),
        ),
        (
            "–" if days is None else formats.number_format(days),
            ngettext("day to a mentor", "days to a mentor", days or 0),
        ),
        (
            formats.number_format(numbers.nobody),
            ngettext("without a match", "without a match", numbers.nobody),
        ),
    ]


def waiting_bars(numbers: Numbers) -> list[tuple[str, int]]:
    return [(words.day_month(day), count) for day, count in numbers.waiting]


def long_day(day: date) -> str:
    return gettext("%(weekday)s %(day)s") % {
        "weekday": formats.date_format(day, "l"),
        "day": words.day_month(day),
    }


def mentoring(row: Mentoring) -> Seat:
    first = row.others[0]
    return Seat(
        public_id=row.public_id,
        names=words.listed(other.called for other in row.others),
        initials=first.called[:1],
        side="b" if first.side == Side.MENTOR else "a",
        speaks=words.speaks(first),
        is_mentor=first.side == Side.MENTOR,
        is_paused=row.is_paused,
        open_until=row.open_until,
    )


def place(row: Place) -> Seeking:
    is_newcomer = row.side == Side.NEWCOMER
    return Seeking(
        programme=row.programme,
        waits_for=gettext("No mentor yet") if is_newcomer else gettext("No newcomer yet"),
        text=_honest(row),
        tasks=[*_tasks(row)],
        ask=_ask(row),
    )


def _honest(row: Place) -> str:
    if row.state in (EnrolmentState.PAUSED, EnrolmentState.NOT_NOW):
        return gettext("You pause at the moment. Tell us when you want to go on.")
    if row.state == EnrolmentState.OTHER_HELP_FIRST:
        return gettext("We help you with something else first. Then we look for a mentor.")
    if not row.is_ready:
        return gettext("Before we can look for someone, a few things are still missing.")
    return gettext(
        "We are looking for someone who suits you. We cannot promise a date. "
        "We write to you when we know more."
    )


def _tasks(row: Place) -> Iterator[Task]:
    if row.side == Side.NEWCOMER:
        held = row.state != EnrolmentState.REGISTERED
        yield _task(
            gettext("First talk"),
            gettext("We call you. You tell us what you need and what you do not want."),
            is_done=held,
            waits_for=row.organisation,
        )
    for kind in row.missing:
        yield _task(
            words.requirements([kind]),
            gettext("Bring it with you, or ask us how to get it. We only look at it, we keep no copy.")
            if kind == "police_check"
            else gettext("We do this together with you."),
            is_done=False,
            waits_for=gettext("you and %(organisation)s") % {"organisation": row.organisation},
        )
    if row.side == Side.MENTOR and not row.missing:
        yield _task(gettext("Papers and checks"), "", is_done=True, waits_for="")


def _task(title: str, text: str, *, is_done: bool, waits_for: str) -> Task:
    if is_done:
        return Task(title, "", gettext("done"), "good", "check")
    return Task(title, text, gettext("waits for %(who)s") % {"who": waits_for}, "look", "clock")


def _ask(row: Place) -> tuple[str, str]:
    """(the organisation, the names of those who coordinate there)."""
    return row.organisation, words.listed(row.coordinators[:2])
