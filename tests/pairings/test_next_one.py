"""After a no, or no answer, the coordinator finds the next best mentor suggested, or hears of nobody."""

from datetime import timedelta
from typing import Any

import pytest

from backend.core.jobs import Job
from backend.pairings import actions, tasks
from backend.pairings.enums import SuggestionState
from backend.pairings.events import Told
from backend.pairings.models import MatchRun, Offer, PairingEvent, Suggestion, Unmatched
from backend.pairings.overtaken import Overtaken
from backend.people.enums import Channel
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.models import Clearance
from notifications.api import Notice
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.asked import asked_offer
from tests.support.threads import at_once


def others(people: FourPeople, count: int = 2) -> list[Enrolment]:
    return [
        make_enrolment(programme=people.programme, side="mentor", languages=(("de", "B1"),))
        for _ in range(count)
    ]


def kept(*mentors: Enrolment) -> list[dict[str, Any]]:
    return [{"mentor": e.pk, "fit": 3.0, "share": 0.5, "regret": None} for e in mentors]


def declined(people: FourPeople, *mentors: Enrolment, told: Told | None = None) -> Offer:
    """Bruno was asked about Amina and said no; these mentors were kept as alternatives."""
    offer = asked_offer(people, alternatives=kept(*mentors))
    who = people.chloe if told else people.bruno
    return actions.decline_offer(offer_id=offer.pk, reason="time", actor=who.actor, now=NOW, told=told)


def look(offer: Offer) -> None:
    actions.propose_next(offer_id=offer.pk, now=NOW)


def heard(people: FourPeople) -> list[tuple[str, str, str]]:
    rows = Notice.objects.filter(person=people.chloe.person).order_by("id")
    return list(rows.values_list("kind", "about_type", "about_id"))


def test_the_best_that_is_left_is_suggested_and_the_coordinator_hears_it(four_people: FourPeople) -> None:
    first, second = others(four_people)
    offer = declined(four_people, first, second)
    job = Job.objects.get(name="pairings.propose_next")
    assert job.args == [offer.pk]
    tasks.propose_next(*job.args)
    suggestion = Suggestion.objects.open().get()
    assert (suggestion.mentor, suggestion.newcomer) == (first, four_people.amina.enrolment)
    assert (suggestion.by_hand, suggestion.examined_at is None, suggestion.refusals) == (False, False, [])
    assert suggestion.fit > 0 and len(suggestion.parts) == 6
    assert [row["mentor"] for row in suggestion.alternatives] == [second.pk]
    event = PairingEvent.objects.get(suggestion=suggestion)
    assert (event.verb, event.system, event.by) == ("propose", "next", None)
    assert heard(four_people) == [("someone_else_could_suit", "suggestion", str(suggestion.public_id))]


def test_looking_twice_changes_nothing(four_people: FourPeople) -> None:
    offer = declined(four_people, *others(four_people))
    look(offer)
    look(offer)
    assert Suggestion.objects.open().count() == 1
    assert len(heard(four_people)) == 1


def test_after_an_expiry_and_after_a_no_by_telephone_too(four_people: FourPeople) -> None:
    first, second = others(four_people)
    offer = declined(four_people, first, second, told=Told(Channel.PHONE))
    look(offer)
    again = Suggestion.objects.open().get()
    following = actions.approve_suggestion(suggestion_id=again.pk, actor=four_people.chloe.actor, now=NOW)
    actions.send_offer(offer_id=following.pk, now=NOW)
    assert actions.expire_offers(now=NOW + timedelta(days=8)) == 1
    assert Job.objects.filter(name="pairings.propose_next", args=[following.pk]).count() == 1
    look(following)
    assert Suggestion.objects.open().get().mentor == second


def test_the_no_of_the_newcomer_leads_to_another_mentor_too(four_people: FourPeople) -> None:
    (first,) = others(four_people, 1)
    offer = asked_offer(four_people, alternatives=kept(first))
    actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    actions.decline_offer(offer_id=offer.pk, reason="unsure", actor=four_people.amina.actor, now=NOW)
    look(offer)
    assert Suggestion.objects.open().get().mentor == first


@pytest.mark.parametrize("what", ["full", "pauses", "not cleared", "tried", "no language", "elsewhere"])
def test_who_does_not_suit_today_is_passed_over(four_people: FourPeople, what: str) -> None:
    first, second = others(four_people)
    if what == "full":
        make_offer_to_another(four_people, first)
    elif what == "pauses":
        Enrolment.objects.filter(pk=first.pk).update(state="paused")
    elif what == "not cleared":
        Clearance.objects.filter(profile=first.profile).delete()
    elif what == "tried":
        Suggestion.objects.create(
            programme=four_people.programme,
            mentor=first,
            newcomer=four_people.amina.enrolment,
            state=SuggestionState.DECLINED,
            decline_reason="way",
            decided_at=NOW,
        )
    elif what == "no language":
        first.profile.languages.all().delete()
    else:
        first = make_enrolment(side="mentor")
    look(declined(four_people, first, second))
    assert Suggestion.objects.open().filter(newcomer=four_people.amina.enrolment).get().mentor == second


