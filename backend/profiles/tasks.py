from celery import shared_task

from backend.core import clock
from backend.profiles.drafts import forget_drafts


@shared_task(name="profiles.forget_drafts", ignore_result=True)
def forget_old_drafts() -> None:
    forget_drafts(now=clock.now())
