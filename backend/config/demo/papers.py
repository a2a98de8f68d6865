"""What the office wrote down of each person: consents, proofs, intake talks, calls, changes of state."""

from dataclasses import dataclass, field
from datetime import date, datetime

from backend.config.demo.scene import Scene
from backend.config.demo.world import World
from backend.core.states import next_state
from backend.people.actions import CONSENT_TEXT
from backend.people.enums import Channel, Purpose
from backend.people.models import Consent, Person
from backend.profiles.models import Contact
from backend.programmes.enums import ENROLMENT_MOVES, Side
from backend.programmes.models import Enrolment, EnrolmentEvent, IntakeTalk
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance

CALLS = (
    "Doing well. The course takes all mornings.",
    "Asked how long it may still take. Told honestly that we do not know.",
    "Moved to another flat in the same town.",
    "Would like somebody who has patience with the telephone.",
    "Had good news from the family.",
    "Wanted to know whether children may come along. They may.",
    "Looked for the confirmation of the course. Found it together.",
    "Happy about the first meetings.",
)
PROMISES = (
    "Call again about the appointment at the office.",
    "Ask whether the new hours suit.",
    "Call with the interpreter, the line was bad.",
    "Tell how the search is going.",
    "Ask about the certificate from the town hall.",
)
INTERPRETERS = ("Ayaan", "Mrs Darwish", "Taras", "telephone service", "Shirin", "Dawit")