def make_offer_to_another(people: FourPeople, mentor: Enrolment) -> None:
    newcomer = make_enrolment(programme=people.programme)
    made = Suggestion.objects.create(
        programme=people.programme, mentor=mentor, newcomer=newcomer, examined_at=NOW
    )
    actions.approve_suggestion(suggestion_id=made.pk, actor=people.chloe.actor, now=NOW)


def test_where_nobody_is_left_the_newcomer_stands_among_who_got_nobody(four_people: FourPeople) -> None:
    run = MatchRun.objects.create(
        programme=four_people.programme, state="done", asked_at=NOW, finished_at=NOW
    )
    look(declined(four_people))
    assert not Suggestion.objects.open().exists()
    assert heard(four_people) == [
        ("nobody_else_found", "unmatched", str(four_people.programme.public_id)),
    ]
    left = Unmatched.objects.get(run=run)
    assert left.newcomer == four_people.amina.enrolment
    assert left.reasons == [{"refusal": "already_tried", "excludes": 1, "alone": 0}]


@pytest.mark.parametrize("why", ["not now", "closed"])
def test_nobody_is_suggested_to_who_looks_for_nobody(four_people: FourPeople, why: str) -> None:
    offer = declined(four_people, *others(four_people))
    if why == "closed":
        Programme.objects.update(closed_at=NOW)
    else:
        Enrolment.objects.filter(pk=four_people.amina.enrolment.pk).update(state="not_now")
    look(offer)
    assert not Suggestion.objects.open().exists()
    assert [kind for kind, *_about in heard(four_people)] == ["offer_came_to_nothing"]


def test_what_was_suggested_meanwhile_stands(four_people: FourPeople) -> None:
    first, second = others(four_people)
    offer = declined(four_people, first)
    by_hand = actions.suggest_by_hand(
        mentor_id=second.pk,
        newcomer_id=four_people.amina.enrolment.pk,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    look(offer)
    assert Suggestion.objects.open().get() == by_hand
    assert heard(four_people) == [("someone_else_could_suit", "suggestion", str(by_hand.public_id))]


def test_a_run_under_way_is_waited_for(four_people: FourPeople) -> None:
    offer = declined(four_people, *others(four_people))
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    look(offer)
    assert not Suggestion.objects.open().exists()
    put_off = Job.objects.filter(name="pairings.propose_next", args=[offer.pk]).latest("id")
    assert put_off.due_at == NOW + timedelta(minutes=1)
    actions.run_matching(run_id=run.pk, now=NOW)
    look(offer)
    assert Suggestion.objects.open().get().run == run


def test_an_offer_taken_back_leads_to_nothing_further(four_people: FourPeople) -> None:
    offer = asked_offer(four_people, alternatives=kept(*others(four_people)))
    actions.withdraw_offer(offer_id=offer.pk, actor=four_people.chloe.actor, now=NOW)
    assert not Job.objects.filter(name="pairings.propose_next").exists()
    look(offer)
    assert not Suggestion.objects.open().exists()


def test_who_comes_too_late_hears_of_the_no_and_not_of_the_search(four_people: FourPeople) -> None:
    offer = declined(four_people, *others(four_people), told=Told(Channel.PHONE))
    look(offer)
    with pytest.raises(Overtaken) as late:
        actions.withdraw_offer(offer_id=offer.pk, actor=four_people.chloe.actor, now=NOW)
    assert "Chloé Martin noted a no" in str(late.value)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_workers_a_run_and_a_hand_at_once_leave_one_suggestion_each(_round: int) -> None:
    """For one pair never two; from the engine never two for one newcomer."""
    people = make_four_people()
    first, second = others(people)
    offer = declined(people, first, second)
    chloe = people.chloe.actor

    def run() -> None:
        made = actions.request_run(programme_id=people.programme.pk, actor=chloe, now=NOW)
        actions.run_matching(run_id=made.pk, now=NOW)

    look_now = lambda: look(offer)  # noqa: E731
    at_once([look_now, run, look_now, look_now, run, look_now])
    look(offer)
    assert Suggestion.objects.open().filter(newcomer=people.amina.enrolment).count() == 1
    told = [kind for kind, *_about in heard(people) if kind != "run_finished"]
    assert told == ["someone_else_could_suit"]
