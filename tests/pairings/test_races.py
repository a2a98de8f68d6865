"""What two people can press at once. Each test fails on code that counts first and inserts afterwards."""

import pytest
from django.db import IntegrityError, transaction

from backend.pairings import actions
from backend.pairings.actions.locks import PlaceTaken
from backend.pairings.enums import AnswerReason
from backend.pairings.models import Offer, Pairing, PairingEvent, Suggestion
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, make_four_people
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def examined(people: FourPeople, newcomer: Enrolment) -> Suggestion:
    suggestion = actions.suggest_by_hand(
        mentor_id=people.bruno.enrolment.pk, newcomer_id=newcomer.pk, actor=people.chloe.actor, now=NOW
    )
    actions.examine_suggestion(suggestion_id=suggestion.pk, now=NOW)
    return suggestion


def test_fifty_want_the_last_place() -> None:
    people = make_four_people()
    Enrolment.objects.filter(pk=people.bruno.enrolment.pk).update(capacity=3)
    waiting = [make_enrolment(programme=people.programme, side="newcomer") for _ in range(50)]
    suggestions = [examined(people, newcomer) for newcomer in waiting]

    results = at_once(
        [
            lambda s=s: actions.approve_suggestion(suggestion_id=s.pk, actor=people.chloe.actor, now=NOW)
            for s in suggestions
        ]
    )

    assert sum(isinstance(r, Offer) for r in results) == 3
    assert sum(isinstance(r, PlaceTaken) for r in results) == 47
    mentor = Enrolment.objects.get(pk=people.bruno.enrolment.pk)
    assert (mentor.places_taken, mentor.capacity) == (3, 3)
    assert Offer.objects.count() == 3


def test_two_coordinators_approve_the_same_suggestion() -> None:
    people = make_four_people()
    suggestion = examined(people, people.amina.enrolment)
    at_once(
        [
            lambda: actions.approve_suggestion(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)
            for _ in range(8)
        ]
    )
    assert Offer.objects.count() == 1
    assert PairingEvent.objects.filter(suggestion=suggestion, verb="release").count() == 1


def test_yes_and_no_at_once_leave_one_answer() -> None:
    people = make_four_people()
    suggestion = examined(people, people.amina.enrolment)
    offer = sent_offer(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)
    actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    amina = people.amina.actor
    answers = [
        lambda: actions.accept_offer(offer_id=offer.pk, actor=amina, now=NOW),
        lambda: actions.decline_offer(offer_id=offer.pk, reason=AnswerReason.TIME, actor=amina, now=NOW),
    ]
    at_once(answers * 6)
    offer.refresh_from_db()
    taken = Enrolment.objects.get(pk=people.amina.enrolment.pk).places_taken
    assert (offer.state, Pairing.objects.count(), taken) in [("accepted", 1, 1), ("declined", 0, 0)]
    assert PairingEvent.objects.filter(offer=offer, verb__in=["accept_second", "decline"]).count() == 1


def test_the_database_keeps_the_capacity_without_the_application() -> None:
    """The same rush straight at the tables, with every check of ours left out."""
    people = make_four_people()
    waiting = [make_enrolment(programme=people.programme, side="newcomer") for _ in range(20)]
    suggestions = [
        Suggestion.objects.create(
            programme=people.programme, mentor=people.bruno.enrolment, newcomer=newcomer
        )
        for newcomer in waiting
    ]

    def insert(suggestion: Suggestion) -> Offer:
        with transaction.atomic():
            return Offer.objects.create(
                suggestion=suggestion,
                programme=people.programme,
                mentor=suggestion.mentor,
                newcomer=suggestion.newcomer,
                first_side="mentor",
                released_by=people.chloe.person,
                released_at=NOW,
                expires_at=NOW,
            )

    results = at_once([lambda s=s: insert(s) for s in suggestions])
    refused = [r for r in results if not isinstance(r, Offer)]
    assert len(refused) == 19
    assert {type(r) for r in refused} == {IntegrityError}
    assert Enrolment.objects.get(pk=people.bruno.enrolment.pk).places_taken == 1


def test_capacity_is_not_lowered_below_what_is_taken() -> None:
    people = make_four_people()
    suggestion = examined(people, people.amina.enrolment)
    actions.approve_suggestion(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)
    with pytest.raises(IntegrityError, match="enrolment_places_stay_within_capacity"):
        Enrolment.objects.filter(pk=people.bruno.enrolment.pk).update(capacity=0)
