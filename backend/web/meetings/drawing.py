"""A meeting in words, as staff or one of its members reads it; every sentence is whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backend.meetings.enums import Interpreter, MeetingKind, MeetingState
from backend.meetings.models import Meeting, MeetingPlace
from backend.meetings.queries.beginning import Member, both_sides_said_yes
from backend.web.shell import words

TONES = {
    MeetingState.PROPOSED: "action",
    MeetingState.AGREED: "good",
    MeetingState.HELD: "good",
    MeetingState.MISSED: "look",
}
LENGTHS = (30, 60, 90, 120, 180)


@dataclass(frozen=True, slots=True)
class Said:
    """What one member answered to the time."""

    name: str
    label: words.Text
    tone: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One meeting. `own` is the reader's answer: yes, no, or "" for none."""

    public_id: UUID
    title: words.Text
    when: str
    length: str
    where: words.Text
    address: str
    note: str
    state: words.Text
    tone: str
    is_open: bool
    is_agreed: bool
    has_begun: bool
    sequence: int
    facts: tuple[tuple[words.Text, words.Text], ...]
    said: tuple[Said, ...]
    waits_for: str
    own: str

    @property
    def asks(self) -> bool:
        """Whether it waits for the reader: did they meet, or does the time suit?"""
        return self.has_begun or not (self.is_agreed or self.own)


def draw(
    meeting: Meeting,
    *,
    now: datetime,
    members: Sequence[Member],
    missing: Collection[int],
    hosts: dict[int, str],
    own: int | None = None,
    zone: str = "",
) -> Seen:
    """missing: ids of those who have not confirmed everything; own: the reader's id, where they are asked.

    No query when place and replies are loaded.
    """
    said = {r.person_id: r.suits for r in meeting.replies.all() if r.sequence == meeting.sequence}
    state = MeetingState(meeting.state)
    return Seen(
        public_id=meeting.public_id,
        title=_("First meeting") if meeting.kind == MeetingKind.FIRST else _("Meeting"),
        when=words.weekday_and_time(meeting.starts_at, zone=zone),
        length=length(meeting.minutes),
        where=where(meeting),
        address=meeting.place.address if meeting.place else "",
        note=meeting.place.note if meeting.place else "",
        state=state.label,
        tone=TONES.get(state, "plain"),
        is_open=state in (MeetingState.PROPOSED, MeetingState.AGREED),
        is_agreed=state == MeetingState.AGREED,
        has_begun=meeting.starts_at <= now,
        sequence=meeting.sequence,
        facts=tuple(_facts(meeting, hosts)),
        said=tuple(_said(member, said) for member in members if member.is_asked),
        waits_for=_waits_for(meeting, members, said, missing, own),
        own="" if own not in said else "yes" if said[own] else "no",
    )


def _facts(meeting: Meeting, hosts: dict[int, str]) -> list[tuple[words.Text, words.Text]]:
    rows: list[tuple[words.Text, words.Text]] = []
    if meeting.hosted_by_id is not None:
        rows.append((_("Comes along"), hosts.get(meeting.hosted_by_id, "")))
    if meeting.interpreter == Interpreter.BOOKED:
        rows.append((_("Interprets"), meeting.interpreter_name))
    elif meeting.interpreter == Interpreter.WANTED:
        rows.append((_("Interprets"), _("still to be found")))
    return rows


def _said(member: Member, said: dict[int, bool]) -> Said:
    if member.person_id not in said:
        return Said(member.called, _("no answer yet"), "plain")
    if said[member.person_id]:
        return Said(member.called, _("it suits"), "good")
    return Said(member.called, _("cannot then"), "look")


def _waits_for(
    meeting: Meeting,
    members: Sequence[Member],
    said: dict[int, bool],
    missing: Collection[int],
    own: int | None,
) -> str:
    """What is missing before it is agreed, besides the reader's own part."""
    if meeting.state != MeetingState.PROPOSED:
        return ""
    others = [m for m in members if m.is_asked and m.person_id != own]
    no = [m.called for m in others if said.get(m.person_id) is False]
    if no:
        return gettext("Cannot then: %(names)s. Find another time.") % {"names": words.listed(no)}
    silent = [m.called for m in others if m.person_id not in said]
    if silent and not both_sides_said_yes(members, said):
        return gettext("Still to answer: %(names)s.") % {"names": words.listed(silent)}
    late = [m.called for m in others if m.person_id in missing]
    if late and meeting.kind == MeetingKind.FIRST:
        names = {"names": words.listed(late)}
        return gettext("Before it is agreed, this person still has to read and confirm: %(names)s.") % names
    if not late and both_sides_said_yes(members, said) and own not in missing and not missing:
        return gettext("This time no longer suits everybody. Find another one.")
    return ""


def where(meeting: Meeting) -> words.Text:
    if meeting.place is not None:
        return meeting.place.name
    if meeting.is_online:
        return _("Online")
    return _("At home") if meeting.is_at_home else ""


def length(minutes: int) -> str:
    if minutes % 60 == 0:
        return ngettext("%(hours)d hour", "%(hours)d hours", minutes // 60) % {"hours": minutes // 60}
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def place_choices(places: Sequence[MeetingPlace], *, home: bool) -> list[tuple[str, words.Text]]:
    """Public ids and names, then online and, where a coordinator agreed, at home."""
    named: list[tuple[str, words.Text]] = [
        (str(place.public_id), words.joined(place.name, place.address)) for place in places
    ]
    return [*named, ("online", _("Online")), *([("home", _("At home"))] if home else [])]
