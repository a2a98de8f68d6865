"""Those who write elsewhere, the monthly question to them, and the wish for a pause."""

from datetime import date, datetime, timedelta

from django.db import transaction

from backend.core.actor import Actor
from backend.core.errors import require
from backend.meetings.enums import PauseWish
from backend.meetings.notices import lasting as notices
from backend.meetings.queries.lasting import held_in_month, write_elsewhere_unasked
from backend.meetings.rules import may_ask_for_pause, may_say_where
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.actions.pairings import people_in
from backend.pairings.enums import PairingState
from backend.pairings.events import note
from backend.pairings.models import Pairing, PairingEvent, PairingMember
from backend.profiles.actions import promise_call
from notifications.api import Kind

ASK_FROM = 25  # the day of the month: late enough to have met, early enough to do so still
ONCE_IN = timedelta(days=1)


@transaction.atomic
def write_elsewhere(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """Note that they use another messenger, without blame; twice changes nothing. Raises NotAllowed."""
    pairing = lock_pairing(pairing_id)
    require(may_say_where(actor, pairing))
    if pairing.writes_elsewhere_at is None:
        _say_where(pairing, now, "elsewhere", notices.WRITE_ELSEWHERE, actor=actor, now=now)
    return pairing


@transaction.atomic
def write_here(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """They write here again. Raises NotAllowed."""
    pairing = lock_pairing(pairing_id)
    require(may_say_where(actor, pairing))
    if pairing.writes_elsewhere_at is not None:
        _say_where(pairing, None, "here", notices.WRITE_HERE_AGAIN, actor=actor, now=now)
    return pairing


def _say_where(
    pairing: Pairing, at: datetime | None, verb: str, kind: Kind, *, actor: Actor, now: datetime
) -> None:
    pairing.writes_elsewhere_at = at
    pairing.save(update_fields=["writes_elsewhere_at"])
    note(pairing, verb, actor=actor, now=now, before=pairing.state)
    others = [person_id for person_id in people_in(pairing) if person_id != actor.person_id]
    notices.about_mentoring(kind, pairing, to=others, now=now)


def ask_who_writes_elsewhere(*, now: datetime) -> int:
    """Ask everybody who writes elsewhere whether they met, once a month; returns how many pairings."""
    return sum(_ask(pairing_id, now=now) for pairing_id in write_elsewhere_unasked(now.date()))


@transaction.atomic
def _ask(pairing_id: int, *, now: datetime) -> bool:
    # Race: two workers run the task at once. Under the lock the second sees the day the first wrote.
    pairing = lock_pairing(pairing_id)
    today = pairing.programme.organisation.today(now)
    if not _is_to_be_asked(pairing, today):
        return False
    pairing.asked_if_met_on = today
    pairing.save(update_fields=["asked_if_met_on"])
    notices.did_you_meet(pairing, to=people_in(pairing), now=now)
    return True


def _is_to_be_asked(pairing: Pairing, today: date) -> bool:
    month, asked = today.replace(day=1), pairing.asked_if_met_on
    if pairing.state != PairingState.ACTIVE or pairing.writes_elsewhere_at is None or today.day < ASK_FROM:
        return False
    return (asked is None or asked < month) and held_in_month(pairing, month) is None


@transaction.atomic
def ask_for_pause(*, pairing_id: int, reason: PauseWish, actor: Actor, now: datetime) -> Pairing:
    """Tell the office that a member would like to pause; the office calls them and pauses.

    Again within a day, or while it pauses, changes nothing. Raises NotAllowed.
    """
    pairing = lock_pairing(pairing_id)
    require(may_ask_for_pause(actor, pairing))
    if pairing.state == PairingState.PAUSED or _has_just_asked(pairing, actor, now=now):
        return pairing
    note(pairing, "ask_pause", actor=actor, now=now, before=pairing.state, why=reason)
    member = PairingMember.objects.select_related("enrolment__profile__organisation").filter(
        pairing=pairing, until_at=None, enrolment__profile__person=actor.person_id
    )
    profile = member.order_by("id")[0].enrolment.profile
    # The notice says "call them": the call stands on Today until it was made.
    promise_call(profile=profile, on=profile.organisation.today(now), actor=actor, now=now)
    notices.pause_wished(pairing, name=profile.called, now=now)
    return pairing


def _has_just_asked(pairing: Pairing, actor: Actor, *, now: datetime) -> bool:
    asked = PairingEvent.objects.filter(pairing=pairing, verb="ask_pause", by=actor.person_id)
    return asked.filter(at__gt=now - ONCE_IN).exists()
