"""Calendar entries as RFC 5545 has them; what stands in them is neutral, since phones are shared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import get_language, gettext
from icalendar import Calendar, Event

from backend.meetings.queries.calendar import Entry


def calendar_of(entries: Iterable[Entry], *, now: datetime) -> bytes:
    """One calendar with these entries, each by the clock of the place where it is."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Softlanding//Meetings//{(get_language() or 'en').upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("Softlanding"))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, now=now))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry, *, now: datetime) -> Event:
    begins = entry.starts_at.astimezone(ZoneInfo(entry.time_zone))
    ends = (entry.starts_at + timedelta(minutes=entry.minutes)).astimezone(ZoneInfo(entry.time_zone))
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("summary", gettext("Group evening") if entry.is_evening else gettext("Meeting"))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    if entry.place or entry.is_online:
        event.add("location", entry.place or gettext("Online"))
    return event


def as_file(calendar: bytes, *, name: str) -> HttpResponse:
    """The answer that hands it out; nobody on the way keeps it."""
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
