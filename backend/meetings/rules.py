"""Who may do what in a mentoring. The organisation of the thing decides."""

from datetime import datetime, timedelta

from backend.core.actor import Actor
from backend.meetings.enums import MeetingKind, MeetingState
from backend.meetings.models import Evening, Expense, Meeting, MeetingEvent, MeetingPlace
from backend.organisations.enums import CASE_ROLES, Role
from backend.pairings.enums import LASTING, RUNNING, MemberRole
from backend.pairings.models import Pairing
from backend.pairings.rules import is_member, may_view_pairing
from backend.programmes.enums import Side
from backend.programmes.models import Programme

# For so long whoever noted a meeting can take it back.
TAKE_BACK = timedelta(days=1)


def works_on(actor: Actor, pairing: Pairing) -> bool:
    return actor.has_role(pairing.programme.organisation_id, CASE_ROLES)


def may_log_meeting(actor: Actor, pairing: Pairing) -> bool:
    """Either side, and staff for whom they told; also while it comes to an end."""
    return pairing.state in RUNNING and (is_member(actor, pairing) or works_on(actor, pairing))


def may_take_back(actor: Actor, meeting: Meeting, noted: MeetingEvent, *, now: datetime) -> bool:
    """Whoever noted it, within a day. More hangs on an agreed first meeting: the office corrects that."""
    is_theirs = actor.person_id is not None and noted.by_id == actor.person_id
    was_only_noted = meeting.kind != MeetingKind.FIRST or noted.verb == "log"
    is_plain = meeting.state == MeetingState.HELD and was_only_noted
    return is_theirs and is_plain and now < noted.at + TAKE_BACK


def may_say_where(actor: Actor, pairing: Pairing) -> bool:
    """That they write elsewhere, or here again."""
    return may_log_meeting(actor, pairing)


def may_ask_for_pause(actor: Actor, pairing: Pairing) -> bool:
    return pairing.state in LASTING and is_member(actor, pairing)


def is_newcomer_there(actor: Actor, pairing: Pairing) -> bool:
    """A newcomer of the pairing now; who interprets for them is none."""
    if actor.person_id is None:
        return False
    return any(
        m.side == Side.NEWCOMER
        and m.role == MemberRole.MEMBER
        and m.until_at is None
        and m.enrolment.profile.person_id == actor.person_id
        for m in pairing.members.all()
    )


def may_choose_goals(actor: Actor, pairing: Pairing) -> bool:
    """The newcomer alone; staff write down what a newcomer told them, but not in a mentoring of their own."""
    if pairing.state not in RUNNING:
        return False
    return is_newcomer_there(actor, pairing) or (works_on(actor, pairing) and not is_member(actor, pairing))


def may_tick_steps(actor: Actor, pairing: Pairing) -> bool:
    return may_log_meeting(actor, pairing)


def may_check_in(actor: Actor, pairing: Pairing) -> bool:
    """Staff, and never about themselves."""
    return pairing.state in RUNNING and works_on(actor, pairing) and not is_member(actor, pairing)


def may_send_expense(actor: Actor, pairing: Pairing) -> bool:
    """Who takes part, or took part to the end: a ticket may be older than the end."""
    if actor.person_id is None:
        return False
    members = pairing.members.to_the_end()
    return bool(members.filter(enrolment__profile__person=actor.person_id).exists())


def may_view_expense(actor: Actor, expense: Expense) -> bool:
    """The same people as `Expense.objects.visible_to` finds."""
    if actor.person_id is not None and actor.person_id == expense.person_id:
        return True
    return works_on(actor, expense.pairing)


def may_decide_expense(actor: Actor, expense: Expense) -> bool:
    """A coordinator, and never about their own."""
    is_own = actor.person_id == expense.person_id
    return not is_own and may_hand_on_expenses(actor, expense.pairing.programme.organisation_id)


def may_hand_on_expenses(actor: Actor, organisation_id: int) -> bool:
    return actor.has_role(organisation_id, (Role.COORDINATOR,))


def may_view_meeting(actor: Actor, meeting: Meeting) -> bool:
    return may_view_pairing(actor, meeting.pairing)


def may_view_place(actor: Actor, place: MeetingPlace) -> bool:
    return place.organisation_id in actor.organisations()


def may_manage_places(actor: Actor, organisation_id: int) -> bool:
    return actor.has_role(organisation_id, (Role.COORDINATOR,))


def looks_after(actor: Actor, pairing: Pairing) -> bool:
    """Staff of its organisation, and never in a mentoring of their own."""
    return actor.has_role(pairing.programme.organisation_id, CASE_ROLES) and not is_member(actor, pairing)


def is_asked(actor: Actor, pairing: Pairing) -> bool:
    """Whether the actor is one of those who must say yes: a member now, and not as an interpreter."""
    return actor.person_id is not None and any(
        member.enrolment.profile.person_id == actor.person_id and member.role != MemberRole.INTERPRETER
        for member in pairing.members.all()
        if member.until_at is None
    )


def may_arrange_meetings(actor: Actor, pairing: Pairing) -> bool:
    """Propose, move, cancel, and say how it went: who takes part, and staff, while the mentoring lasts."""
    return pairing.state in LASTING and (is_asked(actor, pairing) or looks_after(actor, pairing))


def may_speak_for_themselves(actor: Actor, pairing: Pairing) -> bool:
    """Say yes to a time, confirm, and say whether to go on."""
    return pairing.state in LASTING and is_asked(actor, pairing)


def may_record_for_members(actor: Actor, pairing: Pairing) -> bool:
    """Staff, for somebody who told them by telephone or in person."""
    return pairing.state in LASTING and looks_after(actor, pairing)


def may_host(actor: Actor, pairing: Pairing) -> bool:
    """Say who of the office comes along, and who interprets."""
    return may_record_for_members(actor, pairing)


def may_allow_home(actor: Actor, pairing: Pairing) -> bool:
    """A coordinator alone, and not for a mentoring of their own."""
    coordinates = actor.has_role(pairing.programme.organisation_id, (Role.COORDINATOR,))
    return coordinates and may_record_for_members(actor, pairing)


def may_view_evening(actor: Actor, evening: Evening) -> bool:
    """Staff of its organisation, and whoever is invited. One query for others."""
    if works_on_evening(actor, evening):
        return True
    if actor.person_id is None:
        return False
    return evening.guests.filter(enrolment__profile__person=actor.person_id).exists()


def works_on_evening(actor: Actor, evening: Evening) -> bool:
    return actor.has_role(evening.programme.organisation_id, CASE_ROLES)


def may_plan_evenings(actor: Actor, programme: Programme) -> bool:
    return actor.has_role(programme.organisation_id, (Role.COORDINATOR,))


def may_see_likings(actor: Actor, evening: Evening) -> bool:
    """Private to whoever said it and the coordinators."""
    return may_plan_evenings(actor, evening.programme)
