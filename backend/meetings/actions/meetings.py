"""A meeting on its way: proposed, answered, agreed once each side said yes, moved, held, cancelled."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, NotAllowed, require
from backend.core.live import publish_on_commit
from backend.core.text import clean_line
from backend.meetings import notices
from backend.meetings.actions.locks import lock_meeting, lock_people
from backend.meetings.enums import OPEN_MEETING, Interpreter, MeetingKind, MeetingState
from backend.meetings.events import move_meeting, note
from backend.meetings.models import Meeting, MeetingEvent, MeetingPlace, MeetingReply
from backend.meetings.overtaken import overtaken
from backend.meetings.queries.beginning import (
    Member,
    both_sides_said_yes,
    engaged,
    first_meeting_of,
    home_consent_of,
    in_charge_of,
    members_now,
    missing_confirmations,
    needs_a_first_meeting,
    replies_to,
)
from backend.meetings.rules import (
    is_asked,
    looks_after,
    may_arrange_meetings,
    may_host,
    may_record_for_members,
    may_speak_for_themselves,
)
from backend.meetings.times import LONGEST, Arranged, Plan
from backend.organisations.enums import CASE_ROLES
from backend.organisations.queries import people_with_role
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.enums import LASTING, OVER
from backend.pairings.models import Pairing
from backend.people.told import Told

SHORTEST = 15
AHEAD = timedelta(days=365)
# "Shall we go on?" is asked again once, after so long.
REMIND_AFTER = timedelta(days=3)


class TimeDoesNotWork(BadInput):
    code = "time_does_not_work"
    sentence = _("Choose a time from now on, within a year, for at least 15 minutes and at most 8 hours.")


class WhereIsMissing(BadInput):
    code = "where_is_missing"
    sentence = _("Choose where: a place from the list, online, or at home.")


class HomeNotAllowed(Expected):
    code = "home_not_allowed"
    sentence = _("You can meet at home once your coordinator has agreed. Choose a public place until then.")


class InterpreterNeedsName(BadInput):
    code = "interpreter_needs_name"
    sentence = _("Write down who interprets. Leave the name empty while nobody is booked.")


class HostNotHere(BadInput):
    code = "host_not_here"
    sentence = _("Choose a colleague who works here today.")


class HostMissing(BadInput):
    code = "host_missing"
    sentence = _("Somebody of the office is there when two people first meet. Choose who.")


class HostedFirst(NotAllowed):
    code = "hosted_first"
    sentence = _("Your coordinator comes along when you first meet. They propose a time soon.")


class FirstComesFirst(Expected):
    code = "first_comes_first"
    sentence = _("Your first meeting is planned already. Answer that one, or move it.")


class Engaged(Expected):
    """Somebody has another meeting then. Members do not hear who, or whom they meet."""

    code = "engaged"
    sentence = _("There is another meeting at that time. Choose another time.")


class NotTakingPart(BadInput):
    code = "not_taking_part"
    sentence = _("Choose somebody who takes part in this mentoring.")


class AgreedAlready(Expected):
    code = "agreed_already"
    sentence = _("This meeting is agreed. If you cannot come, move it or cancel it.")


class NotYet(Expected):
    code = "not_yet"
    sentence = _("This meeting has not begun yet. Say afterwards how it went.")


@transaction.atomic
def propose_meeting(
    *,
    pairing_id: int,
    plan: Plan,
    client_id: UUID,
    actor: Actor,
    now: datetime,
    arranged: Arranged | None = None,
) -> Meeting:
    """Propose a time and a place; the others are asked whether it suits. The same `client_id` twice is one.

    The first in a mentoring that began here is its first meeting. A member who proposes has said yes.
    Raises NotAllowed, HostedFirst, FirstComesFirst, Overtaken, TimeDoesNotWork, WhereIsMissing,
    HomeNotAllowed, HostNotHere, HostMissing, InterpreterNeedsName.
    """
    # Race: two colleagues propose the first meeting at once. The lock on the pairing lets one through;
    # the constraint `pairing_has_one_first_meeting` stands behind it.
    pairing = lock_pairing(pairing_id)
    require(may_arrange_meetings(actor, pairing))
    if made := Meeting.objects.filter(pairing=pairing, client_id=client_id).first():
        return made
    is_staff = looks_after(actor, pairing)
    kind = _kind_of_next(pairing, actor=actor)
    _check_plan(pairing, plan, now=now)
    office = arranged if arranged and is_staff else Arranged()
    _check_arranged(pairing, office, now=now)
    hosted = kind == MeetingKind.FIRST and pairing.programme.hosts_first_meeting
    require(not hosted or office.hosted_by_id is not None, HostMissing)
    meeting = Meeting.objects.create(
        pairing=pairing, kind=kind, made_by_id=actor.person_id, client_id=client_id, **_where_and_when(plan),
        **_arranged(office),
    )  # fmt: skip
    note(meeting, "propose", actor=actor, now=now)
    _ask(meeting, actor=actor, now=now, moved=False)
    return meeting


def _kind_of_next(pairing: Pairing, *, actor: Actor) -> MeetingKind:
    if not needs_a_first_meeting(pairing):
        return MeetingKind.USUAL
    if first := first_meeting_of(pairing):
        first.pairing = pairing
        raise overtaken(first, actor=actor) if looks_after(actor, pairing) else FirstComesFirst
    if pairing.programme.hosts_first_meeting:
        require(looks_after(actor, pairing), HostedFirst)
    return MeetingKind.FIRST


def _check_plan(pairing: Pairing, plan: Plan, *, now: datetime) -> None:
    fits = SHORTEST <= plan.minutes <= LONGEST.total_seconds() / 60
    require(fits and now < plan.starts_at <= now + AHEAD, TimeDoesNotWork)
    require((plan.place_id is not None) + plan.is_online + plan.is_at_home == 1, WhereIsMissing)
    if plan.place_id is not None:
        here = MeetingPlace.objects.open().filter(organisation=pairing.programme.organisation_id)
        require(here.filter(pk=plan.place_id).exists(), WhereIsMissing)
    require(not plan.is_at_home or _may_meet_at_home(pairing, now=now), HomeNotAllowed)


def _may_meet_at_home(pairing: Pairing, *, now: datetime) -> bool:
    """The coordinator agreed, and everybody who takes part today is known to be of age."""
    adults = all(member.is_adult for member in members_now(pairing, now=now))
    return adults and home_consent_of(pairing) is not None


def _check_arranged(pairing: Pairing, office: Arranged, *, now: datetime) -> None:
    if office.hosted_by_id is not None:
        here = people_with_role(pairing.programme.organisation_id, *CASE_ROLES, now=now)
        require(office.hosted_by_id in here, HostNotHere)
    is_booked = office.interpreter == Interpreter.BOOKED
    require(is_booked == bool(clean_line(office.interpreter_name)), InterpreterNeedsName)


def _where_and_when(plan: Plan) -> dict[str, object]:
    return {
        "starts_at": plan.starts_at,
        "minutes": plan.minutes,
        "place_id": plan.place_id,
        "is_online": plan.is_online,
        "is_at_home": plan.is_at_home,
    }


def _arranged(office: Arranged) -> dict[str, object]:
    return {
        "hosted_by_id": office.hosted_by_id,
        "interpreter": office.interpreter,
        "interpreter_name": clean_line(office.interpreter_name)[:100],
    }


def _ask(meeting: Meeting, *, actor: Actor, now: datetime, moved: bool) -> None:
    """Ask everybody but the actor, whose proposal is a yes."""
    members = members_now(meeting.pairing, now=now)
    others = [member.person_id for member in members if member.person_id != actor.person_id]
    if is_asked(actor, meeting.pairing):
        _reply(meeting, actor.acting_person_id, suits=True, actor=actor, now=now, told=None)
    if moved:
        notices.to_members(notices.MEETING_MOVED, meeting.pairing, to=others)
    else:
        notices.proposed(meeting, to=others)
    _tell_pages(meeting, members)


def _reply(
    meeting: Meeting, person_id: int, *, suits: bool, actor: Actor, now: datetime, told: Told | None
) -> None:
    said = {"suits": suits, "at": now, "by_id": actor.acting_person_id}
    if told:
        said |= {"channel": told.channel, "language": told.language, "interpreter": told.interpreter}
    MeetingReply.objects.update_or_create(
        meeting=meeting, person_id=person_id, sequence=meeting.sequence, defaults=said
    )


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
    Raises NotAllowed, NotTakingPart, WrongState, Overtaken, AgreedAlready, Engaged.
    """
    # Race: both sides say yes at once, or one cancels meanwhile. The lock on the meeting orders them.
    meeting = lock_meeting(meeting_id)
    speaker = person_who_speaks(meeting.pairing, actor=actor, now=now, told=told, person_id=person_id)
    if meeting.state not in OPEN_MEETING or meeting.sequence != sequence:
        raise overtaken(meeting, actor=actor)
    if replies_to(meeting).get(speaker.person_id) == suits:
        return meeting
    require(suits or meeting.state == MeetingState.PROPOSED, AgreedAlready)
    _reply(meeting, speaker.person_id, suits=suits, actor=actor, now=now, told=told)
    if suits:
        agree_if_all_is_said(meeting, actor=actor, now=now)
    else:
        _tell_of_a_no(meeting, speaker, actor=actor, now=now)
    _tell_pages(meeting, members_now(meeting.pairing, now=now))
    return meeting


