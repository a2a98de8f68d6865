"""The public places of an organisation where people can meet."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.core.text import clean_line
from backend.meetings.models import MeetingPlace
from backend.meetings.rules import may_manage_places


class PlaceIncomplete(BadInput):
    code = "place_incomplete"
    sentence = _("Give the name and the address, so that people find it.")


class PlaceNameTaken(Expected):
    code = "place_name_taken"
    sentence = _("You have a place of this name already. Choose another name.")


@transaction.atomic
def add_place(
    *, organisation_id: int, name: str, address: str, note: str = "", actor: Actor, now: datetime
) -> MeetingPlace:
    """Add a place; the same one again is the same place.

    Raises NotAllowed, PlaceIncomplete, PlaceNameTaken.
    """
    require(may_manage_places(actor, organisation_id))
    told = _tidy(name, address, note)
    try:
        # Race: two colleagues add the library at once. The constraint lets one row in.
        with transaction.atomic():
            return MeetingPlace.objects.create(organisation_id=organisation_id, created_at=now, **told)
    except IntegrityError as refused:
        same = MeetingPlace.objects.open().filter(organisation=organisation_id, **told).first()
        if same is None:
            raise PlaceNameTaken from refused
        return same


@transaction.atomic
def change_place(*, place_id: int, name: str, address: str, note: str = "", actor: Actor) -> MeetingPlace:
    """Correct what is said of a place. Raises NotAllowed, PlaceIncomplete, PlaceNameTaken."""
    place = MeetingPlace.objects.select_for_update(no_key=True).get(pk=place_id)
    require(may_manage_places(actor, place.organisation_id))
    told = _tidy(name, address, note)
    for field, value in told.items():
        setattr(place, field, value)
    try:
        with transaction.atomic():
            place.save(update_fields=list(told))
    except IntegrityError as refused:
        raise PlaceNameTaken from refused
    return place


@transaction.atomic
def close_place(*, place_id: int, actor: Actor, now: datetime) -> MeetingPlace:
    """Take it off the list; what is planned there stays. Twice changes nothing. Raises NotAllowed."""
    place = MeetingPlace.objects.select_for_update(no_key=True).get(pk=place_id)
    require(may_manage_places(actor, place.organisation_id))
    if place.closed_at is None:
        place.closed_at = now
        place.save(update_fields=["closed_at"])
    return place


def _tidy(name: str, address: str, note: str) -> dict[str, str]:
    told = {
        "name": clean_line(name)[:120],
        "address": clean_line(address)[:200],
        "note": clean_line(note)[:200],
    }
    require(bool(told["name"] and told["address"]), PlaceIncomplete)
    return told
