from celery import shared_task

from backend.core import clock, jobs
from backend.imports import actions


@jobs.handler("imports.commit")
def finish_commit(batch_id: int) -> None:
    """Take a long list in; one that cannot be is opened again, so that somebody sees it."""
    try:
        actions.finish_commit(batch_id=batch_id, now=clock.now())
    except Exception:
        actions.give_up_commit(batch_id=batch_id)
        raise


@shared_task(name="imports.forget_old", ignore_result=True)
def forget_old() -> int:
    return actions.forget_old(now=clock.now())
