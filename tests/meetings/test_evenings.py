"""A group evening: who is invited, who came, and whom each got on with."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.core.errors import NotAllowed
from backend.meetings import actions
from backend.meetings.actions.evenings import (
    CannotBeInvited,
    MustNotMeet,
    NobodyCame,
    NotAGuest,
    OnlyThoseWhoCame,
    TooLateToSay,
)
from backend.meetings.actions.meetings import TimeDoesNotWork, WhereIsMissing
from backend.meetings.actions.went import NotYet
from backend.meetings.enums import EveningState
from backend.meetings.models import Evening, Guest, Liking
from backend.meetings.queries.evenings import likings_of, others_who_came
from backend.organisations.queries import actor_for
from backend.pairings.overtaken import Overtaken
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from notifications.api import Notice
from tests.factories import NOW, make_enrolment, make_programme
from tests.factories.people import FourPeople

BEGINS = NOW + timedelta(days=7)
AFTER = BEGINS + timedelta(hours=3)


def told(kind: str) -> list[int]:
    return list(Notice.objects.filter(kind=kind).order_by("person").values_list("person_id", flat=True))


def plan(people: FourPeople, **fields) -> Evening:
    place = actions.add_place(
        organisation_id=people.organisation.pk,
        name="Parish hall",
        address="Church lane 2",
        actor=people.chloe.actor,
        now=NOW,
    )
    ordinary = {
        "programme_id": people.programme.pk,
        "starts_at": BEGINS,
        "minutes": 120,
        "place_id": place.pk,
        "client_id": uuid4(),
        "actor": people.chloe.actor,
        "now": NOW,
    }
    return actions.plan_evening(**ordinary | fields)


def invite(people: FourPeople, evening: Evening, *enrolments: Enrolment, actor=None) -> Evening:
    return actions.invite(
        evening_id=evening.pk,
        enrolment_ids=[e.pk for e in enrolments],
        actor=actor or people.chloe.actor,
        now=NOW,
    )


def hold(people: FourPeople, evening: Evening, *guests: Guest, now=AFTER) -> Evening:
    return actions.hold_evening(
        evening_id=evening.pk, came=[g.pk for g in guests], actor=people.chloe.actor, now=now
    )


def like(evening: Evening, who, *whom: Guest, now=AFTER) -> list[Liking]:
    return actions.note_likings(evening_id=evening.pk, whom=[g.pk for g in whom], actor=who, now=now)


def guest(evening: Evening, enrolment: Enrolment) -> Guest:
    return evening.guests.get(enrolment=enrolment)


def test_guests_are_told_once(four_people: FourPeople) -> None:
    people, evening = four_people, plan(four_people)
    for _again in range(2):
        invite(people, evening, people.amina.enrolment, people.bruno.enrolment)
    assert told("evening_invited") == sorted([people.amina.person.pk, people.bruno.person.pk])
    for actor in (people.amina.actor, people.chloe.actor):
        assert Evening.objects.visible_to(actor).get() == evening
    assert not Evening.objects.visible_to(people.dario.actor).exists()


def test_only_a_coordinator_of_the_programme_plans(four_people: FourPeople) -> None:
    for actor in (four_people.dario.actor, four_people.bruno.actor):
        with pytest.raises(NotAllowed):
            plan(four_people, actor=actor)
        with pytest.raises(NotAllowed):
            invite(four_people, plan(four_people), actor=actor)
    with pytest.raises(TimeDoesNotWork):
        plan(four_people, starts_at=NOW)
    with pytest.raises(WhereIsMissing):
        plan(four_people, place_id=0)


def test_a_form_sent_twice_plans_one(four_people: FourPeople) -> None:
    client_id = uuid4()
    assert plan(four_people, client_id=client_id) == plan(four_people, client_id=client_id)


def test_nobody_under_age_not_cleared_or_of_another_programme_is_invited(four_people: FourPeople) -> None:
    evening, here = plan(four_people), four_people.programme
    for unfit in (
        make_enrolment(programme=here, born=""),
        make_enrolment(programme=here, born="2012"),
        make_enrolment(programme=here, side="mentor", cleared=False),
        make_enrolment(programme=here, ready=False),
        make_enrolment(programme=make_programme(organisation=four_people.organisation)),
    ):
        with pytest.raises(CannotBeInvited):
            invite(four_people, evening, four_people.amina.enrolment, unfit)
    assert not Guest.objects.exists()


def test_two_who_must_never_meet_are_not_both_invited(four_people: FourPeople) -> None:
    people, evening = four_people, plan(four_people)
    restrict(first=people.amina.profile, second=people.bruno.profile, actor=people.chloe.actor, now=NOW)
    invite(people, evening, people.amina.enrolment)
    with pytest.raises(MustNotMeet, match="Amina Haddad, Bruno Keller"):
        invite(people, evening, people.bruno.enrolment)
    assert told("evening_invited") == [people.amina.person.pk]


def test_cancelling_tells_the_guests(four_people: FourPeople) -> None:
    people, evening = four_people, plan(four_people)
    invite(people, evening, people.amina.enrolment)
    cancelled = actions.cancel_evening(evening_id=evening.pk, actor=people.chloe.actor, now=NOW)
    assert (cancelled.state, cancelled.sequence) == (EveningState.CANCELLED, 1)
    assert told("evening_cancelled") == [people.amina.person.pk]
    for late in (
        lambda: actions.cancel_evening(evening_id=evening.pk, actor=people.chloe.actor, now=NOW),
        lambda: invite(people, evening, people.bruno.enrolment),
    ):
        with pytest.raises(Overtaken, match="Chloé Martin cancelled this evening"):
            late()


def test_afterwards_each_notes_whom_they_got_on_with(four_people: FourPeople) -> None:
    people, evening = four_people, plan(four_people)
    nadia = make_enrolment(programme=people.programme, called="Nadia")
    ben = make_enrolment(programme=people.programme, side="mentor", called="Ben")
    everybody = [people.amina.enrolment, people.bruno.enrolment, nadia, ben]
    invite(people, evening, *everybody)
    amina, bruno, of_nadia, of_ben = (guest(evening, e) for e in everybody)
    with pytest.raises(NotYet):
        hold(people, evening, amina, now=NOW)
    with pytest.raises(NobodyCame):
        hold(people, evening)
    hold(people, evening, amina, bruno, of_nadia)
    assert len(told("evening_whom")) == 3
    assert [other.called for other in others_who_came(amina)] == ["Bruno"]
    assert [other.called for other in others_who_came(bruno)] == ["Amina", "Nadia"]

    for whom in (of_ben, of_nadia, amina):  # not there; the same side; oneself
        with pytest.raises(OnlyThoseWhoCame):
            like(evening, people.amina.actor, whom)
    for who in (people.chloe.actor, people.dario.actor, actor_for(ben.profile.person, now=NOW)):
        with pytest.raises(NotAGuest):
            like(evening, who, bruno)
    for _again in range(2):
        like(evening, people.amina.actor, bruno)
    like(evening, actor_for(nadia.profile.person, now=NOW), bruno)
    like(evening, people.bruno.actor, amina, of_nadia)
    like(evening, people.bruno.actor, amina)  # changed their mind
    with pytest.raises(TooLateToSay):
        like(evening, people.amina.actor, bruno, now=AFTER + timedelta(days=31))

    found = [(m.newcomer.profile.called, m.mentor.profile.called, m.both) for m in likings_of(evening)]
    assert found == [("Amina", "Bruno", True), ("Nadia", "Bruno", False)]

    hold(people, evening, amina, of_nadia)  # a correction: Bruno was not there
    assert likings_of(evening) == []
    assert len(told("evening_whom")) == 3


def test_nobody_says_anything_before_it_was_held(four_people: FourPeople) -> None:
    people, evening = four_people, plan(four_people)
    invite(people, evening, people.amina.enrolment, people.bruno.enrolment)
    with pytest.raises(NotAGuest):
        like(evening, people.amina.actor, guest(evening, people.bruno.enrolment))
