import unicodedata
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import BadInput, Expected, require
from backend.core.live import publish_on_commit
from backend.messaging.lines import Line
from backend.messaging.models import Conversation, Message, Participant
from backend.messaging.notices import MESSAGE_WAITING
from backend.messaging.queries import member_ids, members_of
from backend.messaging.rules import is_open, may_open, rests
from backend.pairings.models import Pairing
from notifications.api import mark_seen, notify

LONGEST = 4000


class ConversationClosed(Expected):
    code = "conversation_closed"
    sentence = _("This mentoring has ended. You can still read the messages, but not write new ones.")


class ConversationRests(Expected):
    code = "conversation_rests"
    sentence = _("This mentoring takes a break. You can write again when it goes on.")


class NothingWritten(BadInput):
    code = "nothing_written"
    sentence = _("Your message is empty. Write something first.")


class TooLong(BadInput):
    code = "message_too_long"
    sentence = _("Your message is too long. Please send it in two parts.")


class SentAlready(Expected):
    """The client used one id for two different messages."""

    code = "message_id_used"
    sentence = _("Another message was sent from this form already. Reload the page and send it again.")


@transaction.atomic
def conversation_of(*, pairing: Pairing, actor: Actor, now: datetime) -> Conversation:
    """The conversation of `pairing`, made when first asked for, with today's members as participants.

    Raises Http404 for anybody but a member or a job.
    """
    members = member_ids(pairing.pk)
    if not may_open(actor, pairing, members):
        raise Http404
    # Race: both members open it at once. The unique key lets one make it, get_or_create reads it again.
    conversation, _made = Conversation.objects.get_or_create(pairing=pairing)
    _sync_participants(conversation, members, now=now)
    return conversation


@transaction.atomic
def send_message(*, conversation_id: int, body: str, client_id: UUID, actor: Actor, now: datetime) -> Message:
    """Write `body` (at most 4,000 characters) as the actor; the same `client_id` again is the same message.

    Raises Http404 for outsiders, NothingWritten, TooLong, ConversationClosed, ConversationRests,
    SentAlready.
    """
    text = clean_body(body)
    conversation = _lock(conversation_id, actor=actor, now=now)
    if known := Message.objects.filter(sender=actor.person_id, client_id=client_id).first():
        return _same(known, conversation, text)
    require(not rests(conversation), ConversationRests)
    require(is_open(conversation), ConversationClosed)
    previous_at = conversation.last_at
    message = _append(conversation, text, client_id=client_id, sender_id=_person(actor), now=now)
    _tell(message, conversation, previous_at=previous_at, now=now)
    return message


@transaction.atomic
def mark_read(*, conversation_id: int, up_to: int, actor: Actor, now: datetime) -> None:
    """Move the actor's read pointer forward to the sequence `up_to`; it never moves back or past the end."""
    mine = Participant.objects.filter(conversation=conversation_id, person=actor.person_id, left_at=None)
    conversation = Conversation.objects.filter(participants__in=mine).first()
    if conversation is None:
        raise Http404
    reached = min(up_to, conversation.last_seq)
    if mine.filter(read_seq__lt=reached).update(read_seq=reached):
        mark_seen(_person(actor), now, about=("conversation", conversation.public_id))
        event = {"type": "read", "conversation": str(conversation.public_id), "seq": reached}
        publish_on_commit(person_id=_person(actor), event=event)


def clean_body(text: str, *, longest: int = LONGEST) -> str:
    """The text without control characters and outer blanks. Raises NothingWritten, TooLong."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    # Joiners and direction marks alone draw nothing.
    require(any(unicodedata.category(c) != "Cf" and not c.isspace() for c in kept), NothingWritten)
    require(len(kept) <= longest, TooLong)
    return kept


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Http404
    return actor.person_id


def _lock(conversation_id: int, *, actor: Actor, now: datetime) -> Conversation:
    """The conversation under its row lock, participants as the pairing has them at this moment.

    Race: many write at once. The lock gives each the next number, and numbers become visible in their order,
    so that catching up by sequence misses nothing (by id it missed 28 % with eight writers).
    """
    conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .visible_to(actor)
        .select_related("pairing")
        .filter(pk=conversation_id)
        .first()
    )
    if conversation is None:
        raise Http404
    members = member_ids(conversation.pairing_id)
    if actor.person_id not in members:
        raise Http404
    _sync_participants(conversation, members, now=now)
    return conversation


def _sync_participants(conversation: Conversation, members: frozenset[int], *, now: datetime) -> None:
    """Let those take part who are members now; writes only what differs."""
    rows = dict(conversation.participants.values_list("person", "left_at"))
    if missing := members - rows.keys():
        Participant.objects.bulk_create(
            [Participant(conversation=conversation, person_id=who) for who in sorted(missing)],
            ignore_conflicts=True,  # race: both members open it at once
        )
    back = {who for who, left_at in rows.items() if left_at and who in members}
    gone = {who for who, left_at in rows.items() if not left_at and who not in members}
    if back:
        conversation.participants.filter(person__in=back).update(left_at=None)
    if gone:
        conversation.participants.filter(person__in=gone).update(left_at=now)


def _append(
    conversation: Conversation, text: str, *, client_id: UUID, sender_id: int, now: datetime
) -> Message:
    conversation.last_seq += 1
    conversation.last_at = now
    # Race: the same id was used in another conversation at this moment, under another lock.
    with refusing(SentAlready, constraint="message_is_sent_once"):
        message = Message.objects.create(
            conversation=conversation,
            seq=conversation.last_seq,
            sender_id=sender_id,
            client_id=client_id,
            body=text,
            sent_at=now,
        )
    conversation.save(update_fields=["last_seq", "last_at"])
    return message


def _same(known: Message, conversation: Conversation, text: str) -> Message:
    require(known.conversation_id == conversation.pk and known.body == text, SentAlready)
    return known


def _tell(
    message: Message, conversation: Conversation, *, previous_at: datetime | None, now: datetime
) -> None:
    """A live event for each participant's open pages; a notice for those who had nothing unread yet."""
    people = members_of({conversation.pairing_id})[conversation.pairing_id]
    author = people[message.sender_id].called
    unread = Message.objects.filter(
        conversation=conversation, seq__gt=OuterRef("read_seq"), seq__lt=message.seq
    ).exclude(sender=OuterRef("person"))
    unread = unread.in_the_time_of(OuterRef(OuterRef("person")))
    taking_part = list(conversation.participants.filter(left_at=None).annotate(waiting=Exists(unread)))
    for row in taking_part:
        line = Line.of(message, reader_id=row.person_id, author=author, previous_at=previous_at)
        publish_on_commit(person_id=row.person_id, event=message_event(conversation, line))
    notify(
        MESSAGE_WAITING,
        to=[r.person_id for r in taking_part if r.person_id != message.sender_id and not r.waiting],
        about=("conversation", conversation.public_id),
        now=now,
    )


def message_event(conversation: Conversation, line: Line) -> dict[str, object]:
    """What travels to the pages of one reader; backend/web/live.py draws the line for them."""
    return {
        "type": "message",
        "conversation": str(conversation.public_id),
        "seq": line.seq,
        "at": line.at.isoformat(),
        "line": line.packed(),
    }
