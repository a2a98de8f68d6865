"""At home only with consent, and the one question after the first meeting."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from backend.core.errors import NotAllowed
from backend.core.jobs import Job
from backend.insight.meetings import ahead_of, start_of
from backend.meetings import actions, tasks
from backend.meetings.actions.beginning import (
    AdultsMissing,
    AdultsNotCleared,
    HomeNotForMinors,
    NotAskedYet,
)
from backend.meetings.actions.logging import log_meeting, take_back_meeting
from backend.meetings.actions.meetings import HomeNotAllowed
from backend.meetings.enums import GoOnAnswer, MeetingKind, MeetingState
from backend.meetings.models import GoOn, HomeConsent, Meeting
from backend.organisations.enums import Role
from backend.organisations.queries import actor_for
from backend.pairings.actions import end_pairing, replace_mentor
from backend.pairings.enums import EndReason
from backend.pairings.overtaken import Overtaken
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.models import Contact, Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from notifications.api import Notice
from tests.factories import NOW, TODAY, make_enrolment, make_membership
from tests.factories.people import signed_in
from tests.meetings.conftest import Beginning

PHONE = Told(Channel.PHONE, "ar", "Samira")


def told(kind: str) -> list[int]:
    return list(Notice.objects.filter(kind=kind).order_by("person").values_list("person_id", flat=True))


def allow(beginning: Beginning, *, actor=None, adults=("Bruno Keller", "Ute Keller"), cleared=True):
    return actions.allow_home(
        pairing_id=beginning.pairing.pk,
        adults=adults,
        each_is_cleared=cleared,
        actor=actor or beginning.people.chloe.actor,
        now=NOW,
    )


def revoke(beginning: Beginning) -> None:
    actions.revoke_home(pairing_id=beginning.pairing.pk, actor=beginning.people.chloe.actor, now=NOW)


def test_at_home_only_while_a_coordinators_consent_stands(beginning: Beginning) -> None:
    beginning.held()
    bruno = beginning.people.bruno.actor
    at_home = {"actor": bruno, "hosted": False, "is_at_home": True, "starts_at": NOW + timedelta(days=9)}
    with pytest.raises(HomeNotAllowed):
        beginning.propose(**at_home)
    allow(beginning)
    meeting = beginning.propose(**at_home)
    for _again in range(2):
        revoke(beginning)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED
    assert told("meeting_cancelled") == sorted(
        [beginning.people.amina.person.pk, beginning.people.bruno.person.pk]
    )
    with pytest.raises(HomeNotAllowed):
        beginning.propose(**at_home)


def test_taking_consent_back_leaves_meetings_elsewhere(beginning: Beginning) -> None:
    meeting = beginning.agreed()
    allow(beginning)
    revoke(beginning)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGREED


def test_every_adult_is_named_and_cleared(beginning: Beginning) -> None:
    with pytest.raises(AdultsMissing):
        allow(beginning, adults=(" ", ""))
    with pytest.raises(AdultsNotCleared):
        allow(beginning, cleared=False)
    Clearance.objects.filter(profile=beginning.people.bruno.profile).update(
        valid_until=TODAY - timedelta(days=1)
    )
    with pytest.raises(AdultsNotCleared):
        allow(beginning)
    assert not HomeConsent.objects.exists()


@pytest.mark.parametrize("born", ["", "2010-05-01", "2008"])
def test_never_where_somebody_is_under_18_or_of_unknown_age(beginning: Beginning, born: str) -> None:
    allow(beginning)
    beginning.held()
    Profile.objects.filter(pk=beginning.people.amina.profile.pk).update(born=born)
    with pytest.raises(HomeNotAllowed):
        beginning.propose(is_at_home=True, starts_at=NOW + timedelta(days=9))
    revoke(beginning)
    with pytest.raises(HomeNotForMinors):
        allow(beginning)


def test_only_a_coordinator_allows_it(beginning: Beginning) -> None:
    people = beginning.people
    carl = make_membership(organisation=people.organisation, role=Role.CASEWORKER, name="Carl").person
    for actor in (people.amina.actor, people.bruno.actor, people.dario.actor, actor_for(carl, now=NOW)):
        with pytest.raises(NotAllowed):
            allow(beginning, actor=actor)


def test_allowing_it_twice_changes_nothing_and_a_colleague_hears_who_did(beginning: Beginning) -> None:
    assert allow(beginning).pk == allow(beginning).pk
    other = make_membership(organisation=beginning.people.organisation, name="Carla").person
    with pytest.raises(Overtaken, match="Chloé Martin allowed this"):
        allow(beginning, actor=actor_for(other, now=NOW))


def say(beginning: Beginning, who, answer: GoOnAnswer, **more) -> GoOn:
    return actions.answer_go_on(
        pairing_id=beginning.pairing.pk, answer=answer, actor=who.actor, now=NOW, **more
    )


def test_each_is_asked_after_the_first_meeting_and_not_before(beginning: Beginning) -> None:
    people = beginning.people
    with pytest.raises(NotAskedYet):
        say(beginning, people.amina, GoOnAnswer.YES)
    beginning.held()
    assert told("go_on_asked") == sorted([people.amina.person.pk, people.bruno.person.pk])


def test_when_all_say_yes_the_coordinator_hears_it_once(beginning: Beginning) -> None:
    people = beginning.people
    beginning.held()
    for _again in range(2):
        say(beginning, people.amina, GoOnAnswer.YES)
        say(beginning, people.bruno, GoOnAnswer.YES)
    assert told("go_on_all_yes") == [people.chloe.person.pk]
    assert GoOn.objects.count() == 2


def test_a_no_is_told_to_the_coordinator_alone_and_costs_no_place(beginning: Beginning) -> None:
    people = beginning.people
    beginning.held()
    before = list(Enrolment.objects.order_by("pk").values_list("registered_on", "state"))
    say(beginning, people.amina, GoOnAnswer.NO)
    assert told("go_on_no") == [people.chloe.person.pk]
    assert Contact.objects.promised().get().profile_id == people.amina.profile.pk  # it stands on Today
    assert not Notice.objects.filter(person=people.bruno.person, kind="go_on_no").exists()
    end_pairing(pairing_id=beginning.pairing.pk, reason=EndReason.WISH, actor=people.chloe.actor, now=NOW)
    assert list(Enrolment.objects.order_by("pk").values_list("registered_on", "state")) == before
    assert set(Enrolment.objects.values_list("places_taken", flat=True)) == {0}
    assert Meeting.objects.get().state == MeetingState.HELD


def test_whoever_is_unsure_is_promised_a_call(beginning: Beginning) -> None:
    people = beginning.people
    beginning.held()
    for _again in range(2):
        say(beginning, people.amina, GoOnAnswer.UNSURE)
    call = Contact.objects.get()
    # Without a channel: nobody was spoken to yet.
    assert (call.profile_id, call.by_id, call.channel) == (
        people.amina.profile.pk,
        people.amina.person.pk,
        "",
    )
    assert call.call_back_on is not None
    assert (call.call_back_on - TODAY).days == 2  # NOW is a Saturday
    assert told("go_on_call") == [people.amina.person.pk]
    assert Notice.objects.get(kind="go_on_unsure").data == {"name": "Amina"}


def test_staff_note_the_answer_and_it_may_change(beginning: Beginning) -> None:
    people = beginning.people
    beginning.held()
    more = {"told": PHONE, "person_id": people.amina.person.pk}
    say(beginning, people.chloe, GoOnAnswer.UNSURE, **more)
    row = say(beginning, people.chloe, GoOnAnswer.YES, **more)
    assert (row.answer, row.by_id, row.channel, row.interpreter) == (
        "yes",
        people.chloe.person.pk,
        "phone",
        "Samira",
    )
    with pytest.raises(NotAllowed):
        say(beginning, people.bruno, GoOnAnswer.NO, **more)


def test_two_who_met_without_a_plan_are_asked_too_and_may_take_it_back(beginning: Beginning) -> None:
    people = beginning.people
    ask = {"pairing_id": beginning.pairing.pk, "on": TODAY, "minutes": 60, "client_id": uuid4()}
    noted = log_meeting(**ask, actor=people.bruno.actor, now=NOW)
    assert noted.meeting.kind == MeetingKind.FIRST
    assert set(told("go_on_asked")) == {people.amina.person.pk, people.bruno.person.pk}
    say(beginning, people.amina, GoOnAnswer.YES)
    take_back_meeting(meeting_id=noted.meeting.pk, actor=people.bruno.actor, now=NOW)
    assert beginning.propose().kind == MeetingKind.FIRST


def test_whoever_joins_after_the_first_meeting_confirms_and_is_not_asked_whether_to_go_on(
    beginning: Beginning,
) -> None:
    people, met = beginning.people, beginning.held()
    ben = make_enrolment(programme=people.programme, side="mentor", called="Ben")
    replace_mentor(
        pairing_id=beginning.pairing.pk,
        member_id=beginning.pairing.members.get(side="mentor").pk,
        enrolment_id=ben.pk,
        reason=EndReason.WORK,
        told=PHONE,
        others_told=PHONE,
        actor=people.chloe.actor,
        now=met.starts_at + timedelta(days=1),
    )
    person = ben.profile.person
    start = start_of(beginning.pairing, now=met.starts_at + timedelta(days=1))
    assert (start.asks(person.pk), start.asks(people.amina.person.pk)) == (False, True)
    actor = actor_for(person, now=NOW)
    assert ahead_of(actor, now=NOW).go_on == ()
    with pytest.raises(NotAskedYet):
        answer(beginning, actor)
    page = signed_in(person).get(reverse("together:page", args=[beginning.pairing.public_id]))
    assert "Before you meet" in page.content.decode()
    say(beginning, people.amina, GoOnAnswer.YES)
    assert told("go_on_all_yes") == [people.chloe.person.pk]


def answer(beginning: Beginning, actor) -> GoOn:
    return actions.answer_go_on(pairing_id=beginning.pairing.pk, answer=GoOnAnswer.YES, actor=actor, now=NOW)


def test_who_has_not_answered_is_reminded_once_after_three_days(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.held()
    job = Job.objects.get(name="meetings.remind_to_go_on")
    assert job.due_at == meeting.starts_at + timedelta(hours=2, days=3)
    say(beginning, people.bruno, GoOnAnswer.YES)
    for _again in range(2):
        tasks.remind_to_go_on(*job.args)
    assert told("go_on_reminder") == [people.amina.person.pk]
