"""Messages as HTML for one reader: the same drawing for the page, for a fetch and for a live event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from backend.messaging.lines import Line
from backend.people.models import Person


@dataclass(frozen=True, slots=True)
class Reader:
    """The language of the screen and the IANA time zone of whoever reads."""

    language: str
    time_zone: str

    @classmethod
    def of(cls, person: Person) -> Reader:
        return cls(_screen_language(person.language), _known_zone(person.time_zone))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line and, when a new day begins with it, the words for that day."""

    line: Line
    day: str


def draw_lines(lines: Iterable[Line], *, reader: Reader, now: datetime) -> str:
    """HTML of the messages in the reader's language and zone."""
    with translation.override(reader.language), timezone.override(ZoneInfo(reader.time_zone)):
        drawn = list(with_days(lines, now=now))
        return render_to_string("inbox/lines.html", {"lines": drawn}) if drawn else ""


def with_days(lines: Iterable[Line], *, now: datetime) -> Iterator[Drawn]:
    """Each line with the day it opens, in the active language and zone."""
    today = timezone.localdate(now)
    for line in lines:
        day = timezone.localdate(line.at)
        is_first = line.previous_at is None or timezone.localdate(line.previous_at) != day
        yield Drawn(line, day_words(day, today=today) if is_first else "")


def day_words(day: date, *, today: date) -> str:
    if day == today:
        return _("Today")
    return _("Yesterday") if day == today - timedelta(days=1) else formats.date_format(day, "DATE_FORMAT")


def when_words(at: datetime | None, *, now: datetime) -> str:
    """When something last happened, short enough for a list: the time today, else the day."""
    if at is None:
        return ""
    here, today = timezone.localtime(at), timezone.localdate(now)
    if here.date() == today:
        return formats.time_format(here, "H:i")
    if here.date() == today - timedelta(days=1):
        return _("Yesterday")
    return formats.date_format(here, "SHORT_DATE_FORMAT")


def _screen_language(code: str) -> str:
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return str(settings.LANGUAGE_CODE)


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
