"""What an expired proof no longer allows: offers are taken back, mentorings get 30 days, or rest at once."""

from datetime import datetime, timedelta

from django.db import transaction

from backend.core import jobs
from backend.core.actor import Actor
from backend.pairings import farewells
from backend.pairings.actions.locks import lock_offer, lock_pairing
from backend.pairings.actions.offers import take_back
from backend.pairings.actions.pairings import finish, people_in
from backend.pairings.actions.seats import leave, persons_in, tell_pages
from backend.pairings.enums import (
    LASTING,
    OPEN_OFFER,
    PAIRING_MOVES,
    EndReason,
    MemberRole,
    PairingState,
    PauseReason,
)
from backend.pairings.events import move, note
from backend.pairings.models import Offer, Pairing, PairingEvent, PairingMember
from backend.pairings.notices import in_charge_of
from backend.pairings.proofs import (
    lapsed,
    lapsed_members,
    members_now,
    must_rest,
    offers_to_take_back,
    pairings_to_look_at,
)
from backend.programmes.enums import Side
from notifications.api import Kind

GRACE = timedelta(days=30)
WARNING = timedelta(days=7)
SYSTEM = Actor.system("proofs")


@transaction.atomic
def suspend_uncleared(*, now: datetime) -> int:
    """Ask for a look at everything that a missing proof touches, one job each; returns how many."""
    offers, pairings = offers_to_take_back(now=now), pairings_to_look_at(now=now)
    for offer_id in offers:
        jobs.later("pairings.look_at_offer", offer_id)
    for pairing_id in pairings:
        jobs.later("pairings.look_at_proofs", pairing_id)
    return len(offers) + len(pairings)


@transaction.atomic
def look_again_at(*, profile_id: int) -> None:
    """A proof of this person was noted: what rests may go on, without waiting for tomorrow."""
    seats = PairingMember.objects.filter(enrolment__profile=profile_id, until_at=None)
    theirs = Pairing.objects.lasting().filter(members__in=seats).distinct().order_by("pk")
    for pairing_id in theirs.values_list("pk", flat=True):
        jobs.later("pairings.look_at_proofs", pairing_id)


@transaction.atomic
def look_at_offer(*, offer_id: int, now: datetime) -> None:
    """Take an open offer back when a proof of one of the two has run out. Safe to do twice."""
    # Gone when its approval was undone in the meantime.
    if not Offer.objects.filter(pk=offer_id).exists():
        return
    offer = lock_offer(offer_id)
    if offer.state not in OPEN_OFFER:
        return
    both = (offer.mentor, offer.newcomer)
    without = lapsed(both, now=now)
    if not without:
        return
    take_back(offer, actor=SYSTEM, now=now)
    to = in_charge_of(offer, now=now)
    for enrolment in both:
        if enrolment.pk in without:
            farewells.offer_lacks_proof(offer, name=enrolment.profile.called, to=to)


@transaction.atomic
def look_at_proofs(*, pairing_id: int, now: datetime) -> None:
    """Do what the proofs of its members ask for today. Safe to do twice."""
    # Race: a new proof is noted while the job looks. The look that follows the proof waits for this lock.
    settle_proofs(lock_pairing(pairing_id), now=now)


def settle_proofs(pairing: Pairing, *, now: datetime, says_thanks: bool = True) -> None:
    """The same for a pairing that the caller has locked.

    says_thanks: whether it goes on because a proof came, rather than because somebody left.
    """
    if pairing.state not in LASTING:
        return
    without = lapsed_members(pairing, now=now)
    if not without:
        _go_on(pairing, now=now, says_thanks=says_thanks)
    elif must_rest(pairing, now=now):
        _rest(pairing, without, now=now)
    elif pairing.grace_until is None:
        _give_time(pairing, without, now=now)
    elif pairing.grace_until <= now:
        _time_is_up(pairing, without, now=now)
    elif pairing.grace_until - WARNING <= now:
        _remind(pairing, without, now=now)


