"""The lines of Today and of a person's home in words; every sentence is whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext, ngettext

from backend.insight.home import Mentoring, Place
from backend.insight.today import Kind, Line, Numbers
from backend.programmes.enums import EnrolmentState, Side
from backend.web.shell import words
from backend.web.shell.nav import url_if_any

MOST = 4  # lines of one kind; the rest is one line that leads to all of them
ICONS = {
    Kind.CALL: "phone",
    Kind.SUGGESTIONS: "overlap",
    Kind.OFFER_ENDS: "clock",
    Kind.INTAKE: "message",
    Kind.APPLICATION: "people",
    Kind.LAPSED: "shield",
    Kind.CLEARED: "check",
    Kind.PROOF_ENDS: "shield",
    Kind.QUIET: "message",
    Kind.OFFER: "overlap",
}
# What the list of people is narrowed to, for those who found no room on Today.
NARROWED = {Kind.CALL: "need=call", Kind.INTAKE: "need=talk", Kind.APPLICATION: "side=mentor&state=applied"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of Today; its title is the link to the next step."""

    title: str
    text: str
    age: str
    icon: str
    href: str
    badge: str = ""
    tone: str = "plain"


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


def shortened(lines: Sequence[Line]) -> list[Row]:
    return [row for kind, group in groupby(lines, lambda line: line.kind) for row in _some(kind, list(group))]


def _some(kind: Kind, lines: list[Line]) -> Iterator[Row]:
    """The longest waiting of one kind first, and one line for those that find no room."""
    shown = lines if len(lines) <= MOST + 1 else lines[:MOST]
    for line in shown:
        yield Row(
            title=_title(line),
            text=_text(line),
            age=words.age(line.age),
            icon=ICONS[kind],
            href=_href(line),
            badge=_badge(line),
            tone="danger" if kind in (Kind.CALL, Kind.OFFER_ENDS) else "look",
        )
    if rest := len(lines) - len(shown):
        yield Row(_more(kind, rest), "", "", ICONS[kind], _all(kind))


def _title(line: Line) -> str:
    said = {"name": line.name, "other": line.other, "what": words.requirements(line.what)}
    match line.kind:
        case Kind.CALL:
            return gettext("Call promised: %(name)s") % said
        case Kind.SUGGESTIONS:
            one, many = "%(count)d suggestion to look at", "%(count)d suggestions to look at"
            return ngettext(one, many, line.count) % {"count": line.count}
        case Kind.OFFER_ENDS:
            return gettext("%(name)s has not answered yet") % said
        case Kind.INTAKE:
            return gettext("First talk to hold: %(name)s") % said
        case Kind.APPLICATION:
            return gettext("%(name)s would like to be a mentor") % said
        case Kind.LAPSED:
            return gettext("%(name)s has a mentoring, but a proof ran out") % said
        case Kind.CLEARED:
            return gettext("%(name)s can be suggested now") % said
        case Kind.PROOF_ENDS:
            return gettext("%(what)s of %(name)s runs out") % said
        case Kind.QUIET:
            return gettext("%(name)s and %(other)s") % said
        case Kind.OFFER:
            return gettext("%(name)s is asked about %(other)s") % said


def _text(line: Line) -> str:
    on = words.day_month(line.on) if line.on else ""
    match line.kind:
        case Kind.CALL:
            if line.age <= 0:
                return gettext("promised for today")
            return gettext("promised for %(day)s") % {"day": on}
        case Kind.SUGGESTIONS:
            return ngettext(
                "mean fit %(fit)d of 100, longest wait %(days)d day",
                "mean fit %(fit)d of 100, longest wait %(days)d days",
                line.days,
            ) % {"fit": round(100 * line.mean), "days": line.days}
        case Kind.OFFER_ENDS | Kind.OFFER:
            return words.ends_in(line.days)
        case Kind.INTAKE:
            return gettext("registered on %(day)s") % {"day": on}
        case Kind.APPLICATION | Kind.LAPSED:
            return gettext("still missing: %(what)s") % {"what": words.requirements(line.what)}
        case Kind.CLEARED:
            return gettext("everything is there")
        case Kind.PROOF_ENDS:
            return gettext("valid until %(day)s") % {"day": on}
        case Kind.QUIET:
            return gettext("nothing heard since %(day)s") % {"day": on}


def _badge(line: Line) -> str:
    match line.kind:
        case Kind.CALL | Kind.OFFER_ENDS:
            return gettext("overdue") if line.kind is Kind.CALL and line.age > 0 else gettext("soon")
        case Kind.QUIET:
            return words.quiet_for(line.days)
        case Kind.PROOF_ENDS:
            return ngettext("%(days)d day left", "%(days)d days left", line.days) % {"days": line.days}
        case _:
            return ""


def _href(line: Line) -> str:
    match line.kind:
        case Kind.SUGGESTIONS | Kind.CLEARED:
            return reverse("desk:list")
        case Kind.OFFER_ENDS | Kind.OFFER:
            return reverse("desk:offer", args=[line.about])
        case Kind.QUIET:
            return reverse("mentorings:detail", args=[line.about])
        case _:
            return url_if_any("person", line.about)


def _all(kind: Kind) -> str:
    if kind in (Kind.OFFER, Kind.OFFER_ENDS):
        return reverse("desk:offers")
    if kind is Kind.QUIET:
        return reverse("mentorings:list")
    people = url_if_any("people")
    return f"{people}?{NARROWED[kind]}" if kind in NARROWED else people


def _more(kind: Kind, n: int) -> str:
    """One line for those that find no room; every kind has its own sentence and plural forms."""
    match kind:
        case Kind.CALL:
            said = ngettext("%(count)d more call", "%(count)d more calls", n)
        case Kind.INTAKE:
            said = ngettext("%(count)d more first talk to hold", "%(count)d more first talks to hold", n)
        case Kind.APPLICATION:
            said = ngettext("%(count)d more application", "%(count)d more applications", n)
        case Kind.PROOF_ENDS:
            said = ngettext("%(count)d more proof runs out", "%(count)d more proofs run out", n)
        case Kind.QUIET:
            said = ngettext("%(count)d more quiet mentoring", "%(count)d more quiet mentorings", n)
        case Kind.OFFER | Kind.OFFER_ENDS:
            said = ngettext("%(count)d more open offer", "%(count)d more open offers", n)
        case _:
            said = ngettext("%(count)d more", "%(count)d more", n)
    return said % {"count": n}


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
