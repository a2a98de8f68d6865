"""Days and years of birth, from real dates, spreadsheet serials and what people type."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, unread
from backend.imports.words import Words

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.+Z]*)?")
_NUMERIC = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4}|[0-9]{2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{4})")
_DAY_FIRST = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th|er|\.)?[\s-]+)?(?:(?:of|de)\s+)?([^\W\d_]+)\.?[\s,-]+([0-9]{4}|[0-9]{2})"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})")
_YEAR = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{4})")
_NAMED = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th|er|\.)?\s+)?(?:of\s+|de\s+)?([^\W\d]+)\.?,?\s+([0-9]{4})")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SHORT_YEAR = re.compile(r"['’]?([0-9]{2})")
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar, its 29 February 1900 included
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_OLDEST = 110  # years
Cell = str | int | float | date


def is_month_first(cells: Iterable[Cell]) -> bool:
    """Whether a column writes 12/31/2026: some days only fit that way, and none only the other."""
    pairs = [
        (int(m[1]), int(m[2]))
        for cell in cells
        if isinstance(cell, str) and (m := _NUMERIC.fullmatch(cell.strip()))
    ]
    return any(b > 12 >= a for a, b in pairs) and not any(a > 12 >= b for a, b in pairs)


def normalise_date(cell: Cell, *, words: Words, month_first: bool = False) -> Reading[date]:
    """One day. Two-digit years are of this century; a month alone is its first day, and is asked about."""
    if isinstance(cell, date):
        return Reading(cell)
    if isinstance(cell, int | float):
        return _from_serial(cell)
    text = cell.strip()
    if match := _ISO.fullmatch(text):
        return _day(text, match[1], match[2], match[3])
    if match := _NUMERIC.fullmatch(text):
        return _numeric(text, match[1], match[2], match[3], month_first=month_first)
    if match := _DAY_FIRST.fullmatch(text):
        return _day(text, match[3], str(words.month(match[2]) or 0), match[1])
    if match := _MONTH_FIRST.fullmatch(text):
        return _day(text, match[3], str(words.month(match[1]) or 0), match[2])
    if match := _MONTH_YEAR.fullmatch(text):
        return _day(text, match[2], match[1], None)
    return unread("no_date", text)


def _from_serial(number: float) -> Reading[date]:
    if number == number and int(min(max(number, 0), 1e6)) in _SERIALS:
        return Reading(_SERIAL_ZERO + timedelta(days=int(number)), LIKELY)
    return unread("no_date", str(number))


def _numeric(text: str, first: str, second: str, year: str, *, month_first: bool) -> Reading[date]:
    day, month = (second, first) if month_first else (first, second)
    if int(month) > 12 >= int(day):  # the other order is the only one that is a day at all
        swapped = _day(text, year, day, month)
        return Reading(swapped.value, DOUBTFUL, swapped.flags or (Flag("date_guessed", text),))
    return _day(text, year, month, day)


def _day(text: str, year: str, month: str, day: str | None) -> Reading[date]:
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    try:
        value = date(full_year, int(month), int(day or 1))
    except ValueError:
        return unread("no_date", text)
    if day is None:
        return Reading(value, DOUBTFUL, (Flag("date_guessed", text),))
    return Reading(value, SURE)


def normalise_birth_year(cell: Cell, *, words: Words, today: date, month_first: bool = False) -> Reading[int]:
    """A year of birth from a year or a whole birthday. "85" is 1985; "07" is asked about."""
    if isinstance(cell, date):
        return _plausible(cell.year, str(cell), today=today)
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if _YEAR.fullmatch(text):
        return _plausible(int(text), text, today=today)
    if match := _SHORT_YEAR.fullmatch(text):
        return _short_year(int(match[1]), text, today=today)
    day = normalise_date(cell, words=words, month_first=month_first)
    if day.value is None:
        return unread("no_year", text)
    if _NUMERIC.fullmatch(text) and not _YEAR.search(text):
        return _short_year(day.value.year % 100, text, today=today)
    return _plausible(day.value.year, text, today=today)


def _plausible(year: int, text: str, *, today: date) -> Reading[int]:
    return Reading(year) if today.year - _OLDEST <= year <= today.year else unread("no_year", text)


def _short_year(year: int, text: str, *, today: date) -> Reading[int]:
    """A child of 2007 or a grandmother of 1907: the later century is likelier, but a person must look."""
    if year > today.year % 100:
        return Reading(1900 + year, LIKELY)
    return Reading(2000 + year, DOUBTFUL, (Flag("year_guessed", text),))
