"""A first meeting from the proposal to the day after, and those that follow."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.meetings import actions
from backend.meetings.actions.answers import AgreedAlready, Engaged, MeetingsRest, NotTakingPart
from backend.meetings.actions.meetings import (
    FirstComesFirst,
    HomeNotAllowed,
    HostedFirst,
    HostMissing,
    HostNotHere,
    InterpreterNeedsName,
    TimeDoesNotWork,
    WhereIsMissing,
)
from backend.meetings.actions.went import NotYet
from backend.meetings.enums import Confirmed, MeetingKind, MeetingState
from backend.meetings.models import Confirmation, Meeting, MeetingEvent, MeetingReply
from backend.meetings.queries.calendar import entries_of
from backend.meetings.times import Arranged
from backend.organisations.enums import Role
from backend.organisations.queries import actor_for
from backend.pairings.actions import (
    add_member,
    end_pairing,
    look_at_proofs,
    member_leaves,
    replace_mentor,
)
from backend.pairings.enums import EndReason
from backend.pairings.models import Pairing
from backend.pairings.overtaken import Overtaken
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.models import Clearance
from notifications.api import Notice
from tests.factories import NOW, make_enrolment, make_membership, make_organisation
from tests.meetings.conftest import Beginning, paired

PHONE = Told(Channel.PHONE, "ar", "Samira")


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("person_id", flat=True))


def verbs(meeting: Meeting) -> list[str]:
    return list(meeting.events.values_list("verb", flat=True))


def colleague(beginning: Beginning, name: str = "Carla"):
    office = beginning.people.organisation
    person = make_membership(organisation=office, role=Role.COORDINATOR, name=name).person
    return actor_for(person, now=NOW)


def test_a_first_meeting_is_agreed_once_each_side_said_yes(beginning: Beginning) -> None:
    people = beginning.people
    beginning.confirm_all()
    meeting = beginning.propose()
    assert (meeting.kind, meeting.state) == (MeetingKind.FIRST, MeetingState.PROPOSED)
    assert told("first_meeting_proposed") == {people.amina.person.pk, people.bruno.person.pk}
    assert beginning.answer(meeting, people.amina.actor).state == MeetingState.PROPOSED
    assert beginning.answer(meeting, people.bruno.actor).state == MeetingState.AGREED
    assert told("meeting_agreed") == {people.amina.person.pk, people.bruno.person.pk}
    assert told("meeting_agreed_office") == {people.chloe.person.pk}
    assert verbs(meeting) == ["propose", "agree"]


def test_a_notice_says_neither_when_nor_where(beginning: Beginning) -> None:
    beginning.agreed()
    assert {str(notice.data) for notice in Notice.objects.filter(kind__startswith="meeting")} == {"{}"}


def test_it_waits_until_both_have_confirmed_and_is_then_agreed_by_itself(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.propose()
    for who in (people.amina, people.bruno):
        meeting = beginning.answer(meeting, who.actor)
    assert meeting.state == MeetingState.PROPOSED
    for who in (people.amina, people.bruno):
        for what in Confirmed:
            meeting.refresh_from_db()
            assert meeting.state == MeetingState.PROPOSED
            actions.confirm(
                pairing_id=beginning.pairing.pk, what=what, language="ar", actor=who.actor, now=NOW
            )
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGREED


def test_confirming_twice_changes_nothing(beginning: Beginning) -> None:
    for _again in range(2):
        beginning.confirm_all()
    assert Confirmation.objects.count() == 4
    said = Confirmation.objects.filter(person=beginning.people.amina.person).first()
    assert said is not None
    assert (said.language_shown, said.text_version, said.channel) == ("en", "2026-11", "self")


def test_staff_note_what_they_were_told(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.propose()
    chloe, amina = people.chloe, people.amina.person
    for what in Confirmed:
        said = actions.confirm(
            pairing_id=beginning.pairing.pk,
            what=what,
            language="ar",
            actor=chloe.actor,
            now=NOW,
            told=PHONE,
            person_id=amina.pk,
        )
        assert (said.by_id, said.channel, said.interpreter) == (chloe.person.pk, "phone", "Samira")
    beginning.answer(meeting, chloe.actor, told=PHONE, person_id=amina.pk)
    reply = MeetingReply.objects.get()
    assert (reply.person_id, reply.by_id, reply.channel, reply.language, reply.interpreter) == (
        amina.pk,
        chloe.person.pk,
        "phone",
        "ar",
        "Samira",
    )


def test_nobody_speaks_for_another(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.propose()
    for actor in (people.dario.actor, people.chloe.actor):
        with pytest.raises(NotAllowed):
            beginning.answer(meeting, actor)
    with pytest.raises(NotAllowed):
        beginning.answer(meeting, people.bruno.actor, told=PHONE, person_id=people.amina.person.pk)
    with pytest.raises(NotTakingPart):
        beginning.answer(meeting, people.chloe.actor, told=PHONE, person_id=people.dario.person.pk)
    with pytest.raises(NotAllowed):
        beginning.propose(actor=people.dario.actor)


def test_a_hosted_first_meeting_is_proposed_by_the_office_alone(beginning: Beginning) -> None:
    people = beginning.people
    with pytest.raises(HostedFirst):
        beginning.propose(actor=people.bruno.actor, hosted=False)
    with pytest.raises(HostMissing):
        beginning.propose(hosted=False)
    beginning.propose()
    with pytest.raises(FirstComesFirst):
        beginning.propose(actor=people.amina.actor, hosted=False)


def test_without_a_host_members_propose_it_themselves(beginning: Beginning) -> None:
    Programme.objects.update(hosts_first_meeting=False)
    people = beginning.people
    beginning.confirm_all()
    meeting = beginning.propose(actor=people.bruno.actor, hosted=False)
    assert (meeting.kind, meeting.hosted_by_id) == (MeetingKind.FIRST, None)
    assert told("first_meeting_proposed") == {people.amina.person.pk}
    assert beginning.answer(meeting, people.amina.actor).state == MeetingState.AGREED


def test_a_second_proposal_of_the_first_meeting_hears_who_was_faster(beginning: Beginning) -> None:
    beginning.propose()
    with pytest.raises(Overtaken, match="Chloé Martin proposed this meeting"):
        beginning.propose(actor=colleague(beginning))


def test_the_same_form_sent_twice_makes_one_meeting(beginning: Beginning) -> None:
    client_id = uuid4()
    made = {
        actions.propose_meeting(
            pairing_id=beginning.pairing.pk,
            plan=beginning.plan(),
            arranged=Arranged(beginning.people.chloe.person.pk),
            client_id=client_id,
            actor=beginning.people.chloe.actor,
            now=NOW,
        ).pk
        for _again in range(2)
    }
    assert len(made) == Meeting.objects.count() == 1
    assert Notice.objects.filter(kind="first_meeting_proposed").count() == 2


def test_a_plan_must_be_possible(beginning: Beginning) -> None:
    elsewhere = make_beginning_elsewhere(beginning)
    for problem, fields in (
        (TimeDoesNotWork, {"starts_at": NOW}),
        (TimeDoesNotWork, {"starts_at": NOW + timedelta(days=400)}),
        (TimeDoesNotWork, {"minutes": 5}),
        (TimeDoesNotWork, {"minutes": 500}),
        (WhereIsMissing, {"place_id": None}),
        (WhereIsMissing, {"place_id": elsewhere}),
        (WhereIsMissing, {"place_id": beginning.place.pk, "is_online": True}),
        (HomeNotAllowed, {"is_at_home": True}),
    ):
        with pytest.raises(problem):
            beginning.propose(**fields)
    actions.close_place(place_id=beginning.place.pk, actor=beginning.people.chloe.actor, now=NOW)
    with pytest.raises(WhereIsMissing):
        beginning.propose()
    assert not Meeting.objects.exists()


def make_beginning_elsewhere(beginning: Beginning) -> int:
    dario = beginning.people.dario.actor
    return actions.add_place(
        organisation_id=beginning.people.elsewhere.pk, name="Pub", address="Naas", actor=dario, now=NOW
    ).pk


def test_who_hosts_works_here_and_an_interpreter_has_a_name(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.propose()
    chloe = people.chloe.person.pk
    with pytest.raises(HostNotHere):
        arrange(beginning, meeting, Arranged(people.dario.person.pk))
    for interpreter, name in (("booked", ""), ("wanted", "Samira"), ("", "Samira")):
        with pytest.raises(InterpreterNeedsName):
            arrange(beginning, meeting, Arranged(chloe, interpreter, name))
    for _again in range(2):
        meeting = arrange(beginning, meeting, Arranged(chloe, "booked", "Samira Aziz"))
    assert (meeting.interpreter, meeting.interpreter_name, meeting.sequence) == ("booked", "Samira Aziz", 0)
    assert verbs(meeting) == ["propose", "arrange"]
    with pytest.raises(NotAllowed):
        actions.arrange_meeting(
            meeting_id=meeting.pk, arranged=Arranged(chloe), actor=people.bruno.actor, now=NOW
        )


def arrange(beginning: Beginning, meeting: Meeting, arranged: Arranged) -> Meeting:
    return actions.arrange_meeting(
        meeting_id=meeting.pk, arranged=arranged, actor=beginning.people.chloe.actor, now=NOW
    )


def test_a_no_is_heard_by_whoever_finds_another_time(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.propose()
    for _again in range(2):
        beginning.answer(meeting, people.amina.actor, suits=False)
    notice = Notice.objects.get(kind="meeting_does_not_suit_office")
    assert (notice.person_id, notice.data) == (people.chloe.person.pk, {"name": "Amina"})
    assert not told("meeting_does_not_suit")


def test_a_moved_meeting_is_asked_about_again_and_its_sequence_rises(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.agreed()
    later = meeting.starts_at + timedelta(days=1)
    moved = change(beginning, meeting, starts_at=later)
    assert (moved.state, moved.sequence, moved.starts_at) == (MeetingState.PROPOSED, 1, later)
    assert told("meeting_moved") == {people.amina.person.pk, people.bruno.person.pk}
    with pytest.raises(WrongState):  # an old page
        beginning.answer(meeting, people.amina.actor)
    assert beginning.answer(moved, people.amina.actor).state == MeetingState.PROPOSED
    assert beginning.answer(moved, people.bruno.actor).state == MeetingState.AGREED


def change(beginning: Beginning, meeting: Meeting, *, actor=None, **fields) -> Meeting:
    return actions.change_meeting(
        meeting_id=meeting.pk,
        plan=beginning.plan(**fields),
        sequence=meeting.sequence,
        actor=actor or beginning.people.chloe.actor,
        now=NOW,
    )


def test_moving_twice_to_the_same_time_changes_nothing(beginning: Beginning) -> None:
    meeting = beginning.propose()
    for _again in range(2):
        moved = change(beginning, meeting, starts_at=meeting.starts_at + timedelta(days=1))
    assert moved.sequence == 1
    with pytest.raises(Overtaken, match="Chloé Martin moved this meeting"):
        change(beginning, meeting, actor=colleague(beginning), starts_at=NOW + timedelta(days=9))


def test_whoever_moves_it_has_said_yes(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.agreed()
    moved = change(beginning, meeting, actor=people.bruno.actor, starts_at=NOW + timedelta(days=5))
    assert beginning.answer(moved, people.amina.actor).state == MeetingState.AGREED


def test_an_agreed_meeting_is_moved_or_cancelled_and_not_just_refused(beginning: Beginning) -> None:
    meeting = beginning.agreed()
    with pytest.raises(AgreedAlready):
        beginning.answer(meeting, beginning.people.amina.actor, suits=False)


def test_cancelling_tells_the_others_and_a_new_first_meeting_can_come(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.agreed()
    for _again in range(2):
        cancelled = actions.cancel_meeting(meeting_id=meeting.pk, actor=people.amina.actor, now=NOW)
    assert (cancelled.state, cancelled.sequence) == (MeetingState.CANCELLED, 1)
    assert told("meeting_cancelled") == {people.bruno.person.pk}
    with pytest.raises(Overtaken, match="Amina cancelled this meeting"):
        actions.cancel_meeting(meeting_id=meeting.pk, actor=people.chloe.actor, now=NOW)
    with pytest.raises(WrongState, match="Reload the page"):
        actions.cancel_meeting(meeting_id=meeting.pk, actor=people.bruno.actor, now=NOW)
    assert beginning.propose().kind == MeetingKind.FIRST


def test_held_or_missed_only_after_it_began(beginning: Beginning) -> None:
    chloe, meeting = beginning.people.chloe.actor, beginning.agreed()
    after = meeting.starts_at + timedelta(hours=1)
    for act in (actions.hold_meeting, actions.miss_meeting):
        with pytest.raises(NotYet):
            act(meeting_id=meeting.pk, actor=chloe, now=NOW)
    for _again in range(2):
        missed = actions.miss_meeting(meeting_id=meeting.pk, actor=chloe, now=after)
    assert missed.state == MeetingState.MISSED
    beginning.propose()  # a new first meeting, since that one did not take place
    with pytest.raises(FirstComesFirst):
        actions.hold_meeting(meeting_id=meeting.pk, actor=chloe, now=after)
    assert verbs(meeting) == ["propose", "agree", "miss"]


def test_later_meetings_are_proposed_by_members_and_need_no_confirmation(beginning: Beginning) -> None:
    people = beginning.people
    beginning.held()
    Confirmation.objects.all().delete()
    usual = beginning.propose(
        actor=people.bruno.actor, hosted=True, is_online=True, starts_at=NOW + timedelta(days=10)
    )
    assert (usual.kind, usual.is_online, usual.hosted_by_id) == (MeetingKind.USUAL, True, None)
    assert beginning.answer(usual, people.amina.actor).state == MeetingState.AGREED


def test_a_no_to_a_members_proposal_is_told_to_that_member(beginning: Beginning) -> None:
    people = beginning.people
    beginning.held()
    usual = beginning.propose(actor=people.bruno.actor, hosted=False, starts_at=NOW + timedelta(days=10))
    beginning.answer(usual, people.amina.actor, suits=False)
    assert told("meeting_does_not_suit") == {people.bruno.person.pk}
    assert not told("meeting_does_not_suit_office")


def test_people_who_met_long_ago_need_no_first_meeting(beginning: Beginning) -> None:
    people = beginning.people
    Enrolment.objects.update(capacity=3)
    from backend.pairings.actions import bring_in_pairing

    known = bring_in_pairing(
        mentor_id=people.bruno.enrolment.pk,
        newcomer_id=make_enrolment(programme=people.programme).pk,
        since=NOW,
        actor=people.chloe.actor,
        now=NOW,
    )
    other = Beginning(people, known, beginning.place)
    assert other.propose(actor=people.bruno.actor, hosted=False).kind == MeetingKind.USUAL


def test_nobody_is_in_two_places_at_once(beginning: Beginning) -> None:
    people = beginning.people
    Enrolment.objects.update(capacity=3)
    beginning.agreed()
    nadia = make_enrolment(programme=people.programme, called="Nadia")
    other = Beginning(people, paired(people, newcomer=nadia), beginning.place)
    for who in (people.bruno.actor, actor_for(nadia.profile.person, now=NOW)):
        for what in Confirmed:
            actions.confirm(pairing_id=other.pairing.pk, what=what, language="en", actor=who, now=NOW)
    half_an_hour_later = NOW + timedelta(days=3, minutes=30)
    meeting = other.propose(starts_at=half_an_hour_later)
    other.answer(meeting, actor_for(nadia.profile.person, now=NOW))
    with pytest.raises(Engaged):
        other.answer(meeting, people.bruno.actor)
    moved = change(other, meeting, starts_at=NOW + timedelta(days=3, hours=1))  # just after the other
    other.answer(moved, actor_for(nadia.profile.person, now=NOW))
    assert other.answer(moved, people.bruno.actor).state == MeetingState.AGREED


def test_the_host_is_not_in_two_places_either(beginning: Beginning) -> None:
    people = beginning.people
    beginning.agreed()
    pair = [make_enrolment(programme=people.programme, side=side) for side in ("mentor", "newcomer")]
    other = Beginning(people, paired(people, mentor=pair[0], newcomer=pair[1]), beginning.place)
    actors = [actor_for(enrolment.profile.person, now=NOW) for enrolment in pair]
    for who in actors:
        for what in Confirmed:
            actions.confirm(pairing_id=other.pairing.pk, what=what, language="en", actor=who, now=NOW)
    meeting = other.propose()
    other.answer(meeting, actors[0])
    with pytest.raises(Engaged):
        other.answer(meeting, actors[1])
    arrange(other, meeting, Arranged(colleague(beginning).acting_person_id))
    assert other.answer(meeting, actors[1]).state == MeetingState.AGREED
    with pytest.raises(Engaged):
        arrange(other, meeting, Arranged(people.chloe.person.pk))


def test_what_was_planned_goes_when_the_mentoring_ends(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.agreed()
    end_pairing(pairing_id=beginning.pairing.pk, reason=EndReason.MOVED, actor=people.chloe.actor, now=NOW)
    with pytest.raises(NotAllowed):
        beginning.propose()
    assert actions.cancel_meetings_that_are_over(now=NOW) == 1
    assert actions.cancel_meetings_that_are_over(now=NOW) == 0
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED
    assert not told("meeting_cancelled")
    assert MeetingEvent.objects.filter(meeting=meeting).latest("id").system == "ending"


def test_a_stand_in_is_asked_about_a_meeting_that_was_agreed_before(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.agreed()
    ben = make_enrolment(programme=people.programme, side="mentor", called="Ben")
    replace_mentor(
        pairing_id=beginning.pairing.pk,
        member_id=beginning.pairing.members.get(side="mentor").pk,
        enrolment_id=ben.pk,
        reason=EndReason.WORK,
        told=PHONE,
        others_told=PHONE,
        actor=people.chloe.actor,
        now=NOW,
    )
    assert actions.ask_again_where_members_changed(now=NOW) == 1
    assert actions.ask_again_where_members_changed(now=NOW) == 0
    meeting.refresh_from_db()
    assert (meeting.state, verbs(meeting)[-1]) == (MeetingState.PROPOSED, "ask_again")
    assert ben.profile.person_id in told("first_meeting_proposed")
    for what in Confirmed:
        actions.confirm(
            pairing_id=beginning.pairing.pk,
            what=what,
            language="de",
            actor=actor_for(ben.profile.person, now=NOW),
            now=NOW,
        )
    assert beginning.answer(meeting, actor_for(ben.profile.person, now=NOW)).state == MeetingState.AGREED


def test_an_agreed_meeting_stays_so_while_somebody_of_each_side_said_yes(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.agreed()
    karim = make_enrolment(programme=people.programme, side="newcomer", called="Karim")
    seat = add_member(
        pairing_id=beginning.pairing.pk,
        enrolment_id=karim.pk,
        told=PHONE,
        others_told=PHONE,
        actor=people.chloe.actor,
        now=NOW,
    )
    ask = {"pairing_id": beginning.pairing.pk, "member_id": seat.pk, "reason": EndReason.WORK}
    member_leaves(**ask, actor=people.chloe.actor, now=NOW)
    assert actions.ask_again_where_members_changed(now=NOW) == 0
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGREED


def test_while_it_rests_for_a_proof_nobody_meets(beginning: Beginning) -> None:
    """With a member who is, or may be, under 18 a proof that ran out means: not one meeting more."""
    people, first = beginning.people, beginning.agreed()
    Profile.objects.filter(pk=people.amina.profile.pk).update(born="")
    Clearance.objects.filter(profile=people.bruno.profile).delete()
    look_at_proofs(pairing_id=beginning.pairing.pk, now=NOW)
    assert not entries_of(people.bruno.person.pk, now=NOW)
    with pytest.raises(MeetingsRest):
        change(beginning, first, minutes=90)
    assert actions.cancel_meetings_that_are_over(now=NOW) == 1
    with pytest.raises(MeetingsRest):
        beginning.propose()
    first.refresh_from_db()
    assert first.state == MeetingState.CANCELLED and not told("meeting_cancelled")


def test_nobody_says_yes_to_a_meeting_of_a_mentoring_that_rests(beginning: Beginning) -> None:
    beginning.confirm_all()
    meeting = beginning.propose()
    beginning.answer(meeting, beginning.people.bruno.actor)
    Pairing.objects.update(state="paused", pause_reason="clearance")
    with pytest.raises(MeetingsRest):
        beginning.answer(meeting, beginning.people.amina.actor)


def test_places_are_kept_by_coordinators_and_named_once(beginning: Beginning) -> None:
    people = beginning.people
    here = {"organisation_id": people.organisation.pk, "actor": people.chloe.actor, "now": NOW}
    again = actions.add_place(name="Town library", address="Market square 1, Roding", **here)
    assert again.pk == beginning.place.pk
    from backend.meetings.actions.places import PlaceIncomplete, PlaceNameTaken

    with pytest.raises(PlaceNameTaken):
        actions.add_place(name="Town library", address="Elsewhere", **here)
    with pytest.raises(PlaceIncomplete):
        actions.add_place(name=" ", address="Elsewhere", **here)
    for actor in (people.dario.actor, people.bruno.actor):
        with pytest.raises(NotAllowed):
            actions.close_place(place_id=beginning.place.pk, actor=actor, now=NOW)
    cafe = actions.add_place(name="Café", address="Elsewhere", **here)
    with pytest.raises(PlaceNameTaken):
        actions.change_place(place_id=cafe.pk, name="Town library", address="x", actor=people.chloe.actor)
    for _again in range(2):
        closed = actions.close_place(place_id=beginning.place.pk, actor=people.chloe.actor, now=NOW)
    assert closed.closed_at == NOW
    assert actions.add_place(name="Town library", address="New street 3", **here).pk != closed.pk


def test_another_organisation_sees_nothing(beginning: Beginning) -> None:
    meeting, dario = beginning.propose(), beginning.people.dario.actor
    assert not Meeting.objects.visible_to(dario).exists()
    assert Meeting.objects.visible_to(beginning.people.amina.actor).get() == meeting
    make_beginning_elsewhere(beginning)
    assert make_organisation().pk not in dario.organisations()
