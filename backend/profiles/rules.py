from datetime import datetime

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import may_grant_roles
from backend.people.models import Person
from backend.profiles.models import Handover, Profile


def may_view_profile(actor: Actor, profile: Profile) -> bool:
    """The same people as `Profile.objects.visible_to` finds."""
    return is_own(actor, profile) or may_keep_file(actor, profile)


def may_edit_profile(actor: Actor, profile: Profile) -> bool:
    return actor.is_system or may_view_profile(actor, profile)


def may_keep_file(actor: Actor, profile: Profile) -> bool:
    """Whether the actor looks after this person: contacts, household, talk. The person reads, staff write."""
    return actor.has_role(profile.organisation_id, CASE_ROLES)


def may_look_after(actor: Actor, profile: Profile) -> bool:
    """Take this person over, or pass them on; nobody decides about their own file."""
    return may_keep_file(actor, profile) and not is_own(actor, profile)


def may_view_handover(actor: Actor, handover: Handover) -> bool:
    """The same people as `Handover.objects.visible_to` finds."""
    if not actor.has_role(handover.organisation_id, CASE_ROLES):
        return False
    return not handover.profiles.filter(person=actor.person_id).exists()


def may_register(actor: Actor, organisation_id: int, person: Person | None = None) -> bool:
    """Staff for anyone, and everybody for themselves."""
    is_own_sign_up = person is not None and actor.person_id == person.pk
    return actor.is_system or is_own_sign_up or actor.has_role(organisation_id, CASE_ROLES)


def is_own(actor: Actor, profile: Profile) -> bool:
    return actor.person_id is not None and actor.person_id == profile.person_id


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


def may_make_colleague_slip(actor: Actor, organisation: Organisation, person: Person) -> bool:
    """Whether `actor`, a manager there, may print the first sign-in of a colleague.

    Only for somebody who has never signed in and works, or has a file, nowhere else: the slip then opens
    what the manager granted, and nothing that somebody has made their own.
    """
    if not may_grant_roles(actor, organisation.pk) or person.is_operator or not person.is_active:
        return False
    if person.username or person.last_login or person.has_usable_password():
        return False
    roles = Membership.objects.filter(person=person)
    works_here = roles.filter(organisation=organisation, ends_on=None).exists()
    if not works_here or roles.exclude(organisation=organisation).exists():
        return False
    return not Profile.objects.filter(person=person).exists()