def agree_if_all_is_said(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Agree to a proposed meeting that the caller has locked, if nothing is missing. Raises Engaged."""
    members = members_now(meeting.pairing, now=now)
    if meeting.state != MeetingState.PROPOSED or not both_sides_said_yes(members, replies_to(meeting)):
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


@transaction.atomic
def change_meeting(*, meeting_id: int, plan: Plan, sequence: int, actor: Actor, now: datetime) -> Meeting:
    """Another time or place: everybody is asked again, and calendars replace the entry (SEQUENCE rises).

    sequence: as the page showed it. The same plan changes nothing. Raises as `propose_meeting`, Overtaken.
    """
    # Race: two people move it with old pages. The second is told of the first, or finds it done already.
    meeting = lock_meeting(meeting_id)
    require(may_arrange_meetings(actor, meeting.pairing))
    wanted = _where_and_when(plan)
    if meeting.state in OPEN_MEETING and all(getattr(meeting, name) == to for name, to in wanted.items()):
        return meeting
    if meeting.sequence != sequence:
        raise overtaken(meeting, actor=actor)
    _check_plan(meeting.pairing, plan, now=now)
    move_meeting(meeting, "move", actor=actor, now=now, sequence=meeting.sequence + 1, **wanted)
    _ask(meeting, actor=actor, now=now, moved=True)
    return meeting


@transaction.atomic
def arrange_meeting(*, meeting_id: int, arranged: Arranged, actor: Actor, now: datetime) -> Meeting:
    """Say who of the office comes along and who interprets; nobody is asked again for it.

    Raises NotAllowed, HostNotHere, HostMissing, InterpreterNeedsName, Engaged, Overtaken.
    """
    meeting = lock_meeting(meeting_id)
    require(may_host(actor, meeting.pairing))
    if meeting.state not in OPEN_MEETING:
        raise overtaken(meeting, actor=actor)
    _check_arranged(meeting.pairing, arranged, now=now)
    hosted = meeting.kind == MeetingKind.FIRST and meeting.pairing.programme.hosts_first_meeting
    require(not hosted or arranged.hosted_by_id is not None, HostMissing)
    wanted = _arranged(arranged)
    if all(getattr(meeting, name) == to for name, to in wanted.items()):
        return meeting
    if meeting.state == MeetingState.AGREED and arranged.hosted_by_id != meeting.hosted_by_id:
        require_free(meeting, [], host=arranged.hosted_by_id)
    for name, to in wanted.items():
        setattr(meeting, name, to)
    meeting.save(update_fields=list(wanted))
    note(meeting, "arrange", actor=actor, now=now, before=meeting.state)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> Meeting:
    """Cancel an open meeting; the others are told in neutral words. Twice by the same changes nothing.

    Raises NotAllowed, WrongState, Overtaken.
    """
    # Race: somebody agrees or cancels at this moment. The lock on the meeting orders the two.
    meeting = lock_meeting(meeting_id)
    require(may_arrange_meetings(actor, meeting.pairing))
    if meeting.state == MeetingState.CANCELLED and _last_by(meeting) == actor.person_id:
        return meeting
    cancel(meeting, actor=actor, now=now)
    return meeting


def cancel(meeting: Meeting, *, actor: Actor, now: datetime, tell: bool = True) -> None:
    """Cancel a meeting that the caller has locked, with its pairing."""
    members = members_now(meeting.pairing, now=now)
    move_meeting(meeting, "cancel", actor=actor, now=now, sequence=meeting.sequence + 1)
    others = {member.person_id for member in members} - {actor.person_id}
    if tell:
        notices.to_members(notices.MEETING_CANCELLED, meeting.pairing, to=sorted(others))
    _tell_pages(meeting, members)


def _last_by(meeting: Meeting) -> int | None:
    last = MeetingEvent.objects.filter(meeting=meeting).last()
    return last.by_id if last else None


@transaction.atomic
def hold_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> Meeting:
    """Note that they met; after the first time each is asked whether to go on. Twice changes nothing.

    Raises NotAllowed, NotYet, FirstComesFirst, WrongState, Overtaken.
    """
    meeting = lock_meeting(meeting_id)
    require(may_arrange_meetings(actor, meeting.pairing))
    if meeting.state == MeetingState.HELD:
        return meeting
    require(meeting.starts_at <= now, NotYet)
    try:
        with transaction.atomic():
            move_meeting(meeting, "hold", actor=actor, now=now)
    except IntegrityError as refused:  # it was missed, and another first meeting took its place
        raise FirstComesFirst from refused
    if meeting.kind == MeetingKind.FIRST:
        _ask_to_go_on(meeting, now=now)
    return meeting


def _ask_to_go_on(meeting: Meeting, *, now: datetime) -> None:
    asked = [m.person_id for m in members_now(meeting.pairing, now=now) if m.is_asked]
    notices.to_members(notices.GO_ON_ASKED, meeting.pairing, to=asked)
    jobs.later("meetings.remind_to_go_on", meeting.pk, due_at=now + REMIND_AFTER)


@transaction.atomic
def miss_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> Meeting:
    """Note that it did not take place, without saying why. Twice changes nothing.

    Raises NotAllowed, NotYet, WrongState, Overtaken.
    """
    meeting = lock_meeting(meeting_id)
    require(may_arrange_meetings(actor, meeting.pairing))
    if meeting.state == MeetingState.MISSED:
        return meeting
    require(meeting.starts_at <= now, NotYet)
    move_meeting(meeting, "miss", actor=actor, now=now)
    return meeting


def cancel_meetings_that_are_over(*, now: datetime) -> int:
    """Cancel open meetings of mentorings that have ended; their members were told of the end itself."""
    due = Meeting.objects.open().filter(pairing__state__in=OVER).order_by("pk")
    return sum(_cancel_if_over(meeting_id, now=now) for meeting_id in due.values_list("pk", flat=True))


@transaction.atomic
def _cancel_if_over(meeting_id: int, *, now: datetime) -> bool:
    meeting = lock_meeting(meeting_id)
    if meeting.state not in OPEN_MEETING or meeting.pairing.state in LASTING:
        return False
    cancel(meeting, actor=Actor.system("ending"), now=now, tell=False)
    return True


def _tell_pages(meeting: Meeting, members: list[Member]) -> None:
    for member in members:
        publish_on_commit(person_id=member.person_id, event={"type": "meeting", "id": str(meeting.public_id)})
