"""Offers with what was asked about them: for the side that asked, and for the office."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from backend.core.actor import Actor
from backend.insight import desk
from backend.pairings.models import Offer, OfferQuestion
from backend.pairings.rules import own_side
from backend.profiles.models import Contact
from backend.programmes.enums import Side
from backend.programmes.models import IntakeTalk


def open_offers(actor: Actor) -> QuerySet[Offer]:
    """The open offers of the actor's organisations: those with a question (`asks`), then the first to end."""
    waiting = OfferQuestion.objects.filter(offer=OuterRef("pk"), answered_at=None)
    return desk.open_offers(actor).annotate(asks=Exists(waiting)).order_by("-asks", "expires_at", "id")


def questions_of(offer: Offer, *, side: Side) -> list[OfferQuestion]:
    """What one side asked, the oldest first. The other side never sees it."""
    return list(offer.questions.filter(side=side).order_by("asked_at", "id"))


def questions_seen_by(offer: Offer, *, actor: Actor) -> list[OfferQuestion]:
    """What the actor may read: the office all of it, whoever is asked themselves their own side's."""
    own = own_side(actor, offer)
    rows = offer.questions.all() if own is None else offer.questions.filter(side=own)
    return list(rows.order_by("asked_at", "id"))


def access_question(public_id: UUID, *, offer: Offer) -> OfferQuestion:
    """A question about this offer, which the caller may see. Raises Http404 for any other."""
    return get_object_or_404(offer.questions.all(), public_id=public_id)


def last_spoken_on(profile_ids: Iterable[int]) -> dict[int, date]:
    """{profile id: the day somebody last spoke with them}; who is missing, never was. Two queries."""
    ids = list(profile_ids)
    logged = Contact.objects.filter(profile__in=ids).order_by().values_list("profile").annotate(Max("at"))
    held = IntakeTalk.objects.filter(enrolment__profile__in=ids).order_by()
    days = {profile_id: timezone.localdate(at) for profile_id, at in logged}
    for profile_id, day in held.values_list("enrolment__profile").annotate(Max("held_on")):
        days[profile_id] = max(day, days.get(profile_id, day))
    return days
