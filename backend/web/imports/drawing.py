"""From a dry run to the values its page draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend.core.text import fold
from backend.imports.deciding import Question, QuestionKind
from backend.imports.dry_run import OpenBatch, PlannedRow
from backend.imports.enums import Outcome, SheetKind, Skip
from backend.imports.fields import Field
from backend.imports.mentorings import PlannedMentoring
from backend.imports.normalise.towns import TownMatch
from backend.imports.problems import WHOLE_ROW, Problem
from backend.imports.sheets import Sheet, text_of
from backend.imports.storing import SheetPlan
from backend.programmes.enums import Side
from backend.web.imports import words

TONES = {Outcome.CREATED: "good", Outcome.MATCHED: "plain", Outcome.SKIPPED: "look"}
SAMPLES = 3
_OWN_DIGITS = 7  # of a telephone number: what is left when the codes before it are written in many ways
# What each column of the table holds, in order.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("contact", (Field.PHONE, Field.EMAIL)),
    ("about", (Field.GENDER, Field.BIRTH_YEAR, Field.TOWN, Field.REACH)),
    ("languages", (Field.LANGUAGES,)),
    ("when", (Field.SLOTS,)),
    ("topics", (Field.TOPICS, Field.WISHES_GENDER)),
    ("more", (Field.CAPACITY, Field.CERTIFICATE_EXPIRES_ON, Field.REGISTERED_ON, Field.NOTES)),
)


@dataclass(frozen=True)
class Cell:
    """A value in words; `raw` what was written, where that is not plainly the same; `label` a word for it."""

    words: str
    raw: str = ""
    label: str = ""


@dataclass(frozen=True)
class DrawnQuestion:
    key: str
    title: str
    raw: str
    choices: list[tuple[str, str]]
    answer: str
    takes_text: bool
    is_open: bool


@dataclass(frozen=True)
class DrawnRow:
    number: int
    line: int
    name: str
    kind: str
    badge: str
    tone: str
    reason: str
    cells: tuple[tuple[Cell, ...], ...]
    problems: tuple[str, ...]
    questions: tuple[DrawnQuestion, ...]
    kept: tuple[str, ...] = ()
    is_too_young: bool = False


@dataclass(frozen=True)
class DrawnColumn:
    """A column of the mapping page."""

    name: str
    heading: str
    samples: tuple[str, ...]
    meaning: str
    is_unsure: bool


@dataclass(frozen=True)
class DrawnSheet:
    index: int
    name: str
    rows: int
    kind: str
    is_kind_known: bool
    columns: tuple[DrawnColumn, ...]


def draw_person(planned: PlannedRow, opened: OpenBatch) -> DrawnRow:
    row = planned.row
    return DrawnRow(
        number=row.number,
        line=row.line,
        name=planned.answers.full_name or _("No name"),
        kind=_kind(planned.kind),
        badge=_badge(planned.outcome, planned.is_asked),
        tone=TONES[planned.outcome],
        reason=_reason(planned.reason, planned.is_asked),
        cells=tuple(tuple(_cells(planned, fields)) for _name, fields in COLUMNS),
        problems=tuple(problem.sentence for problem in row.problems if not _is_asked(problem, planned)),
        questions=tuple(_question(one, row.normalised(one.field)) for one in planned.questions),
        kept=tuple(f"{kept.heading}: {kept.text}" if kept.heading else kept.text for kept in row.kept_text),
        is_too_young=planned.outcome == Outcome.CREATED and not planned.is_adult_on(opened.today),
    )


def draw_mentoring(planned: PlannedMentoring) -> DrawnRow:
    row = planned.row
    people = [
        _person_cell(planned, Side.NEWCOMER, row.newcomer),
        _person_cell(planned, Side.MENTOR, row.mentor),
    ]
    days = [Cell(date_format(day, "DATE_FORMAT") if day else "") for day in (row.since, row.last_contact)]
    return DrawnRow(
        number=row.number,
        line=row.line,
        name="",
        kind=_("Mentoring"),
        badge=_badge(planned.outcome, planned.is_asked),
        tone=TONES[planned.outcome],
        reason=_reason(planned.reason, planned.is_asked),
        cells=tuple((cell,) for cell in (*people, *days)),
        problems=tuple(problem.sentence for problem in planned.problems),
        questions=tuple(_question(one, None) for one in planned.questions),
    )


def draw_sheet(index: int, sheet: Sheet, plan: SheetPlan) -> DrawnSheet:
    columns = tuple(
        DrawnColumn(
            name=f"column-{index}-{at}",
            heading=heading or _("Column %(number)d") % {"number": at + 1},
            samples=_samples(sheet, at),
            meaning=plan.columns.get(at, ""),
            is_unsure=at in plan.unsure,
        )
        for at, heading in enumerate(sheet.header)
    )
    return DrawnSheet(index, sheet.name, len(sheet.rows), plan.kind, plan.is_kind_known, columns)


def plan_from_post(index: int, sheet: Sheet, before: SheetPlan, post: Mapping[str, Any]) -> SheetPlan:
    """What the form says of one sheet; meanings that do not fit its kind become notes."""
    kind = post.get(f"kind-{index}", before.kind)
    columns = {
        at: meaning
        for at in range(len(sheet.header))
        if (meaning := post.get(f"column-{index}-{at}", "")) in words.ALL_FIELDS
    }
    fitting = words.PAIRING_FIELDS if kind == SheetKind.PAIRINGS else words.PERSON_FIELDS
    columns = {at: meaning for at, meaning in columns.items() if meaning in fitting}
    return SheetPlan(SheetKind(kind) if kind in SheetKind.values else before.kind, columns, before.language)


def decisions_from_post(post: Mapping[str, Any]) -> dict[str, str]:
    """Ticked answers and typed corrections; a typed one takes the place of what was ticked."""
    said = {name[2:]: value for name, value in post.items() if name.startswith("d:")}
    for name, value in post.items():
        if name.startswith("t:") and value.strip():
            said[f"{name[2:]}="] = value.strip()
            said[name[2:]] = ""
    return said


def reasons_of(rows: Iterable[Any], sheets: Sequence[Sheet]) -> list[tuple[str, int, str, str]]:
    """(kind, row, first words of the row, why) of rows that were left out."""
    return [
        (_kind(SheetKind(row.kind)), row.number, _first_words(row, sheets), str(Skip(row.reason).label))
        for row in rows
    ]


def _first_words(row: Any, sheets: Sequence[Sheet]) -> str:
    """Two cells that tell which row it is, while the sheet is kept."""
    if row.sheet >= len(sheets):
        return ""
    cells = next((r.cells for r in sheets[row.sheet].rows if r.number == row.number), ())
    said = [text for cell in cells if (text := text_of(cell).strip())]
    return " · ".join(said[:2])


def _samples(sheet: Sheet, at: int) -> tuple[str, ...]:
    said = (text_of(row.cells[at]).strip() for row in sheet.rows)
    return tuple(list(dict.fromkeys(text for text in said if text))[:SAMPLES])


def _kind(kind: SheetKind) -> str:
    names = {
        SheetKind.MENTORS: _("Volunteer"),
        SheetKind.NEWCOMERS: _("Newcomer"),
        SheetKind.PAIRINGS: _("Mentoring"),
    }
    return names[kind]


def _badge(outcome: Outcome, is_asked: bool) -> str:
    return _("Please answer") if is_asked else str(outcome.label)


def _reason(reason: str, is_asked: bool) -> str:
    return str(Skip(reason).label) if reason and not is_asked else ""


def _is_asked(problem: Problem, planned: PlannedRow) -> bool:
    """Whether a question beside the row says it already."""
    fields = {question.field for question in planned.questions}
    about_row = problem.code in {"duplicate", "maybe_duplicate"} and "duplicate" in fields
    return problem.field == WHOLE_ROW and about_row


def _cells(planned: PlannedRow, fields: tuple[str, ...]) -> Iterable[Cell]:
    for field in fields:
        value = planned.row.values.get(field)
        if value is None:
            continue
        said = words.value_in_words(field, value.normalised)
        raw = value.raw.strip()
        if said or raw:
            label = str(words.PERSON_FIELDS[field]) if field in _LABELLED else ""
            doubted = any(problem.field == field for problem in planned.row.problems)
            is_plain = not doubted and _says_the_same(field, value.normalised, raw, said)
            yield Cell(said, "" if is_plain else raw, label)


def _says_the_same(field: str, value: object, raw: str, said: str) -> bool:
    """Whether everybody sees at once that the words are what was written."""
    if isinstance(value, date):
        return raw == value.isoformat()
    if isinstance(value, TownMatch):
        return fold(raw) == fold(value.name)
    if field == Field.PHONE:
        return _digits(raw)[-_OWN_DIGITS:] == _digits(said)[-_OWN_DIGITS:]
    return field in (Field.GENDER, Field.CAPACITY, Field.REACH) or fold(raw) == fold(said)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


_LABELLED = {Field.CAPACITY, Field.CERTIFICATE_EXPIRES_ON, Field.REGISTERED_ON, Field.REACH}


def _person_cell(planned: PlannedMentoring, side: Side, said: str) -> Cell:
    person = planned.people[side]
    if person is None:
        return Cell("", said)
    return Cell(person.name, "" if fold(said) == fold(person.name) else said)


def _question(question: Question, value: object) -> DrawnQuestion:
    about_cell = question.kind in {QuestionKind.READING, QuestionKind.UNREAD, QuestionKind.TOWN}
    return DrawnQuestion(
        key=question.key,
        title=words.title_of(question),
        raw=question.raw,
        choices=words.choices_for(question, value),
        answer=question.answer,
        takes_text=about_cell,
        is_open=question.is_open,
    )
