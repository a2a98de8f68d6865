"""Rows are locked in one order everywhere: enrolments by id, then the suggestion, offer or pairing itself.

All are NO KEY locks. A match run holds open suggestions and writes new ones that refer to enrolments; with
plain locks it waited for whoever approved one of them, who waited for the run: a deadlock.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from backend.core.errors import BadInput, Expected, require
from backend.core.states import WrongState
from backend.pairings.enums import Refusal
from backend.pairings.models import Offer, Pairing, Suggestion, Transfer
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment


class NotSuitable(Expected):
    """Something stands against bringing these two together today."""

    code = "not_suitable"
    sentence = _("These two cannot be brought together now: %(reasons)s.")

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(reasons="; ".join(str(refusal.label) for refusal in self.refusals))


class PlaceTaken(Expected):
    """Somebody else was faster, or the person is already full."""

    code = "place_taken"
    sentence = _("The last free place has just been taken. Choose someone else.")


class NotBothSides(BadInput):
    code = "not_both_sides"
    sentence = _("Choose one mentor and one newcomer.")


def lock_enrolments(*ids: int) -> dict[int, Enrolment]:
    """Lock these enrolments, lowest id first, so that two actions can never wait for each other."""
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows.select_related("profile__person", "programme")}


def lock_both_sides(*, mentor_id: int, newcomer_id: int) -> tuple[Enrolment, Enrolment]:
    """The mentor's and the newcomer's enrolment, locked. Raises NotBothSides."""
    people = lock_enrolments(mentor_id, newcomer_id)
    mentor, newcomer = people[mentor_id], people[newcomer_id]
    require((mentor.side, newcomer.side) == (Side.MENTOR, Side.NEWCOMER), NotBothSides)
    return mentor, newcomer


def lock_suggestion(suggestion_id: int) -> Suggestion:
    """The suggestion and both its enrolments, locked."""
    seen = Suggestion.objects.values_list("mentor_id", "newcomer_id").get(pk=suggestion_id)
    people = lock_enrolments(*seen)
    suggestion = (
        Suggestion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=suggestion_id)
    )
    suggestion.mentor, suggestion.newcomer = people[seen[0]], people[seen[1]]
    return suggestion


def lock_offer(offer_id: int) -> Offer:
    """The offer and both its enrolments, locked. Raises WrongState where there is none any more."""
    # Race: the approval is undone at this moment, which removes the offer; see `undo_decision`.
    seen = Offer.objects.filter(pk=offer_id).values_list("mentor_id", "newcomer_id").first()
    people = lock_enrolments(*(seen or ()))
    rows = Offer.objects.select_for_update(of=("self",), no_key=True).select_related("programme")
    offer = rows.filter(pk=offer_id).first()
    if seen is None or offer is None:
        raise WrongState
    offer.mentor, offer.newcomer = people[seen[0]], people[seen[1]]
    return offer


def lock_pairing(pairing_id: int, *more: int) -> Pairing:
    """The pairing, its members' enrolments and `more` of them, locked."""
    members = Pairing.objects.filter(pk=pairing_id).values_list("members__enrolment_id", flat=True)
    lock_enrolments(*(m for m in members if m is not None), *more)
    return (
        Pairing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=pairing_id)
    )


def lock_transfer(transfer_id: int) -> Transfer:
    """The move, and the enrolments of whoever moves, locked."""
    seen = Transfer.objects.filter(pk=transfer_id).values_list("profile__enrolments", flat=True)
    lock_enrolments(*(pk for pk in seen if pk is not None))
    rows = Transfer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("profile__person", "profile__organisation", "to_organisation").get(
        pk=transfer_id
    )
