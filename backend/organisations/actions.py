"""Organisations and who works in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import BadInput, Expected, require
from backend.core.text import clean_line
from backend.organisations.enums import OrganisationKind, Role
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import (
    may_change_organisation,
    may_found,
    may_grant_roles,
    may_switch_learning,
)
from backend.people.models import Person


class BadOrganisation(BadInput):
    code = "bad_organisation"
    sentence = _("Give a name, a kind and a country.")


class NotOneself(Expected):
    """Concerns reach those for safeguarding: nobody makes themselves one of them."""

    code = "not_oneself"
    status = 403
    sentence = _("Nobody names themselves for safeguarding. Ask another manager, or whoever runs the server.")


class RoleIsHeld(Expected):
    code = "role_is_held"
    sentence = _("This person has the role already.")


class NeedsName(BadInput):
    code = "needs_name"
    sentence = _("Write the name that colleagues use.")


class RoleHasEnded(Expected):
    code = "role_has_ended"
    sentence = _("This role has ended already.")


class NeedsManager(Expected):
    code = "needs_manager"
    sentence = _("Somebody must manage the organisation. First make another colleague a manager.")


class UnknownSetting(BadInput):
    code = "unknown_setting"
    sentence = _("Choose a language and a time zone from the list.")


@dataclass(frozen=True)
class OrganisationAnswers:
    """country: ISO code. time_zone: an IANA name."""

    name: str
    kind: str
    country: str
    language: str = "en"
    time_zone: str = "Europe/Berlin"
    territory_id: int | None = None


@transaction.atomic
def found_organisation(*, answers: OrganisationAnswers, actor: Actor, now: datetime) -> Organisation:
    """Make an organisation. Raises NotAllowed, BadOrganisation."""
    require(may_found(actor))
    name, country = clean_line(answers.name), answers.country.strip().upper()
    is_sound = 0 < len(name) <= 120 and len(country) == 2 and answers.kind in OrganisationKind.values
    require(is_sound, BadOrganisation)
    return Organisation.objects.create(
        name=name,
        kind=answers.kind,
        country=country,
        language=answers.language,
        time_zone=answers.time_zone,
        territory_id=answers.territory_id,
        created_at=now,
    )


@transaction.atomic
def change_organisation(
    *,
    organisation_id: int,
    territory_id: int | None,
    language: str,
    time_zone: str,
    actor: Actor,
    now: datetime,
) -> Organisation:
    """Say where the organisation works and how it is written to. Raises NotAllowed, UnknownSetting."""
    require(may_change_organisation(actor, organisation_id))
    require(language in dict(settings.LANGUAGES) and time_zone in available_timezones(), UnknownSetting)
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    wanted = {"territory_id": territory_id, "language": language, "time_zone": time_zone}
    if changed := [name for name, value in wanted.items() if getattr(organisation, name) != value]:
        for name in changed:
            setattr(organisation, name, wanted[name])
        organisation.save(update_fields=changed)
        about = ("organisation", organisation.public_id)
        audit.record(
            "organisation_changed", actor=actor, about=about, now=now, organisation_id=organisation.pk
        )
    return organisation


@transaction.atomic
def set_learns(*, organisation_id: int, learns: bool, actor: Actor, now: datetime) -> Organisation:
    """Say whether suggestions learn from decisions; the row stays locked for the caller. Raises NotAllowed.

    `pairings.actions.switch_learning` is the whole of it: it forgets what was learned, too.
    """
    require(may_switch_learning(actor, organisation_id))
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    if organisation.learns != learns:
        organisation.learns = learns
        organisation.save(update_fields=["learns"])
        act = "learning_switched_on" if learns else "learning_switched_off"
        about = ("organisation", organisation.public_id)
        audit.record(act, actor=actor, about=about, now=now, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def add_colleague(
    *,
    organisation: Organisation,
    role: Role,
    name: str,
    actor: Actor,
    now: datetime,
    starts_on: date | None = None,
) -> Membership:
    """Let somebody new work here, who signs in once they have a slip. Raises NotAllowed, NeedsName."""
    require(may_grant_roles(actor, organisation.pk))
    return grant_role(
        organisation=organisation,
        person=Person.objects.create_person(
            language=organisation.language, time_zone=organisation.time_zone, created_at=now
        ),
        role=role,
        name=name,
        actor=actor,
        now=now,
        starts_on=starts_on,
    )


@transaction.atomic
def grant_role(
    *,
    organisation: Organisation,
    person: Person,
    role: Role,
    name: str,
    actor: Actor,
    now: datetime,
    starts_on: date | None = None,
) -> Membership:
    """Let `person` work in the organisation. Raises NotAllowed, NotOneself, NeedsName, RoleIsHeld."""
    require(may_grant_roles(actor, organisation.pk))
    require(role != Role.SAFEGUARDING or person.pk != actor.person_id, NotOneself)
    require(bool(clean_line(name)), NeedsName)
    membership = Membership(
        organisation=organisation,
        person=person,
        role=Role(role),
        name=clean_line(name)[:120],
        starts_on=starts_on or organisation.today(now),
        created_at=now,
    )
    with refusing(RoleIsHeld, constraint="membership_role_is_held_once"):
        membership.save(force_insert=True)
    audit.record_about("role_granted", membership, actor=actor, now=now)
    return membership


@transaction.atomic
def end_role(*, membership_id: int, actor: Actor, now: datetime) -> Membership:
    """End a role: it opens nothing from now on. Raises NotAllowed, RoleHasEnded, NeedsManager."""
    # Race: two managers end each other's role at once. The second waits here, then finds nobody left.
    offices = Organisation.objects.select_for_update(of=("self",)).filter(memberships=membership_id)
    membership = Membership.objects.filter(organisation__in=list(offices), pk=membership_id).first()
    if membership is None:
        raise RoleHasEnded
    organisation = membership.organisation
    require(may_grant_roles(actor, organisation.pk))
    # Actors are built by the day in UTC, which may lag behind the day here: the last day lies before both.
    last_day = min(organisation.today(now), now.date()) - timedelta(days=1)
    require(membership.ends_on is None or membership.ends_on > last_day, RoleHasEnded)
    require(may_found(actor) or not _is_last_manager(membership, now=now), NeedsManager)
    audit.record_about("role_ended", membership, actor=actor, now=now)
    if membership.starts_on > last_day:
        membership.delete()  # it never was in force on any other day
    else:
        membership.ends_on = last_day
        membership.save(update_fields=["ends_on"])
    return membership


def _is_last_manager(membership: Membership, *, now: datetime) -> bool:
    others = Membership.objects.filter(organisation=membership.organisation_id, role=Role.MANAGER)
    is_alone = not others.active_on(now.date()).exclude(person=membership.person_id).exists()
    return membership.role == Role.MANAGER and is_alone
