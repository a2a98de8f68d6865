"""Times from shared half-days; a clock on the wall knows no summer time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from backend.meetings.times import shared_slots, times_for

BERLIN = ZoneInfo("Europe/Berlin")


def test_each_half_day_begins_at_its_hour_in_the_next_three_weeks() -> None:
    now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # a Saturday
    found = times_for(["mon:morning", "wed:afternoon", "tue:evening"], time_zone="Europe/Berlin", now=now)
    local = [at.astimezone(BERLIN).strftime("%a %d %H:%M") for at in found]
    assert local == [
        *["Mon 23 10:00", "Tue 24 18:00", "Wed 25 15:00"],
        *["Mon 30 10:00", "Tue 01 18:00", "Wed 02 15:00"],
        *["Mon 07 10:00", "Tue 08 18:00", "Wed 09 15:00"],
    ]


def test_six_in_the_evening_stays_six_when_the_clocks_change() -> None:
    now = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)  # the clocks go back on 25 October
    found = times_for(["tue:evening"], time_zone="Europe/Berlin", now=now)
    assert {at.astimezone(BERLIN).hour for at in found} == {18}
    assert [at.hour for at in found] == [17, 17]  # that of today is too near to ask for
    before = times_for(["sat:evening"], time_zone="Europe/Berlin", now=now)
    assert [at.hour for at in before] == [16, 17, 17]


def test_the_clock_is_that_of_the_organisation() -> None:
    now = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
    [first, *_more] = times_for(["wed:morning"], time_zone="Europe/Dublin", now=now)
    assert first == datetime(2026, 7, 8, 9, 0, tzinfo=UTC)


def test_nothing_is_proposed_for_today_within_hours() -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday morning
    [first, *_more] = times_for(["tue:evening"], time_zone="Europe/Berlin", now=now)
    assert first.day == 1


def test_shared_half_days_keep_the_order_of_the_first() -> None:
    assert shared_slots(["tue:evening", "mon:morning"], ["mon:morning", "tue:evening", "sun:evening"]) == [
        "tue:evening",
        "mon:morning",
    ]
