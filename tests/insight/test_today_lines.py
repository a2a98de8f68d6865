"""Each kind of line of Today: when it stands there, whose it is, and when it is gone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.insight.today import Kind, Line, Part, Today, Whose, today_of
from backend.meetings.models import CheckIn, Expense, Meeting
from backend.messaging.models import Conversation
from backend.organisations.models import Membership
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.enums import EndReason
from backend.pairings.models import Offer, OfferQuestion, Pairing, Suggestion
from backend.people.models import Person
from backend.profiles.actions import log_contact
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment, Programme
from tests.factories import (
    NOW,
    TODAY,
    make_clearance,
    make_enrolment,
    make_membership,
    make_profile,
    make_programme,
)
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople

Look = Callable[..., Today]


@pytest.fixture
def look(four_people: FourPeople) -> Look:
    def at(day: date = TODAY, whose: Whose = Whose.ALL) -> Today:
        now = NOW + (day - TODAY)
        return today_of(actor=actor_for(four_people.chloe.person, now=now), now=now, day=day, whose=whose)

    return at


def lines(today: Today) -> list[Line]:
    return [*today.needs_you, *today.waits_for_others, *today.going_well]


def of(today: Today, *kinds: Kind) -> list[tuple[Kind, int, str]]:
    return [(line.kind, line.age, line.name) for line in lines(today) if line.kind in kinds]


def looked_after(profile: Profile, person: Person) -> None:
    Profile.objects.filter(pk=profile.pk).update(coordinator=person)


def suggest(four: FourPeople, **fields: Any) -> Suggestion:
    return Suggestion.objects.create(
        programme=four.programme,
        mentor=four.bruno.enrolment,
        newcomer=four.amina.enrolment,
        share=0.8,
        examined_at=NOW,
        created_at=NOW - timedelta(days=2),
        **fields,
    )


def offered(four: FourPeople) -> Offer:
    return sent_offer(suggestion_id=suggest(four).pk, actor=four.chloe.actor, now=NOW)


def paired(four: FourPeople, *, days_ago: int = 1) -> Pairing:
    """Both said yes so many days ago."""
    offer = offered(four)
    for who in (four.bruno, four.amina):
        actions.accept_offer(offer_id=offer.pk, actor=who.actor, now=NOW)
    pairing = Pairing.objects.get(offer=offer)
    Pairing.objects.filter(pk=pairing.pk).update(started_at=NOW - timedelta(days=days_ago))
    return pairing


def meet(pairing: Pairing, *, days: int, kind: str = "first", state: str = "held", **fields: Any) -> Meeting:
    """A meeting so many days from now."""
    return Meeting.objects.create(
        pairing=pairing,
        kind=kind,
        state=state,
        starts_at=NOW + timedelta(days=days),
        client_id=uuid4(),
        created_at=NOW - timedelta(days=1),
        **fields,
    )


def checked(pairing: Pairing, person: Person, *, days_ago: int) -> None:
    CheckIn.objects.create(
        pairing=pairing, on=TODAY - timedelta(days=days_ago), by=person, channel="phone", mood="good"
    )


def test_a_call_promised_to_a_volunteer_or_a_newcomer_stands_there_until_it_is_made(
    four_people: FourPeople, look: Look
) -> None:
    for who, days in ((four_people.amina, 0), (four_people.bruno, 1)):
        log_contact(
            profile=who.profile,
            channel="phone",
            actor=four_people.chloe.actor,
            now=NOW,
            call_back_on=TODAY + timedelta(days=days),
        )
    assert of(look(), Kind.CALL) == [(Kind.CALL, 0, "Amina Haddad")]
    tomorrow = TODAY + timedelta(days=1)
    assert of(look(tomorrow), Kind.CALL) == [(Kind.CALL, 1, "Amina Haddad"), (Kind.CALL, 0, "Bruno Keller")]
    log_contact(profile=four_people.amina.profile, channel="phone", actor=four_people.chloe.actor, now=NOW)
    assert of(look(tomorrow), Kind.CALL) == [(Kind.CALL, 0, "Bruno Keller")]


def test_ones_own_file_makes_no_call(four_people: FourPeople, look: Look) -> None:
    own = make_profile(organisation=four_people.organisation, person=four_people.chloe.person)
    carl = make_membership(organisation=four_people.organisation).person
    log_contact(profile=own, channel="phone", actor=actor_for(carl, now=NOW), now=NOW, call_back_on=TODAY)
    assert of(look(), Kind.CALL) == []


def test_suggestions_are_one_line_for_each_colleague(four_people: FourPeople, look: Look) -> None:
    carl = make_membership(organisation=four_people.organisation, name="Carl Ott").person
    looked_after(four_people.amina.profile, carl)
    suggest(four_people)
    other = make_enrolment(programme=four_people.programme)
    Suggestion.objects.create(
        programme=four_people.programme, mentor=four_people.bruno.enrolment, newcomer=other, share=0.4
    )
    found = [line for line in look().needs_you if line.kind is Kind.SUGGESTIONS]
    assert sorted((line.count, line.who, line.who_id) for line in found) == [
        (1, "", None),
        (1, "Carl Ott", carl.pk),
    ]


def test_a_suggestion_put_off_comes_back_on_its_day(four_people: FourPeople, look: Look) -> None:
    back = TODAY + timedelta(days=3)
    suggest(four_people, aside="later", aside_until=back)
    kinds = (Kind.SUGGESTIONS, Kind.CALL_FIRST, Kind.STAGED)
    assert of(look(), *kinds) == of(look(back - timedelta(days=1)), *kinds) == []
    assert of(look(back), *kinds) == [(Kind.SUGGESTIONS, 5, "")]


def test_call_first_is_a_line_of_its_own(four_people: FourPeople, look: Look) -> None:
    made = suggest(four_people, aside="call")
    (line,) = look().needs_you
    assert (line.kind, line.name, line.other, line.about) == (
        Kind.CALL_FIRST,
        "Amina Haddad",
        "Bruno",
        made.public_id,
    )


def test_what_is_staged_waits_to_be_sent(four_people: FourPeople, look: Look) -> None:
    suggest(four_people, state="staged")
    assert of(look(), Kind.STAGED, Kind.SUGGESTIONS) == [(Kind.STAGED, 2, "")]


def test_an_offer_waits_then_nears_its_end(four_people: FourPeople, look: Look) -> None:
    offered(four_people)
    kinds = (Kind.OFFER, Kind.OFFER_ENDS)
    assert of(look(), *kinds) == [(Kind.OFFER, 0, "Bruno Keller")]
    assert of(look(TODAY + timedelta(days=6)), *kinds) == [(Kind.OFFER_ENDS, 6, "Bruno Keller")]


def test_a_question_waits_for_us_until_it_is_answered(four_people: FourPeople, look: Look) -> None:
    offer = offered(four_people)
    asked = OfferQuestion.objects.create(offer=offer, side="mentor", text="Where?", asked_at=NOW)
    (line,) = look().needs_you
    assert (line.kind, line.name, line.about) == (Kind.QUESTION, "Bruno Keller", offer.public_id)
    OfferQuestion.objects.filter(pk=asked.pk).update(
        answer="Here.", answered_at=NOW, answered_by=four_people.chloe.person
    )
    assert of(look(), Kind.QUESTION) == []


def test_a_first_meeting_is_arranged_hosted_and_noted(four_people: FourPeople, look: Look) -> None:
    pairing = paired(four_people)
    kinds = (Kind.ARRANGE, Kind.FIRST_PROPOSED, Kind.HOST, Kind.WELL)
    assert of(look(), *kinds) == [(Kind.ARRANGE, 1, "Amina")]
    first = meet(pairing, days=10, state="proposed")
    assert of(look(), *kinds) == [(Kind.FIRST_PROPOSED, 1, "Amina")]
    Meeting.objects.filter(pk=first.pk).update(state="agreed", hosted_by=four_people.chloe.person)
    assert of(look(), *kinds) == [(Kind.WELL, 1, "Amina")]
    Meeting.objects.filter(pk=first.pk).update(starts_at=NOW + timedelta(days=7))
    (hosted,) = [line for line in look().needs_you if line.kind is Kind.HOST]
    assert (hosted.who, hosted.days, hosted.count) == ("Chloé Martin", 7, 1)
    Meeting.objects.filter(pk=first.pk).update(starts_at=NOW - timedelta(days=1))
    assert of(look(), *kinds) == [(Kind.HOST, 1, "Amina")]  # nobody has noted whether they met
    Meeting.objects.filter(pk=first.pk).update(state="held")
    assert of(look(), *kinds) == [(Kind.WELL, 1, "Amina")]


def test_where_nobody_hosts_first_meetings_none_is_to_be_arranged(
    four_people: FourPeople, look: Look
) -> None:
    Programme.objects.update(hosts_first_meeting=False)
    paired(four_people)
    assert of(look(), Kind.ARRANGE) == []


def test_who_met_before_they_were_brought_in_has_no_first_meeting(
    four_people: FourPeople, look: Look
) -> None:
    actions.bring_in_pairing(
        mentor_id=four_people.bruno.enrolment.pk,
        newcomer_id=four_people.amina.enrolment.pk,
        since=NOW - timedelta(days=5),
        actor=four_people.chloe.actor,
        now=NOW,
    )
    assert of(look(), Kind.ARRANGE) == []


@pytest.mark.parametrize("heard", ["message", "meeting", "check-in"])
def test_any_sign_of_them_ends_the_quiet(four_people: FourPeople, look: Look, heard: str) -> None:
    pairing = paired(four_people, days_ago=30)
    assert of(look(), Kind.QUIET) == [(Kind.QUIET, 30, "Amina")]
    if heard == "message":
        Conversation.objects.create(pairing=pairing, last_at=NOW - timedelta(days=20))
    elif heard == "meeting":
        meet(pairing, days=-20, kind="usual")
    else:
        checked(pairing, four_people.chloe.person, days_ago=20)
    assert of(look(), Kind.QUIET) == []
    assert of(look(TODAY + timedelta(days=1)), Kind.QUIET) == [(Kind.QUIET, 21, "Amina")]


def test_who_writes_elsewhere_is_quiet_after_five_weeks_without_a_month_met(
    four_people: FourPeople, look: Look
) -> None:
    pairing = paired(four_people, days_ago=90)
    elsewhere = NOW - timedelta(days=34)
    Pairing.objects.update(writes_elsewhere_at=elsewhere)
    assert of(look(), Kind.QUIET) == []
    assert of(look(TODAY + timedelta(days=1)), Kind.QUIET) == [(Kind.QUIET, 35, "Amina")]
    meet(pairing, days=-10, kind="month")
    assert of(look(TODAY + timedelta(days=1)), Kind.QUIET) == []


@pytest.mark.parametrize("how", ["paused", "coming to an end"])
def test_a_mentoring_that_rests_or_ends_is_not_quiet(four_people: FourPeople, look: Look, how: str) -> None:
    pairing = paired(four_people, days_ago=30)
    if how == "paused":
        actions.pause_pairing(pairing_id=pairing.pk, actor=four_people.chloe.actor, now=NOW)
    else:
        actions.end_pairing(
            pairing_id=pairing.pk, reason=EndReason.PLAN, actor=four_people.chloe.actor, now=NOW
        )
    found = [line.kind for line in lines(look()) if line.about == pairing.public_id]
    assert found == ([Kind.PAUSED] if how == "paused" else [])


def test_check_ins_are_due_as_the_programme_says(four_people: FourPeople, look: Look) -> None:
    Programme.objects.update(first_check_ins=[7, 28], check_in_every_days=30)
    pairing = paired(four_people, days_ago=7)
    assert of(look(), Kind.CHECK_IN) == [(Kind.CHECK_IN, 0, "Amina")]
    assert of(look(TODAY - timedelta(days=1)), Kind.CHECK_IN) == []
    for _side in range(2):  # with each of the two on one day: that is one
        checked(pairing, four_people.chloe.person, days_ago=0)
    assert of(look(TODAY + timedelta(days=20)), Kind.CHECK_IN) == []
    assert of(look(TODAY + timedelta(days=22)), Kind.CHECK_IN) == [(Kind.CHECK_IN, 1, "Amina")]


def test_when_the_planned_weeks_are_over_somebody_asks(four_people: FourPeople, look: Look) -> None:
    Programme.objects.update(duration_weeks=4)
    paired(four_people, days_ago=27)
    assert of(look(), Kind.PLAN_OVER) == []
    assert of(look(TODAY + timedelta(days=1)), Kind.PLAN_OVER) == [(Kind.PLAN_OVER, 0, "Amina")]


def test_an_expense_waits_until_it_is_decided_also_after_the_end(four_people: FourPeople, look: Look) -> None:
    pairing = paired(four_people)
    spent = Expense.objects.create(
        pairing=pairing,
        person=four_people.bruno.person,
        on=TODAY - timedelta(days=3),
        cents=1250,
        what="Bus",
        client_id=uuid4(),
    )
    assert of(look(), Kind.EXPENSE) == [(Kind.EXPENSE, 3, "Bruno")]
    actions.end_pairing(
        pairing_id=pairing.pk, reason=EndReason.SAFETY, actor=four_people.chloe.actor, now=NOW
    )
    (line,) = [line for line in look().needs_you if line.kind is Kind.EXPENSE]
    assert (line.name, line.cents, line.currency) == ("Bruno", 1250, "EUR")
    Expense.objects.filter(pk=spent.pk).update(
        state="approved", decided_at=NOW, decided_by=four_people.chloe.person
    )
    assert of(look(), Kind.EXPENSE) == []


def test_a_lapsed_proof_says_until_when_the_mentoring_may_go_on(four_people: FourPeople, look: Look) -> None:
    pairing = paired(four_people, days_ago=10)
    bruno = four_people.bruno.profile
    bruno.clearances.filter(kind="police_check").update(valid_until=TODAY - timedelta(days=4))
    until = datetime(2026, 12, 20, 12, tzinfo=UTC)
    Pairing.objects.filter(pk=pairing.pk).update(grace_until=until)
    (line,) = [line for line in look().needs_you if line.kind is Kind.LAPSED]
    assert (line.name, line.age, line.what, line.on) == (
        "Bruno Keller",
        4,
        ("police_check",),
        date(2026, 12, 20),
    )
    # A volunteer who pauses has the mentoring still.
    Enrolment.objects.filter(pk=four_people.bruno.enrolment.pk).update(state="paused")
    assert of(look(), Kind.LAPSED) == [(Kind.LAPSED, 4, "Bruno Keller")]


def test_one_proof_of_somebody_in_two_programmes_runs_out_once(four_people: FourPeople, look: Look) -> None:
    bruno = four_people.bruno.profile
    bruno.clearances.all().delete()
    for kind in ("police_check", "code_of_conduct"):
        make_clearance(bruno, kind, valid_until=TODAY + timedelta(days=60 if kind == "police_check" else 61))
    make_enrolment(
        programme=make_programme(organisation=four_people.organisation),
        profile=bruno,
        side="mentor",
        cleared=False,
    )
    assert [line.days for line in look().needs_you if line.kind is Kind.PROOF_ENDS] == [60]


def test_mine_and_nobodys_are_told_apart(four_people: FourPeople, look: Look) -> None:
    carl = make_membership(organisation=four_people.organisation, name="Carl Ott").person
    for called, person in (("Mine", four_people.chloe.person), ("Carls", carl), ("Free", None)):
        talk = make_enrolment(programme=four_people.programme, called=called, ready=False)
        Profile.objects.filter(pk=talk.profile_id).update(coordinator=person)
    names = {whose: {line.name for line in look(whose=whose).needs_you} for whose in Whose}
    assert names == {
        Whose.ALL: {"Mine Example", "Carls Example", "Free Example"},
        Whose.MINE: {"Mine Example"},
        Whose.NOBODYS: {"Free Example"},
    }
    assert dict(look(whose=Whose.MINE).counts) == {Whose.ALL: 3, Whose.MINE: 1, Whose.NOBODYS: 1}
    Membership.objects.filter(person=carl).update(ends_on=TODAY - timedelta(days=1))
    found = {line.name for line in look(whose=Whose.NOBODYS).needs_you}
    assert found == {"Carls Example", "Free Example"}


def test_every_kind_has_its_part() -> None:
    assert {kind.part for kind in Kind} == set(Part)
