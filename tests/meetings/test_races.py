"""What several can press at once around a meeting. Each fails on code that looks first, then writes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.core.errors import Expected
from backend.meetings import actions
from backend.meetings.actions.answers import Engaged
from backend.meetings.enums import Confirmed, GoOnAnswer, MeetingState
from backend.meetings.models import CalendarFeed, Confirmation, Guest, HomeConsent, Meeting, MeetingEvent
from backend.meetings.times import Arranged
from backend.organisations.queries import actor_for
from backend.pairings.overtaken import Overtaken
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, make_enrolment, make_membership, make_programme
from tests.factories.people import make_four_people
from tests.meetings.conftest import Beginning, make_beginning, paired
from tests.meetings.test_evenings import plan
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


def test_many_coordinators_propose_the_first_meeting() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    office = [make_membership(organisation=people.organisation, name=f"Coordinator {n}") for n in range(MANY)]
    actors = [actor_for(one.person, now=NOW) for one in office]
    results = at_once([lambda a=a: beginning.propose(actor=a) for a in actors])
    assert sum(isinstance(r, Meeting) for r in results) == Meeting.objects.count() == 1
    slower = [r for r in results if isinstance(r, Overtaken)]
    assert len(slower) == MANY - 1
    winner = Meeting.objects.get().made_by
    assert winner is not None
    name = winner.memberships.get().name
    assert all(str(r).startswith(f"{name} proposed this meeting") for r in slower)
    assert Notice.objects.filter(kind="first_meeting_proposed").count() == 2


def test_the_same_form_fifty_times_makes_one_meeting() -> None:
    beginning, client_id = make_beginning(make_four_people()), uuid4()

    def send() -> Meeting:
        return actions.propose_meeting(
            pairing_id=beginning.pairing.pk,
            plan=beginning.plan(),
            arranged=Arranged(beginning.people.chloe.person.pk),
            client_id=client_id,
            actor=beginning.people.chloe.actor,
            now=NOW,
        )

    assert {result.pk for result in at_once([send] * MANY)} == {Meeting.objects.get().pk}


def test_both_sides_say_yes_at_once() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    beginning.confirm_all()
    meeting = beginning.propose()
    both = [
        lambda: beginning.answer(meeting, people.amina.actor),
        lambda: beginning.answer(meeting, people.bruno.actor),
    ]
    at_once(both * 8)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGREED
    assert MeetingEvent.objects.filter(meeting=meeting, verb="agree").count() == 1
    assert Notice.objects.filter(kind="meeting_agreed").count() == 2


def test_the_last_confirmation_and_the_last_yes_at_once() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    meeting = beginning.propose()
    beginning.answer(meeting, people.amina.actor)
    acts = [
        lambda who=who, what=what: actions.confirm(
            pairing_id=beginning.pairing.pk, what=what, language="en", actor=who.actor, now=NOW
        )
        for who in (people.amina, people.bruno)
        for what in Confirmed
    ]
    at_once([*acts, *acts, lambda: beginning.answer(meeting, people.bruno.actor)])
    meeting.refresh_from_db()
    assert (meeting.state, Confirmation.objects.count()) == (MeetingState.AGREED, 4)


def test_cancelled_while_the_last_yes_comes_in() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    beginning.confirm_all()
    meeting = beginning.propose()
    beginning.answer(meeting, people.amina.actor)
    acts = [
        lambda: beginning.answer(meeting, people.bruno.actor),
        lambda: actions.cancel_meeting(meeting_id=meeting.pk, actor=people.chloe.actor, now=NOW),
    ]
    results = at_once(acts * 8)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED  # also an agreed meeting can be cancelled
    assert MeetingEvent.objects.filter(meeting=meeting, verb="cancel").count() == 1
    assert MeetingEvent.objects.filter(meeting=meeting, verb="agree").count() <= 1
    assert all(isinstance(r, Meeting | Expected) for r in results)


def test_nobody_moves_a_meeting_over_another_move() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    meeting = beginning.propose()

    def move(number: int) -> Meeting:
        return actions.change_meeting(
            meeting_id=meeting.pk,
            plan=beginning.plan(starts_at=NOW + timedelta(days=4, hours=number)),
            sequence=0,
            actor=people.chloe.actor,
            now=NOW,
        )

    results = at_once([lambda n=n: move(n) for n in range(12)])
    assert sum(isinstance(r, Meeting) for r in results) == 1
    assert sum(isinstance(r, Overtaken) for r in results) == 11
    assert Meeting.objects.get().sequence == 1


def test_a_mentor_of_two_programmes_is_never_in_two_places() -> None:
    """The two mentorings share no enrolment and so no lock of theirs: the person is locked."""
    people = make_four_people()
    first = make_beginning(people)
    first.confirm_all()
    elsewhere = make_programme(organisation=people.organisation)
    bruno = make_enrolment(programme=elsewhere, side="mentor", profile=people.bruno.profile, cleared=False)
    nadia = make_enrolment(programme=elsewhere, called="Nadia")
    other_people = type(people)(**{**vars(people), "programme": elsewhere})
    second = Beginning(other_people, paired(other_people, mentor=bruno, newcomer=nadia), first.place)
    of_nadia = actor_for(nadia.profile.person, now=NOW)
    for who in (people.bruno.actor, of_nadia):
        for what in Confirmed:
            actions.confirm(pairing_id=second.pairing.pk, what=what, language="en", actor=who, now=NOW)
    for number in range(8):
        when = NOW + timedelta(days=3 + number)
        meetings = [first.propose(starts_at=when), second.propose(starts_at=when)]
        for beginning, meeting in zip((first, second), meetings, strict=True):
            beginning.answer(meeting, people.bruno.actor)
        results = at_once(
            [
                lambda m=meetings[0]: first.answer(m, people.amina.actor),
                lambda m=meetings[1]: second.answer(m, of_nadia),
            ]
        )
        assert [type(r) for r in results].count(Engaged) == 1
        assert Meeting.objects.filter(starts_at=when, state=MeetingState.AGREED).count() == 1
        for meeting in meetings:
            actions.cancel_meeting(meeting_id=meeting.pk, actor=people.chloe.actor, now=NOW)


def test_two_coordinators_allow_meetings_at_home() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    office = [make_membership(organisation=people.organisation).person for _ in range(8)]
    results = at_once(
        [
            lambda p=p: actions.allow_home(
                pairing_id=beginning.pairing.pk,
                adults=["Bruno Keller"],
                each_is_cleared=True,
                actor=actor_for(p, now=NOW),
                now=NOW,
            )
            for p in office
        ]
    )
    assert sum(isinstance(r, HomeConsent) for r in results) == HomeConsent.objects.count() == 1
    assert sum(isinstance(r, Overtaken) for r in results) == 7


def test_the_last_two_say_that_they_go_on() -> None:
    people = make_four_people()
    beginning = make_beginning(people)
    beginning.held()
    acts = [
        lambda who=who: actions.answer_go_on(
            pairing_id=beginning.pairing.pk, answer=GoOnAnswer.YES, actor=who.actor, now=NOW
        )
        for who in (people.amina, people.bruno)
    ]
    at_once(acts * 8)
    assert Notice.objects.filter(kind="go_on_all_yes").count() == 1


def test_the_same_people_are_invited_by_many_at_once() -> None:
    people = make_four_people()
    evening = plan(people)
    ids = [people.amina.enrolment.pk, people.bruno.enrolment.pk]
    at_once(
        [lambda: actions.invite(evening_id=evening.pk, enrolment_ids=ids, actor=people.chloe.actor, now=NOW)]
        * MANY
    )
    assert Guest.objects.count() == 2
    assert Notice.objects.filter(kind="evening_invited").count() == 2
    assert Enrolment.objects.count() == 2


def test_one_private_address_is_open_however_many_are_made() -> None:
    people = make_four_people()
    results = at_once([lambda: actions.make_feed(actor=people.amina.actor, now=NOW)] * 12)
    assert CalendarFeed.objects.count() == len({key for _feed, key in results}) == 12
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1


def test_the_database_keeps_one_first_meeting_without_the_application() -> None:
    beginning = make_beginning(make_four_people())

    def insert() -> Meeting:
        return Meeting.objects.create(
            pairing=beginning.pairing, kind="first", starts_at=NOW, client_id=uuid4()
        )

    results = at_once([insert] * 8)
    assert sum(isinstance(r, Meeting) for r in results) == 1
