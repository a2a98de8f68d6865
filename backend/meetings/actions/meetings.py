"""A meeting on its way: proposed, moved, arranged, cancelled."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, NotAllowed, require
from backend.core.text import clean_line
from backend.meetings.actions.answers import MeetingsRest, require_free, tell_pages, write_reply
from backend.meetings.actions.locks import lock_meeting
from backend.meetings.enums import OPEN_MEETING, Interpreter, MeetingKind, MeetingState
from backend.meetings.events import move_meeting, note
from backend.meetings.models import Meeting, MeetingEvent, MeetingPlace
from backend.meetings.notices import beginning as notices
from backend.meetings.overtaken import overtaken
from backend.meetings.queries.beginning import (
    first_meeting_of,
    home_consent_of,
    members_now,
    needs_a_first_meeting,
)
from backend.meetings.rules import (
    is_asked,
    looks_after,
    may_arrange_meetings,
    may_host,
)
from backend.meetings.times import LONGEST, Arranged, Plan
from backend.organisations.enums import CASE_ROLES
from backend.organisations.queries import people_with_role
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.models import Pairing
from backend.pairings.rules import rests

SHORTEST = 15
AHEAD = timedelta(days=365)


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
    Raises NotAllowed, HostedFirst, FirstComesFirst, Overtaken, MeetingsRest, TimeDoesNotWork, WhereIsMissing,
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
    require(not rests(pairing), MeetingsRest)
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
        write_reply(meeting, actor.acting_person_id, suits=True, actor=actor, now=now, told=None)
    if moved:
        notices.to_members(notices.MEETING_MOVED, meeting.pairing, to=others)
    else:
        notices.proposed(meeting, to=others)
    tell_pages(meeting, members)


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
    tell_pages(meeting, members)


def _last_by(meeting: Meeting) -> int | None:
    last = MeetingEvent.objects.filter(meeting=meeting).last()
    return last.by_id if last else None
