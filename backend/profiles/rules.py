from datetime import datetime

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership
from backend.profiles.models import Profile


def may_make_slip(actor: Actor, profile: Profile, *, now: datetime) -> bool:
    """Whether `actor` may print a sign-in for the person behind `profile`.

    A slip opens everything its person may see, so never for someone who works here or elsewhere, runs the
    server, or is also looked after by an organisation where the actor has no such role.
    """
    person = profile.person
    mine = actor.organisations(*CASE_ROLES)
    if profile.organisation_id not in mine or person.is_operator or not person.is_active:
        return False
    if Membership.objects.filter(person=person).active_on(now.date()).exists():
        return False
    return not Profile.objects.filter(person=person).exclude(organisation__in=mine).exists()
