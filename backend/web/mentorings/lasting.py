"""Meetings that were held, goals and expenses, as staff see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats

from backend.core import clock
from backend.core.languages import language_name
from backend.meetings.enums import Mood
from backend.meetings.models import CheckIn
from backend.meetings.queries.lasting import check_ins_visible_to, next_check_ins
from backend.meetings.rules import may_check_in
from backend.organisations.queries import names_in
from backend.pairings.enums import LASTING
from backend.pairings.models import Pairing
from backend.people.enums import Channel
from backend.web.mentorings.lasting_forms import CheckInForm
from backend.web.shell import words
from backend.web.shell.request import Request
from backend.web.together.lasting import shared

MOODS = {Mood.GOOD: "good", Mood.MIXED: "look", Mood.HARD: "danger"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One check-in in words."""

    title: str
    text: str
    note: str
    badge: words.Text
    tone: str


def part(request: Request, found: Pairing) -> dict[str, Any]:
    """What `mentorings/_lasting.html` shows."""
    due = next_check_ins([found])[found.pk] if found.state in LASTING else None
    today = found.programme.organisation.today(clock.now())
    return shared(request, found, of_others=True) | {
        "check_ins": asked(list(check_ins_visible_to(request.actor).filter(pairing=found)[:12]), found),
        "may_check_in": may_check_in(request.actor, found),
        "check_in_form": CheckInForm(pairing=found, today=today, auto_id="check_%s"),
        "due": formats.date_format(due, "DATE_FORMAT") if due else "",
        "is_due": due is not None and due <= today,
    }


def asked(rows: Sequence[CheckIn], pairing: Pairing) -> list[Asked]:
    colleagues = names_in(pairing.programme.organisation_id)
    members = {m.enrolment.profile.person_id: m.enrolment.profile.called for m in pairing.members.all()}
    everybody = words.listed(members.values())
    return [
        Asked(
            title=formats.date_format(row.on, "DATE_FORMAT"),
            text=words.joined(
                members.get(row.person_id, "") if row.person_id else everybody,
                Channel(row.channel).label,
                language_name(row.language) if row.language else "",
                row.interpreter,
                colleagues.get(row.by_id, ""),
            ),
            note=row.note,
            badge=Mood(row.mood).label,
            tone=MOODS[Mood(row.mood)],
        )
        for row in rows
    ]
