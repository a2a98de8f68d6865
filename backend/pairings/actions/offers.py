from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.errors import Expected, NotAllowed, require
from backend.core.live import publish_on_commit
from backend.pairings import notices
from backend.pairings.actions.locks import NotSuitable, lock_offer
from backend.pairings.actions.pairings import start_pairing
from backend.pairings.enums import OFFER_MOVES, OPEN_OFFER, AnswerReason, OfferState, Refusal
from backend.pairings.events import Told, move, note
from backend.pairings.models import Offer
from backend.pairings.overtaken import overtaken
from backend.pairings.queries import obstacles
from backend.pairings.rules import may_answer, may_record_answer, may_withdraw
from backend.programmes.enums import Side


class OfferNotOpen(Expected):
    code = "offer_not_open"
    sentence = _("This offer is closed. Nothing was changed. You keep your place.")


class NotNow(NotSuitable):
    """What stands against it is for the coordinator alone: nobody is told of a block, a proof or an age."""

    code = "not_now"
    sentence = _("This cannot start now. Please ask your coordinator.")


class OfferHasRunOut(OfferNotOpen):
    code = "offer_has_run_out"
    sentence = _("The time to answer is over. Tell your coordinator if you still want to say yes.")


class OfferRanOut(OfferNotOpen):
    """The same, for the coordinator who records an answer."""

    code = "offer_ran_out"
    sentence = _("This offer ran out before the answer. Bring the two together again by hand.")


class NotSentYet(Expected):
    code = "not_sent_yet"
    sentence = _("This offer goes out within half a minute. Try again then.")


@transaction.atomic
def send_offer(*, offer_id: int, now: datetime) -> None:
    """Ask the first side, once the time to undo is over. Doing it twice changes nothing."""
    # Race: the approval is undone at this moment, which removes the offer; see `undo_decision`.
    if not Offer.objects.filter(pk=offer_id).exists():
        return
    offer = lock_offer(offer_id)
    if offer.sent_at is not None or offer.state not in OPEN_OFFER:
        return
    offer.sent_at = now
    offer.save(update_fields=["sent_at"])
    note(offer, "send", actor=Actor.system("sending"), now=now, before=offer.state)
    notices.about_offer(notices.OFFER_TO_ANSWER, offer, to=[_person_asked(offer)])
    _tell_pages(offer)


def _require_answerable(offer: Offer, *, actor: Actor, told: Told | None) -> None:
    """The person asked answers alone; staff answer only by saying how they were told."""
    allowed = may_record_answer(actor, offer) if told else may_answer(actor, offer)
    if offer.state not in OPEN_OFFER:
        # Whoever may see it is told that it is closed, staff by whom; anybody else that they may not.
        if told and allowed:
            raise overtaken(offer, actor=actor)
        raise OfferNotOpen if _takes_part(actor, offer) else NotAllowed
    require(allowed)
    require(offer.sent_at is not None, NotSentYet)


def _takes_part(actor: Actor, offer: Offer) -> bool:
    return actor.person_id in {offer.mentor.profile.person_id, offer.newcomer.profile.person_id}


@transaction.atomic
def accept_offer(*, offer_id: int, actor: Actor, now: datetime, told: Told | None = None) -> Offer:
    """Accept for the side that is asked; the pairing starts once both sides have accepted.

    `told` is how a coordinator who records the answer heard it. Accepting twice changes nothing.
    Raises OfferNotOpen, OfferHasRunOut, NotAllowed, NotSuitable (staff), NotNow (the person asked).
    """
    offer = lock_offer(offer_id)
    if told is None and _has_accepted(actor, offer):
        return offer
    _require_answerable(offer, actor=actor, told=told)
    require(now < offer.expires_at, OfferRanOut if told else OfferHasRunOut)
    _require_still_suitable(offer, now=now, refused=NotSuitable if told else NotNow)
    if offer.state == OfferState.ASKING_FIRST:
        move(offer, "accept_first", moves=OFFER_MOVES, actor=actor, now=now, told=told, first_accepted_at=now)
        notices.about_offer(notices.OFFER_TO_ANSWER, offer, to=[_person_asked(offer)])
    else:
        move(offer, "accept_second", moves=OFFER_MOVES, actor=actor, now=now, told=told, closed_at=now)
        notices.both_said_yes(offer, start_pairing(offer, actor=actor, now=now), now=now)
    _tell_pages(offer)
    return offer


