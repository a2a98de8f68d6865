"""Meetings, goals and expenses in words; every sentence is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from backend.core.actor import Actor
from backend.meetings.enums import ExpenseState, GoalState, MeetingKind
from backend.meetings.models import Expense, Goal, Meeting, MeetingEvent
from backend.meetings.money import money
from backend.meetings.rules import may_take_back
from backend.web.shell import words

TONES = {
    ExpenseState.SENT: "look",
    ExpenseState.APPROVED: "good",
    ExpenseState.REFUSED: "danger",
    ExpenseState.EXPORTED: "good",
}


@dataclass(frozen=True, slots=True)
class Met:
    """One meeting that was held. `may_take_back`: the reader noted it a moment ago."""

    public_id: UUID
    title: str
    text: str
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class Step:
    public_id: UUID
    text: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class DrawnGoal:
    public_id: UUID
    text: str
    state: str
    label: words.Text
    is_open: bool
    steps: Sequence[Step]
    progress: str


@dataclass(frozen=True, slots=True)
class Paid:
    """One expense on a list."""

    public_id: UUID
    title: str
    text: str
    note: str
    badge: words.Text
    tone: str
    state: str


def met(
    meetings: Iterable[Meeting], noted: Mapping[int, MeetingEvent], *, actor: Actor, now: datetime
) -> list[Met]:
    return [
        Met(
            public_id=row.public_id,
            title=_when(row),
            text=length(row.minutes) if row.kind != MeetingKind.MONTH else "",
            may_take_back=row.pk in noted and may_take_back(actor, row, noted[row.pk], now=now),
        )
        for row in meetings
    ]


def _when(meeting: Meeting) -> str:
    """The day with its weekday; of a month, that they met in it."""
    local = timezone.localtime(meeting.starts_at)
    if meeting.kind == MeetingKind.MONTH:
        return gettext("You met in %(month)s") % {"month": month(local.date())}
    return gettext("%(weekday)s, %(day)s") % {
        "weekday": formats.date_format(local, "l"),
        "day": words.day_month(local),
    }


def length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def month(day: date) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


def goals(rows: Iterable[Goal]) -> list[DrawnGoal]:
    return [_goal(row) for row in rows]


def _goal(row: Goal) -> DrawnGoal:
    steps = [Step(step.public_id, step.text, step.done_at is not None) for step in row.steps.all()]
    done = sum(step.is_done for step in steps)
    said = ngettext("%(done)d of %(count)d step done", "%(done)d of %(count)d steps done", len(steps))
    return DrawnGoal(
        public_id=row.public_id,
        text=row.text,
        state=row.state,
        label=GoalState(row.state).label,
        is_open=row.state == GoalState.OPEN,
        steps=steps,
        progress=said % {"done": done, "count": len(steps)} if steps else "",
    )


def paid(row: Expense, *, name: str = "") -> Paid:
    said = {"amount": money(row.cents, row.currency), "day": formats.date_format(row.on, "DATE_FORMAT")}
    return Paid(
        public_id=row.public_id,
        title=row.what,
        text=words.joined(name, said["amount"], said["day"]),
        note=row.why,
        badge=ExpenseState(row.state).label,
        tone=TONES[ExpenseState(row.state)],
        state=row.state,
    )
