from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import Expected, require
from backend.core.live import publish_on_commit
from backend.pairings import notices
from backend.pairings.actions.locks import NotSuitable, PlaceTaken, lock_both_sides, lock_pairing
from backend.pairings.enums import PAIRING_MOVES, EndReason, Refusal
from backend.pairings.events import move, note
from backend.pairings.models import Offer, Pairing, PairingMember
from backend.pairings.queries import obstacles
from backend.pairings.rules import may_end, may_pair_by_hand
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment

# What also refuses a mentoring that is said to run already.
NEVER_TOGETHER = frozenset({Refusal.BLOCKED, Refusal.TO_AVOID})


class AlreadyTogether(Expected):
    code = "already_together"
    sentence = _("These two already have a mentoring together.")


def start_pairing(offer: Offer, *, actor: Actor, now: datetime) -> Pairing:
    """The pairing that an accepted offer becomes; the offer's places pass to the members."""
    return _start(offer.mentor, offer.newcomer, offer=offer, actor=actor, now=now, since=now)


def _start(
    mentor: Enrolment,
    newcomer: Enrolment,
    *,
    offer: Offer | None,
    actor: Actor,
    now: datetime,
    since: datetime,
) -> Pairing:
    pairing = Pairing.objects.create(programme=newcomer.programme, offer=offer, started_at=since)
    for side, enrolment in ((Side.MENTOR, mentor), (Side.NEWCOMER, newcomer)):
        PairingMember.objects.create(pairing=pairing, enrolment=enrolment, side=side, from_at=since)
    note(pairing, "start", actor=actor, now=now)
    for enrolment in (mentor, newcomer):
        publish_on_commit(
            person_id=enrolment.profile.person_id, event={"type": "pairing", "id": str(pairing.public_id)}
        )
    return pairing


@transaction.atomic
def bring_in_pairing(
    *, mentor_id: int, newcomer_id: int, since: datetime, actor: Actor, now: datetime
) -> Pairing:
    """Record a mentoring that already runs outside, as an import does; nobody is asked again.

    It takes places like any other. Two who must never meet are refused here as well.
    Raises NotBothSides, NotAllowed, AlreadyTogether, NotSuitable, PlaceTaken.
    """
    mentor, newcomer = lock_both_sides(mentor_id=mentor_id, newcomer_id=newcomer_id)
    require(may_pair_by_hand(actor, mentor, newcomer))
    if apart := NEVER_TOGETHER.intersection(obstacles(mentor, newcomer, day=now.date())):
        raise NotSuitable(sorted(apart))
    together = PairingMember.objects.filter(
        enrolment=mentor, until_at=None, pairing__members__enrolment=newcomer
    )
    require(not together.exists(), AlreadyTogether)
    require(EnrolmentState.ENDED not in (mentor.state, newcomer.state), PlaceTaken)
    try:
        with transaction.atomic():
            return _start(mentor, newcomer, offer=None, actor=actor, now=now, since=since)
    except IntegrityError as refused:
        raise PlaceTaken from refused


@transaction.atomic
def end_pairing(*, pairing_id: int, reason: EndReason, actor: Actor, now: datetime) -> Pairing:
    """End a pairing; its places are free again and its members are told. Raises NotAllowed, WrongState."""
    pairing = lock_pairing(pairing_id)
    require(may_end(actor, pairing))
    finish(pairing, reason=reason, actor=actor, now=now)
    return pairing


def finish(pairing: Pairing, *, reason: EndReason, actor: Actor, now: datetime) -> None:
    """End a pairing that the caller has locked."""
    members = list(pairing.members.filter(until_at=None).select_related("enrolment__profile"))
    move(
        pairing, "end", moves=PAIRING_MOVES, actor=actor, now=now, why=reason, ended_at=now, end_reason=reason
    )
    pairing.members.filter(until_at=None).update(until_at=now)
    people = [member.enrolment.profile.person_id for member in members]
    notices.mentoring_ended(pairing, to=people)
    for person_id in people:
        publish_on_commit(person_id=person_id, event={"type": "pairing", "id": str(pairing.public_id)})


@transaction.atomic
def pause_pairing(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """Pause a pairing; it keeps its places. Raises NotAllowed, WrongState."""
    pairing = lock_pairing(pairing_id)
    require(may_end(actor, pairing))
    move(pairing, "pause", moves=PAIRING_MOVES, actor=actor, now=now)
    return pairing


@transaction.atomic
def resume_pairing(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """Go on with a paused pairing. Raises NotAllowed, WrongState."""
    pairing = lock_pairing(pairing_id)
    require(may_end(actor, pairing))
    move(pairing, "resume", moves=PAIRING_MOVES, actor=actor, now=now)
    return pairing