def _has_accepted(actor: Actor, offer: Offer) -> bool:
    """Whether this person's yes is already there: a second tap, or a resent form."""
    if not _takes_part(actor, offer):
        return False
    if offer.state == OfferState.ACCEPTED:
        return True
    is_mentor = actor.person_id == offer.mentor.profile.person_id
    is_first = (offer.first_side == Side.MENTOR) == is_mentor
    return offer.state == OfferState.ASKING_SECOND and is_first


def _require_still_suitable(offer: Offer, *, now: datetime, refused: type[NotSuitable]) -> None:
    """A clearance may have run out, or the two may be restricted, since the offer went out."""
    day = today(now=now, time_zone=offer.programme.organisation.time_zone)
    against = obstacles(offer.mentor, offer.newcomer, day=day)
    # The offer itself holds one place on each side, so "full" says nothing here.
    if against := tuple(refusal for refusal in against if refusal != Refusal.FULL):
        raise refused(against)


@transaction.atomic
def decline_offer(
    *,
    offer_id: int,
    reason: AnswerReason,
    note: str = "",
    actor: Actor,
    now: datetime,
    told: Told | None = None,
) -> Offer:
    """Say no for the side that is asked: privately, without a price; the places are free again.

    The other side hears only that the offer is closed, and only if it was asked.
    Raises OfferNotOpen, NotAllowed.
    """
    offer = lock_offer(offer_id)
    _require_answerable(offer, actor=actor, told=told)
    was_second = offer.state == OfferState.ASKING_SECOND
    move(
        offer,
        "decline",
        moves=OFFER_MOVES,
        actor=actor,
        now=now,
        why=reason,
        told=told,
        closed_at=now,
        decline_reason=reason,
        decline_note=note.strip(),
    )
    if was_second:
        notices.about_offer(notices.OFFER_CLOSED, offer, to=[_person_on(offer, Side(offer.first_side))])
    in_charge = notices.in_charge_of(offer, now=now)
    notices.about_offer(notices.OFFER_CAME_TO_NOTHING, offer, to=in_charge)
    _tell_pages(offer)
    return offer


@transaction.atomic
def withdraw_offer(*, offer_id: int, actor: Actor, now: datetime) -> Offer:
    """Take an open offer back; whoever was asked hears that it is closed. Raises Overtaken, NotAllowed."""
    offer = lock_offer(offer_id)
    require(may_withdraw(actor, offer))
    if offer.state not in OPEN_OFFER:
        raise overtaken(offer, actor=actor)
    take_back(offer, actor=actor, now=now)
    return offer


def take_back(offer: Offer, *, actor: Actor, now: datetime) -> None:
    """Withdraw an open offer that the caller has locked."""
    asked = _people_asked_so_far(offer)
    move(offer, "withdraw", moves=OFFER_MOVES, actor=actor, now=now, closed_at=now)
    notices.about_offer(notices.OFFER_CLOSED, offer, to=asked)
    _tell_pages(offer)


def expire_offers(*, now: datetime) -> int:
    """Close every open offer whose time is over; returns how many."""
    due = Offer.objects.open().filter(expires_at__lte=now).order_by("pk")
    return sum(_expire(offer_id, now=now) for offer_id in due.values_list("pk", flat=True))


@transaction.atomic
def _expire(offer_id: int, *, now: datetime) -> bool:
    # Race: the answer may arrive while the sweep looks; the lock decides, and a yes in time stands.
    offer = lock_offer(offer_id)
    if offer.state not in OPEN_OFFER or offer.expires_at > now:
        return False
    asked = _people_asked_so_far(offer)
    move(offer, "expire", moves=OFFER_MOVES, actor=Actor.system("expiry"), now=now, closed_at=now)
    notices.about_offer(notices.OFFER_CLOSED, offer, to=asked)
    in_charge = notices.in_charge_of(offer, now=now)
    notices.about_offer(notices.OFFER_CAME_TO_NOTHING, offer, to=in_charge)
    _tell_pages(offer)
    return True


def _person_on(offer: Offer, side: Side) -> int:
    return (offer.mentor if side == Side.MENTOR else offer.newcomer).profile.person_id


def _person_asked(offer: Offer) -> int:
    side = offer.side_asked
    assert side is not None, "only an open offer asks somebody"
    return _person_on(offer, side)


def _people_asked_so_far(offer: Offer) -> list[int]:
    if offer.sent_at is None:
        return []
    first = Side(offer.first_side)
    sides = [first] if offer.first_accepted_at is None else [first, first.other]
    return [_person_on(offer, side) for side in sides]


def _tell_pages(offer: Offer) -> None:
    for person_id in {*_people_asked_so_far(offer), offer.released_by_id}:
        publish_on_commit(person_id=person_id, event={"type": "offer", "id": str(offer.public_id)})
