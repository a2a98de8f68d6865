"""The Celery application. It only drains rows; what must happen is in PostgreSQL before a task is sent."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

app = Celery("softlanding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def add_periodic_work(sender: Celery, **kwargs: object) -> None:
    """Gather each app's own schedule."""
    from backend.core.jobs import BEAT as core_work
    from backend.imports.beat import BEAT as imports_work
    from backend.pairings.beat import BEAT as pairings_work
    from backend.profiles.tasks import BEAT as profiles_work
    from notifications.beat import BEAT as notifications_work

    sender.conf.beat_schedule = {
        **core_work,
        **imports_work,
        **pairings_work,
        **profiles_work,
        **notifications_work,
    }


@worker_ready.connect
def take_up_what_waits(**kwargs: object) -> None:
    """A worker that starts says so, and does at once what a crash may have left."""
    from backend.core.jobs import drain

    drain.apply_async(retry=False)
