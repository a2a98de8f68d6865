from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.people.models import Consent
from backend.programmes import enrolments as actions
from backend.programmes.actions import close_programme
from backend.programmes.enums import ENROLMENT_MOVES, MENTOR_STATES, NEWCOMER_STATES, EnrolmentState
from backend.programmes.models import Enrolment, EnrolmentEvent
from tests.factories import NOW, TODAY, make_enrolment, make_profile
from tests.factories.people import FourPeople

TALK = actions.Talk(
    held_on=TODAY,
    channel="in_person",
    language="ar",
    interpreter="Mr Saleh",
    mentoring_understood=True,
    avoid_asked=True,
    consent_given=True,
)
VERBS = {
    "refer": actions.refer,
    "postpone": actions.postpone,
    "pause": actions.pause,
    "resume": actions.resume,
    "end": actions.end_enrolment,
}


def events_of(enrolment: Enrolment) -> list[tuple[str, str, str]]:
    rows = EnrolmentEvent.objects.filter(enrolment=enrolment).order_by("id")
    return list(rows.values_list("verb", "from_state", "to_state"))


@pytest.mark.parametrize(("side", "state"), [("newcomer", "registered"), ("mentor", "applied")])
def test_enrolling_begins_in_the_first_state_of_the_side(
    four_people: FourPeople, side: str, state: str
) -> None:
    profile = make_profile(organisation=four_people.organisation)
    enrolment = actions.enrol(
        profile=profile, programme=four_people.programme, side=side, actor=four_people.chloe.actor, now=NOW
    )
    assert (enrolment.state, enrolment.registered_on) == (state, TODAY)
    assert events_of(enrolment) == [("enrol", "", state)]


def test_nobody_is_enrolled_twice_on_one_side(four_people: FourPeople) -> None:
    with pytest.raises(actions.AlreadyEnrolled):
        actions.enrol(
            profile=four_people.amina.profile,
            programme=four_people.programme,
            side="newcomer",
            actor=four_people.chloe.actor,
            now=NOW,
        )


