"""Meetings that were held, noted by those who met, or by staff whom they told."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, require
from backend.core.live import publish_on_commit
from backend.meetings.actions.went import ask_to_go_on
from backend.meetings.enums import OPEN_MEETING, MeetingKind, MeetingState
from backend.meetings.events import move_meeting, note
from backend.meetings.models import Meeting
from backend.meetings.notices import lasting as notices
from backend.meetings.queries.beginning import first_meeting_of, needs_a_first_meeting
from backend.meetings.queries.lasting import held_in_month, last_noted, meetings_on, next_month
from backend.meetings.rules import may_log_meeting, may_take_back
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.actions.pairings import people_in
from backend.pairings.enums import LASTING
from backend.pairings.models import Pairing

SHORTEST, LONGEST = 5, 12 * 60  # minutes
NOON = time(12)
FIRST_WEEK = 7


class MeetingLiesAhead(BadInput):
    code = "meeting_lies_ahead"
    sentence = _("This day is still to come. Note the meeting afterwards.")


class NotYetTogether(BadInput):
    code = "not_yet_together"
    sentence = _("The mentoring began later. Choose a later day.")


class NoSuchLength(BadInput):
    code = "no_such_length"
    sentence = _("Say how long it was: from five minutes to twelve hours.")


class OtherMonth(BadInput):
    code = "other_month"
    sentence = _("This month cannot be noted now. Open the page again.")


@dataclass(frozen=True)
class Noted:
    """`was_there`: somebody had noted it before, and nothing was changed."""

    meeting: Meeting
    was_there: bool


@transaction.atomic
def log_meeting(
    *,
    pairing_id: int,
    on: date,
    minutes: int,
    client_id: UUID,
    actor: Actor,
    now: datetime,
    another: bool = False,
) -> Noted:
    """Note that they met on that day. One that was agreed for it becomes held; a day counts once.

    another: it was a second meeting on a day that has one. Raises NotAllowed, MeetingLiesAhead,
    NotYetTogether, NoSuchLength.
    """
    # Race: both sides tap "We met" at once. The pairing's lock lets the second find what the first wrote.
    pairing = lock_pairing(pairing_id)
    require(may_log_meeting(actor, pairing))
    require(SHORTEST <= minutes <= LONGEST, NoSuchLength)
    _check_day(pairing, on, now=now)
    if sent := Meeting.objects.filter(pairing=pairing, client_id=client_id).first():
        return Noted(sent, was_there=True)
    there = [] if another else meetings_on(pairing, on)
    if held := next((one for one in there if one.state == MeetingState.HELD), None):
        return Noted(held, was_there=True)
    # One that is still to come today is another one.
    meeting = next((one for one in there if one.state in OPEN_MEETING and one.starts_at <= now), None)
    if meeting:
        move_meeting(meeting, "hold", actor=actor, now=now)
    else:
        kind = _kind_of_noted(pairing)
        meeting = _noted(pairing, on, minutes, client_id=client_id, actor=actor, now=now, kind=kind)
    if meeting.kind == MeetingKind.FIRST and pairing.state in LASTING:
        ask_to_go_on(meeting, now=now)
    _tell(pairing, actor=actor, now=now)
    return Noted(meeting, was_there=False)


def _kind_of_noted(pairing: Pairing) -> MeetingKind:
    """Two who met without a plan met for the first time too, and are asked whether to go on."""
    is_first = needs_a_first_meeting(pairing) and first_meeting_of(pairing) is None
    return MeetingKind.FIRST if is_first else MeetingKind.USUAL


@transaction.atomic
def log_month(*, pairing_id: int, month: date, client_id: UUID, actor: Actor, now: datetime) -> Noted:
    """Note that they met in that month, of which nobody says when: one tap of those who write elsewhere.

    A month in which a meeting is noted already stays as it is. Raises NotAllowed, OtherMonth.
    """
    # Race: both answer the monthly question at once. One a month, decided under the pairing's lock.
    pairing = lock_pairing(pairing_id)
    require(may_log_meeting(actor, pairing))
    require(month in months_to_note(pairing, now=now), OtherMonth)
    if sent := Meeting.objects.filter(pairing=pairing, client_id=client_id).first():
        return Noted(sent, was_there=True)
    if held := held_in_month(pairing, month):
        return Noted(held, was_there=True)
    last = min(next_month(month) - date.resolution, _today(pairing, now))
    meeting = _noted(pairing, last, 0, client_id=client_id, actor=actor, now=now, kind=MeetingKind.MONTH)
    _tell(pairing, actor=actor, now=now)
    return Noted(meeting, was_there=False)


def months_to_note(pairing: Pairing, *, now: datetime) -> tuple[date, ...]:
    """The first days of this month and the last, as far as there was a mentoring then."""
    this = _today(pairing, now).replace(day=1)
    began = pairing.programme.organisation.today(pairing.started_at)
    last = (this - date.resolution).replace(day=1)
    return (this, last) if began < this else (this,)


def month_to_ask_for(pairing: Pairing, *, now: datetime) -> date:
    """The month the question is about: in its first week still the last one, unless that is noted."""
    this, *last = months_to_note(pairing, now=now)
    is_early = _today(pairing, now).day <= FIRST_WEEK
    return last[0] if is_early and last and held_in_month(pairing, last[0]) is None else this


@transaction.atomic
def take_back_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> Meeting:
    """Take back a meeting one has noted by mistake, within a day; a second time changes nothing.

    One that was agreed before is agreed again. Raises NotAllowed.
    """
    lock_pairing(Meeting.objects.values_list("pairing_id", flat=True).get(pk=meeting_id))
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
    if meeting.state != MeetingState.HELD:
        return meeting
    noted = last_noted(meeting)
    require(noted is not None and may_take_back(actor, meeting, noted, now=now))
    move_meeting(meeting, "unhold" if noted and noted.verb == "hold" else "unlog", actor=actor, now=now)
    _tell_pages(meeting.pairing)
    return meeting


def _noted(
    pairing: Pairing,
    on: date,
    minutes: int,
    *,
    client_id: UUID,
    actor: Actor,
    now: datetime,
    kind: MeetingKind = MeetingKind.USUAL,
) -> Meeting:
    """A new meeting that was held. Only the day is known: it stands at noon there, never in the future."""
    noon = datetime.combine(on, NOON, ZoneInfo(pairing.programme.organisation.time_zone))
    meeting = Meeting.objects.create(
        pairing=pairing,
        kind=kind,
        state=MeetingState.HELD,
        starts_at=min(noon, now),
        minutes=minutes,
        client_id=client_id,
        made_by_id=actor.person_id,
    )
    note(meeting, "log", actor=actor, now=now)
    return meeting


def _check_day(pairing: Pairing, on: date, *, now: datetime) -> None:
    require(on <= _today(pairing, now), MeetingLiesAhead)
    require(on >= pairing.programme.organisation.today(pairing.started_at), NotYetTogether)


def _today(pairing: Pairing, now: datetime) -> date:
    return pairing.programme.organisation.today(now)


def _tell(pairing: Pairing, *, actor: Actor, now: datetime) -> None:
    others = [person_id for person_id in people_in(pairing) if person_id != actor.person_id]
    notices.about_mentoring(notices.MEETING_NOTED, pairing, to=others, now=now)
    _tell_pages(pairing)


def _tell_pages(pairing: Pairing) -> None:
    for person_id in people_in(pairing):
        publish_on_commit(person_id=person_id, event={"type": "pairing", "id": str(pairing.public_id)})
