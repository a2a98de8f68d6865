"""Mentorings that already run: a sheet of newcomer, mentor, since and last contact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz

from backend.core.text import clean_line, fold
from backend.imports.normalise.dates import is_month_first, normalise_date
from backend.imports.normalise.names import normalise_name
from backend.imports.problems import Problem
from backend.imports.reading import Reading
from backend.imports.sheets import Cell, Row, Sheet, text_of
from backend.imports.words import Words, words_for

_NEARLY = 88  # of 100, words in any order


class PairingField(StrEnum):
    NEWCOMER = "newcomer"
    MENTOR = "mentor"
    SINCE = "since"
    LAST_CONTACT = "last_contact"


@dataclass(frozen=True)
class ReadPairing:
    """`newcomer` and `mentor` as written: a name or an id of the sheets the people came from."""

    number: int
    line: int
    newcomer: str
    mentor: str
    since: date | None
    last_contact: date | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Named:
    """Someone whom a pairing may mean. `key` is the caller's own, `external_id` what a sheet calls them."""

    key: int
    external_id: str
    name: str


def guess_pairing_columns(sheet: Sheet) -> dict[int, PairingField]:
    """Column index -> what it says; empty where the sheet is not one of mentorings."""
    lexicon = words_for(sheet.header).lexicon("pairing_columns", forgiving=False)
    found: dict[PairingField, int] = {}
    for column, heading in enumerate(sheet.header):
        if key := lexicon.whole(heading):
            found.setdefault(PairingField(key[1]), column)
    if not {PairingField.NEWCOMER, PairingField.MENTOR} <= found.keys():
        return {}
    return {column: field for field, column in found.items()}


def read_pairings(
    *, sheet: Sheet, columns: Mapping[int, PairingField], today: date
) -> tuple[ReadPairing, ...]:
    """Every row, with its problems; who is meant is looked up afterwards with `people_meant`."""
    words = words_for(sheet.header)
    month_first = {
        field: is_month_first(row.cells[column] for row in sheet.rows) for column, field in columns.items()
    }

    def read(row: Row) -> ReadPairing:
        said = {field: row.cells[column] for column, field in columns.items()}
        newcomer, mentor = (_person(said, field) for field in _PEOPLE)
        since, last_contact = (_day(said, field, words, month_first.get(field, False)) for field in _DAYS)
        problems = [
            Problem(f, "no_name") for f, name in zip(_PEOPLE, (newcomer, mentor), strict=True) if not name
        ]
        for field, day in zip(_DAYS, (since, last_contact), strict=True):
            problems += [Problem(field, flag.code, flag.text) for flag in day.flags]
            if day.value and day.value > today:
                problems.append(Problem(field, "in_future", day.value.isoformat()))
        return ReadPairing(
            row.number, row.line, newcomer, mentor, since.value, last_contact.value, tuple(problems)
        )

    return tuple(read(row) for row in sheet.rows)


_PEOPLE = (PairingField.NEWCOMER, PairingField.MENTOR)
_DAYS = (PairingField.SINCE, PairingField.LAST_CONTACT)


def _person(said: Mapping[PairingField, Cell], field: PairingField) -> str:
    return clean_line(text_of(said.get(field, "")))


def _day(
    said: Mapping[PairingField, Cell], field: PairingField, words: Words, month_first: bool
) -> Reading[date]:
    cell = said.get(field, "")
    if not text_of(cell).strip():
        return Reading(None)
    return normalise_date(cell, words=words, month_first=month_first)


def people_meant(said: str, people: Iterable[Named]) -> tuple[Named, ...]:
    """Whom a cell may mean: by id, else by equal name, else by a name nearly equal. More than one: ask."""
    everyone = tuple(people)
    by_id = tuple(one for one in everyone if one.external_id and one.external_id == said.strip())
    if by_id:
        return by_id
    wanted = fold(normalise_name(said).value or "")
    if not wanted:
        return ()
    equal = tuple(one for one in everyone if fold(one.name) == wanted)
    return equal or tuple(one for one in everyone if fuzz.token_sort_ratio(fold(one.name), wanted) >= _NEARLY)
