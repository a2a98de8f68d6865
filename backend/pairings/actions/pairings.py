from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import Expected, require
from backend.core.live import publish_on_commit
from backend.pairings import farewells
from backend.pairings.actions.locks import NotSuitable, PlaceTaken, lock_both_sides, lock_pairing
from backend.pairings.enums import LASTING, PAIRING_MOVES, EndReason, PairingState, PauseReason, Refusal
from backend.pairings.events import move, note
from backend.pairings.models import Offer, Pairing, PairingMember
from backend.pairings.overtaken import overtaken
from backend.pairings.proofs import must_rest
from backend.pairings.queries import obstacles
from backend.pairings.rules import may_end, may_pair_by_hand
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment
from notifications.api import Kind

# What also refuses a mentoring that is said to run already.
NEVER_TOGETHER = frozenset({Refusal.BLOCKED, Refusal.TO_AVOID})
# What an ended pairing has not.
GOES_ON: dict[str, Any] = {"pause_reason": "", "grace_until": None}


class AlreadyTogether(Expected):
    code = "already_together"
    sentence = _("These two already have a mentoring together.")


class ProofIsMissing(Expected):
    code = "proof_is_missing"
    sentence = _("A proof has run out, and a member is under 18. Note the new proof first.")


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
    _tell_pages(pairing, [mentor.profile.person_id, newcomer.profile.person_id])
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
        enrolment=mentor, until_at=None, pairing__state__in=LASTING, pairing__members__enrolment=newcomer
    )
    require(not together.exists(), AlreadyTogether)
    require(EnrolmentState.ENDED not in (mentor.state, newcomer.state), PlaceTaken)
    try:
        with transaction.atomic():
            return _start(mentor, newcomer, offer=None, actor=actor, now=now, since=since)
    except IntegrityError as refused:
        raise PlaceTaken from refused


@transaction.atomic
def end_pairing(
    *, pairing_id: int, reason: EndReason, actor: Actor, now: datetime, closes: bool = False
) -> Pairing:
    """End a pairing: its places are free at once, its members are told and may say goodbye for a while.

    The reason says for how many days they may still write; closes: one that comes to an end closes now.
    Ending it twice for one reason changes nothing. Raises NotAllowed, Overtaken.
    """
    # Race: a double click, or two colleagues. The second must not take the days to say goodbye away; a
    # reason that leaves none, such as somebody's safety, always closes it.
    pairing = lock_pairing(pairing_id)
    require(may_end(actor, pairing))
    if pairing.state == PairingState.WINDING_DOWN and not closes and EndReason(reason).days_to_say_goodbye:
        if pairing.end_reason == reason and _ended_by(pairing) == actor.person_id:
            return pairing
        raise overtaken(pairing, actor=actor)
    finish(pairing, reason=reason, actor=actor, now=now)
    return pairing


def _ended_by(pairing: Pairing) -> int | None:
    wound_down = pairing.events.filter(verb="wind_down").order_by("-id").first()
    return wound_down.by_id if wound_down else None


def finish(pairing: Pairing, *, reason: EndReason, actor: Actor, now: datetime) -> None:
    """End a pairing that the caller has locked."""
    goodbye = timedelta(days=EndReason(reason).days_to_say_goodbye)
    if goodbye and pairing.state in LASTING:
        _wind_down(pairing, reason=reason, until=now + goodbye, actor=actor, now=now)
    else:
        _close(pairing, reason=reason, actor=actor, now=now)


def _wind_down(pairing: Pairing, *, reason: EndReason, until: datetime, actor: Actor, now: datetime) -> None:
    told = people_in(pairing)
    move(
        pairing,
        "wind_down",
        moves=PAIRING_MOVES,
        actor=actor,
        now=now,
        why=reason,
        end_reason=reason,
        closes_at=until,
        **GOES_ON,
    )
    pairing.members.filter(until_at=None).update(takes_place=False)
    _tell_of_the_end(pairing, told)


def _close(pairing: Pairing, *, reason: EndReason, actor: Actor, now: datetime) -> None:
    told, knew = people_in(pairing), pairing.state == PairingState.WINDING_DOWN
    move(
        pairing,
        "end",
        moves=PAIRING_MOVES,
        actor=actor,
        now=now,
        why=reason,
        ended_at=now,
        end_reason=reason,
        **GOES_ON,
    )
    pairing.members.filter(until_at=None).update(until_at=now)
    if knew:
        _tell_pages(pairing, told)
    else:
        _tell_of_the_end(pairing, told)


def close_wound_down(*, now: datetime) -> int:
    """Close every pairing whose days to say goodbye are over; returns how many."""
    due = Pairing.objects.filter(state=PairingState.WINDING_DOWN, closes_at__lte=now).order_by("pk")
    return sum(_close_if_due(pairing_id, now=now) for pairing_id in due.values_list("pk", flat=True))


@transaction.atomic
def _close_if_due(pairing_id: int, *, now: datetime) -> bool:
    # Race: a coordinator closes it by hand while the sweep looks. The lock decides.
    pairing = lock_pairing(pairing_id)
    if pairing.state != PairingState.WINDING_DOWN or pairing.closes_at is None or pairing.closes_at > now:
        return False
    _close(pairing, reason=EndReason(pairing.end_reason), actor=Actor.system("goodbye"), now=now)
    return True


def people_in(pairing: Pairing) -> list[int]:
    """Person ids of those who take part now."""
    members = pairing.members.filter(until_at=None).order_by("id")
    return list(members.values_list("enrolment__profile__person", flat=True))


def _tell_of_the_end(pairing: Pairing, people: list[int]) -> None:
    farewells.say_goodbye(pairing, to=people)
    _tell_pages(pairing, people)


def _tell_pages(pairing: Pairing, people: list[int]) -> None:
    for person_id in people:
        publish_on_commit(person_id=person_id, event={"type": "pairing", "id": str(pairing.public_id)})


@transaction.atomic
def pause_pairing(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """Pause a pairing; it keeps its places, its members are told. Raises NotAllowed, Overtaken."""
    pairing = lock_pairing(pairing_id)
    require(may_end(actor, pairing))
    move(pairing, "pause", moves=PAIRING_MOVES, actor=actor, now=now, pause_reason=PauseReason.ASKED)
    # The words are those of a proof that ran out, so that neither shows.
    _tell_all(farewells.RESTS_FOR_NOW, pairing)
    return pairing


@transaction.atomic
def resume_pairing(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """Go on with a paused pairing; its members are told. Raises NotAllowed, ProofIsMissing, Overtaken."""
    pairing = lock_pairing(pairing_id)
    require(may_end(actor, pairing))
    require(pairing.state != PairingState.PAUSED or not must_rest(pairing, now=now), ProofIsMissing)
    move(pairing, "resume", moves=PAIRING_MOVES, actor=actor, now=now, pause_reason="")
    _tell_all(farewells.GOES_ON_AGAIN, pairing)
    return pairing


def _tell_all(kind: Kind, pairing: Pairing) -> None:
    people = people_in(pairing)
    farewells.tell(kind, pairing, to=people)
    _tell_pages(pairing, people)
