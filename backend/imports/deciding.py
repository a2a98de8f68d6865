"""What a coordinator answers to a doubtful cell, and how the answers change what is read.

A decision is text: "yes" (the reading is right), "leave" (keep the words as a note), "town:…" (the key of a
town), "same" or "other" (about a second row of one name), "same:…" (the public id of somebody who is
here) or "new"; in a sheet of mentorings "person:…" (the key of a candidate). What a cell should have said
stands beside it, under the key with "=" at its end, and is read like any other cell.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from backend.imports.fields import Field
from backend.imports.normalise.towns import TownMatch
from backend.imports.reading import SURE
from backend.imports.readrow import ReadRow, Value
from backend.imports.sheets import Cell, Row, Sheet, text_of

YES, LEAVE, SAME, OTHER, NEW = "yes", "leave", "same", "other", "new"
TOWN, PERSON = "town:", "person:"
DUPLICATE, WHO = "duplicate", "who"  # fields of questions about a whole row
_LONGEST = 500

Decisions = Mapping[str, str]


class QuestionKind(StrEnum):
    READING = "reading"  # there is a reading, and it is doubtful
    UNREAD = "unread"  # nothing was understood
    TOWN = "town"  # a town, with others to choose from
    DUPLICATE = "duplicate"  # perhaps a person of an earlier row
    MATCH = "match"  # perhaps somebody who is here already
    PERSON = "person"  # which of several people a mentoring means


@dataclass(frozen=True)
class Option:
    value: str
    label: str = ""  # a name of the world (a town, a person); other options have fixed words on the page


@dataclass(frozen=True)
class Question:
    """One thing to confirm or correct. `answer` "": not answered yet."""

    key: str
    field: str
    kind: QuestionKind
    raw: str = ""
    options: tuple[Option, ...] = ()
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return not self.answer


def key_of(sheet: int, number: int, field: str) -> str:
    return f"{sheet}:{number}:{field}"


def text_key(key: str) -> str:
    return f"{key}="


def decisions_as_text(decisions: Decisions) -> str:
    return json.dumps(dict(decisions), ensure_ascii=False) if decisions else ""


def decisions_from_text(text: str) -> dict[str, str]:
    return dict(json.loads(text or "{}"))


def merged(before: Decisions, said: Decisions) -> dict[str, str]:
    """`before` with what was said now; an empty answer takes a former one back."""
    after = {**before, **{key: answer[:_LONGEST] for key, answer in said.items()}}
    return {key: answer for key, answer in after.items() if answer}


def corrected(sheet: Sheet, *, index: int, columns: Mapping[int, str], decisions: Decisions) -> Sheet:
    """The sheet as if the corrections had been typed into it."""
    mine = (pair for pair in decisions.items() if pair[0].startswith(f"{index}:"))
    texts = {key: said for key, said in mine if key.endswith("=")}
    if not texts:
        return sheet
    return replace(sheet, rows=tuple(_corrected_row(row, index, columns, texts) for row in sheet.rows))


def _corrected_row(row: Row, index: int, columns: Mapping[int, str], texts: Decisions) -> Row:
    cells: list[Cell] = list(row.cells)
    for field in set(columns.values()):
        text = texts.get(text_key(key_of(index, row.number, field)))
        if text is not None:
            first, *others = _columns_of(field, cells, columns)
            cells[first] = text
            for other in others:
                cells[other] = ""
    return replace(row, cells=tuple(cells))


def _columns_of(field: str, cells: list[Cell], columns: Mapping[int, str]) -> list[int]:
    """The columns of `field`, those with content first."""
    mine = [at for at, name in sorted(columns.items()) if name == field]
    return sorted(mine, key=lambda at: not text_of(cells[at]).strip())


def settled(row: ReadRow, *, index: int, decisions: Decisions, towns: Iterable[TownMatch]) -> ReadRow:
    """The row as decided: a confirmed reading is asked about no more, one refused becomes words to keep."""
    values, asked = dict(row.values), []
    for field in row.asked:
        said = decisions.get(key_of(index, row.number, field), "")
        if said == LEAVE:
            values[field] = Value(values[field].raw, None, SURE)
        elif said.startswith(TOWN) and (town := _chosen(said, towns)):
            values[field] = Value(values[field].raw, town, SURE)
        elif said != YES:
            asked.append(field)
    return replace(row, values=values, asked=tuple(asked))


def _chosen(said: str, towns: Iterable[TownMatch]) -> TownMatch | None:
    return next((town for town in towns if said == f"{TOWN}{town.territory_id}"), None)


def reading_question(row: ReadRow, field: str, *, index: int, decisions: Decisions) -> Question:
    key = key_of(index, row.number, field)
    value = row.values[field]
    kind = QuestionKind.UNREAD if value.normalised is None else QuestionKind.READING
    kind = QuestionKind.TOWN if field == Field.TOWN else kind
    return Question(key, field, kind, value.raw, answer=decisions.get(key, ""))
