"""The only source of time. Actions receive `now`; only the edges (views, tasks, commands) call it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def today(*, now: datetime, time_zone: str) -> date:
    """The calendar day that `now` is in `time_zone` (an IANA name)."""
    return now.astimezone(ZoneInfo(time_zone)).date()
