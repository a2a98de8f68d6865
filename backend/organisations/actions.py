"""Organisations and who works in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import BadInput, Expected, require
from backend.core.text import clean_line
from backend.organisations.enums import OrganisationKind, Role
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import may_found, may_grant_roles
from backend.people.models import Person


class BadOrganisation(BadInput):
    code = "bad_organisation"
    sentence = _("Give a name, a kind and a country.")


class RoleIsHeld(Expected):
    code = "role_is_held"
    sentence = _("This person has the role already.")


class NeedsName(BadInput):
    code = "needs_name"
    sentence = _("Write the name that colleagues use.")


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
    """Let `person` work in the organisation. Raises NotAllowed, NeedsName, RoleIsHeld."""
    require(may_grant_roles(actor, organisation.pk))
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
    _log("role_granted", membership, actor=actor, now=now)
    return membership


@transaction.atomic
def end_role(*, membership_id: int, actor: Actor, now: datetime) -> Membership:
    """End a role: yesterday was its last day, so it opens nothing from now on. Raises NotAllowed."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("organisation")
    membership = rows.get(pk=membership_id)
    require(may_grant_roles(actor, membership.organisation_id))
    today = membership.organisation.today(now)
    yesterday = today - timedelta(days=1)
    if membership.starts_on > yesterday:
        _log("role_ended", membership, actor=actor, now=now)
        membership.delete()  # it never was in force on any other day
        return membership
    membership.ends_on = yesterday
    membership.save(update_fields=["ends_on"])
    _log("role_ended", membership, actor=actor, now=now)
    return membership


def _log(act: str, membership: Membership, *, actor: Actor, now: datetime) -> None:
    about = ("membership", membership.public_id)
    audit.record(act, actor=actor, about=about, now=now, organisation_id=membership.organisation_id)
