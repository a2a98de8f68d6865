from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404

from backend.core.actor import Actor
from backend.core.errors import Expected
from backend.messaging.actions import (
    LONGEST,
    ConversationClosed,
    NothingWritten,
    SentAlready,
    TooLong,
    conversation_of,
    mark_read,
)
from backend.messaging.models import Conversation, Message
from backend.messaging.queries import conversations_of, messages_after, messages_before, unread_messages
from notifications.api import bell, unseen_count
from tests.factories import NOW, make_enrolment
from tests.factories.talks import Talk, end, join, leave

pytestmark = pytest.mark.django_db


def bodies(talk: Talk, actor: Any, after: int = 0) -> list[str]:
    return [line.body for line in messages_after(talk.conversation, after=after, actor=actor)]


def test_what_one_writes_the_other_reads_in_order(talk: Talk) -> None:
    amina, bruno = talk.people.amina.actor, talk.people.bruno.actor
    talk.say(bruno, "Guten Morgen Amina!")
    talk.say(amina, "صباح الخير برونو")
    lines = messages_after(talk.conversation, after=0, actor=amina)
    assert [(line.seq, line.author, line.body, line.is_own) for line in lines] == [
        (1, "Bruno", "Guten Morgen Amina!", False),
        (2, "Amina", "صباح الخير برونو", True),
    ]
    assert bodies(talk, amina, after=1) == ["صباح الخير برونو"]


def test_the_database_sees_no_word_of_it(talk: Talk) -> None:
    talk.say(talk.people.amina.actor, "canary-7f3a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM messaging_message m")
        (row,) = cursor.fetchone()
    assert "canary-7f3a" not in row
    assert "gAAAA" in row


def test_the_same_number_twice_is_the_same_message(talk: Talk) -> None:
    amina, client_id = talk.people.amina.actor, uuid4()
    first = talk.say(amina, "Hello", client_id=client_id)
    assert talk.say(amina, " Hello\r\n", client_id=client_id) == first
    with pytest.raises(SentAlready):
        talk.say(amina, "Something else", client_id=client_id)
    assert bodies(talk, amina) == ["Hello"]


def test_a_message_sent_before_the_end_is_still_confirmed_after_it(talk: Talk) -> None:
    client_id = uuid4()
    sent = talk.say(talk.people.amina.actor, "Hello", client_id=client_id)
    end(talk.pairing)
    assert talk.say(talk.people.amina.actor, "Hello", client_id=client_id) == sent


def test_after_the_end_one_reads_but_does_not_write(talk: Talk) -> None:
    talk.say(talk.people.bruno.actor, "Goodbye")
    end(talk.pairing)
    with pytest.raises(ConversationClosed):
        talk.say(talk.people.amina.actor, "One more thing")
    assert bodies(talk, talk.people.amina.actor) == ["Goodbye"]
    assert [thread.is_open for thread in conversations_of(talk.people.amina.actor)] == [False]


def test_a_closed_conversation_takes_no_message(talk: Talk) -> None:
    Conversation.objects.update(closed_at=NOW)
    with pytest.raises(ConversationClosed):
        talk.say(talk.people.amina.actor, "Hello")


@pytest.mark.parametrize("actor", ["chloe", "dario"])
def test_staff_neither_open_nor_write(talk: Talk, actor: str) -> None:
    outsider = getattr(talk.people, actor).actor
    for attempt in (
        lambda: talk.say(outsider, "Hello"),
        lambda: conversation_of(pairing=talk.pairing, actor=outsider, now=NOW),
        lambda: mark_read(conversation_id=talk.conversation.pk, up_to=1, actor=outsider, now=NOW),
    ):
        with pytest.raises(Http404):
            attempt()
    assert conversations_of(outsider) == []
    assert Message.objects.count() == 0


def test_who_leaves_the_pairing_reads_no_further(talk: Talk) -> None:
    stand_in = make_enrolment(programme=talk.people.programme, side="mentor", called="Sofia")
    talk.say(talk.people.bruno.actor, "Hello")
    leave(talk.pairing, talk.people.bruno.enrolment)
    join(talk.pairing, stand_in)
    assert conversations_of(talk.people.bruno.actor) == []
    with pytest.raises(Http404):
        talk.say(talk.people.bruno.actor, "Still here")
    talk.say(talk.people.amina.actor, "Hello Sofia")
    taking_part = talk.conversation.participants.filter(left_at=None).order_by("id")
    assert [row.person for row in taking_part] == [talk.people.amina.person, stand_in.profile.person]
    # The words of the one who left stay, with the name.
    assert messages_after(talk.conversation, after=0, actor=talk.people.amina.actor)[0].author == "Bruno"


