"""The conversations of the example: an opening, then an episode now and then, until yesterday or silence."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.config.demo import texts
from backend.config.demo.history import Told
from backend.config.demo.scene import Scene
from backend.config.demo.world import World
from backend.messaging.models import Conversation, Message, Participant
from backend.pairings.enums import PairingState
from backend.programmes.models import Enrolment

QUIET_EVERY = 9  # one mentoring of so many has been quiet for more than three weeks


@dataclass
class Talk:
    world: World
    scene: Scene
    conversations: list[Conversation] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    running: int = 0

    def tell(self, told: Told) -> None:
        """One conversation from its start to its last message, with a language the two share."""
        tongue = _shared_tongue(told, self.scene.place.language)
        start, end = told.pairing.started_at.date(), self._last_day(told)
        opening, later = self._chosen(tongue, days=(end - start).days)
        days = [start + (end - start) * number / max(1, len(later)) for number in range(len(later) + 1)]
        conversation = self._open(told)
        for episode, day in zip([opening, *later], days, strict=True):
            lines = [(line.is_mentor, self._filled(line.text, told, tongue)) for line in episode.lines]
            self._write(conversation, told, lines, day)
        self._close(conversation, told, unread=self.world.chance(0.15))

    def tell_exactly(self, told: Told, thread: str) -> None:
        """A conversation written for these two; its episodes are named by how many days ago they were."""
        conversation = self._open(told)
        for episode in texts.episodes(thread):
            lines = [(line.is_mentor, line.text) for line in episode.lines]
            self._write(conversation, told, lines, self.world.day(int(episode.name)))
        self._close(conversation, told, unread=True)

    def save(self) -> None:
        Conversation.objects.bulk_create(self.conversations)
        Participant.objects.bulk_create(self.participants)
        Message.objects.bulk_create(self.messages)

    def _last_day(self, told: Told) -> date:
        pairing, start = told.pairing, told.pairing.started_at.date()
        if pairing.state == PairingState.ENDED and pairing.ended_at:
            return max(start, pairing.ended_at.date() - timedelta(days=self.world.between(1, 9)))
        self.running += 1
        quiet = self.running % QUIET_EVERY == 4
        ago = self.world.between(22, 39) if quiet else self.world.between(1, 13)
        return max(start, self.world.day(ago))

    def _chosen(self, tongue: str, *, days: int) -> tuple[texts.Episode, list[texts.Episode]]:
        """An opening, and as many different episodes as fit, one in two weeks."""
        known = texts.episodes(tongue)
        openings = [episode for episode in known if episode.name == "opening"]
        others = [episode for episode in known if episode.name != "opening"]
        count = min(len(others), max(1, days // 14)) if days > 2 else 0
        return self.world.pick(openings), self.world.luck.sample(others, count)

    def _filled(self, text: str, told: Told, tongue: str) -> str:
        values = {
            "m": told.mentor.profile.called,
            "n": told.newcomer.profile.called,
            "place": self.scene.towns[0].name,
            "day": texts.DAYS[tongue][self._appointment % 4],
            "time": texts.TIMES[self._appointment % 5],
        }
        return text.format(**values)

    @property
    def _appointment(self) -> int:
        """The same day and time throughout one conversation: people keep to their hour."""
        return len(self.conversations)

    def _open(self, told: Told) -> Conversation:
        conversation = Conversation(
            public_id=self.world.uuid(), created_at=told.pairing.started_at, pairing=told.pairing
        )
        self.conversations.append(conversation)
        return conversation

    def _write(
        self, conversation: Conversation, told: Told, lines: list[tuple[bool, str]], day: date
    ) -> None:
        at = self.world.moment(day, self.scene.zone, hours=(9, 17))
        if conversation.last_at is None:
            at = max(at, told.pairing.started_at + timedelta(minutes=9))
        at = max(at, (conversation.last_at or at) + timedelta(hours=3))
        for is_mentor, text in lines:
            at = self._waking(at)
            conversation.last_seq += 1
            conversation.last_at = at
            self.messages.append(
                Message(
                    public_id=self.world.uuid(),
                    created_at=at,
                    conversation=conversation,
                    seq=conversation.last_seq,
                    sender=_person(told.mentor if is_mentor else told.newcomer),
                    client_id=self.world.uuid(),
                    body=text,
                    sent_at=at,
                )
            )
            at += timedelta(minutes=self.world.pick([1, 2, 3, 5, 8, 14, 26, 47]))

    def _waking(self, at: datetime) -> datetime:
        """Nobody writes at night, and nothing was written after yesterday."""
        local = at.astimezone(ZoneInfo(self.scene.zone))
        if local.hour >= 21:
            local = datetime.combine(local.date() + timedelta(days=1), time(8, local.minute), local.tzinfo)
        elif local.hour < 8:
            local = datetime.combine(local.date(), time(8, local.minute), local.tzinfo)
        return local

    def _close(self, conversation: Conversation, told: Told, *, unread: bool) -> None:
        """Both have read everything, or one of them has the last message still to read."""
        last = self.messages[-1]
        for enrolment in (told.mentor, told.newcomer):
            behind = unread and _person(enrolment) != last.sender
            self.participants.append(
                Participant(
                    conversation=conversation,
                    person=_person(enrolment),
                    read_seq=conversation.last_seq - behind,
                )
            )


def _person(enrolment: Enrolment):
    return enrolment.profile.person


def _shared_tongue(told: Told, local: str) -> str:
    """The language both know best of those the example has threads in."""
    levels = ["A1", "A2", "B1", "B2", "C1", "C2", "native"]
    known = [
        {row.tag: levels.index(row.level) for row in e.profile.languages.all() if row.level}
        for e in (told.mentor, told.newcomer)
    ]
    shared = [tag for tag in known[0] if tag in known[1] and tag in texts.LANGUAGES]
    return max(shared, key=lambda tag: (min(known[0][tag], known[1][tag]), tag == local), default=local)