def _rest(pairing: Pairing, without: list[PairingMember], *, now: datetime) -> None:
    if pairing.state == PairingState.ACTIVE:
        move(
            pairing,
            "pause",
            moves=PAIRING_MOVES,
            actor=SYSTEM,
            now=now,
            why=PauseReason.CLEARANCE,
            pause_reason=PauseReason.CLEARANCE,
            grace_until=None,
        )
        farewells.tell(farewells.RESTS_FOR_NOW, pairing, to=people_in(pairing))
        _tell_office(farewells.OFFICE_PROOF_RESTS, pairing, without, now=now)
        tell_pages(pairing, people_in(pairing))
    elif pairing.grace_until is not None:
        # It pauses already, and does not go on before the proof is there.
        _set_grace(pairing, None)


def _give_time(pairing: Pairing, without: list[PairingMember], *, now: datetime) -> None:
    _set_grace(pairing, now + GRACE)
    note(pairing, "give_time", actor=SYSTEM, now=now, before=pairing.state)
    farewells.tell(farewells.PROOF_RAN_OUT, pairing, to=persons_in(without))
    _tell_office(farewells.OFFICE_PROOF_RAN_OUT, pairing, without, now=now)


def _remind(pairing: Pairing, without: list[PairingMember], *, now: datetime) -> None:
    given = PairingEvent.objects.filter(pairing=pairing, verb="give_time").order_by("-id").first()
    reminded = PairingEvent.objects.filter(pairing=pairing, verb="remind", id__gt=given.pk if given else 0)
    if reminded.exists():
        return
    note(pairing, "remind", actor=SYSTEM, now=now, before=pairing.state)
    farewells.tell(farewells.PROOF_STILL_MISSING, pairing, to=persons_in(without))
    _tell_office(farewells.OFFICE_PROOF_STILL_MISSING, pairing, without, now=now)


def _time_is_up(pairing: Pairing, without: list[PairingMember], *, now: datetime) -> None:
    """Whoever lacks a proof leaves; when nobody would be left on their side, the mentoring ends."""
    _tell_office(farewells.OFFICE_PROOF_ENDED, pairing, without, now=now)
    gone = {m.pk for m in without}
    stay = [m for m in members_now(pairing) if m.pk not in gone]
    sides = {m.side for m in stay if m.role != MemberRole.INTERPRETER}
    if sides != {Side.MENTOR, Side.NEWCOMER}:
        finish(pairing, reason=EndReason.CLEARANCE, actor=SYSTEM, now=now)
        return
    _set_grace(pairing, None)
    for member in without:
        leave(pairing, member, reason=EndReason.CLEARANCE, actor=SYSTEM, now=now)


def _go_on(pairing: Pairing, *, now: datetime, says_thanks: bool) -> None:
    """Nobody lacks a proof any more."""
    if pairing.pause_reason == PauseReason.CLEARANCE:
        move(
            pairing,
            "resume",
            moves=PAIRING_MOVES,
            actor=SYSTEM,
            now=now,
            pause_reason="",
            grace_until=None,
        )
        farewells.tell(farewells.GOES_ON_AGAIN, pairing, to=people_in(pairing))
        tell_pages(pairing, people_in(pairing))
    elif pairing.grace_until is not None:
        _set_grace(pairing, None)
        note(pairing, "lift", actor=SYSTEM, now=now, before=pairing.state)
        if not says_thanks:
            return
        mentors = [m for m in members_now(pairing) if m.side == Side.MENTOR]
        farewells.tell(farewells.PROOF_IS_BACK, pairing, to=persons_in(mentors))


def _set_grace(pairing: Pairing, until: datetime | None) -> None:
    pairing.grace_until = until
    pairing.save(update_fields=["grace_until"])


def _tell_office(kind: Kind, pairing: Pairing, without: list[PairingMember], *, now: datetime) -> None:
    for member in without:
        farewells.tell_office(kind, pairing, name=member.enrolment.profile.called, now=now)
