"""From a match run to the end of a pairing, as the four people live it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.pairings import actions
from backend.pairings.actions.locks import NotSuitable, PlaceTaken
from backend.pairings.actions.offers import OfferHasRunOut, OfferNotOpen, OfferRanOut
from backend.pairings.actions.pairings import AlreadyTogether
from backend.pairings.actions.runs import ProgrammeNotOpen, RunUnderWay
from backend.pairings.actions.suggestions import NotExaminedYet
from backend.pairings.enums import (
    AnswerReason,
    DeclineReason,
    EndReason,
    OfferState,
    PairingState,
    Refusal,
    SuggestionState,
)
from backend.pairings.events import Told
from backend.pairings.models import MatchRun, Offer, Pairing, PairingEvent, Suggestion, Unmatched
from backend.pairings.overtaken import Overtaken
from backend.people.enums import Channel
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance, Restriction
from notifications.api import Notice
from tests.factories import NOW, make_enrolment
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople
from tests.pairings.conftest import Matched


def the_suggestion() -> Suggestion:
    return Suggestion.objects.get(state=SuggestionState.PROPOSED)


def approve(people: FourPeople) -> Offer:
    return sent_offer(suggestion_id=the_suggestion().pk, actor=people.chloe.actor, now=NOW)


def places(*enrolments: Enrolment) -> list[int]:
    return [Enrolment.objects.get(pk=e.pk).places_taken for e in enrolments]


def told_kinds(person_id: int) -> list[str]:
    return list(Notice.objects.filter(person=person_id).order_by("id").values_list("kind", flat=True))


def test_a_run_suggests_the_two_and_keeps_every_part(matched: Matched) -> None:
    suggestion = the_suggestion()
    assert (suggestion.mentor_id, suggestion.newcomer_id) == (
        matched.people.bruno.enrolment.pk,
        matched.people.amina.enrolment.pk,
    )
    assert [p["name"] for p in suggestion.parts] == [
        "languages",
        "hours",
        "way",
        "topics",
        "gender",
        "waiting",
    ]
    assert suggestion.fit == pytest.approx(sum(p["contribution"] for p in suggestion.parts))
    run = MatchRun.objects.get()
    assert (run.newcomers, run.mentors, run.matched) == (1, 1, 1)
    assert run.total_fit == pytest.approx(run.upper_bound)
    assert told_kinds(matched.people.chloe.person.pk) == ["run_finished"]


def test_running_twice_changes_nothing(matched: Matched) -> None:
    before = list(Suggestion.objects.values_list("pk", "state"))
    actions.run_matching(run_id=MatchRun.objects.get().pk, now=NOW + timedelta(hours=1))
    assert list(Suggestion.objects.values_list("pk", "state")) == before


def test_a_newer_run_replaces_what_was_proposed(matched: Matched) -> None:
    old = the_suggestion()
    people = matched.people
    run = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    old.refresh_from_db()
    assert old.state == SuggestionState.SUPERSEDED
    assert the_suggestion().pk != old.pk


def test_one_run_at_a_time(four_people: FourPeople) -> None:
    ask = {"programme_id": four_people.programme.pk, "actor": four_people.chloe.actor, "now": NOW}
    actions.request_run(**ask)
    with pytest.raises(RunUnderWay):
        actions.request_run(**ask)


def test_a_closed_programme_is_not_matched(four_people: FourPeople) -> None:
    four_people.programme.closed_at = NOW
    four_people.programme.save()
    with pytest.raises(ProgrammeNotOpen):
        actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_the_coordinator_there_runs_the_matching(four_people: FourPeople, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.request_run(
            programme_id=four_people.programme.pk, actor=getattr(four_people, who).actor, now=NOW
        )


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda p: Clearance.objects.filter(profile=p.bruno.profile).delete(), "not_cleared"),
        (
            lambda p: Clearance.objects.update(seen_on=date(2024, 1, 1), valid_until=date(2026, 11, 20)),
            "not_cleared",
        ),
        (lambda p: set_profile(p.bruno.profile, born="2009"), "under_age"),
        (lambda p: set_profile(p.bruno.profile, born=""), "under_age"),
        (lambda p: set_profile(p.amina.profile, wishes_gender="f", wish_is_required=True), "gender"),
        (lambda p: set_profile(p.amina.profile, slots=["mon:morning"]), "hours"),
        (lambda p: p.bruno.profile.languages.all().delete(), "languages"),
        (lambda p: set_profile(p.amina.profile, town=None), "way"),
        (lambda p: restrict(p, "avoid"), "to_avoid"),
        (lambda p: restrict(p, "block"), "blocked"),
        (lambda p: Enrolment.objects.filter(pk=p.bruno.enrolment.pk).update(capacity=0), "full"),
    ],
)
def test_each_refusal_is_named_to_the_unmatched(four_people: FourPeople, spoil, refusal: str) -> None:
    spoil(four_people)
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    assert not Suggestion.objects.exists()
    left = Unmatched.objects.get()
    assert left.newcomer_id == four_people.amina.enrolment.pk
    assert {"refusal": refusal, "excludes": 1, "alone": 1} in left.reasons


def set_profile(profile, **fields: object) -> None:
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save(update_fields=list(fields))


def restrict(people: FourPeople, kind: str) -> None:
    first, second = sorted([people.amina.profile, people.bruno.profile], key=lambda p: p.pk)
    Restriction.objects.create(
        organisation=people.organisation,
        first=first,
        second=second,
        kind=kind,
        by=people.chloe.person,
        since=NOW,
    )


def test_a_newcomer_who_is_not_ready_is_not_even_looked_at(four_people: FourPeople) -> None:
    Enrolment.objects.filter(pk=four_people.amina.enrolment.pk).update(state="registered")
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    assert not Suggestion.objects.exists()
    assert not Unmatched.objects.exists()


def test_both_say_yes_and_a_pairing_starts(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    assert offer.state == OfferState.ASKING_FIRST
    assert places(people.amina.enrolment, people.bruno.enrolment) == [1, 1]
    assert told_kinds(people.bruno.person.pk) == ["offer_to_answer"]
    assert told_kinds(people.amina.person.pk) == []

    actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    assert told_kinds(people.amina.person.pk) == ["offer_to_answer"]
    offer = actions.accept_offer(offer_id=offer.pk, actor=people.amina.actor, now=NOW)

    assert offer.state == OfferState.ACCEPTED
    pairing = Pairing.objects.get()
    assert sorted(pairing.members.values_list("enrolment_id", flat=True)) == sorted(
        [people.amina.enrolment.pk, people.bruno.enrolment.pk]
    )
    assert places(people.amina.enrolment, people.bruno.enrolment) == [1, 1]
    assert (
        told_kinds(people.amina.person.pk)[-1]
        == told_kinds(people.bruno.person.pk)[-1]
        == "mentoring_started"
    )
    assert list(PairingEvent.objects.values_list("verb", "from_state", "to_state")) == [
        ("propose", "", "proposed"),
        ("release", "proposed", "released"),
        ("release", "", "asking_first"),
        ("send", "asking_first", "asking_first"),
        ("accept_first", "asking_first", "asking_second"),
        ("accept_second", "asking_second", "accepted"),
        ("start", "", "active"),
    ]


def test_accepting_twice_changes_nothing(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    again = actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    assert again.state == OfferState.ASKING_SECOND
    assert PairingEvent.objects.filter(verb="accept_first").count() == 1


def test_the_second_cannot_answer_before_the_first(matched: Matched) -> None:
    offer = approve(matched.people)
    with pytest.raises(NotAllowed):
        actions.accept_offer(offer_id=offer.pk, actor=matched.people.amina.actor, now=NOW)


@pytest.mark.parametrize("who", ["chloe", "dario"])
def test_nobody_else_says_yes_for_them(matched: Matched, who: str) -> None:
    offer = approve(matched.people)
    with pytest.raises(NotAllowed):
        actions.accept_offer(offer_id=offer.pk, actor=getattr(matched.people, who).actor, now=NOW)


def test_a_coordinator_records_an_answer_given_by_telephone(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    told = Told(channel=Channel.PHONE, language="ar", interpreter="Ayaan")
    for _side in range(2):
        actions.accept_offer(offer_id=offer.pk, actor=people.chloe.actor, now=NOW, told=told)
    assert Pairing.objects.count() == 1
    event = PairingEvent.objects.get(verb="accept_second")
    assert (event.by_id, event.channel, event.language, event.interpreter) == (
        people.chloe.person.pk,
        "phone",
        "ar",
        "Ayaan",
    )


def test_a_coordinator_elsewhere_records_nothing(matched: Matched) -> None:
    offer = approve(matched.people)
    with pytest.raises(NotAllowed):
        actions.accept_offer(
            offer_id=offer.pk, actor=matched.people.dario.actor, now=NOW, told=Told(channel=Channel.PHONE)
        )


def test_declining_costs_nothing_and_stays_private(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    actions.decline_offer(
        offer_id=offer.pk, reason=AnswerReason.UNSURE, note="he shouted", actor=people.amina.actor, now=NOW
    )
    assert places(people.amina.enrolment, people.bruno.enrolment) == [0, 0]
    assert (
        Enrolment.objects.get(pk=people.amina.enrolment.pk).registered_on
        == people.amina.enrolment.registered_on
    )
    assert told_kinds(people.bruno.person.pk)[-1] == "offer_closed"
    assert "shouted" not in str(list(Notice.objects.values()))
    # The same two are not suggested again.
    run = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    assert Unmatched.objects.get(run=run).reasons == [{"refusal": "already_tried", "excludes": 1, "alone": 1}]


def test_an_offer_runs_out_and_both_keep_their_place(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    late = datetime(2026, 11, 28, 23, 59, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    assert actions.expire_offers(now=late - timedelta(seconds=1)) == 0
    with pytest.raises(OfferHasRunOut):
        actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=late)
    told = Told(channel=Channel.PHONE)
    with pytest.raises(OfferRanOut):
        actions.accept_offer(offer_id=offer.pk, actor=people.chloe.actor, now=late, told=told)
    assert actions.expire_offers(now=late) == 1
    assert actions.expire_offers(now=late) == 0
    assert places(people.amina.enrolment, people.bruno.enrolment) == [0, 0]
    with pytest.raises(OfferNotOpen):
        actions.accept_offer(offer_id=offer.pk, actor=people.bruno.actor, now=late)


def test_an_offer_is_withdrawn(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    with pytest.raises(NotAllowed):
        actions.withdraw_offer(offer_id=offer.pk, actor=people.bruno.actor, now=NOW)
    actions.withdraw_offer(offer_id=offer.pk, actor=people.chloe.actor, now=NOW)
    assert places(people.amina.enrolment, people.bruno.enrolment) == [0, 0]
    with pytest.raises(Overtaken, match="took this offer back"):
        actions.withdraw_offer(offer_id=offer.pk, actor=people.chloe.actor, now=NOW)


def test_what_has_changed_since_the_offer_stops_the_yes(matched: Matched) -> None:
    offer = approve(matched.people)
    Clearance.objects.filter(profile=matched.people.bruno.profile).delete()
    with pytest.raises(NotSuitable) as stopped:
        actions.accept_offer(offer_id=offer.pk, actor=matched.people.bruno.actor, now=NOW)
    assert stopped.value.refusals == (Refusal.NOT_CLEARED,)


def test_approving_looks_again_at_what_must_never_be(matched: Matched) -> None:
    restrict(matched.people, "avoid")
    with pytest.raises(NotSuitable):
        approve(matched.people)
    assert the_suggestion().state == SuggestionState.PROPOSED


def test_a_decided_suggestion_is_decided(matched: Matched) -> None:
    people = matched.people
    suggestion = the_suggestion()
    actions.decline_suggestion(
        suggestion_id=suggestion.pk, reason=DeclineReason.HOURS, actor=people.chloe.actor, now=NOW
    )
    with pytest.raises(WrongState):
        actions.approve_suggestion(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_the_coordinator_there_decides(matched: Matched, who: str) -> None:
    actor = getattr(matched.people, who).actor
    with pytest.raises(NotAllowed):
        actions.approve_suggestion(suggestion_id=the_suggestion().pk, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        actions.decline_suggestion(
            suggestion_id=the_suggestion().pk, reason=DeclineReason.OTHER, actor=actor, now=NOW
        )


def test_by_hand_shows_what_stands_against_it(four_people: FourPeople) -> None:
    set_profile(four_people.amina.profile, slots=["mon:morning"])
    ask = {
        "mentor_id": four_people.bruno.enrolment.pk,
        "newcomer_id": four_people.amina.enrolment.pk,
        "actor": four_people.chloe.actor,
        "now": NOW,
    }
    suggestion = actions.suggest_by_hand(**ask)
    assert actions.suggest_by_hand(**ask) == suggestion
    with pytest.raises(NotExaminedYet):
        approve(four_people)
    actions.examine_suggestion(suggestion_id=suggestion.pk, now=NOW)
    suggestion.refresh_from_db()
    assert suggestion.refusals == ["hours"]
    assert approve(four_people).state == OfferState.ASKING_FIRST


def test_a_full_mentor_takes_nobody_more(matched: Matched) -> None:
    people = matched.people
    second = make_enrolment(programme=people.programme, side="newcomer", called="Selam")
    approve(people)
    by_hand = actions.suggest_by_hand(
        mentor_id=people.bruno.enrolment.pk, newcomer_id=second.pk, actor=people.chloe.actor, now=NOW
    )
    actions.examine_suggestion(suggestion_id=by_hand.pk, now=NOW)
    with pytest.raises(PlaceTaken):
        actions.approve_suggestion(suggestion_id=by_hand.pk, actor=people.chloe.actor, now=NOW)


def test_ending_frees_the_places_and_tells_both(matched: Matched) -> None:
    people = matched.people
    offer = approve(people)
    for actor in (people.bruno.actor, people.amina.actor):
        actions.accept_offer(offer_id=offer.pk, actor=actor, now=NOW)
    pairing = Pairing.objects.get()
    with pytest.raises(NotAllowed):
        actions.end_pairing(pairing_id=pairing.pk, reason=EndReason.WISH, actor=people.dario.actor, now=NOW)
    actions.pause_pairing(pairing_id=pairing.pk, actor=people.chloe.actor, now=NOW)
    actions.resume_pairing(pairing_id=pairing.pk, actor=people.chloe.actor, now=NOW)
    actions.end_pairing(pairing_id=pairing.pk, reason=EndReason.WISH, actor=people.chloe.actor, now=NOW)
    assert places(people.amina.enrolment, people.bruno.enrolment) == [0, 0]
    assert told_kinds(people.amina.person.pk)[-1] == told_kinds(people.bruno.person.pk)[-1] == "ended_by_wish"
    pairing.refresh_from_db()
    assert (pairing.state, pairing.closes_at) == (PairingState.WINDING_DOWN, NOW + timedelta(days=7))
    assert actions.close_wound_down(now=NOW + timedelta(days=6)) == 0
    assert actions.close_wound_down(now=NOW + timedelta(days=7)) == 1
    assert not pairing.members.filter(until_at=None).exists()


def test_a_mentoring_that_already_runs_is_brought_in_once(four_people: FourPeople) -> None:
    ask = {
        "mentor_id": four_people.bruno.enrolment.pk,
        "newcomer_id": four_people.amina.enrolment.pk,
        "since": NOW - timedelta(days=90),
        "actor": four_people.chloe.actor,
        "now": NOW,
    }
    actions.bring_in_pairing(**ask)
    with pytest.raises(AlreadyTogether):
        actions.bring_in_pairing(**ask)
    second = make_enrolment(programme=four_people.programme, side="newcomer")
    with pytest.raises(PlaceTaken):
        actions.bring_in_pairing(**ask | {"newcomer_id": second.pk})
    assert places(four_people.bruno.enrolment, second) == [1, 0]


def test_nobody_mentors_themselves(four_people: FourPeople) -> None:
    both = make_enrolment(programme=four_people.programme, profile=four_people.bruno.profile, side="newcomer")
    suggestion = actions.suggest_by_hand(
        mentor_id=four_people.bruno.enrolment.pk, newcomer_id=both.pk, actor=four_people.chloe.actor, now=NOW
    )
    actions.examine_suggestion(suggestion_id=suggestion.pk, now=NOW)
    with pytest.raises(NotSuitable):
        actions.approve_suggestion(suggestion_id=suggestion.pk, actor=four_people.chloe.actor, now=NOW)


def test_the_system_decides_nothing(matched: Matched) -> None:
    with pytest.raises(NotAllowed):
        actions.approve_suggestion(suggestion_id=the_suggestion().pk, actor=Actor.system("test"), now=NOW)
