"""Times that suit both, from the half-days they share. A clock on the wall does not know of summer time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.profiles.enums import Day, DayPart

WEEKS = 3
BEGINS = {DayPart.MORNING: time(10), DayPart.AFTERNOON: time(15), DayPart.EVENING: time(18)}
# Nobody can be asked, answer and come within a few hours.
NOTICE = timedelta(hours=20)
LONGEST = timedelta(hours=8)


@dataclass(frozen=True)
class Plan:
    """When and where: a public place (its id), online, or at home."""

    starts_at: datetime
    minutes: int = 60
    place_id: int | None = None
    is_online: bool = False
    is_at_home: bool = False


@dataclass(frozen=True)
class Arranged:
    """What the office sees to: who of it comes along, and who interprets."""

    hosted_by_id: int | None = None
    interpreter: str = ""
    interpreter_name: str = ""


def times_for(slots: Iterable[str], *, time_zone: str, now: datetime, weeks: int = WEEKS) -> list[datetime]:
    """The beginnings of these half-days ("mon:evening") in the next `weeks`, the earliest first, in UTC.

    A slot means the clock where the organisation works, so 18:00 stays 18:00 when the clocks change.
    """
    zone = ZoneInfo(time_zone)
    wanted = set(slots)
    first = now.astimezone(zone).date()
    found = [
        datetime.combine(day, BEGINS[part], tzinfo=zone).astimezone(UTC)
        for day in (first + timedelta(days=number) for number in range(weeks * 7 + 1))
        for part in DayPart
        if f"{Day.values[day.weekday()]}:{part}" in wanted
    ]
    return [at for at in found if now + NOTICE <= at <= now + timedelta(weeks=weeks)]


def shared_slots(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """The half-days both have."""
    theirs = set(other)
    return [slot for slot in one if slot in theirs]
