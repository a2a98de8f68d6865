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
from backend.imports.sheets import Cell, Sheet, text_of
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
    at = {field: column for column, field in columns.items()}

    def cell(cells: tuple[Cell, ...], field: PairingField) -> Cell:
        return cells[at[field]] if field in at else ""

    order = {
        field: is_month_first((cell(row.cells, field) for row in sheet.rows), words=words)
        for field in (PairingField.SINCE, PairingField.LAST_CONTACT)
    }
    pairings = []
    for row in sheet.rows:
        problems: list[Problem] = []
        days = [
            _day(cell(row.cells, field), field, words, order[field], today, problems) for field in order
        ]
        people = [clean_line(text_of(cell(row.cells, field))) for field in _PEOPLE]
        problems += [Problem(field, "no_name") for field, said in zip(_PEOPLE, people, strict=True) if not said]
        pairings.append(ReadPairing(row.number, row.line, *people, *days, tuple(problems)))
    return tuple(pairings)


_PEOPLE = (PairingField.NEWCOMER, PairingField.MENTOR)


def _day(
    said: Cell, field: PairingField, words: Words, month_first: bool, today: date, problems: list[Problem]
) -> date | None:
    if not text_of(said).strip():
        return None
    reading = normalise_date(said, words=words, month_first=month_first)
    problems += [Problem(field, flag.code, flag.text) for flag in reading.flags]
    if reading.value and reading.value > today:
        problems.append(Problem(field, "in_future", text_of(said)))
    return reading.value


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
