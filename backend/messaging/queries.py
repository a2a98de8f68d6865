from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from backend.core.actor import Actor
from backend.messaging.lines import Line
from backend.messaging.models import Conversation, Message, Participant
from backend.messaging.rules import is_open, rests
from backend.pairings.enums import PairingState
from backend.pairings.models import Pairing, PairingMember
from backend.programmes.enums import Side

PAGE = 50


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the other side of a conversation: what to call them, and their side of the pairing."""

    called: str
    side: str


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation in somebody's list."""

    public_id: UUID
    others: tuple[Member, ...]
    programme: str
    last: Line | None
    last_at: datetime | None
    unread: int
    is_open: bool
    rests: bool = False
    open_until: datetime | None = None  # while it comes to an end

    @property
    def title(self) -> str:
        return ", ".join(member.called for member in self.others)

    @property
    def with_mentor(self) -> bool:
        """Whether the reader is the newcomer."""
        return any(member.side == Side.MENTOR for member in self.others)


def access_conversation(public_id: UUID, *, actor: Actor) -> Conversation:
    """The conversation with its pairing, if the actor takes part in it now. Raises Http404 otherwise."""
    found = Conversation.objects.visible_to(actor).filter(public_id=public_id)
    conversation = found.select_related("pairing__programme").first()
    # A member who left the pairing reads no further, also before anybody has opened the page again.
    if conversation is None or actor.person_id not in member_ids(conversation.pairing_id):
        raise Http404
    return conversation


def member_ids(pairing_id: int) -> frozenset[int]:
    """Person ids of those in the pairing now or, when it has ended, of those in it at the end."""
    return frozenset(
        PairingMember.objects.to_the_end()
        .filter(pairing=pairing_id)
        .order_by()
        .values_list("enrolment__profile__person", flat=True)
    )


def pairings_without_conversation(actor: Actor) -> QuerySet[Pairing]:
    """The actor's running pairings in which nobody has opened the conversation yet."""
    return Pairing.objects.of_person(actor.person_id).running().filter(conversation=None).order_by("pk")


def conversations_of(actor: Actor) -> list[Thread]:
    """All conversations of the actor, the latest first. Four queries, however many there are."""
    rows = list(
        Conversation.objects.visible_to(actor)
        .filter(pk__in=_taking_part(actor).values("conversation"))
        .select_related("pairing__programme")
        .annotate(unread=_unread(actor))
        .order_by(F("last_at").desc(nulls_last=True), "-id")
    )
    members = members_of({row.pairing_id for row in rows})
    latest = Message.objects.filter(conversation__in=rows, seq=F("conversation__last_seq"))
    latest = latest.in_the_time_of(actor.person_id)
    last_of = {message.conversation_id: message for message in latest.order_by("conversation")}
    return [_thread(row, actor, members.get(row.pairing_id, {}), last_of.get(row.pk)) for row in rows]


def unread_messages(actor: Actor) -> int:
    """How many messages of others the actor has not read. One query."""
    total = _taking_part(actor).aggregate(all=Sum(_unread_of_participant()))["all"]
    return int(total or 0)


def messages_after(conversation: Conversation, *, after: int, actor: Actor, limit: int = 200) -> list[Line]:
    """The messages with a sequence above `after`, oldest first, at most `limit`."""
    rows = _readable(conversation, actor).filter(seq__gte=after).order_by("seq")[: limit + 1]
    return [line for line in _lines(conversation, rows, actor) if line.seq > after][:limit]


def messages_before(
    conversation: Conversation, *, before: int | None, actor: Actor, limit: int = PAGE
) -> list[Line]:
    """The last `limit` messages with a sequence below `before` (of all when None), oldest first."""
    rows = _readable(conversation, actor).order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return _lines(conversation, reversed(rows[: limit + 1]), actor)[-limit:]


def _readable(conversation: Conversation, actor: Actor) -> QuerySet[Message]:
    return Message.objects.filter(conversation=conversation).in_the_time_of(actor.person_id)


def members_of(pairing_ids: Iterable[int]) -> dict[int, dict[int, Member]]:
    """{pairing id: {person id: member}}, those who left included, since their messages stay.

    By first name: in a pairing both sides have said yes.
    """
    rows = (
        PairingMember.objects.filter(pairing__in=pairing_ids)
        .order_by("id")
        .values_list("pairing", "enrolment__profile__person", "enrolment__profile__called", "side")
    )
    found: dict[int, dict[int, Member]] = {}
    for pairing_id, person_id, called, side in rows:
        found.setdefault(pairing_id, {})[person_id] = Member(called, side)
    return found


def _taking_part(actor: Actor) -> QuerySet[Participant]:
    """The actor's participations in conversations whose pairing still has them as a member."""
    mine = PairingMember.objects.to_the_end().filter(enrolment__profile__person=actor.person_id)
    return Participant.objects.filter(
        person=actor.person_id, left_at=None, conversation__pairing__in=mine.values("pairing")
    ).order_by()


def _unread_of_participant() -> Coalesce:
    newer = Message.objects.filter(conversation=OuterRef("conversation"), seq__gt=OuterRef("read_seq"))
    newer = newer.exclude(sender=OuterRef("person")).in_the_time_of(OuterRef(OuterRef("person")))
    counted = newer.order_by().values("conversation").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _unread(actor: Actor) -> Coalesce:
    mine = Participant.objects.filter(conversation=OuterRef("pk"), person=actor.person_id)
    counted = mine.annotate(unread=_unread_of_participant()).values("unread")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _thread(row: Conversation, actor: Actor, people: dict[int, Member], last: Message | None) -> Thread:
    return Thread(
        public_id=row.public_id,
        others=_others(people, actor.person_id),
        programme=row.pairing.programme.name,
        last=_line(last, people, actor, None) if last else None,
        last_at=row.last_at,
        unread=row.unread,  # type: ignore[attr-defined]  # annotated in conversations_of
        is_open=is_open(row),
        rests=rests(row),
        open_until=row.pairing.closes_at if row.pairing.state == PairingState.WINDING_DOWN else None,
    )


def _others(people: dict[int, Member], reader_id: int | None) -> tuple[Member, ...]:
    return tuple(member for person_id, member in people.items() if person_id != reader_id)


def _lines(conversation: Conversation, messages: Iterable[Message], actor: Actor) -> list[Line]:
    people = members_of({conversation.pairing_id}).get(conversation.pairing_id, {})
    rows = list(messages)
    first = [_line(rows[0], people, actor, None)] if rows else []
    return first + [_line(row, people, actor, before.sent_at) for before, row in pairwise(rows)]


def _line(row: Message, people: dict[int, Member], actor: Actor, previous_at: datetime | None) -> Line:
    author = people[row.sender_id].called if row.sender_id in people else ""
    return Line.of(row, reader_id=actor.person_id or 0, author=author, previous_at=previous_at)
