"""The Celery application. It only drains rows; what must happen is in PostgreSQL before a task is sent."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

app = Celery("softlanding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def take_up_what_waits(**kwargs: object) -> None:
    """A worker that starts says so, and does at once what a crash may have left."""
    from backend.core.jobs import drain

    drain.apply_async(retry=False)
