"""What several do at once: threads with real transactions, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection

from backend.core.errors import Expected
from backend.messaging.actions import SentAlready, conversation_of, send_message
from backend.messaging.models import Conversation, Message
from backend.messaging.queries import messages_after
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment
from tests.factories.people import make_four_people
from tests.factories.talks import Talk, make_pairing, make_talk
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


@pytest.fixture
def talk(transactional_db: None) -> Talk:
    return make_talk(make_four_people())


def together(count: int, work: Callable[[int], T]) -> list[T]:
    return at_once([partial(work, number) for number in range(count)])


def test_eight_writers_leave_no_gap_and_who_catches_up_misses_nothing(talk: Talk) -> None:
    people, is_done = talk.people, Event()
    caught: list[int] = []

    def write(number: int) -> None:
        actor = (people.amina if number % 2 else people.bruno).actor
        for turn in range(25):
            talk.say(actor, f"{number}:{turn}")

    def catch_up() -> None:
        try:
            last_round = False
            while not last_round:
                last_round = is_done.is_set()
                after = caught[-1] if caught else 0
                lines = messages_after(talk.conversation, after=after, actor=people.amina.actor)
                caught.extend(line.seq for line in lines)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(catch_up)
        try:
            assert together(8, write) == [None] * 8
        finally:
            is_done.set()
        reading.result()
    assert caught == list(range(1, 201))
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == caught


def test_the_same_message_twenty_times_at_once_is_sent_once(talk: Talk) -> None:
    client_id = uuid4()
    sent = together(20, lambda _n: talk.say(talk.people.amina.actor, "Hello", client_id=client_id).pk)
    assert len(set(sent)) == 1
    assert list(Message.objects.values_list("seq", "client_id")) == [(1, client_id)]


def test_one_number_in_two_conversations_at_once_is_sent_in_one(talk: Talk) -> None:
    bruno, client_id = talk.people.bruno, uuid4()
    Enrolment.objects.filter(pk=bruno.enrolment.pk).update(capacity=2)
    other = make_pairing(bruno.enrolment, make_enrolment(programme=talk.people.programme))
    targets = [talk.conversation, conversation_of(pairing=other, actor=bruno.actor, now=NOW)]

    def send(number: int) -> str:
        try:
            send_message(
                conversation_id=targets[number].pk, body="Hi", client_id=client_id, actor=bruno.actor, now=NOW
            )
        except Expected as problem:
            return problem.code
        return "sent"

    assert sorted(together(2, send)) == [SentAlready.code, "sent"]
    assert sorted(Conversation.objects.values_list("last_seq", flat=True)) == [0, 1]


def test_both_open_it_at_once_and_meet_in_the_same(transactional_db: None) -> None:
    people = make_four_people()
    pairing = make_pairing(people.amina.enrolment, people.bruno.enrolment)

    def open_it(number: int) -> int:
        actor = (people.amina if number % 2 else people.bruno).actor
        return conversation_of(pairing=pairing, actor=actor, now=NOW).pk

    assert len(set(together(8, open_it))) == 1
    assert Conversation.objects.get().participants.count() == 2
