"""A no has no price: the place in the queue stays, the reason is private, and a pause can go with it."""

from datetime import timedelta

import pytest

from backend.core.errors import NotAllowed
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.events import Told
from backend.pairings.models import Offer, PairingEvent, Suggestion
from backend.people.enums import Channel
from backend.programmes.enums import EnrolmentState
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, TODAY, make_enrolment, make_membership
from tests.factories.people import FourPeople
from tests.pairings.asked import asked_offer

BY_PHONE = Told(Channel.PHONE)


@pytest.fixture
def offer(four_people: FourPeople) -> Offer:
    return asked_offer(four_people)


def decline(offer: Offer, who, **more) -> Offer:
    return actions.decline_offer(
        offer_id=offer.pk, **{"reason": "time", "actor": who.actor, "now": NOW} | more
    )


def state_of(enrolment: Enrolment) -> tuple[str, int]:
    row = Enrolment.objects.get(pk=enrolment.pk)
    return row.state, row.places_taken


def test_who_said_no_keeps_their_place_in_the_queue(offer: Offer, four_people: FourPeople) -> None:
    """Amina waits longest. After her no she is still the first to whom a free mentor is suggested."""
    programme = four_people.programme
    later = make_enrolment(programme=programme, registered_on=TODAY - timedelta(days=2), born="1994-03-08")
    later.profile.languages.all().delete()
    for row in four_people.amina.profile.languages.all():
        later.profile.languages.create(tag=row.tag, level=row.level)
    type(later.profile).objects.filter(pk=later.profile.pk).update(
        topics_wanted=four_people.amina.profile.topics_wanted, gender="f"
    )
    actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    decline(offer, four_people.amina)
    before = four_people.amina.enrolment
    after = Enrolment.objects.get(pk=before.pk)
    assert (after.registered_on, after.state, after.places_taken) == (before.registered_on, "ready", 0)
    Enrolment.objects.filter(pk=four_people.bruno.enrolment.pk).update(state=EnrolmentState.PAUSED)
    free = make_enrolment(programme=programme, side="mentor", topics_offered=["paperwork"])
    run = actions.request_run(programme_id=programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    assert Suggestion.objects.open().get(mentor=free).newcomer_id == before.pk


@pytest.mark.parametrize(
    ("who", "pauses", "state"),
    [
        ("bruno", True, "paused"),
        ("bruno", False, "applied"),
        ("amina", True, "not_now"),
        ("amina", False, "ready"),
    ],
)
def test_a_no_may_go_with_a_pause(
    offer: Offer, four_people: FourPeople, who: str, pauses: bool, state: str
) -> None:
    if who == "amina":
        actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    asked = getattr(four_people, who)
    decline(offer, asked, pauses=pauses, until="after the summer")
    assert state_of(asked.enrolment) == (state, 0)
    events = asked.enrolment.events.all()
    assert [(e.verb, e.why, e.by_id) for e in events] == (
        [("pause" if who == "bruno" else "postpone", "after the summer", asked.person.pk)] if pauses else []
    )
    assert "summer" not in str(list(Notice.objects.values()))


def test_a_pause_by_telephone(offer: Offer, four_people: FourPeople) -> None:
    decline(offer, four_people.chloe, told=BY_PHONE, side="mentor", pauses=True)
    assert state_of(four_people.bruno.enrolment) == ("paused", 0)
    assert four_people.bruno.enrolment.events.get().by == four_people.chloe.person


def test_who_pauses_already_may_still_say_no(offer: Offer, four_people: FourPeople) -> None:
    Enrolment.objects.filter(pk=four_people.bruno.enrolment.pk).update(state="paused")
    decline(offer, four_people.bruno, pauses=True)
    assert state_of(four_people.bruno.enrolment) == ("paused", 0)


def test_saying_no_twice_changes_nothing(offer: Offer, four_people: FourPeople) -> None:
    decline(offer, four_people.bruno)
    again = decline(offer, four_people.bruno, reason="way", pauses=True)
    assert again.decline_reason == "time"
    assert state_of(four_people.bruno.enrolment) == ("applied", 0)
    assert PairingEvent.objects.filter(offer=offer, verb="decline").count() == 1


def test_nobody_records_their_own_answer(offer: Offer, four_people: FourPeople) -> None:
    make_membership(organisation=four_people.organisation, person=four_people.bruno.person)
    himself = actor_for(four_people.bruno.person, now=NOW)
    heard = {"offer_id": offer.pk, "actor": himself, "now": NOW, "told": BY_PHONE}
    for act, more in (
        (actions.accept_offer, {}),
        (actions.decline_offer, {"reason": "time"}),
        (actions.ask_question, {"text": "Is it far?"}),
    ):
        with pytest.raises(NotAllowed):
            act(**heard, **more)