def test_who_joins_reads_from_that_day_on_and_hears_of_the_first_message(talk: Talk) -> None:
    talk.say(talk.people.amina.actor, "For Bruno alone")
    stand_in = make_enrolment(programme=talk.people.programme, side="mentor", called="Sofia")
    leave(talk.pairing, talk.people.bruno.enrolment)
    seat = join(talk.pairing, stand_in)
    seat.from_at = NOW + timedelta(hours=1)
    seat.save(update_fields=["from_at"])
    sofia = Actor(person_id=stand_in.profile.person_id)
    conversation_of(pairing=talk.pairing, actor=sofia, now=NOW)
    assert (bodies(talk, sofia), unread_messages(sofia)) == ([], 0)
    assert [thread.last for thread in conversations_of(sofia)] == [None]
    talk.say(talk.people.amina.actor, "Hello Sofia", now=NOW + timedelta(hours=2))
    assert (bodies(talk, sofia), unread_messages(sofia)) == (["Hello Sofia"], 1)
    page = messages_before(talk.conversation, before=None, actor=sofia)
    assert [line.body for line in page] == ["Hello Sofia"]
    assert list(Message.objects.visible_to(sofia).values_list("seq", flat=True)) == [2]
    assert unseen_count(stand_in.profile.person_id) == 1
    assert bodies(talk, talk.people.amina.actor) == ["For Bruno alone", "Hello Sofia"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", NothingWritten),
        (" \n\t ", NothingWritten),
        ("\u200b\u2060", NothingWritten),
        ("a" * 4001, TooLong),
    ],
)
def test_nothing_and_too_much_are_refused_with_a_sentence(
    talk: Talk, body: str, problem: type[Expected]
) -> None:
    with pytest.raises(problem):
        talk.say(talk.people.amina.actor, body)


def test_four_thousand_characters_fit_and_control_characters_go(talk: Talk) -> None:
    assert len(talk.say(talk.people.amina.actor, "ض" * LONGEST).body) == LONGEST
    assert talk.say(talk.people.amina.actor, "a\x00b\x1b[1m\r\nc\ud800").body == "ab[1m\nc"


def test_one_notice_for_many_messages_until_they_are_read(talk: Talk) -> None:
    amina, bruno = talk.people.amina, talk.people.bruno
    talk.say(bruno.actor, "One")
    talk.say(bruno.actor, "Two")
    assert [line.line for line in bell(amina.person.pk)] == ["You have a new message."]
    assert unread_messages(amina.actor) == 2
    assert unseen_count(bruno.person.pk) == 0
    mark_read(conversation_id=talk.conversation.pk, up_to=2, actor=amina.actor, now=NOW)
    assert (unseen_count(amina.person.pk), unread_messages(amina.actor)) == (0, 0)
    talk.say(bruno.actor, "Three")
    assert unseen_count(amina.person.pk) == 1


def test_the_read_mark_neither_goes_back_nor_past_the_end(talk: Talk) -> None:
    amina = talk.people.amina.actor
    for word in ("One", "Two"):
        talk.say(talk.people.bruno.actor, word)

    def read(up_to: int) -> int:
        mark_read(conversation_id=talk.conversation.pk, up_to=up_to, actor=amina, now=NOW)
        return talk.conversation.participants.get(person=amina.person_id).read_seq

    assert [read(99), read(1)] == [2, 2]


def test_pages_of_the_past_follow_each_other(talk: Talk) -> None:
    for number in range(1, 8):
        talk.say(talk.people.amina.actor, str(number))

    def page(before: int | None) -> list[str]:
        lines = messages_before(talk.conversation, before=before, actor=talk.people.bruno.actor, limit=3)
        return [line.body for line in lines]

    assert [page(None), page(5), page(2)] == [["5", "6", "7"], ["2", "3", "4"], ["1"]]


@pytest.mark.parametrize("conversations", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    talk: Talk, another_talk: Any, conversations: int, django_assert_num_queries: Any
) -> None:
    talk.say(talk.people.bruno.actor, "Hello")
    for number in range(conversations - 1):
        another_talk(f"Newcomer {number}")
    with django_assert_num_queries(3):
        found = conversations_of(talk.people.bruno.actor)
    assert len(found) == conversations
    assert [(row.title, row.last.body, row.unread) for row in found if row.last] == [("Amina", "Hello", 0)]


def test_the_latest_conversation_stands_first(talk: Talk, another_talk: Any) -> None:
    other = another_talk("Olena")
    talk.say(talk.people.amina.actor, "Hello")
    Conversation.objects.filter(pk=other.pk).update(last_at=NOW - timedelta(days=1))
    assert [row.title for row in conversations_of(talk.people.bruno.actor)] == ["Amina", "Olena"]
    assert [row.unread for row in conversations_of(talk.people.bruno.actor)] == [1, 0]
