"""From a queued row to a sent one: claim, send, settle. Every step may be cut off by a crash.

A claim is committed before anything is sent. Two workers never claim the same row (SKIP LOCKED); a worker
that died leaves its claim to the sweep; one that was only slow finds its claim gone (compare and swap on
`claimed_at`) and sends nothing. What a crash between sending and settling sends again carries the same
Message-ID, so that mail servers and readers can tell it is the same mail.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications.directory import Contact, contacts
from notifications.enums import Path, Skipped, State
from notifications.mail import MailLine, is_final
from notifications.models import Delivery, DeliveryQuerySet

logger = logging.getLogger(__name__)

BATCH = 50
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)

Clock = Callable[[], datetime]


def deliver(*, clock: Clock) -> int:
    """Send everything due now, batch by batch; returns how many deliveries were taken up."""
    taken = 0
    while batch := claim(now=clock()):
        send(batch, clock=clock)
        taken += len(batch)
    return taken


def claim(*, now: datetime, most: int = BATCH) -> list[Delivery]:
    """Take up to `most` due deliveries for this worker and commit that, before anything leaves the house."""
    with transaction.atomic(durable=True):
        due = Delivery.objects.due(now).filter(path=Path.EMAIL)
        keys = [row.pk for row in due.select_for_update(skip_locked=True)[:most]]
        taken = Delivery.objects.filter(pk__in=keys)
        taken.update(state=State.SENDING, claimed_at=now, next_try_at=None, attempts=F("attempts") + 1)
        return list(taken.select_related("notice").order_by("id"))


def send(batch: list[Delivery], *, clock: Clock) -> None:
    """Send each claimed delivery over one connection and settle it at once: a crash repeats at most one."""
    known = contacts({delivery.notice.person_id for delivery in batch})
    reachable = [delivery for delivery in batch if _has_address(delivery, known)]
    if not reachable:
        return
    with MailLine() as line:
        for delivery in reachable:
            _send_one(line, delivery, known[delivery.notice.person_id], clock=clock)


def release_abandoned(*, now: datetime) -> int:
    """Queue again what was claimed more than CLAIM_HOLDS ago: its worker died. Returns how many."""
    abandoned = Delivery.objects.claimed_before(now - CLAIM_HOLDS)
    with transaction.atomic():
        rows = list(abandoned.select_for_update(skip_locked=True))
        for delivery in rows:
            put_back(delivery, "WorkerGone", now=now, wait=timedelta())
    return len(rows)


def put_back(delivery: Delivery, error: str, *, now: datetime, wait: timedelta | None = None) -> None:
    """Try again after a growing wait, or fail for good after MOST_ATTEMPTS."""
    if delivery.attempts >= MOST_ATTEMPTS:
        _settle(delivery, state=State.FAILED, last_error=error)
        return
    pause = wait_after(delivery.pk, delivery.attempts) if wait is None else wait
    _settle(delivery, state=State.QUEUED, next_try_at=now + pause, last_error=error)


def wait_after(delivery_id: int, attempts: int) -> timedelta:
    """1, 4, 16, 64 minutes, ... up to 6 hours, each a quarter more or less.

    The spread keeps a thousand mails from coming back at once; its seed is the row, so a test can foresee it.
    """
    wait: timedelta = min(FIRST_WAIT * 4 ** (attempts - 1), LONGEST_WAIT)
    return wait * random.Random(f"{delivery_id}:{attempts}").uniform(0.75, 1.25)  # noqa: S311 (no secret)


def _send_one(line: MailLine, delivery: Delivery, contact: Contact, *, clock: Clock) -> None:
    if not _renew(delivery, now=clock()):
        return
    try:
        line.send(delivery, contact)
    except Exception as error:  # whatever a mail server or a text may do, the other mails go on
        _record_failure(delivery, error, now=clock())
    else:
        _settle(delivery, state=State.SENT, sent_at=clock(), last_error="")


def _record_failure(delivery: Delivery, error: Exception, *, now: datetime) -> None:
    name = type(error).__name__
    logger.warning("delivery %s: attempt %d failed: %s", delivery.public_id, delivery.attempts, name)
    if is_final(error):
        _settle(delivery, state=State.FAILED, last_error=name)
    else:
        put_back(delivery, name, now=now)


def _has_address(delivery: Delivery, known: Mapping[int, Contact]) -> bool:
    contact = known.get(delivery.notice.person_id)
    if contact and contact.email:
        return True
    _settle(delivery, state=State.SKIPPED, skipped_why=Skipped.NO_ADDRESS)
    return False


def _renew(delivery: Delivery, *, now: datetime) -> bool:
    """Hold the claim for another while; False when the sweep gave it to somebody else meanwhile."""
    renewed = _held(delivery).update(claimed_at=now)
    delivery.claimed_at = now
    return renewed == 1


def _settle(delivery: Delivery, *, state: State, **changes: object) -> None:
    _held(delivery).update(state=state, claimed_at=None, **changes)


def _held(delivery: Delivery) -> DeliveryQuerySet:
    """The row, as long as this claim on it stands."""
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, claimed_at=delivery.claimed_at)