@dataclass
class Papers:
    """Rows of one organisation that hang on profiles and enrolments; saved after them."""

    world: World
    scene: Scene
    consents: list[Consent] = field(default_factory=list)
    clearances: list[Clearance] = field(default_factory=list)
    talks: list[IntakeTalk] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    moves: list[EnrolmentEvent] = field(default_factory=list)
    moved: list[Enrolment] = field(default_factory=list)

    def proofs(self, enrolment: Enrolment, *, ago: int) -> date | None:
        """What a volunteer showed; the day everything was in order, None while something is missing."""
        world = self.world
        self.applied(enrolment, ago=ago)
        talked = ago - world.between(3, 18)
        slow = ago < 75 and world.chance(0.3)  # a paper is late; whoever came long ago has brought it
        if talked < 1 or (slow and world.chance(0.4)):
            return None
        self._show(enrolment, RequirementKind.INTERVIEW, talked)
        checked = talked - world.between(4, 25)
        if checked < 1 or slow:
            return None
        self._show(enrolment, RequirementKind.POLICE_CHECK, checked, until=self._valid_until(checked))
        return world.day(checked)

    def applied(self, enrolment: Enrolment, *, ago: int) -> None:
        """A volunteer signed up by themselves and agreed to what must be agreed to."""
        at = enrolment.created_at
        self._move(enrolment, "enrol", at=at)
        purposes = [Purpose.PROFILE, Purpose.SHARE, Purpose.CONDUCT]
        if enrolment.profile.email:
            purposes.append(Purpose.CONTACT)
        self._agree(enrolment, purposes, at=at, channel=Channel.SELF)
        self._show(enrolment, RequirementKind.CODE_OF_CONDUCT, ago)

    def all_shown(self, enrolment: Enrolment, *, ago: int) -> None:
        self.applied(enrolment, ago=ago)
        self._show(enrolment, RequirementKind.INTERVIEW, ago - 8)
        self._show(enrolment, RequirementKind.POLICE_CHECK, ago - 22, until=self.world.day(ago - 3 * 365))

    def talk(self, enrolment: Enrolment, *, talk_ago: int) -> date | None:
        """The intake talk of a newcomer; the day it made them ready, None when something comes first."""
        world = self.world
        verb = world.weighted(["make_ready", "refer", "postpone"], [0.93, 0.03, 0.04])
        ready_on = self.talk_held(enrolment, talk_ago=talk_ago, verb=verb)
        if world.chance(0.5) and talk_ago > 12:
            self._call(enrolment, world.between(1, talk_ago - 1), promise=world.chance(0.13))
        return ready_on if verb == "make_ready" else None

    def only_registered(self, enrolment: Enrolment, *, ago: int) -> None:
        """The talk is still to be held; some were called about it."""
        self._registered(enrolment)
        if ago > 3:
            self._call(enrolment, self.world.between(1, ago - 1), promise=self.world.chance(0.2))

    def _registered(self, enrolment: Enrolment) -> None:
        self._move(enrolment, "enrol", at=enrolment.created_at)

    def talk_held(self, enrolment: Enrolment, *, talk_ago: int, verb: str = "make_ready") -> date:
        """Write down a talk and what it led to; returns the day."""
        world = self.world
        self._registered(enrolment)
        held_at = world.moment(world.day(talk_ago), self.scene.zone, hours=(9, 17))
        interpreter = world.pick(INTERPRETERS) if world.chance(0.35) else ""
        channel = world.pick([Channel.IN_PERSON, Channel.IN_PERSON, Channel.PHONE, Channel.ONLINE])
        agreed = verb != "postpone"
        self.talks.append(
            IntakeTalk(
                public_id=world.uuid(),
                created_at=held_at,
                enrolment=enrolment,
                held_on=held_at.date(),
                held_by=self.scene.coordinator,
                channel=channel,
                language=enrolment.profile.person.language if interpreter else self.scene.place.language,
                interpreter=interpreter,
                mentoring_understood=True,
                avoid_asked=True,
                consent_given=agreed,
            )
        )
        given = [Purpose.PROFILE, Purpose.SHARE] if agreed else [Purpose.PROFILE]
        self._agree(enrolment, given, at=held_at, channel=channel, interpreter=interpreter)
        self._move(enrolment, verb, at=held_at)
        return held_at.date()

    def end(self, enrolment: Enrolment, verb: str, *, on: date) -> None:
        """The enrolment changes later on, because a mentoring ended or a volunteer needs a rest."""
        self._move(enrolment, verb, at=self.world.moment(on, self.scene.zone))
        self.moved.append(enrolment)

    def save(self) -> None:
        Consent.objects.bulk_create(self.consents)
        Clearance.objects.bulk_create(self.clearances)
        IntakeTalk.objects.bulk_create(self.talks)
        Contact.objects.bulk_create(self.contacts)

    def save_moves(self) -> None:
        """Write the changes of state, once what followed from the mentorings is known too."""
        Enrolment.objects.bulk_update(self.moved, ["state", "state_at"])
        self.moves.sort(key=lambda event: event.at)
        EnrolmentEvent.objects.bulk_create(self.moves)

    def _valid_until(self, ago: int) -> date:
        """Three years, as long as most ask for; some are about to run out, few have."""
        world = self.world
        if ago > 150 and world.chance(0.14):
            return world.day(-world.pick([3, 6, 9, 14, 19, 27, 34, 48, 57]))
        if ago > 150 and world.chance(0.04):
            return world.day(world.between(2, 20))
        return world.day(ago - 3 * 365)

    def _show(self, enrolment: Enrolment, kind: str, ago: int, until: date | None = None) -> None:
        day = self.world.day(ago)
        self.clearances.append(
            Clearance(
                public_id=self.world.uuid(),
                created_at=self.world.moment(day, self.scene.zone, hours=(9, 17)),
                profile=enrolment.profile,
                kind=kind,
                seen_on=day,
                seen_by=self.scene.coordinator,
                valid_until=until,
            )
        )

    def _agree(
        self,
        enrolment: Enrolment,
        purposes: list[Purpose],
        *,
        at: datetime,
        channel: Channel,
        interpreter: str = "",
    ) -> None:
        person = enrolment.profile.person
        self.consents.extend(
            Consent(
                public_id=self.world.uuid(),
                created_at=at,
                person=person,
                organisation_id=self.scene.organisation.pk,
                purpose=purpose,
                given=True,
                text_version=CONSENT_TEXT,
                language_shown=person.language,
                channel=channel,
                interpreter=interpreter,
                recorded_by=person if channel == Channel.SELF else self.scene.coordinator,
                recorded_at=at,
            )
            for purpose in purposes
        )

    def _call(self, enrolment: Enrolment, ago: int, *, promise: bool) -> None:
        world = self.world
        at = world.moment(world.day(ago), self.scene.zone, hours=(9, 17))
        call_back_on = world.day(world.pick([-4, -3, -2, -1, 0, 0, 1])) if promise else None
        if call_back_on and call_back_on < at.date():
            call_back_on = world.as_of
        self.contacts.append(
            Contact(
                public_id=world.uuid(),
                created_at=at,
                profile=enrolment.profile,
                by=self.scene.coordinator,
                at=at,
                channel=world.pick([Channel.PHONE, Channel.PHONE, Channel.IN_PERSON, Channel.MESSAGE]),
                language=self.scene.place.language,
                interpreter=world.pick(INTERPRETERS) if world.chance(0.2) else "",
                note=world.pick(PROMISES if promise else CALLS),
                call_back_on=call_back_on,
            )
        )

    def _move(self, enrolment: Enrolment, verb: str, *, at: datetime) -> None:
        before = "" if verb == "enrol" else enrolment.state
        if before:
            enrolment.state, enrolment.state_at = next_state(ENROLMENT_MOVES, verb=verb, state=before), at
        by: Person = enrolment.profile.person if verb == "enrol" else self.scene.coordinator
        if verb == "enrol" and enrolment.side == Side.NEWCOMER:
            by = self.scene.coordinator
        self.moves.append(
            EnrolmentEvent(
                enrolment=enrolment, at=at, by=by, verb=verb, from_state=before, to_state=enrolment.state
            )
        )
