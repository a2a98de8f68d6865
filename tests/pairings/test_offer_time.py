"""What time does to an offer: each side has its own days, is reminded once, and may be given more."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core.errors import NotAllowed
from backend.pairings import actions
from backend.pairings.actions.offer_time import BadDays, RunsLonger
from backend.pairings.actions.offers import NotSentYet
from backend.pairings.enums import OfferState
from backend.pairings.models import Offer, PairingEvent, Suggestion
from backend.pairings.overtaken import Overtaken
from backend.programmes.models import Programme
from notifications.api import Notice
from tests.factories import NOW, make_membership
from tests.factories.people import FourPeople
from tests.pairings.asked import asked_offer

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def offer(four_people: FourPeople) -> Offer:
    return asked_offer(four_people)


def end_of(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=BERLIN)


def reminded(who) -> int:
    return Notice.objects.filter(person=who.person, kind="offer_reminder").count()


def remind(days: float) -> int:
    return actions.remind_of_offers(now=NOW + timedelta(days=days, minutes=1))


def test_the_day_that_is_named_counts_to_its_end(offer: Offer) -> None:
    assert offer.expires_at == end_of(28)


def test_the_days_count_from_when_somebody_is_asked(four_people: FourPeople) -> None:
    """No worker ran for two days: the mentor has seven days from the moment it was sent."""
    suggestion = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=four_people.bruno.enrolment,
        newcomer=four_people.amina.enrolment,
        examined_at=NOW,
    )
    late = actions.approve_suggestion(suggestion_id=suggestion.pk, actor=four_people.chloe.actor, now=NOW)
    assert actions.expire_offers(now=NOW + timedelta(days=9)) == 0
    actions.send_offer(offer_id=late.pk, now=NOW + timedelta(days=2))
    late.refresh_from_db()
    assert late.expires_at == end_of(30)


def test_the_second_side_has_all_the_days_again(offer: Offer, four_people: FourPeople) -> None:
    later = NOW + timedelta(days=6)
    offer = actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=later)
    offer.refresh_from_db()
    assert offer.expires_at == end_of(4, month=12)
    assert actions.expire_offers(now=NOW + timedelta(days=8)) == 0


def test_more_days_that_were_given_are_not_taken_away(offer: Offer, four_people: FourPeople) -> None:
    actions.extend_offer(offer_id=offer.pk, days=30, actor=four_people.chloe.actor, now=NOW)
    offer = actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    assert offer.expires_at == end_of(21, month=12)


def test_each_side_is_reminded_once(offer: Offer, four_people: FourPeople) -> None:
    assert remind(2.9) == 0
    assert [remind(3), remind(3), remind(5)] == [1, 0, 0]
    assert (reminded(four_people.bruno), reminded(four_people.amina)) == (1, 0)
    actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW + timedelta(days=5))
    assert [remind(7), remind(8), remind(8), remind(10)] == [0, 1, 0, 0]
    assert (reminded(four_people.bruno), reminded(four_people.amina)) == (1, 1)


def test_the_programme_says_after_how_many_days(offer: Offer, four_people: FourPeople) -> None:
    Programme.objects.update(reminder_days=1)
    assert [remind(0.9), remind(1)] == [0, 1]


@pytest.mark.parametrize("how", ["answered", "closed", "over"])
def test_nobody_is_reminded_after_the_answer_or_the_end(
    offer: Offer, four_people: FourPeople, how: str
) -> None:
    act = {"offer_id": offer.pk, "now": NOW}
    if how == "answered":
        actions.decline_offer(**act, reason="time", actor=four_people.bruno.actor)
    elif how == "closed":
        actions.withdraw_offer(**act, actor=four_people.chloe.actor)
    assert remind(7.7 if how == "over" else 3) == 0


def test_who_waits_for_the_office_is_not_reminded(offer: Offer, four_people: FourPeople) -> None:
    question = actions.ask_question(
        offer_id=offer.pk, text="Is it far?", actor=four_people.bruno.actor, now=NOW
    )
    assert remind(3) == 0
    actions.answer_question(question_id=question.pk, answer="No.", actor=four_people.chloe.actor, now=NOW)
    assert remind(3) == 1


def test_a_question_of_the_first_side_does_not_hold_up_the_second(
    offer: Offer, four_people: FourPeople
) -> None:
    actions.ask_question(offer_id=offer.pk, text="Is it far?", actor=four_people.bruno.actor, now=NOW)
    actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    assert remind(3) == 1
    assert reminded(four_people.amina) == 1


def test_a_coordinator_gives_more_days_and_whoever_is_asked_hears_it(
    offer: Offer, four_people: FourPeople
) -> None:
    for _again in range(2):
        offer = actions.extend_offer(offer_id=offer.pk, days=14, actor=four_people.chloe.actor, now=NOW)
    assert offer.expires_at == end_of(5, month=12)
    assert PairingEvent.objects.filter(offer=offer, verb="extend").count() == 1
    assert Notice.objects.filter(person=four_people.bruno.person, kind="offer_extended").count() == 1
    assert not Notice.objects.filter(person=four_people.amina.person).exists()
    assert actions.expire_offers(now=NOW + timedelta(days=10)) == 0


def test_days_are_given_not_taken(offer: Offer, four_people: FourPeople) -> None:
    ask = {"offer_id": offer.pk, "actor": four_people.chloe.actor, "now": NOW}
    for days in (0, 31):
        with pytest.raises(BadDays):
            actions.extend_offer(**ask, days=days)
    with pytest.raises(RunsLonger):
        actions.extend_offer(**ask, days=3)


def test_only_a_coordinator_gives_more_days(offer: Offer, four_people: FourPeople) -> None:
    from backend.organisations.queries import actor_for

    caseworker = make_membership(organisation=four_people.organisation, role="caseworker").person
    make_membership(organisation=four_people.organisation, person=four_people.amina.person)
    others = [actor_for(person, now=NOW) for person in (caseworker, four_people.amina.person)]
    for actor in (four_people.bruno.actor, four_people.dario.actor, *others):
        with pytest.raises(NotAllowed):
            actions.extend_offer(offer_id=offer.pk, days=14, actor=actor, now=NOW)


def test_what_is_closed_or_not_sent_is_not_extended(four_people: FourPeople) -> None:
    suggestion = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=four_people.bruno.enrolment,
        newcomer=four_people.amina.enrolment,
        examined_at=NOW,
    )
    chloe = four_people.chloe.actor
    offer = actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    ask = {"offer_id": offer.pk, "days": 14, "actor": chloe, "now": NOW}
    with pytest.raises(NotSentYet):
        actions.extend_offer(**ask)
    actions.send_offer(offer_id=offer.pk, now=NOW)
    actions.expire_offers(now=NOW + timedelta(days=8))
    with pytest.raises(Overtaken) as late:
        actions.extend_offer(**ask)
    assert "This offer ran out" in str(late.value)
    offer.refresh_from_db()
    assert offer.state == OfferState.EXPIRED
