"""Who may do what to a meeting, a place or an evening. The organisation of the mentoring decides."""

from backend.core.actor import Actor
from backend.meetings.models import Evening, Meeting, MeetingPlace
from backend.organisations.enums import CASE_ROLES, Role
from backend.pairings.enums import LASTING, MemberRole
from backend.pairings.models import Pairing
from backend.pairings.rules import is_member, may_view_pairing
from backend.programmes.models import Programme


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
