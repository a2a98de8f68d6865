"""A proof runs out: offers stop at once, adults have 30 days, with a minor the mentoring rests."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.jobs import Job
from backend.messaging.actions import ConversationRests, conversation_of
from backend.pairings import actions, tasks
from backend.pairings.actions.clearances import GRACE
from backend.pairings.actions.pairings import ProofIsMissing
from backend.pairings.enums import EndReason, OfferState, PairingState, PauseReason
from backend.pairings.models import Offer, Pairing, Suggestion
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import record_clearance
from tests.factories import NOW, TODAY, make_clearance
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.ending import (
    IN_PERSON,
    PHONE,
    another,
    bring_together,
    names_in,
    proofs_until,
    told,
    verbs_of,
)
from tests.security.world import say

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def together(four_people: FourPeople) -> Pairing:
    return bring_together(four_people)


def look(pairing: Pairing, *, after: int = 0) -> Pairing:
    """What the daily job does, `after` so many days; twice, since it may run twice."""
    now = NOW + timedelta(days=after)
    for _run in range(2):
        actions.look_at_proofs(pairing_id=pairing.pk, now=now)
    pairing.refresh_from_db()
    return pairing


def test_the_daily_job_asks_for_a_look_at_what_a_proof_touches(
    four_people: FourPeople, together: Pairing
) -> None:
    assert actions.suspend_uncleared(now=NOW) == 0
    proofs_until(four_people, YESTERDAY)
    assert actions.suspend_uncleared(now=NOW) == 1
    job = Job.objects.get(name="pairings.look_at_proofs")
    tasks.look_at_proofs(*job.args)
    together.refresh_from_db()
    assert together.grace_until is not None


def test_adults_have_thirty_days_and_both_who_must_know_are_told_twice(
    four_people: FourPeople, together: Pairing
) -> None:
    proofs_until(four_people, YESTERDAY)
    assert look(together).grace_until == NOW + GRACE
    assert look(together, after=22).state == PairingState.ACTIVE
    assert told(four_people.bruno.person.pk) == ["proof_ran_out"]
    look(together, after=23)
    look(together, after=29)
    assert told(four_people.bruno.person.pk) == ["proof_ran_out", "proof_still_missing"]
    assert told(four_people.amina.person.pk) == []
    ended = look(together, after=30)
    assert (ended.state, ended.end_reason) == (PairingState.ENDED, EndReason.CLEARANCE)
    assert told(four_people.bruno.person.pk)[-1] == told(four_people.amina.person.pk)[-1] == "ended_now"
    assert told(four_people.chloe.person.pk) == [
        "office_proof_ran_out",
        "office_proof_still_missing",
        "office_proof_ended",
    ]


def test_a_new_proof_lifts_the_term(four_people: FourPeople, together: Pairing) -> None:
    proofs_until(four_people, YESTERDAY)
    look(together)
    for kind in ("police_check", "code_of_conduct"):
        make_clearance(four_people.bruno.profile, kind)
    lifted = look(together, after=10)
    assert (lifted.grace_until, lifted.state) == (None, PairingState.ACTIVE)
    assert told(four_people.bruno.person.pk) == ["proof_ran_out", "proof_is_back"]
    assert verbs_of(together) == ["start", "give_time", "lift"]
    assert look(together, after=31).state == PairingState.ACTIVE


def test_a_second_lapse_is_reminded_of_again(four_people: FourPeople, together: Pairing) -> None:
    proofs_until(four_people, YESTERDAY)
    look(together), look(together, after=25)
    proofs_until(four_people, TODAY + timedelta(days=60))
    look(together, after=26)
    look(together, after=61), look(together, after=85)
    assert told(four_people.bruno.person.pk).count("proof_still_missing") == 2


@pytest.mark.parametrize("born", ["2015-01-01", ""])
@pytest.mark.parametrize("after", [0, 10])
def test_with_a_member_under_18_or_of_unknown_age_it_rests_at_once(
    four_people: FourPeople, together: Pairing, born: str, after: int
) -> None:
    conversation = conversation_of(pairing=together, actor=four_people.amina.actor, now=NOW)
    proofs_until(four_people, YESTERDAY)
    if after:
        look(together)  # an adult as far as was known; the age is corrected during the term
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(born=born)
    rests = look(together, after=after)
    assert (rests.state, rests.pause_reason) == (PairingState.PAUSED, PauseReason.CLEARANCE)
    assert rests.grace_until is None
    assert told(four_people.amina.person.pk) == ["rests_for_now"]
    with pytest.raises(ConversationRests):
        say(conversation, "Hello?", actor=four_people.bruno.actor)
    with pytest.raises(ProofIsMissing):
        actions.resume_pairing(pairing_id=rests.pk, actor=four_people.chloe.actor, now=NOW)
    proofs_until(four_people, None)
    goes_on = look(together, after=after + 1)
    assert (goes_on.state, goes_on.pause_reason) == (PairingState.ACTIVE, "")
    assert told(four_people.amina.person.pk) == ["rests_for_now", "goes_on_again"]
    say(conversation, "Hello again", actor=four_people.bruno.actor)


def test_a_pause_that_somebody_asked_for_stays_one(four_people: FourPeople, together: Pairing) -> None:
    ask = {"pairing_id": together.pk, "actor": four_people.chloe.actor, "now": NOW}
    actions.pause_pairing(**ask)
    proofs_until(four_people, YESTERDAY)
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(born="")
    assert look(together).pause_reason == PauseReason.ASKED
    with pytest.raises(ProofIsMissing):
        actions.resume_pairing(**ask)
    proofs_until(four_people, None)
    assert look(together).state == PairingState.PAUSED
    actions.resume_pairing(**ask)


def test_one_of_two_mentors_leaves_and_the_other_goes_on(four_people: FourPeople, together: Pairing) -> None:
    ben = another(four_people, "mentor", "Ben")
    actions.add_member(
        pairing_id=together.pk,
        enrolment_id=ben.pk,
        told=PHONE,
        others_told=IN_PERSON,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    proofs_until(four_people, YESTERDAY)
    look(together)
    after = look(together, after=30)
    assert (after.state, after.grace_until, names_in(together)) == ("active", None, ["Amina", "Ben"])
    assert told(four_people.bruno.person.pk)[-1] == "you_left"


def test_an_open_offer_is_taken_back_in_neutral_words(four_people: FourPeople) -> None:
    suggestion = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=four_people.bruno.enrolment,
        newcomer=four_people.amina.enrolment,
        examined_at=NOW,
    )
    offer = sent_offer(suggestion_id=suggestion.pk, actor=four_people.chloe.actor, now=NOW)
    proofs_until(four_people, YESTERDAY)
    assert actions.suspend_uncleared(now=NOW) == 1
    for _run in range(2):
        actions.look_at_offer(offer_id=offer.pk, now=NOW)
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert Enrolment.objects.get(pk=four_people.amina.enrolment.pk).places_taken == 0
    assert told(four_people.bruno.person.pk) == ["offer_to_answer", "offer_closed"]
    assert told(four_people.amina.person.pk) == []
    assert told(four_people.chloe.person.pk) == ["offer_lacks_proof"]


def test_a_proof_counts_to_the_end_of_its_last_day(four_people: FourPeople, together: Pairing) -> None:
    proofs_until(four_people, TODAY)
    assert look(together).grace_until is None
    assert look(together, after=1).grace_until is not None


def test_a_proof_noted_by_staff_is_looked_at_at_once(four_people: FourPeople, together: Pairing) -> None:
    proofs_until(four_people, YESTERDAY)
    look(together)
    for kind in ("police_check", "code_of_conduct"):
        record_clearance(
            profile=four_people.bruno.profile,
            kind=kind,
            seen_on=TODAY,
            actor=four_people.chloe.actor,
            now=NOW,
        )
    actions.look_again_at(profile_id=four_people.bruno.profile.pk)
    assert Job.objects.get(name="pairings.look_at_proofs").args == [together.pk]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_nobody_without_proofs_goes_on_for_longer_than_thirty_days(data: st.DataObject) -> None:
    """Whatever days the proof is valid on, and whatever days the job runs on."""
    with transaction.atomic():
        people = make_four_people()
        together = bring_together(people)
        runs = sorted(data.draw(st.sets(st.integers(0, 120), min_size=1, max_size=12), label="runs"))
        valid = data.draw(st.lists(st.integers(-5, 130), min_size=1, max_size=3), label="valid until")
        without_since: int | None = None
        for number, day in enumerate(runs):
            until: date = TODAY + timedelta(days=valid[number % len(valid)])
            proofs_until(people, until)
            lapsed = until < TODAY + timedelta(days=day)
            look(together, after=day)
            without_since = (without_since if without_since is not None else day) if lapsed else None
            if together.state == PairingState.ENDED:
                assert without_since is not None and day - without_since >= 30
                break
            assert (together.grace_until is not None) == lapsed
            assert without_since is None or day - without_since < 30
        transaction.set_rollback(True)
