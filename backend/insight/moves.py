"""Moves to another organisation as each may see them."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Organisation
from backend.pairings.enums import OPEN_TRANSFER, TransferState
from backend.pairings.models import Transfer
from backend.profiles.models import Profile

AROUND = ("profile__person", "profile__organisation", "to_organisation__territory", "new_profile")


def access_move(public_id: UUID, *, actor: Actor) -> Transfer:
    """One that the actor may see. Raises Http404."""
    rows = Transfer.objects.visible_to(actor).select_related(*AROUND)
    return get_object_or_404(rows, public_id=public_id)


def moves_here(actor: Actor) -> QuerySet[Transfer]:
    """People who want to move to the actor's organisations, the open ones first. One query."""
    mine = actor.organisations(*CASE_ROLES)
    rows = Transfer.objects.filter(to_organisation__in=mine, agreed_at__isnull=False)
    seen = rows.filter(state__in=[TransferState.AGREED, TransferState.TAKEN])
    return seen.select_related(*AROUND).order_by("closed_at", "-agreed_at", "-id")


def moves_away(actor: Actor) -> QuerySet[Transfer]:
    """People of the actor's organisations who move, the latest first. One query."""
    mine = actor.organisations(*CASE_ROLES)
    rows = Transfer.objects.filter(profile__organisation__in=mine).exclude(profile__person=actor.person_id)
    return rows.select_related(*AROUND).order_by("-asked_at", "-id")


def open_move_of(profile: Profile) -> Transfer | None:
    return Transfer.objects.filter(profile=profile, state__in=OPEN_TRANSFER).first()


def waiting_since_elsewhere(profile: Profile) -> Transfer | None:
    """The move by which this file came, or was linked: it says since when they wait."""
    taken = Transfer.objects.filter(new_profile=profile, state=TransferState.TAKEN)
    return taken.order_by("-closed_at", "-id").first()


def places_to_move(organisation_id: int) -> list[Organisation]:
    """Every other organisation that was verified, by name; no more of it is shown than name and town."""
    rows = Organisation.objects.filter(verified_at__isnull=False).exclude(pk=organisation_id)
    return list(rows.select_related("territory").order_by("name", "pk"))


def organisation_to_move_to(public_id: UUID) -> int:
    """The key of a verified organisation; 0, which is none, for any other."""
    rows = Organisation.objects.filter(public_id=public_id, verified_at__isnull=False)
    return rows.values_list("pk", flat=True).first() or 0
