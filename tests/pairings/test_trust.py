"""What must hold beside the ordinary life of a pairing: nobody hears why not, nobody waits for ever."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from backend.core.states import WrongState
from backend.organisations.models import Membership
from backend.pairings import actions
from backend.pairings.actions import locks, runs
from backend.pairings.actions.locks import NotBothSides, NotSuitable
from backend.pairings.actions.offers import NotNow
from backend.pairings.enums import OfferState, Refusal
from backend.pairings.events import Told
from backend.pairings.models import Offer, Pairing, Suggestion
from backend.people.enums import Channel
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from backend.safeguarding.models import Clearance
from notifications.api import Notice
from tests.factories import NOW, make_enrolment, make_membership
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, make_four_people
from tests.support.threads import at_once


def released(people: FourPeople) -> Offer:
    suggestion = actions.suggest_by_hand(
        mentor_id=people.bruno.enrolment.pk,
        newcomer_id=people.amina.enrolment.pk,
        actor=people.chloe.actor,
        now=NOW,
    )
    actions.examine_suggestion(suggestion_id=suggestion.pk, now=NOW)
    return sent_offer(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)


pytestmark = pytest.mark.django_db


def keep_apart(people: FourPeople) -> None:
    restrict(first=people.amina.profile, second=people.bruno.profile, actor=people.chloe.actor, now=NOW)


def test_who_is_asked_never_hears_what_stands_against_it(four_people: FourPeople) -> None:
    offer = released(four_people)
    keep_apart(four_people)
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wishes_gender="f", wish_is_required=True)
    Clearance.objects.all().delete()
    with pytest.raises(NotNow) as refused:
        actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    assert refused.value.code == "not_now"
    assert not any(str(refusal.label) in str(refused.value) for refusal in Refusal)


def test_staff_who_record_a_yes_hear_what_stands_against_it(four_people: FourPeople) -> None:
    offer = released(four_people)
    keep_apart(four_people)
    with pytest.raises(NotSuitable) as refused:
        actions.accept_offer(
            offer_id=offer.pk, actor=four_people.chloe.actor, now=NOW, told=Told(Channel.PHONE)
        )
    assert str(Refusal.TO_AVOID.label) in str(refused.value)


@pytest.mark.parametrize("side", ["mentor", "newcomer"])
def test_two_of_one_side_are_never_put_together(four_people: FourPeople, side: str) -> None:
    one, other = (make_enrolment(programme=four_people.programme, side=side) for _ in range(2))
    both = {"mentor_id": one.pk, "newcomer_id": other.pk, "actor": four_people.chloe.actor, "now": NOW}
    with pytest.raises(NotBothSides):
        actions.suggest_by_hand(**both)
    with pytest.raises(NotBothSides):
        actions.bring_in_pairing(**both, since=NOW)


def test_two_who_must_never_meet_are_not_brought_in_either(four_people: FourPeople) -> None:
    keep_apart(four_people)
    with pytest.raises(NotSuitable):
        actions.bring_in_pairing(
            mentor_id=four_people.bruno.enrolment.pk,
            newcomer_id=four_people.amina.enrolment.pk,
            since=NOW,
            actor=four_people.chloe.actor,
            now=NOW,
        )
    assert not Pairing.objects.exists()


def test_who_no_longer_works_there_is_told_nothing_more(four_people: FourPeople) -> None:
    offer, left = released(four_people), four_people.chloe.person
    after = make_membership(organisation=four_people.organisation, name="Carla").person
    Membership.objects.filter(person=left).update(ends_on=NOW.date() - timedelta(days=1))
    for who in (four_people.bruno, four_people.amina):
        actions.accept_offer(offer_id=offer.pk, actor=who.actor, now=NOW)
    told = Notice.objects.filter(kind="both_said_yes").values_list("person", flat=True)
    assert list(told) == [after.pk]


@pytest.mark.django_db(transaction=True)
def test_a_run_and_an_approval_at_once_both_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run holds the suggestion and refers to the enrolments; the approval holds these and wants it."""
    people = make_four_people()
    ask: dict[str, Any] = {"programme_id": people.programme.pk, "actor": people.chloe.actor, "now": NOW}
    actions.run_matching(run_id=actions.request_run(**ask).pk, now=NOW)
    suggestion, run = Suggestion.objects.open().get(), actions.request_run(**ask)
    gave_way, locked = threading.Event(), threading.Event()
    store, lock = runs._store, locks.lock_enrolments

    def store_late(*args: Any, **more: Any) -> None:
        gave_way.set()
        locked.wait(10)
        store(*args, **more)

    def lock_and_say(*ids: int) -> Any:
        rows = lock(*ids)
        locked.set()
        return rows

    monkeypatch.setattr(runs, "_store", store_late)
    monkeypatch.setattr(locks, "lock_enrolments", lock_and_say)
    problems: list[Exception] = []

    def run_it() -> None:
        try:
            actions.run_matching(run_id=run.pk, now=NOW)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    running = threading.Thread(target=run_it)
    running.start()
    assert gave_way.wait(30)
    with pytest.raises(WrongState):  # the run was first, and a newer plan took its place
        actions.approve_suggestion(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)
    running.join(30)
    assert problems == []


def test_two_who_must_not_meet_have_nothing_open_between_them(four_people: FourPeople) -> None:
    people = four_people
    offer = released(people)
    actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    actions.keep_apart(
        first=people.amina.profile, second=people.bruno.profile, actor=people.chloe.actor, now=NOW
    )
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert [e.places_taken for e in Enrolment.objects.all()] == [0, 0]
    kinds = Notice.objects.filter(person__in=[people.amina.person, people.bruno.person]).values("kind")
    assert list(kinds.order_by("-id")[:2]) == [{"kind": "offer_closed"}] * 2


def test_their_mentoring_ends_in_neutral_words(four_people: FourPeople) -> None:
    people = four_people
    offer = released(people)
    for actor in (people.bruno.actor, people.amina.actor):
        actions.accept_offer(offer_id=offer.pk, actor=actor, now=NOW)
    actions.keep_apart(
        first=people.bruno.profile, second=people.amina.profile, actor=people.chloe.actor, now=NOW
    )
    pairing = Pairing.objects.get()
    assert (pairing.state, pairing.end_reason) == ("ended", "safety")
    assert Notice.objects.filter(kind="ended_now").count() == 2


@pytest.mark.parametrize("_round", range(5))
@pytest.mark.django_db(transaction=True)
def test_a_yes_at_the_moment_of_keeping_apart_starts_nothing_that_stays(_round: int) -> None:
    people = make_four_people()
    offer = released(people)
    actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    at_once(
        [
            lambda: actions.accept_offer(offer_id=offer.pk, actor=people.amina.actor, now=NOW),
            lambda: actions.keep_apart(
                first=people.amina.profile, second=people.bruno.profile, actor=people.chloe.actor, now=NOW
            ),
        ]
    )
    assert not Pairing.objects.filter(state="active").exists()
    assert not Offer.objects.open().exists()