@pytest.mark.parametrize(("side", "state"), [("newcomer", "registered"), ("mentor", "applied")])
def test_somebody_who_left_may_come_back(four_people: FourPeople, side: str, state: str) -> None:
    left = make_enrolment(programme=four_people.programme, side=side, state="ended")
    back = actions.enrol(
        profile=left.profile,
        programme=left.programme,
        side=side,
        capacity=2,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    assert (back.pk, back.state, back.capacity, back.registered_on) == (left.pk, state, 2, TODAY)


def test_a_closed_programme_takes_nobody_in(four_people: FourPeople) -> None:
    chloe = four_people.chloe.actor
    programme = close_programme(programme_id=four_people.programme.pk, actor=chloe, now=NOW)
    with pytest.raises(actions.ProgrammeClosed):
        actions.enrol(
            profile=make_profile(organisation=four_people.organisation),
            programme=programme,
            side="mentor",
            actor=chloe,
            now=NOW,
        )


def test_a_file_of_another_organisation_is_not_enrolled(four_people: FourPeople) -> None:
    with pytest.raises(actions.OtherOrganisation):
        actions.enrol(
            profile=make_profile(organisation=four_people.elsewhere),
            programme=four_people.programme,
            side="mentor",
            actor=four_people.chloe.actor,
            now=NOW,
        )


def test_outsiders_enrol_nobody_and_people_enrol_themselves(four_people: FourPeople) -> None:
    bruno, programme = four_people.bruno, four_people.programme
    own = {"profile": bruno.profile, "programme": programme, "side": "newcomer", "now": NOW}
    for who in (four_people.amina, four_people.dario):
        with pytest.raises(NotAllowed):
            actions.enrol(**own, actor=who.actor)
    assert actions.enrol(**own, actor=bruno.actor).state == EnrolmentState.REGISTERED


def test_a_talk_with_three_times_yes_makes_ready_and_keeps_the_consents(four_people: FourPeople) -> None:
    waiting = make_enrolment(programme=four_people.programme, ready=False)
    chloe = four_people.chloe
    talk = actions.record_intake_talk(enrolment_id=waiting.pk, talk=TALK, actor=chloe.actor, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, talk.held_by_id, talk.interpreter) == ("ready", chloe.person.pk, "Mr Saleh")
    assert events_of(waiting) == [("make_ready", "registered", "ready")]
    lines = Consent.objects.filter(person=waiting.profile.person).order_by("purpose")
    assert [(c.purpose, c.given, c.language_shown, c.interpreter, c.recorded_by_id) for c in lines] == [
        ("profile", True, "ar", "Mr Saleh", chloe.person.pk),
        ("share", True, "ar", "Mr Saleh", chloe.person.pk),
    ]


@pytest.mark.parametrize("missing", ["mentoring_understood", "avoid_asked", "consent_given"])
def test_a_missing_yes_makes_nobody_ready(four_people: FourPeople, missing: str) -> None:
    waiting = make_enrolment(programme=four_people.programme, ready=False)
    talk = replace(TALK, **{missing: False})
    actions.record_intake_talk(enrolment_id=waiting.pk, talk=talk, actor=four_people.chloe.actor, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.talks.count()) == ("registered", 1)


def test_a_later_no_takes_readiness_back(four_people: FourPeople) -> None:
    amina = four_people.amina.enrolment
    actions.record_intake_talk(
        enrolment_id=amina.pk,
        talk=replace(TALK, consent_given=False),
        actor=four_people.chloe.actor,
        now=NOW,
    )
    amina.refresh_from_db()
    assert amina.state == EnrolmentState.NOT_NOW


def test_a_talk_is_recorded_after_it_was_held_and_with_newcomers(four_people: FourPeople) -> None:
    ahead = replace(TALK, held_on=TODAY + timedelta(days=1))
    chloe = four_people.chloe.actor
    with pytest.raises(actions.TalkLiesAhead):
        actions.record_intake_talk(
            enrolment_id=four_people.amina.enrolment.pk, talk=ahead, actor=chloe, now=NOW
        )
    with pytest.raises(actions.NotWithVolunteers):
        actions.record_intake_talk(
            enrolment_id=four_people.bruno.enrolment.pk, talk=TALK, actor=chloe, now=NOW
        )


def test_nobody_holds_the_talk_with_themselves_or_from_outside(four_people: FourPeople) -> None:
    for who in (four_people.amina, four_people.bruno, four_people.dario):
        with pytest.raises(NotAllowed):
            actions.record_intake_talk(
                enrolment_id=four_people.amina.enrolment.pk, talk=TALK, actor=who.actor, now=NOW
            )


STATES = [("newcomer", s) for s in NEWCOMER_STATES] + [("mentor", s) for s in MENTOR_STATES]


@pytest.mark.parametrize(("place", "verb"), list(product(STATES, VERBS)), ids=str)
def test_every_verb_in_every_state_is_decided(
    four_people: FourPeople, place: tuple[str, str], verb: str
) -> None:
    side, state = place
    enrolment = make_enrolment(programme=four_people.programme, side=side, state=state)
    act = {"enrolment_id": enrolment.pk, "actor": four_people.chloe.actor, "now": NOW, "why": "asked"}
    after = ENROLMENT_MOVES[verb].get(state)
    if after is None:
        with pytest.raises(WrongState):
            VERBS[verb](**act)
        assert events_of(enrolment) == []
    else:
        moved = VERBS[verb](**act)
        assert (moved.state, moved.state_at) == (after, NOW)
        assert events_of(enrolment) == [(verb, state, after)]


def test_who_may_step_back_and_who_may_refer(four_people: FourPeople) -> None:
    amina, bruno = four_people.amina, four_people.bruno
    for outsider in (four_people.dario.actor, amina.actor):
        with pytest.raises(NotAllowed):
            actions.pause(enrolment_id=bruno.enrolment.pk, actor=outsider, now=NOW)
    with pytest.raises(NotAllowed):
        actions.refer(enrolment_id=amina.enrolment.pk, actor=amina.actor, now=NOW)
    assert actions.pause(enrolment_id=bruno.enrolment.pk, actor=bruno.actor, now=NOW).state == "paused"
    assert actions.postpone(enrolment_id=amina.enrolment.pk, actor=amina.actor, now=NOW).state == "not_now"


def test_somebody_in_a_mentoring_does_not_just_leave(four_people: FourPeople) -> None:
    bruno = four_people.bruno.enrolment
    Enrolment.objects.filter(pk=bruno.pk).update(places_taken=1)
    with pytest.raises(actions.StillMentoring):
        actions.end_enrolment(enrolment_id=bruno.pk, actor=four_people.chloe.actor, now=NOW)


@pytest.mark.parametrize("capacity", [0, 21])
def test_a_capacity_is_a_number_one_can_care_for(four_people: FourPeople, capacity: int) -> None:
    with pytest.raises(actions.BadCapacity):
        actions.set_capacity(
            enrolment_id=four_people.bruno.enrolment.pk,
            capacity=capacity,
            actor=four_people.chloe.actor,
            now=NOW,
        )


def test_capacity_is_not_lowered_below_the_places_taken(four_people: FourPeople) -> None:
    bruno, chloe = four_people.bruno.enrolment, four_people.chloe.actor
    actions.set_capacity(enrolment_id=bruno.pk, capacity=3, actor=chloe, now=NOW)
    Enrolment.objects.filter(pk=bruno.pk).update(places_taken=2)
    with pytest.raises(actions.PlacesAreTaken):
        actions.set_capacity(enrolment_id=bruno.pk, capacity=1, actor=chloe, now=NOW)
    assert actions.set_capacity(enrolment_id=bruno.pk, capacity=2, actor=chloe, now=NOW).places_free == 0
