"""The same person twice in one file: a name that is nearly the same, and one more thing that agrees."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from backend.core.text import fold
from backend.imports.fields import Field
from backend.imports.problems import WHOLE_ROW, Problem
from backend.imports.readrow import ReadRow

# Of 100, words in any order. A household shares a telephone, so a shared number alone proves nothing.
SAME_NAME_WITH_CONTACT = 80
_SAME_NAME_WITH_BIRTH = 92
_CONTACTS = (Field.PHONE, Field.EMAIL)


def with_duplicates(rows: tuple[ReadRow, ...]) -> tuple[ReadRow, ...]:
    """The rows, each later one flagged with the first row that is, or may be, the same person."""
    earlier: dict[object, list[ReadRow]] = defaultdict(list)
    return tuple(_flagged(row, earlier) for row in rows)


def _flagged(row: ReadRow, earlier: dict[object, list[ReadRow]]) -> ReadRow:
    keys = tuple(_keys(row))
    candidates = {other.number: other for key in keys for other in earlier[key]}
    for key in keys:
        earlier[key].append(row)
    alike = ((number, _sameness(row, other)) for number, other in candidates.items())
    found = [(code != "duplicate", number, code) for number, code in alike if code]
    if not found:
        return row
    _order, number, code = min(found)
    return replace(row, problems=(*row.problems, Problem(WHOLE_ROW, code, row=number)))


def _keys(row: ReadRow) -> Iterator[object]:
    yield from ((field, value) for field in _CONTACTS if (value := row.normalised(field)))
    birth, town = row.normalised(Field.BIRTH_YEAR), row.normalised(Field.TOWN)
    if birth and town:
        yield birth, town


def _sameness(one: ReadRow, other: ReadRow) -> str | None:
    alike = fuzz.token_sort_ratio(_name(one), _name(other))
    contacts = [(one.normalised(field), other.normalised(field)) for field in _CONTACTS]
    if alike >= SAME_NAME_WITH_CONTACT and any(a and a == b for a, b in contacts):
        return "duplicate"
    born_alike = one.normalised(Field.BIRTH_YEAR) == other.normalised(Field.BIRTH_YEAR)
    return "maybe_duplicate" if alike >= _SAME_NAME_WITH_BIRTH and born_alike else None


def _name(row: ReadRow) -> str:
    return fold(str(row.normalised(Field.FULL_NAME) or ""))
