"""What would happen to each row, without writing anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from backend.core import clock
from backend.imports.answers import Headings, answers_of
from backend.imports.deciding import (
    DUPLICATE,
    LEAVE,
    NEW,
    OTHER,
    SAME,
    TOWN,
    WHO,
    YES,
    Decisions,
    Option,
    Question,
    QuestionKind,
    corrected,
    decisions_from_text,
    key_of,
    reading_question,
    settled,
)
from backend.imports.enums import Outcome, SheetKind, Skip
from backend.imports.fields import Field
from backend.imports.models import ImportBatch
from backend.imports.normalise.towns import TownMatch
from backend.imports.people_here import Match, PeopleHere, fingerprint_of
from backend.imports.problems import Problem
from backend.imports.readrow import ReadRow, Value
from backend.imports.rows import Reader, read_rows
from backend.imports.sheets import Sheet
from backend.imports.storing import SheetPlan, plan_from_json, sheets_from_text
from backend.imports.town_book import TownBook
from backend.organisations.models import Organisation
from backend.profiles.answers import BadAnswers, ProfileAnswers, checked
from backend.profiles.models import Profile

PEOPLE = (SheetKind.MENTORS, SheetKind.NEWCOMERS)
_ABOUT_A_CELL = (QuestionKind.READING, QuestionKind.UNREAD, QuestionKind.TOWN)
# The answer of a profile that each field of a sheet becomes, where the names differ.
_FIELD_OF = {
    "full_name": Field.FULL_NAME,
    "called": Field.GIVEN_NAME,
    "born": Field.BIRTH_YEAR,
    "phone": Field.PHONE,
    "email": Field.EMAIL,
    "reach_km": Field.REACH,
    "languages": Field.LANGUAGES,
}


@dataclass(frozen=True)
class PlannedRow:
    """One person of a sheet: what was read, what is asked, and what becomes of the row as things stand."""

    sheet: int
    kind: SheetKind
    row: ReadRow
    answers: ProfileAnswers
    fingerprint: str
    outcome: Outcome
    reason: str = ""
    profile: Profile | None = None  # who is here already
    questions: tuple[Question, ...] = ()

    @property
    def is_asked(self) -> bool:
        return any(question.is_open for question in self.questions)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.row.problems

    def is_adult_on(self, day: date) -> bool:
        """False where no year of birth is known; the year alone counts from its last day."""
        year = self.row.normalised(Field.BIRTH_YEAR)
        return isinstance(year, int) and day.year - year - ((day.month, day.day) < (12, 31)) >= 18


@dataclass(frozen=True)
class OpenBatch:
    """A batch unpacked: its sheets, plans and decisions, read once."""

    batch: ImportBatch
    sheets: tuple[Sheet, ...]
    plans: tuple[SheetPlan, ...]
    decisions: Decisions
    book: TownBook
    today: date

    @classmethod
    def of(cls, batch: ImportBatch, *, now: datetime) -> "OpenBatch":
        organisation = batch.organisation
        return cls(
            batch,
            sheets_from_text(batch.sheets),
            tuple(plan_from_json(plain) for plain in batch.mapping),
            decisions_from_text(batch.decisions),
            TownBook(country=organisation.country, pages=batch.towns),
            clock.today(now=now, time_zone=organisation.time_zone),
        )

    @property
    def organisation(self) -> Organisation:
        return self.batch.organisation

    @cached_property
    def reader(self) -> Reader:
        return Reader(region=self.organisation.country, today=self.today, find_town=self.book.find)

    def sheets_of(self, *kinds: SheetKind) -> tuple[int, ...]:
        """Places of the sheets of these kinds, in the order of `kinds`."""
        return tuple(at for kind in kinds for at, plan in enumerate(self.plans) if plan.kind == kind)


def dry_run(opened: OpenBatch) -> tuple[PlannedRow, ...]:
    """Every row about a person, sheet by sheet, mentors first."""
    return tuple(row for at in opened.sheets_of(*PEOPLE) for row in plan_people(opened, at))


def believed(rows: Iterable[PlannedRow]) -> dict[str, str]:
    """Answers that take every reading as it stands, and keep as a note what nobody could read."""
    return {
        question.key: YES if row.row.normalised(question.field) is not None else LEAVE
        for row in rows
        for question in row.questions
        if question.is_open and question.kind in _ABOUT_A_CELL
    }


def plan_people(opened: OpenBatch, index: int) -> tuple[PlannedRow, ...]:
    sheet, plan = opened.sheets[index], opened.plans[index]
    mapping = plan.people_mapping
    as_written = read_rows(sheet=sheet, mapping=mapping, reader=opened.reader)
    typed = corrected(sheet, index=index, columns=plan.columns, decisions=opened.decisions)
    rows = as_written if typed is sheet else read_rows(sheet=typed, mapping=mapping, reader=opened.reader)
    prints = [
        fingerprint_of(row, kind=plan.kind, organisation_id=opened.organisation.pk) for row in as_written
    ]
    names = (str(row.normalised(Field.FULL_NAME) or "") for row in rows)
    here = PeopleHere.of(opened.organisation.pk, names=names, fingerprints=prints)
    headings = Headings.of(sheet.header, mapping.columns)
    planner = _Planner(opened, index, plan.kind, headings, here)
    planned = (planner.plan(row, fingerprint) for row, fingerprint in zip(rows, prints, strict=True))
    return tuple(_without_copies(planned))


def _without_copies(planned: Iterable[PlannedRow]) -> Iterator[PlannedRow]:
    """A row that says the same as an earlier one is never a second person, whatever was answered."""
    seen: set[str] = set()
    for row in planned:
        is_copy = row.fingerprint in seen and row.outcome != Outcome.MATCHED
        seen.add(row.fingerprint)
        yield replace(row, outcome=Outcome.SKIPPED, reason=Skip.DUPLICATE, questions=()) if is_copy else row


@dataclass(frozen=True)
class _Planner:
    opened: OpenBatch
    index: int
    kind: SheetKind
    headings: Headings
    here: PeopleHere

    def plan(self, as_read: ReadRow, fingerprint: str) -> PlannedRow:
        read = self._without_unfit(as_read)
        match = self.here.match(read, fingerprint=fingerprint)
        is_here = match is not None and match.is_sure
        towns = self._towns(read)
        row = settled(read, index=self.index, decisions=self.opened.decisions, towns=towns)
        answers = answers_of(row, kind=self.kind, headings=self.headings)
        # Of somebody who is here nothing is changed, so nothing needs to be asked.
        questions = () if is_here else tuple(self._questions(read, row, match, towns))
        planned = PlannedRow(
            self.index, self.kind, row, answers, fingerprint, Outcome.CREATED, questions=questions
        )
        return self._decided(planned, match, questions)

    def _without_unfit(self, row: ReadRow) -> ReadRow:
        """A value that no profile can hold counts as not understood, so it is asked about like those."""
        fields = [name for name in map(_FIELD_OF.get, self._unfit(row)) if name and name in row.values]
        values = dict(row.values)
        for name in fields:
            values[name] = Value(values[name].raw, None, 0.0)
        asked = (*row.asked, *(name for name in fields if name not in row.asked))
        return replace(row, values=values, asked=asked) if fields else row

    def _unfit(self, row: ReadRow) -> tuple[str, ...]:
        """Names of the answers that a profile would refuse."""
        if row.normalised(Field.FULL_NAME) is None:
            return ()
        answers = answers_of(row, kind=self.kind, headings=self.headings)
        try:
            checked(answers, country=self.opened.organisation.country, today=self.opened.today)
        except BadAnswers as problem:
            return tuple(problem.fields)
        return ()

    def _decided(
        self, planned: PlannedRow, match: Match | None, questions: tuple[Question, ...]
    ) -> PlannedRow:
        said = {question.field: question.answer for question in questions}
        if match and (match.is_sure or said.get(WHO, "").startswith(SAME)):
            return replace(planned, outcome=Outcome.MATCHED, profile=match.profile)
        if said.get(DUPLICATE) == SAME:
            return replace(planned, outcome=Outcome.SKIPPED, reason=Skip.DUPLICATE)
        if not planned.answers.full_name:
            return replace(planned, outcome=Outcome.SKIPPED, reason=Skip.NO_NAME)
        if planned.is_asked:
            return replace(planned, outcome=Outcome.SKIPPED, reason=Skip.NOT_ANSWERED)
        if self._unfit(planned.row):
            return replace(planned, outcome=Outcome.SKIPPED, reason=Skip.NOT_READABLE)
        return planned

    def _questions(
        self, read: ReadRow, row: ReadRow, match: Match | None, towns: tuple[TownMatch, ...]
    ) -> Iterator[Question]:
        for problem in read.problems:
            if problem.code in {"duplicate", "maybe_duplicate"}:
                yield self._about_duplicate(read, problem)
        if match:
            yield self._about_match(read, match)
        for name in read.asked:
            if name == Field.FULL_NAME and not read.values[name].raw.strip():
                continue  # there is nothing to correct: without a name the row stays out
            question = reading_question(read, name, index=self.index, decisions=self.opened.decisions)
            if name == Field.TOWN:
                choices = tuple(Option(f"{TOWN}{town.territory_id}", _place(town)) for town in towns)
                question = replace(question, options=choices)
            # An answer that settled nothing (a town no longer proposed) counts as none.
            yield replace(question, answer="") if name in row.asked else question

    def _about_duplicate(self, read: ReadRow, problem: Problem) -> Question:
        key = key_of(self.index, read.number, DUPLICATE)
        presumed = SAME if problem.code == "duplicate" else ""
        answer = self.opened.decisions.get(key, presumed)
        options = (Option(SAME), Option(OTHER))
        return Question(key, DUPLICATE, QuestionKind.DUPLICATE, problem.sentence, options, answer)

    def _about_match(self, read: ReadRow, match: Match) -> Question:
        key = key_of(self.index, read.number, WHO)
        same = Option(f"{SAME}:{match.profile.public_id}", match.profile.full_name)
        answer = self.opened.decisions.get(key, "")
        if answer not in {same.value, NEW}:
            answer = ""  # it was said of somebody else
        return Question(key, WHO, QuestionKind.MATCH, match.profile.full_name, (same, Option(NEW)), answer)

    def _towns(self, read: ReadRow) -> tuple[TownMatch, ...]:
        if Field.TOWN not in read.asked:
            return ()
        found = read.normalised(Field.TOWN)
        proposed = (found,) if isinstance(found, TownMatch) else ()
        others = self.opened.book.choices(read.values[Field.TOWN].raw)
        return (*proposed, *(o for o in others if o.territory_id not in {p.territory_id for p in proposed}))


def _place(town: TownMatch) -> str:
    return f"{town.name}, {town.region}" if town.region else town.name
