from celery import shared_task

from backend.core import clock
from backend.meetings.actions.elsewhere import ask_who_writes_elsewhere as ask


@shared_task(name="meetings.ask_who_writes_elsewhere", ignore_result=True)
def ask_who_writes_elsewhere() -> int:
    return ask(now=clock.now())
