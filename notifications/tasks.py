from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications.delivery import deliver, release_abandoned


@shared_task(name="notifications.deliver_due", ignore_result=True)
def deliver_due() -> None:
    """Send what is due. Safe to run twice and side by side."""
    deliver(clock=timezone.now)


@shared_task(name="notifications.sweep", ignore_result=True)
def sweep() -> None:
    """Take up what a dead worker or a lost wake-up left, and what waits for another try."""
    release_abandoned(now=timezone.now())
    deliver(clock=timezone.now)
