"""Pairings, and Amina and Bruno in conversation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from backend.core.actor import Actor
from backend.messaging.actions import conversation_of, send_message
from backend.messaging.models import Conversation, Message
from backend.pairings.models import Pairing, PairingMember
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople


def make_pairing(*enrolments: Enrolment) -> Pairing:
    """A running pairing of these enrolments."""
    pairing = Pairing.objects.create(programme=enrolments[0].programme, started_at=NOW)
    for enrolment in enrolments:
        join(pairing, enrolment)
    return pairing


def join(pairing: Pairing, enrolment: Enrolment) -> PairingMember:
    return PairingMember.objects.create(
        pairing=pairing, enrolment=enrolment, side=enrolment.side, from_at=NOW
    )


def leave(pairing: Pairing, enrolment: Enrolment) -> None:
    PairingMember.objects.filter(pairing=pairing, enrolment=enrolment).update(until_at=NOW)


def end(pairing: Pairing) -> None:
    """As the end of a mentoring leaves the rows."""
    Pairing.objects.filter(pk=pairing.pk).update(state="ended", ended_at=NOW, end_reason="plan")
    PairingMember.objects.filter(pairing=pairing, until_at=None).update(until_at=NOW)


@dataclass(frozen=True)
class Talk:
    """Amina and Bruno in conversation."""

    people: FourPeople
    pairing: Pairing
    conversation: Conversation

    def say(self, actor: Actor, body: str, *, client_id: UUID | None = None, now: datetime = NOW) -> Message:
        return send_message(
            conversation_id=self.conversation.pk,
            body=body,
            client_id=client_id or uuid4(),
            actor=actor,
            now=now,
        )


def make_talk(people: FourPeople) -> Talk:
    pairing = make_pairing(people.amina.enrolment, people.bruno.enrolment)
    conversation = conversation_of(pairing=pairing, actor=people.amina.actor, now=NOW)
    return Talk(people, pairing, conversation)


@pytest.fixture
def talk(four_people: FourPeople) -> Talk:
    return make_talk(four_people)


@pytest.fixture
def another_talk(talk: Talk) -> Callable[[str], Conversation]:
    """Another conversation of Bruno's, with a newcomer called so."""

    def make(called: str) -> Conversation:
        bruno = talk.people.bruno
        Enrolment.objects.filter(pk=bruno.enrolment.pk).update(capacity=20)
        other = make_enrolment(programme=talk.people.programme, called=called)
        pairing = make_pairing(bruno.enrolment, other)
        return conversation_of(pairing=pairing, actor=bruno.actor, now=NOW)

    return make
