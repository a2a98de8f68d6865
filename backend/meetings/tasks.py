from celery import shared_task

from backend.core import clock, jobs
from backend.meetings import actions


@jobs.handler("meetings.remind_to_go_on")
def remind_to_go_on(meeting_id: int) -> None:
    actions.remind_to_go_on(meeting_id=meeting_id, now=clock.now())


@shared_task(name="meetings.cancel_meetings_that_are_over", ignore_result=True)
def cancel_meetings_that_are_over() -> int:
    return actions.cancel_meetings_that_are_over(now=clock.now())


@shared_task(name="meetings.ask_who_writes_elsewhere", ignore_result=True)
def ask_who_writes_elsewhere() -> int:
    return actions.ask_who_writes_elsewhere(now=clock.now())


@shared_task(name="meetings.ask_again_where_members_changed", ignore_result=True)
def ask_again_where_members_changed() -> int:
    return actions.ask_again_where_members_changed(now=clock.now())
