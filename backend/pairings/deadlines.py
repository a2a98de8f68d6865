"""Until when somebody may answer: to the end of a day where the organisation works.

A page says "answer by Saturday", so Saturday counts until midnight, whatever the hour they were asked.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.core.clock import today

LAST_MOMENT = time(23, 59, 59)


def end_of_day(*, now: datetime, days: int, time_zone: str) -> datetime:
    """The last second of the day that comes `days` days after today in `time_zone` (an IANA name)."""
    day = today(now=now, time_zone=time_zone) + timedelta(days=days)
    return datetime.combine(day, LAST_MOMENT, tzinfo=ZoneInfo(time_zone))
