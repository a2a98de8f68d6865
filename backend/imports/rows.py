"""A sheet to rows a coordinator can check: each value beside what was written, each doubt said."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from backend.core.text import fold
from backend.imports.duplicates import with_duplicates
from backend.imports.fields import LISTS, Field, Side
from backend.imports.mapping import SheetMapping, cells_of
from backend.imports.normalise.dates import is_month_first, normalise_birth_year, normalise_date
from backend.imports.normalise.emails import normalise_email
from backend.imports.normalise.gender import normalise_gender, normalise_gender_wish
from backend.imports.normalise.languages import normalise_languages
from backend.imports.normalise.names import join_names, normalise_name
from backend.imports.normalise.numbers import normalise_capacity, normalise_reach
from backend.imports.normalise.phones import normalise_phone
from backend.imports.normalise.slots import normalise_slots
from backend.imports.normalise.topics import normalise_topics
from backend.imports.normalise.towns import FindTown, normalise_town
from backend.imports.problems import WHOLE_ROW, Problem
from backend.imports.reading import SURE, Flag, Reading
from backend.imports.readrow import KeptText, ReadRow, Value
from backend.imports.sheets import Cell, Row, Sheet, text_of
from backend.imports.words import Words
from backend.imports.words import words as word_lists

ASK_BELOW = 0.8
_DATES = (Field.BIRTH_YEAR, Field.CERTIFICATE_EXPIRES_ON, Field.REGISTERED_ON)
_NAMES = (Field.FULL_NAME, Field.GIVEN_NAME, Field.FAMILY_NAME)
_SIGNED_NUMBER = re.compile(r"[+-]?[\d\s().,/-]+")
_USUAL_CAPACITY = 1


@dataclass(frozen=True)
class Reader:
    """What reading needs besides the sheet: where the organisation is, and what day it is."""

    region: str  # ISO 3166, for telephone numbers without a country
    today: date
    find_town: FindTown


def read_rows(*, sheet: Sheet, mapping: SheetMapping, reader: Reader) -> tuple[ReadRow, ...]:
    """Every row of the sheet, in order; rows that name a person of an earlier row are flagged."""
    words = word_lists(mapping.language)
    normalisers = _normalisers(sheet, mapping, words, reader)
    rows = (_read_row(row, sheet.header, mapping, normalisers) for row in sheet.rows)
    return with_duplicates(tuple(_in_the_future(row, reader.today) for row in rows))


Normaliser = Callable[[Cell], Reading[object]]


def _normalisers(
    sheet: Sheet, mapping: SheetMapping, words: Words, reader: Reader
) -> Mapping[Field, Normaliser]:
    def month_first(field: Field) -> bool:
        cells = (cell for row in sheet.rows for cell in cells_of(row.cells, mapping.columns, field))
        return is_month_first(cells)

    order = {field: month_first(field) for field in _DATES}

    def day(field: Field) -> Normaliser:
        return lambda cell: normalise_date(cell, words=words, month_first=order[field])

    return {
        Field.EXTERNAL_ID: lambda cell: Reading(text_of(cell).strip()),
        Field.PHONE: lambda cell: normalise_phone(text_of(cell), region=reader.region),
        Field.EMAIL: lambda cell: normalise_email(text_of(cell)),
        Field.GENDER: lambda cell: normalise_gender(text_of(cell), words=words),
        Field.BIRTH_YEAR: lambda cell: normalise_birth_year(
            cell, words=words, today=reader.today, month_first=order[Field.BIRTH_YEAR]
        ),
        Field.TOWN: lambda cell: normalise_town(text_of(cell), find_town=reader.find_town),
        Field.LANGUAGES: lambda cell: normalise_languages(text_of(cell), words=words),
        Field.SLOTS: lambda cell: normalise_slots(text_of(cell), words=words),
        Field.TOPICS: lambda cell: normalise_topics(text_of(cell), words=words),
        Field.CAPACITY: lambda cell: normalise_capacity(text_of(cell)),
        Field.REACH: lambda cell: normalise_reach(text_of(cell)),
        Field.CERTIFICATE_EXPIRES_ON: day(Field.CERTIFICATE_EXPIRES_ON),
        Field.REGISTERED_ON: day(Field.REGISTERED_ON),
        Field.WISHES_GENDER: lambda cell: normalise_gender_wish(text_of(cell), words=words),
        Field.NOTES: lambda cell: Reading(text_of(cell).strip()),
    }


def _read_row(
    row: Row, header: tuple[str, ...], mapping: SheetMapping, normalisers: Mapping[Field, Normaliser]
) -> ReadRow:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    read = list(_names(row, mapping))
    for field, normalise in normalisers.items():
        said = cells_of(row.cells, mapping.columns, field)
        read += [(field, _value(field, said, normalise))] if said else []
    for field, (value, flags) in read:
        values[field] = value
        problems += [Problem(field, flag.code, flag.text) for flag in flags]
    if mapping.side is Side.MENTORS and Field.CAPACITY not in values:
        values[Field.CAPACITY] = Value("", _USUAL_CAPACITY, SURE)
    problems += _formulas(row, mapping)
    kept, surplus = _kept(row, header, mapping)
    return ReadRow(
        row.number, row.line, MappingProxyType(values), (*problems, *surplus), kept, _asked(values)
    )


Read = tuple[Value, tuple[Flag, ...]]


def _value(field: Field, said: tuple[Cell, ...], normalise: Normaliser) -> Read:
    """Columns of a list are read as one text; of others the first counts, a different second is flagged."""
    if field in LISTS and len(said) > 1:
        raw = "; ".join(text_of(cell).strip() for cell in said)
        reading = normalise(raw)
        return Value(raw, reading.value, reading.confidence), reading.flags
    reading = normalise(said[0])
    differing = tuple(Flag("second_value", text_of(cell)) for cell in said[1:] if cell != said[0])
    return Value(text_of(said[0]), reading.value, reading.confidence), reading.flags + differing


def _names(row: Row, mapping: SheetMapping) -> Iterator[tuple[Field, Read]]:
    """The full name; and the given name, where a column of its own says which that is."""
    full, given, family = (_first(row, mapping, field) for field in _NAMES)
    raw = full or join_names(given, family)
    reading = normalise_name(raw)
    differing = tuple(Flag("second_value", part) for part in (given, family) if fold(part) not in fold(raw))
    yield Field.FULL_NAME, (Value(raw, reading.value, reading.confidence), reading.flags + differing)
    if given:
        yield Field.GIVEN_NAME, (Value(given, normalise_name(given).value, SURE), ())


def _first(row: Row, mapping: SheetMapping, field: Field) -> str:
    return next((text_of(cell).strip() for cell in cells_of(row.cells, mapping.columns, field)), "")


def _formulas(row: Row, mapping: SheetMapping) -> Iterator[Problem]:
    for column, cell in enumerate(row.cells):
        if isinstance(cell, str) and looks_like_formula(cell):
            yield Problem(mapping.columns.get(column, WHOLE_ROW), "formula", cell.strip())


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run this cell. A lone dash and signed numbers are what people write."""
    if text.startswith(("\t", "\r")) and text.strip():
        return looks_like_formula(text.strip()) or text.strip()[0] in "=@"
    said = text.strip()
    if len(said) < 2 or said[0] not in "=+-@" or _SIGNED_NUMBER.fullmatch(said):
        return False
    return any(c.isalnum() for c in said)


def _kept(
    row: Row, header: tuple[str, ...], mapping: SheetMapping
) -> tuple[tuple[KeptText, ...], tuple[Problem, ...]]:
    """What no field takes, with its heading; cells beyond the header are flagged: columns may have moved."""
    kept = tuple(
        KeptText(header[column] if column < len(header) else "", text)
        for column, cell in enumerate(row.cells)
        if column not in mapping.columns and (text := text_of(cell).strip())
    )
    beyond = " | ".join(text_of(cell) for cell in row.cells[len(header) :])
    return kept, (Problem(WHOLE_ROW, "extra_cells", beyond),) if beyond.strip() else ()


def _asked(values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(field for field, value in values.items() if value.confidence < ASK_BELOW)


def _in_the_future(row: ReadRow, today: date) -> ReadRow:
    value = row.values.get(Field.REGISTERED_ON)
    if value is None or not isinstance(value.normalised, date) or value.normalised <= today:
        return row
    return replace(row, problems=(*row.problems, Problem(Field.REGISTERED_ON, "in_future", value.raw)))
