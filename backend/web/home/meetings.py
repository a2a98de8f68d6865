"""What lies ahead, as cards on somebody's home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.insight.meetings import ahead_of
from backend.meetings.enums import Confirmed, GoOnAnswer, MeetingKind, MeetingState
from backend.meetings.models import Evening, Meeting
from backend.web.meetings.drawing import where
from backend.web.meetings.parts import ICONS
from backend.web.shell import words

MOST = 3


@dataclass(frozen=True, slots=True)
class Card:
    """One meeting; `label` is what to do now."""

    pairing: UUID
    title: words.Text
    when: str
    where: words.Text
    label: words.Text
    tone: str
    kind: str


def ahead(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """What `home/_meetings.html` shows. Two queries."""
    found = ahead_of(actor, now=now)
    return {
        "go_on": found.go_on,
        "answers": [(answer.value, answer.label, ICONS[answer]) for answer in GoOnAnswer],
        "meetings": [_card(meeting, now=now) for meeting in found.meetings[:MOST]],
        "evenings": [_evening(row) for row in found.evenings[:MOST]],
        "evenings_to_answer": [_evening(row) for row in found.evenings_to_answer[:MOST]],
    }


def _card(meeting: Meeting, *, now: datetime) -> Card:
    label, waits = _next_step(meeting, now=now)
    return Card(
        pairing=meeting.pairing.public_id,
        title=_("Your first meeting") if meeting.kind == MeetingKind.FIRST else _("Your next meeting"),
        when=words.weekday_and_time(meeting.starts_at),
        where=where(meeting),
        label=label,
        tone="action" if waits else "plain",
        kind="primary" if waits else "plain",
    )


def _next_step(meeting: Meeting, *, now: datetime) -> tuple[words.Text, bool]:
    """What the reader may do about it, and whether it waits for them."""
    own, confirmed = getattr(meeting, "own", None), getattr(meeting, "confirmed", None)
    if meeting.starts_at <= now:
        return _("Did you meet?"), True
    if meeting.kind == MeetingKind.FIRST and (confirmed or 0) < len(Confirmed):
        return _("Read and confirm first"), True
    if meeting.state == MeetingState.PROPOSED and own is None:
        return _("Does it suit you?"), True
    return _("See when and where"), False


def _evening(evening: Evening) -> dict[str, Any]:
    return {
        "public_id": evening.public_id,
        "when": words.weekday_and_time(evening.starts_at),
        "where": evening.place.name,
    }
