"""Fifty hands on one offer at one moment: one outcome, one event for it, and every place adds up."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from backend.core.errors import Expected
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.events import Told
from backend.pairings.models import Offer, OfferQuestion, Pairing, PairingEvent
from backend.pairings.overtaken import Overtaken
from backend.people.enums import Channel
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, make_membership
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.asked import asked_offer
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
BY_PHONE = Told(Channel.PHONE)
CLOSING = ("accept_second", "decline", "withdraw", "expire")


def hands_on(people: FourPeople, offer: Offer, question: OfferQuestion) -> list[Any]:
    """One of each thing that may happen to an offer whose second side is asked."""
    late = offer.expires_at + timedelta(seconds=1)
    of = {"offer_id": offer.pk, "now": NOW}
    colleague = make_membership(organisation=people.organisation, name="Carla").person
    amina, chloe, carla = people.amina.actor, people.chloe.actor, actor_for(colleague, now=NOW)
    heard = {"actor": carla, "told": BY_PHONE, "side": "newcomer"}
    return [
        lambda: actions.accept_offer(**of, actor=amina),
        lambda: actions.accept_offer(**of, **heard),
        lambda: actions.decline_offer(**of, reason="time", actor=amina, pauses=True),
        lambda: actions.decline_offer(**of, reason="time", **heard),
        lambda: actions.withdraw_offer(**of, actor=chloe),
        lambda: actions.expire_offers(now=late),
        lambda: actions.extend_offer(**of, days=20, actor=carla),
        lambda: actions.ask_question(**of, text="Is it far?", actor=amina),
        lambda: actions.answer_question(question_id=question.pk, answer="No.", actor=chloe, now=NOW),
        lambda: actions.answer_question(question_id=question.pk, answer="Yes.", actor=carla, now=NOW),
        lambda: actions.remind_of_offers(now=NOW + timedelta(days=4)),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_fifty_at_once_leave_one_outcome(seed: int) -> None:
    people = make_four_people()
    offer = asked_offer(people)
    question = actions.ask_question(offer_id=offer.pk, text="When?", actor=people.bruno.actor, now=NOW)
    offer = actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    hands, dice = hands_on(people, offer, question), random.Random(seed)
    acts = [hand for hand in hands for _ in range(4)] + [dice.choice(hands) for _ in range(6)]
    dice.shuffle(acts)
    results = at_once(acts)

    broken = [r for r in results if isinstance(r, Exception) and not isinstance(r, Expected)]
    assert broken == []
    offer.refresh_from_db()
    verbs = Counter(PairingEvent.objects.filter(offer=offer).values_list("verb", flat=True))
    closed = [verb for verb in CLOSING if verbs[verb]]
    assert len(closed) == 1 and verbs[closed[0]] == 1
    assert offer.state == {
        "accept_second": "accepted",
        "decline": "declined",
        "withdraw": "withdrawn",
        "expire": "expired",
    }.get(closed[0])
    together = closed == ["accept_second"]
    assert Pairing.objects.count() == together
    taken = Enrolment.objects.filter(programme=people.programme).values_list("places_taken", flat=True)
    assert set(taken) == {int(together)}
    paused = Enrolment.objects.get(pk=people.amina.enrolment.pk).state == "not_now"
    assert not paused or closed == ["decline"]
    for once in ("remind", "extend", "answer"):
        assert verbs[once] <= 1
    assert Notice.objects.filter(kind="offer_reminder").count() == verbs["remind"]
    assert OfferQuestion.objects.filter(side="newcomer").count() == verbs["ask"] - 1 <= 1
    lost = [r for r in results if isinstance(r, Overtaken)]
    assert lost, "some of the staff came too late"
    assert all("Nothing was changed now." in str(r) for r in lost)


def test_two_colleagues_answer_and_one_is_told_who_was_faster() -> None:
    people = make_four_people()
    offer = asked_offer(people)
    question = actions.ask_question(offer_id=offer.pk, text="When?", actor=people.bruno.actor, now=NOW)
    people_there = [
        make_membership(organisation=people.organisation, name=f"Colleague {n}").person for n in range(10)
    ]
    results = at_once(
        [
            lambda who=person: actions.answer_question(
                question_id=question.pk, answer=f"Said {who.pk}", actor=actor_for(who, now=NOW), now=NOW
            )
            for person in people_there
        ]
    )
    assert sum(isinstance(r, OfferQuestion) for r in results) == 1
    assert sum(isinstance(r, Overtaken) for r in results) == 9
    question.refresh_from_db()
    winner = people_there.index(question.answered_by)
    assert all(
        f"Colleague {winner} answered this question" in str(r) for r in results if r is not results[winner]
    )
    assert Notice.objects.filter(kind="question_answered").count() == 1


def test_one_question_whoever_presses_how_often() -> None:
    people = make_four_people()
    offer = asked_offer(people)
    at_once(
        [
            lambda: actions.ask_question(
                offer_id=offer.pk, text="Is it far?", actor=people.bruno.actor, now=NOW
            )
            for _ in range(50)
        ]
    )
    assert OfferQuestion.objects.count() == 1
    assert Notice.objects.filter(kind="question_asked").count() == 1
