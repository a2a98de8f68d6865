from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES, Role
from backend.profiles.models import Profile
from backend.programmes.models import Programme
from backend.programmes.rules import may_run_programmes
from backend.safeguarding.enums import RestrictionKind
from backend.safeguarding.models import Clearance, Restriction

LIFTS = (Role.COORDINATOR, Role.SAFEGUARDING)


def may_record_clearance(actor: Actor, profile: Profile) -> bool:
    """Staff, and nobody vouches for themselves."""
    return actor.has_role(profile.organisation_id, CASE_ROLES) and actor.person_id != profile.person_id


def may_view_clearance(actor: Actor, clearance: Clearance) -> bool:
    profile = clearance.profile
    is_own = actor.person_id is not None and actor.person_id == profile.person_id
    return is_own or actor.has_role(profile.organisation_id, CASE_ROLES)


def may_view_restriction(actor: Actor, restriction: Restriction) -> bool:
    """Staff alone: neither of the two is told."""
    return actor.has_role(restriction.organisation_id, CASE_ROLES)


def may_restrict(actor: Actor, first: Profile, second: Profile, kind: str) -> bool:
    """Staff for any two; a person blocks for themselves."""
    if actor.is_system or actor.has_role(first.organisation_id, CASE_ROLES):
        return True
    themselves = actor.person_id is not None and actor.person_id in {first.person_id, second.person_id}
    return kind == RestrictionKind.BLOCK and themselves


def may_lift(actor: Actor, restriction: Restriction) -> bool:
    """A coordinator or a person for safeguarding, who is neither of the two."""
    themselves = {restriction.first.person_id, restriction.second.person_id}
    return actor.has_role(restriction.organisation_id, LIFTS) and actor.person_id not in themselves


def may_set_requirements(actor: Actor, programme: Programme) -> bool:
    return may_run_programmes(actor, programme.organisation_id)
