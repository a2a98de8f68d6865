"""Heavy work that must happen: a row in the caller's transaction, drained by Celery, safe to run twice.

The row is the truth. Valkey only wakes a worker, and a sweep every half minute wakes it again, so neither a
lost message nor a killed worker loses a job.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.db import models, transaction
from django.db.models import Q

from backend.core import clock
from backend.core.classes import classes

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
CLAIM = timedelta(minutes=10)  # a worker that has held a job longer than this is taken for dead

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}


class Job(models.Model):
    name = models.CharField(max_length=60)
    args = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    data_classes = classes(A="id name args asked_at due_at claimed_at finished_at attempts error")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["due_at"], condition=Q(finished_at=None), name="job_waiting")]


class Beat(models.Model):
    """The worker's last sign of life: one row, for /readyz and the operator."""

    at = models.DateTimeField()

    data_classes = classes(A="id at")

    class Meta:
        ordering = ["id"]


class UnknownJob(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"No job is called {name!r}. Known are: {', '.join(sorted(HANDLERS)) or 'none'}.")


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does the job `name`; it gets the ids given to `later`."""

    def register(function: Handler) -> Handler:
        HANDLERS[name] = function
        return function

    return register


def later(name: str, *ids: int, due_at: datetime | None = None) -> None:
    """Write the job into the caller's transaction and wake a worker after the commit, or when it is due."""
    if name not in HANDLERS:
        raise UnknownJob(name)
    now = clock.now()
    due_at = due_at or now
    Job.objects.create(name=name, args=list(ids), asked_at=now, due_at=due_at)
    wait = max(0.0, (due_at - now).total_seconds())
    transaction.on_commit(partial(wake, wait), robust=True)


def wake(wait: float = 0) -> None:
    """Tell a worker that something waits. Only a nudge: with Valkey away the sweep does it later."""
    try:
        drain.apply_async(countdown=wait, expires=wait + 60, retry=False)
    except Exception:
        log.warning("the broker did not answer; the sweep will take the job up")


def _claim(now: datetime) -> Job | None:
    # Race: several workers drain at once. SKIP LOCKED gives each a different row.
    with transaction.atomic():
        waiting = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(waiting, finished_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
            .order_by("due_at", "id")
            .first()
        )
        if job:
            job.claimed_at, job.attempts = now, job.attempts + 1
            job.save(update_fields=["claimed_at", "attempts"])
        return job


def _run(job: Job) -> None:
    try:
        HANDLERS[job.name](*job.args)
    except Exception as problem:
        log.exception("job %s failed", job.name)
        wait = timedelta(seconds=15 * 2**job.attempts)
        Job.objects.filter(pk=job.pk).update(
            claimed_at=None, due_at=clock.now() + wait, error=type(problem).__name__
        )
    else:
        Job.objects.filter(pk=job.pk).update(finished_at=clock.now(), error="")


@shared_task(name="core.drain", ignore_result=True)
def drain() -> int:
    """Do every job that is due, one after the other; returns how many were tried."""
    Beat.objects.update_or_create(pk=1, defaults={"at": clock.now()})
    done = 0
    while job := _claim(clock.now()):
        _run(job)
        done += 1
    return done


@shared_task(name="core.forget_finished_jobs", ignore_result=True)
def forget_finished_jobs() -> None:
    """Finished jobs are kept for two weeks, for whoever looks into what happened."""
    Job.objects.filter(finished_at__lt=clock.now() - timedelta(days=14)).delete()
