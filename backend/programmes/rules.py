from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES, Role
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment, Programme

RUNS_PROGRAMMES = (Role.COORDINATOR, Role.MANAGER)


def may_view_programme(actor: Actor, programme: Programme) -> bool:
    return programme.organisation_id in actor.organisations()


def may_run_programmes(actor: Actor, organisation_id: int) -> bool:
    """Make, change, open and close them."""
    return actor.is_system or actor.has_role(organisation_id, RUNS_PROGRAMMES)


def may_view_enrolment(actor: Actor, enrolment: Enrolment) -> bool:
    return _is_own(actor, enrolment.profile) or _works_on(actor, enrolment)


def may_enrol(actor: Actor, profile: Profile, programme: Programme) -> bool:
    """Staff enrol anyone; people enrol themselves where the programme is open."""
    if actor.is_system or actor.has_role(programme.organisation_id, CASE_ROLES):
        return True
    return programme.is_open and _is_own(actor, profile)


def may_hold_talk(actor: Actor, enrolment: Enrolment) -> bool:
    """Staff, and never with themselves."""
    return _works_on(actor, enrolment) and not _is_own(actor, enrolment.profile)


def may_refer(actor: Actor, enrolment: Enrolment) -> bool:
    return _works_on(actor, enrolment)


def may_step_back(actor: Actor, enrolment: Enrolment) -> bool:
    """Pause, come back, wait or leave, and say how many people one has time for: staff and the person."""
    return actor.is_system or _works_on(actor, enrolment) or _is_own(actor, enrolment.profile)


def _works_on(actor: Actor, enrolment: Enrolment) -> bool:
    return actor.has_role(enrolment.programme.organisation_id, CASE_ROLES)


def _is_own(actor: Actor, profile: Profile) -> bool:
    return actor.person_id is not None and actor.person_id == profile.person_id
