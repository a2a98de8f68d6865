"""Mentorings of a sheet: whom each row means, among the people of the same upload and of the programme."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.imports.deciding import PERSON, Option, Question, QuestionKind, key_of
from backend.imports.dry_run import OpenBatch, PlannedRow
from backend.imports.enums import Outcome, SheetKind, Skip
from backend.imports.pairings_sheet import Named, PairingField, ReadPairing, people_meant, read_pairings
from backend.imports.problems import Problem
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment, Programme

SIDE_OF = {SheetKind.MENTORS: Side.MENTOR, SheetKind.NEWCOMERS: Side.NEWCOMER}
_SIDES = {PairingField.NEWCOMER: Side.NEWCOMER, PairingField.MENTOR: Side.MENTOR}


@dataclass(frozen=True)
class Candidate:
    """Someone a row may mean. key: "row:0:12" from this upload, "in:7" an enrolment that is there."""

    key: str
    external_id: str
    name: str
    enrolment_id: int | None = None


@dataclass(frozen=True)
class Crowd:
    """Everyone on both sides: those of this upload first, since its numbers mean its own people."""

    uploaded: Mapping[Side, tuple[Candidate, ...]]
    enrolled: Mapping[Side, tuple[Candidate, ...]]

    def meant(self, said: str, side: Side) -> tuple[Candidate, ...]:
        return _meant(said, self.uploaded[side]) or _meant(said, self.enrolled[side])


@dataclass(frozen=True)
class PlannedMentoring:
    sheet: int
    row: ReadPairing
    outcome: Outcome
    reason: str
    people: Mapping[Side, Candidate | None]
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...] = ()

    @property
    def is_asked(self) -> bool:
        return any(question.is_open for question in self.questions)


def crowd_of(
    programme: Programme, planned: Iterable[PlannedRow], *, made: Mapping[str, int] | None = None
) -> Crowd:
    """made: {key of an uploaded row: enrolment id} once rows were taken in."""
    made = made or {}
    uploaded: dict[Side, list[Candidate]] = {side: [] for side in Side}
    for one in planned:
        if one.outcome != Outcome.SKIPPED:
            key = f"row:{one.sheet}:{one.row.number}"
            person = Candidate(key, one.answers.external_id, one.answers.full_name, made.get(key))
            uploaded[SIDE_OF[one.kind]].append(person)
    enrolled: dict[Side, list[Candidate]] = {side: [] for side in Side}
    there = Enrolment.objects.filter(programme=programme).exclude(state=EnrolmentState.ENDED)
    for enrolment in there.select_related("profile").order_by("id"):
        profile = enrolment.profile
        enrolled[Side(enrolment.side)].append(
            Candidate(f"in:{enrolment.pk}", profile.external_id, profile.full_name, enrolment.pk)
        )
    return Crowd(
        {side: tuple(people) for side, people in uploaded.items()},
        {side: tuple(people) for side, people in enrolled.items()},
    )


def plan_mentorings(opened: OpenBatch, index: int, crowd: Crowd) -> tuple[PlannedMentoring, ...]:
    plan = opened.plans[index]
    rows = read_pairings(sheet=opened.sheets[index], columns=plan.pairing_columns, today=opened.today)
    return tuple(_plan(opened, index, row, crowd) for row in rows)


def _plan(opened: OpenBatch, index: int, row: ReadPairing, crowd: Crowd) -> PlannedMentoring:
    people: dict[Side, Candidate | None] = {}
    problems, questions = list(row.problems), []
    for field, said in ((PairingField.NEWCOMER, row.newcomer), (PairingField.MENTOR, row.mentor)):
        side = _SIDES[field]
        found = crowd.meant(said, side)
        people[side] = found[0] if len(found) == 1 else None
        if said and not found:
            problems.append(Problem(field, "person_unknown", said))
        if len(found) > 1:
            problems.append(Problem(field, "person_unclear", said))
            question = _which(opened, key_of(index, row.number, field), field, said, found)
            questions.append(question)
            people[side] = next((p for p in found if question.answer == f"{PERSON}{p.key}"), None)
    planned = PlannedMentoring(index, row, Outcome.CREATED, "", people, tuple(problems), tuple(questions))
    reason = _against(planned, opened.today)
    return replace(planned, outcome=Outcome.SKIPPED, reason=reason) if reason else planned


def _against(planned: PlannedMentoring, today: date) -> str:
    if planned.is_asked:
        return Skip.NOT_ANSWERED
    if None in planned.people.values():
        return Skip.NOBODY_FOUND
    since = planned.row.since
    return Skip.BAD_DAY if since is None or since > today else ""


def _which(opened: OpenBatch, key: str, field: str, said: str, found: Sequence[Candidate]) -> Question:
    options = tuple(Option(f"{PERSON}{one.key}", _label(one)) for one in found)
    answer = opened.decisions.get(key, "")
    if answer not in {option.value for option in options}:
        answer = ""
    return Question(key, field, QuestionKind.PERSON, said, options, answer)


def _label(one: Candidate) -> str:
    return f"{one.name} ({one.external_id})" if one.external_id else one.name


def _meant(said: str, people: Sequence[Candidate]) -> tuple[Candidate, ...]:
    named = (Named(at, one.external_id, one.name) for at, one in enumerate(people))
    return tuple(people[one.key] for one in people_meant(said, named))
