"""For half a minute an approval can be taken back: nothing was sent, nobody knows."""

from datetime import timedelta

import pytest
from django.db import transaction

from backend.core.jobs import Job
from backend.pairings import actions
from backend.pairings.actions.suggestions import TooLateToUndo
from backend.pairings.enums import DeclineReason, OfferState, SuggestionState
from backend.pairings.models import Offer, PairingEvent, Suggestion
from backend.pairings.rules import UNDO
from notifications.models import Notice
from tests.factories import NOW
from tests.factories.people import FourPeople, make_four_people
from tests.support.threads import at_once

IN_TIME = NOW + UNDO - timedelta(seconds=1)


def suggestion_of(people: FourPeople) -> Suggestion:
    return Suggestion.objects.create(
        programme=people.programme,
        mentor=people.bruno.enrolment,
        newcomer=people.amina.enrolment,
        examined_at=NOW,
    )


def test_an_approval_is_not_sent_before_the_half_minute_is_over(four_people: FourPeople) -> None:
    offer = actions.approve_suggestion(
        suggestion_id=suggestion_of(four_people).pk, actor=four_people.chloe.actor, now=NOW
    )
    assert not Offer.objects.visible_to(four_people.bruno.actor).exists()
    assert not Notice.objects.filter(person=four_people.bruno.person).exists()
    assert Job.objects.get(name="pairings.send_offer").due_at == NOW + UNDO
    actions.send_offer(offer_id=offer.pk, now=NOW + UNDO)
    actions.send_offer(offer_id=offer.pk, now=NOW + UNDO)
    assert Offer.objects.visible_to(four_people.bruno.actor).exists()
    assert Notice.objects.filter(person=four_people.bruno.person).count() == 1


def test_undo_takes_an_approval_back_as_if_it_had_never_been(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    offer = actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME)
    suggestion.refresh_from_db()
    four_people.bruno.enrolment.refresh_from_db()
    assert (suggestion.state, suggestion.decided_at) == (SuggestionState.PROPOSED, None)
    assert four_people.bruno.enrolment.places_taken == 0
    assert list(suggestion.events.values_list("verb", flat=True)) == ["release", "undo"]
    actions.send_offer(offer_id=offer.pk, now=NOW + UNDO)
    assert not Notice.objects.filter(person=four_people.bruno.person).exists()
    assert actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME)


def test_undo_takes_a_decline_back(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    actions.decline_suggestion(suggestion_id=suggestion.pk, reason=DeclineReason.WAY, actor=chloe, now=NOW)
    suggestion = actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME)
    assert (suggestion.state, suggestion.decline_reason) == (SuggestionState.PROPOSED, "")


@pytest.mark.parametrize("sent", [True, False])
def test_after_half_a_minute_it_is_too_late(four_people: FourPeople, sent: bool) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    offer = actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    if sent:
        actions.send_offer(offer_id=offer.pk, now=IN_TIME)
    with pytest.raises(TooLateToUndo), transaction.atomic():
        actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME if sent else NOW + UNDO)
    assert Offer.objects.get().state == OfferState.ASKING_FIRST


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_undo_and_sending_at_one_moment_leave_one_outcome(_round: int) -> None:
    people = make_four_people()
    suggestion, chloe = suggestion_of(people), people.chloe.actor
    offer = actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    undo = lambda: actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME)  # noqa: E731
    send = lambda: actions.send_offer(offer_id=offer.pk, now=IN_TIME)  # noqa: E731
    at_once([undo, send] * 6)
    suggestion.refresh_from_db()
    people.bruno.enrolment.refresh_from_db()
    told = Notice.objects.filter(person=people.bruno.person).count()
    undone = PairingEvent.objects.filter(suggestion=suggestion, verb="undo").count()
    outcome = (suggestion.state, Offer.objects.count(), people.bruno.enrolment.places_taken, told, undone)
    assert outcome in [("released", 1, 1, 1, 0), ("proposed", 0, 0, 0, 1)]
