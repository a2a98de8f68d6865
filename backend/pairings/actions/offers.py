from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.errors import Expected, NotAllowed, require
from backend.core.live import publish_on_commit
from backend.core.states import WrongState
from backend.pairings import notices
from backend.pairings.actions.locks import NotSuitable, lock_offer
from backend.pairings.actions.pairings import start_pairing
from backend.pairings.deadlines import end_of_day
from backend.pairings.enums import OFFER_MOVES, OPEN_OFFER, AnswerReason, OfferState, Refusal
from backend.pairings.events import Told, move, note
from backend.pairings.models import Offer
from backend.pairings.overtaken import overtaken
from backend.pairings.queries import obstacles
from backend.pairings.rules import may_answer, may_record_answer, may_withdraw
from backend.programmes.enrolments import pause, postpone
from backend.programmes.enums import ENROLMENT_MOVES, Side
from backend.programmes.models import Enrolment


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
    try:
        offer = lock_offer(offer_id)
    except WrongState:  # the approval was undone, perhaps at this moment
        return
    if offer.sent_at is not None or offer.state not in OPEN_OFFER:
        return
    offer.sent_at, offer.expires_at = now, time_to_answer(offer, now=now)
    offer.save(update_fields=["sent_at", "expires_at"])
    note(offer, "send", actor=Actor.system("sending"), now=now, before=offer.state)
    notices.about_offer(notices.OFFER_TO_ANSWER, offer, to=[person_asked(offer)])
    tell_pages(offer)


def time_to_answer(offer: Offer, *, now: datetime) -> datetime:
    """Until when whoever is asked at `now` may answer: each side has all the days, or more if given."""
    zone = offer.programme.organisation.time_zone
    return max(offer.expires_at, end_of_day(now=now, days=offer.programme.offer_days, time_zone=zone))


def require_answerable(offer: Offer, *, actor: Actor, told: Told | None, side: Side | None = None) -> None:
    """The person asked answers alone; staff answer only by saying how they were told, and for which side."""
    allowed = may_record_answer(actor, offer) if told else may_answer(actor, offer)
    if offer.state not in OPEN_OFFER:
        # Whoever may see it is told that it is closed, staff by whom; anybody else that they may not.
        if told and allowed:
            raise overtaken(offer, actor=actor)
        raise OfferNotOpen if _takes_part(actor, offer) else NotAllowed
    require(allowed)
    require(offer.sent_at is not None, NotSentYet)
    # Race: a colleague has recorded the first yes meanwhile; what I heard is not the other side's answer.
    if side is not None and side != offer.side_asked:
        raise overtaken(offer, actor=actor)


def _takes_part(actor: Actor, offer: Offer) -> bool:
    return actor.person_id in {offer.mentor.profile.person_id, offer.newcomer.profile.person_id}


@transaction.atomic
def accept_offer(
    *, offer_id: int, actor: Actor, now: datetime, told: Told | None = None, side: Side | None = None
) -> Offer:
    """Accept for the side that is asked; the pairing starts once both sides have accepted.

    `told` is how a coordinator who records the answer heard it, `side` whose answer it is.
    Accepting twice changes nothing. The second side has all the days to answer again.
    Raises OfferNotOpen, OfferHasRunOut, NotAllowed, NotSuitable (staff), NotNow (the person asked).
    """
    offer = lock_offer(offer_id)
    if told is None and _has_accepted(actor, offer):
        return offer
    require_answerable(offer, actor=actor, told=told, side=side)
    require(now < offer.expires_at, OfferRanOut if told else OfferHasRunOut)
    _require_still_suitable(offer, now=now, refused=NotSuitable if told else NotNow)
    if offer.state == OfferState.ASKING_FIRST:
        move(
            offer,
            "accept_first",
            moves=OFFER_MOVES,
            actor=actor,
            now=now,
            told=told,
            first_accepted_at=now,
            expires_at=time_to_answer(offer, now=now),
            reminded_at=None,
        )
        notices.about_offer(notices.OFFER_TO_ANSWER, offer, to=[person_asked(offer)])
    else:
        move(offer, "accept_second", moves=OFFER_MOVES, actor=actor, now=now, told=told, closed_at=now)
        notices.both_said_yes(offer, start_pairing(offer, actor=actor, now=now), now=now)
    tell_pages(offer)
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
    pauses: bool = False,
    until: str = "",
    actor: Actor,
    now: datetime,
    told: Told | None = None,
    side: Side | None = None,
) -> Offer:
    """Say no for the side that is asked: privately, without a price; the places are free again.

    pauses: they want no further offer for a while, `until` says how long in their own words. The other side
    hears only that the offer is closed, and only if it was asked. A worker then looks for somebody else.
    Saying no twice changes nothing. Raises OfferNotOpen, NotAllowed.
    """
    offer = lock_offer(offer_id)
    if told is None and _has_declined(actor, offer):
        return offer
    require_answerable(offer, actor=actor, told=told, side=side)
    asked = enrolment_on(offer, side_asked(offer))
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
    if pauses:
        _step_back(asked, actor=actor, now=now, until=until)
    if was_second:
        notices.about_offer(notices.OFFER_CLOSED, offer, to=[_person_on(offer, Side(offer.first_side))])
    jobs.later("pairings.propose_next", offer.pk)
    tell_pages(offer)
    return offer


def _has_declined(actor: Actor, offer: Offer) -> bool:
    """Whether this person's own no is already there: a second tap, or a resent form."""
    if offer.state != OfferState.DECLINED or not _takes_part(actor, offer):
        return False
    return offer.events.filter(verb="decline", by=actor.person_id).exists()


def _step_back(asked: Enrolment, *, actor: Actor, now: datetime, until: str) -> None:
    """A mentor pauses, a newcomer wants nobody now; who does already, or has left, stays as they are."""
    verb, act = ("pause", pause) if asked.side == Side.MENTOR else ("postpone", postpone)
    if asked.state in ENROLMENT_MOVES[verb]:
        act(enrolment_id=asked.pk, actor=actor, now=now, why=until)


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
    asked = people_asked_so_far(offer)
    move(offer, "withdraw", moves=OFFER_MOVES, actor=actor, now=now, closed_at=now)
    notices.about_offer(notices.OFFER_CLOSED, offer, to=asked)
    tell_pages(offer)


def enrolment_on(offer: Offer, side: Side) -> Enrolment:
    return offer.mentor if side == Side.MENTOR else offer.newcomer


def _person_on(offer: Offer, side: Side) -> int:
    return enrolment_on(offer, side).profile.person_id


def side_asked(offer: Offer) -> Side:
    side = offer.side_asked
    assert side is not None, "only an open offer asks somebody"
    return side


def person_asked(offer: Offer) -> int:
    return _person_on(offer, side_asked(offer))


def people_asked_so_far(offer: Offer) -> list[int]:
    if offer.sent_at is None:
        return []
    first = Side(offer.first_side)
    sides = [first] if offer.first_accepted_at is None else [first, first.other]
    return [_person_on(offer, side) for side in sides]


def tell_pages(offer: Offer) -> None:
    for person_id in {*people_asked_so_far(offer), offer.released_by_id}:
        publish_on_commit(person_id=person_id, event={"type": "offer", "id": str(offer.public_id)})
