"""Whether a time suits: each speaks for themselves, or staff note what they were told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.core.live import publish_on_commit
from backend.meetings.actions.locks import lock_meeting, lock_people
from backend.meetings.enums import OPEN_MEETING, MeetingKind, MeetingState
from backend.meetings.events import move_meeting
from backend.meetings.models import Meeting, MeetingEvent, MeetingReply
from backend.meetings.notices import beginning as notices
from backend.meetings.overtaken import overtaken
from backend.meetings.queries.beginning import (
    Member,
    both_sides_said_yes,
    engaged,
    in_charge_of,
    members_now,
    missing_confirmations,
    replies_to,
)
from backend.meetings.rules import (
    may_record_for_members,
    may_speak_for_themselves,
)
from backend.pairings.models import Pairing
from backend.pairings.rules import rests
from backend.people.told import Told


class Engaged(Expected):
    """Somebody has another meeting then. Members do not hear who, or whom they meet."""

    code = "engaged"
    sentence = _("There is another meeting at that time. Choose another time.")


class MeetingsRest(Expected):
    code = "meetings_rest"
    sentence = _("This mentoring takes a break. You can meet again when it goes on.")


class NotTakingPart(BadInput):
    code = "not_taking_part"
    sentence = _("Choose somebody who takes part in this mentoring.")


class AgreedAlready(Expected):
    code = "agreed_already"
    sentence = _("This meeting is agreed. If you cannot come, move it or cancel it.")


def person_who_speaks(
    pairing: Pairing, *, actor: Actor, now: datetime, told: Told | None, person_id: int | None
) -> Member:
    """Whose word this is: the actor's own, or with `told` that of a member whom staff heard.

    Raises NotAllowed, NotTakingPart.
    """
    members = members_now(pairing, now=now)
    if told is None:
        require(may_speak_for_themselves(actor, pairing))
        person_id = actor.acting_person_id
    else:
        require(may_record_for_members(actor, pairing))
    speaker = next((m for m in members if m.person_id == person_id and m.is_asked), None)
    if speaker is None:
        raise NotTakingPart
    return speaker


@transaction.atomic
def answer_meeting(
    *,
    meeting_id: int,
    suits: bool,
    sequence: int,
    actor: Actor,
    now: datetime,
    told: Told | None = None,
    person_id: int | None = None,
) -> Meeting:
    """Say whether the time suits; the meeting is agreed once each side said yes, and before the first one
    everybody has confirmed what they must know. The same answer twice changes nothing.

    sequence: the meeting's, as the page showed it, so that nobody says yes to a time they did not see.
    Raises NotAllowed, NotTakingPart, WrongState, Overtaken, AgreedAlready, MeetingsRest, Engaged.
    """
    # Race: both sides say yes at once, or one cancels meanwhile. The lock on the meeting orders them.
    meeting = lock_meeting(meeting_id)
    speaker = person_who_speaks(meeting.pairing, actor=actor, now=now, told=told, person_id=person_id)
    if meeting.state not in OPEN_MEETING or meeting.sequence != sequence:
        raise overtaken(meeting, actor=actor)
    if replies_to(meeting).get(speaker.person_id) == suits:
        return meeting
    require(suits or meeting.state == MeetingState.PROPOSED, AgreedAlready)
    require(not (suits and rests(meeting.pairing)), MeetingsRest)
    write_reply(meeting, speaker.person_id, suits=suits, actor=actor, now=now, told=told)
    if suits:
        agree_if_all_is_said(meeting, actor=actor, now=now)
    else:
        _tell_of_a_no(meeting, speaker, actor=actor, now=now)
    tell_pages(meeting, members_now(meeting.pairing, now=now))
    return meeting


def write_reply(
    meeting: Meeting, person_id: int, *, suits: bool, actor: Actor, now: datetime, told: Told | None
) -> None:
    said = {"suits": suits, "at": now, "by_id": actor.acting_person_id}
    if told:
        said |= {"channel": told.channel, "language": told.language, "interpreter": told.interpreter}
    MeetingReply.objects.update_or_create(
        meeting=meeting, person_id=person_id, sequence=meeting.sequence, defaults=said
    )


def agree_if_all_is_said(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Agree to a proposed meeting that the caller has locked, if nothing is missing. Raises Engaged."""
    members = members_now(meeting.pairing, now=now)
    if rests(meeting.pairing) or meeting.state != MeetingState.PROPOSED:
        return
    if not both_sides_said_yes(members, replies_to(meeting)):
        return
    if meeting.kind == MeetingKind.FIRST and missing_confirmations(meeting.pairing, members):
        return
    people = [member.person_id for member in members]
    require_free(meeting, people, host=meeting.hosted_by_id)
    move_meeting(meeting, "agree", actor=actor, now=now)
    notices.to_members(notices.MEETING_AGREED, meeting.pairing, to=people)
    staff = {meeting.hosted_by_id, *in_charge_of(meeting.pairing, now=now)} - {None, actor.person_id}
    notices.to_office(
        notices.MEETING_AGREED_OFFICE, meeting.pairing, to=sorted(pk for pk in staff if pk is not None)
    )


def require_free(meeting: Meeting, people: list[int], *, host: int | None) -> None:
    """Nobody is in two places at once. Raises Engaged."""
    everybody = [*people, *([host] if host is not None else [])]
    # Race: two meetings of one mentor, each with another newcomer, are agreed at once. The enrolments may
    # differ too (two programmes), so the persons themselves are locked before anybody looks.
    lock_people(everybody)
    busy = engaged(everybody, starts_at=meeting.starts_at, minutes=meeting.minutes, besides=meeting.pk)
    require(not busy, Engaged)


def _tell_of_a_no(meeting: Meeting, speaker: Member, *, actor: Actor, now: datetime) -> None:
    """Whoever proposed it finds another time: a member, or else the office."""
    members = members_now(meeting.pairing, now=now)
    proposer = MeetingEvent.objects.filter(meeting=meeting, verb__in=["propose", "move"]).last()
    by = proposer.by_id if proposer else None
    if by in {member.person_id for member in members} - {speaker.person_id}:
        notices.to_members(notices.MEETING_DOES_NOT_SUIT, meeting.pairing, to=[by] if by else [])
        return
    staff = set(in_charge_of(meeting.pairing, now=now)) - {actor.person_id}
    notices.to_office(
        notices.MEETING_DOES_NOT_SUIT_OFFICE, meeting.pairing, to=sorted(staff), name=speaker.called
    )


def tell_pages(meeting: Meeting, members: list[Member]) -> None:
    for member in members:
        publish_on_commit(person_id=member.person_id, event={"type": "meeting", "id": str(meeting.public_id)})
