"""What people do together: meetings, goals, check-ins and expenses, and the places where they meet."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from PIL import Image, ImageDraw

from backend.config.demo.history import Told
from backend.config.demo.scene import Scene
from backend.config.demo.world import World
from backend.meetings.due import next_check_in_on
from backend.meetings.enums import Confirmed, ExpenseState, MeetingKind, MeetingState, Mood
from backend.meetings.models import (
    CheckIn,
    Confirmation,
    Evaluation,
    Expense,
    Goal,
    GoalStep,
    Meeting,
    MeetingEvent,
    MeetingPlace,
)
from backend.meetings.receipts import Receipt
from backend.meetings.texts import VERSION
from backend.pairings.enums import EndReason, PairingState
from backend.people.enums import Channel
from backend.people.models import Person

PLACES = (
    ("Town library", "Market square 1", "Open until six, step-free"),
    ("Café by the bridge", "Bridge street 4", ""),
    ("Community centre", "School lane 12", "Ring at the side door"),
)
GOALS = (
    ("Understand letters from school", ("Read one letter together", "Answer one alone")),
    ("Get the driving licence", ("Find a driving school", "Learn the signs", "Book the test")),
    ("Find work in a pharmacy", ("Write a life story for applications", "Visit two pharmacies")),
    ("Speak on the telephone", ("Call the doctor together", "Call the doctor alone")),
)
SAID = {
    Mood.GOOD: ("They meet on Tuesdays and laugh a lot.", "All is well. They plan a trip.", ""),
    Mood.MIXED: ("Less time since the new job.", "The way is long in winter."),
    Mood.HARD: ("She feels that she talks alone. Call again.",),
}
PAID = (("Bus to the office and back", 780), ("Two coffees", 690), ("Copies of papers", 240))


@cache
def _receipt(what: str, cents: int) -> Receipt:
    """A slip of paper with two lines, as somebody would photograph it."""
    paper = Image.new("RGB", (480, 640), "#f6f2e9")
    pen = ImageDraw.Draw(paper)
    for line, text in enumerate((what, f"EUR {cents / 100:.2f}")):
        pen.text((40, 60 + 60 * line), text, fill="#1d2a2c", font_size=28)
    kept = BytesIO()
    paper.save(kept, "JPEG")
    return Receipt(kept.getvalue())


# In the order in which they refer to each other.
WRITTEN: tuple[type[Any], ...] = (
    MeetingPlace,
    Meeting,
    MeetingEvent,
    Confirmation,
    Goal,
    GoalStep,
    CheckIn,
    Expense,
    Evaluation,
)


@dataclass
class Doings:
    """Rows of one organisation, written at the end in one go."""

    world: World
    scene: Scene
    rows: list[Model] = field(default_factory=list)
    places: list[MeetingPlace] = field(default_factory=list)

    def tell(self, mentorings: list[Told]) -> None:
        office = self.scene.organisation
        for name, address, note in PLACES:
            place = self._row(MeetingPlace, organisation=office, name=name, address=address, note=note)
            self.places.append(place)
        for number, told in enumerate(mentorings):
            self._begin(told)
            self._meet(told, number)
            self._check_in(told)
            if told.pairing.state == PairingState.ENDED:
                self._look_back(told)
            else:
                self._want(told, number)
                self._pay(told, number)

    def save(self) -> None:
        for model in WRITTEN:
            model._default_manager.bulk_create([row for row in self.rows if type(row) is model])

    def _begin(self, told: Told) -> None:
        for enrolment in (told.mentor, told.newcomer):
            person = enrolment.profile.person
            for what in Confirmed:
                self.rows.append(
                    Confirmation(
                        pairing=told.pairing,
                        person=person,
                        what=what,
                        text_version=VERSION,
                        language_shown=person.language,
                        at=told.pairing.started_at + timedelta(hours=2),
                        by=self.scene.coordinator,
                        channel=Channel.IN_PERSON,
                    )
                )

    def _meet(self, told: Told, number: int) -> None:
        """The first with the coordinator, then every week or two; some fell quiet, some write elsewhere."""
        start, last = told.pairing.started_at.date(), self._last_day(told)
        day, kind = start + timedelta(days=5), MeetingKind.FIRST
        quiet = number % 9 == 4
        if quiet and told.pairing.state != PairingState.ENDED:
            last = min(last, self.world.day(24))
        while day < last:
            self._held(told, day, kind)
            day, kind = day + timedelta(days=self.world.between(6, 15)), MeetingKind.USUAL
        if told.pairing.state == PairingState.ACTIVE and kind is MeetingKind.USUAL and number % 6 == 1:
            self._agreed(told, self.world.day(-self.world.between(1, 6)))

    def _held(self, told: Told, day: date, kind: MeetingKind) -> None:
        meeting = self._meeting(told, day, kind, MeetingState.HELD)
        ended = meeting.starts_at + timedelta(minutes=meeting.minutes)
        self._note(meeting, "log", "", MeetingState.HELD, ended, by=told.mentor.profile.person)

    def _agreed(self, told: Told, day: date) -> None:
        meeting = self._meeting(told, day, MeetingKind.USUAL, MeetingState.AGREED)
        at = self.world.moment(self.world.day(2), self.scene.zone)
        mentor, newcomer = told.mentor.profile.person, told.newcomer.profile.person
        self._note(meeting, "propose", "", MeetingState.PROPOSED, at, by=mentor)
        later = at + timedelta(hours=1)
        self._note(meeting, "agree", MeetingState.PROPOSED, MeetingState.AGREED, later, by=newcomer)

    def _meeting(self, told: Told, day: date, kind: MeetingKind, state: MeetingState) -> Meeting:
        hour = self.world.pick([10, 15, 17])
        starts_at = datetime.combine(day, time(hour), ZoneInfo(self.scene.zone))
        online = kind is MeetingKind.USUAL and self.world.chance(0.15)
        meeting: Meeting = self._row(
            Meeting,
            pairing=told.pairing,
            kind=kind,
            state=state,
            starts_at=starts_at,
            minutes=self.world.pick([60, 60, 90]),
            place=None if online else self.world.pick(self.places),
            is_online=online,
            hosted_by=self.scene.coordinator if kind is MeetingKind.FIRST else None,
            made_by=told.mentor.profile.person,
            client_id=self.world.uuid(),
        )
        return meeting

    def _check_in(self, told: Told) -> None:
        """When they were due, but the last one or two of some."""
        programme, done = self.scene.programme, list[date]()
        start, last = told.pairing.started_at.date(), self._last_day(told)
        late = self.world.pick([0, 0, 0, 20])
        while True:
            due = next_check_in_on(
                started_on=start,
                first=programme.first_check_ins,
                every=programme.check_in_every_days,
                done=done,
            )
            if due > last - timedelta(days=late):
                return
            done.append(due)
            mood = self.world.weighted(list(Mood), [8, 2, 0.4])
            self._row(
                CheckIn,
                pairing=told.pairing,
                on=due,
                by=self.scene.coordinator,
                person=self.world.pick([told.mentor, told.newcomer]).profile.person,
                channel=Channel.PHONE,
                language=self.scene.place.language,
                mood=mood,
                note=self.world.pick(SAID[mood]),
            )

    def _want(self, told: Told, number: int) -> None:
        if number % 2:
            return
        text, steps = self.world.pick(GOALS)
        at = told.pairing.started_at + timedelta(hours=6)
        goal = self._row(
            Goal, pairing=told.pairing, chosen_by=told.newcomer.profile.person, state_at=at, text=text
        )
        for place, step in enumerate(steps):
            done_at = at + timedelta(hours=10) if place == 0 else None
            self._row(GoalStep, goal=goal, text=step, done_at=done_at)

    def _pay(self, told: Told, number: int) -> None:
        if number % 4 != 1:
            return
        what, cents = self.world.pick(PAID)
        approved = number % 8 == 1
        on = max(told.pairing.started_at.date(), self.world.day(self.world.between(2, 20)))
        self._row(
            Expense,
            pairing=told.pairing,
            person=told.mentor.profile.person,
            on=on,
            cents=cents,
            currency="EUR",
            what=what,
            state=ExpenseState.APPROVED if approved else ExpenseState.SENT,
            decided_by=self.scene.coordinator if approved else None,
            decided_at=self.world.moment(self.world.day(1), self.scene.zone) if approved else None,
            client_id=self.world.uuid(),
            receipt=_receipt(what, cents).sealed(),
        )

    def _look_back(self, told: Told) -> None:
        if told.pairing.end_reason != EndReason.PLAN or not told.pairing.ended_at:
            return
        for enrolment in (told.mentor, told.newcomer):
            if self.world.chance(0.6):
                self._row(
                    Evaluation,
                    pairing=told.pairing,
                    person=enrolment.profile.person,
                    at=told.pairing.ended_at + timedelta(hours=4),
                    by=self.scene.coordinator,
                    channel=Channel.PHONE,
                    match=self.world.between(3, 5),
                    programme=self.world.between(3, 5),
                    again=self.world.chance(0.8),
                )

    def _last_day(self, told: Told) -> date:
        ended = told.pairing.ended_at
        return ended.date() if ended else self.world.day(1)

    def _row(self, model: type[Any], /, **values: object) -> Any:
        row = model(public_id=self.world.uuid(), created_at=self._made_at(values), **values)
        self.rows.append(row)
        return row

    def _made_at(self, values: dict[str, object]) -> datetime:
        """When the row came about: never after this morning."""
        at = values.get("starts_at") or values.get("at") or values.get("state_at")
        if isinstance(at, datetime):
            return min(at, self.world.now)
        on = values.get("on")
        day = on if isinstance(on, date) else self.world.day(300)
        return min(self.world.moment(day, self.scene.zone), self.world.now)

    def _note(
        self, meeting: Meeting, verb: str, before: str, after: str, at: datetime, *, by: Person
    ) -> None:
        self.rows.append(
            MeetingEvent(meeting=meeting, at=at, by=by, verb=verb, from_state=before, to_state=after)
        )
