"""The numbers of Today, counted by hand beside them."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from backend.insight.desk import desk_programmes, left_over
from backend.insight.service import service_state
from backend.insight.today import WEEKS, Kind, today_of
from backend.pairings import actions
from backend.pairings.enums import RunState
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from tests.factories import NOW, TODAY, make_clearance, make_coordinator, make_enrolment, make_programme
from tests.factories.people import FourPeople

SPEAKS_NOBODY = [("ti", "native")]


def pair_on(people: FourPeople, *, days_ago: int, waited: int) -> None:
    began = TODAY - timedelta(days=days_ago)
    newcomer = make_enrolment(programme=people.programme, registered_on=began - timedelta(days=waited))
    mentor = make_enrolment(programme=people.programme, side="mentor")
    actions.bring_in_pairing(
        mentor_id=mentor.pk,
        newcomer_id=newcomer.pk,
        since=datetime.combine(began, time(12), tzinfo=timezone.get_current_timezone()),
        actor=people.chloe.actor,
        now=NOW,
    )


def run_matching(people: FourPeople) -> None:
    run = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)


def test_this_month_counts_who_found_a_mentor_and_how_long_it_took(four_people: FourPeople) -> None:
    for days_ago, waited in ((1, 10), (5, 20), (20, 90), (40, 1)):
        pair_on(four_people, days_ago=days_ago, waited=waited)
    numbers = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).numbers
    assert (numbers.found, numbers.median_days) == (3, 20)


def test_without_anybody_there_is_no_median(four_people: FourPeople) -> None:
    numbers = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).numbers
    assert (numbers.found, numbers.median_days, numbers.nobody) == (0, None, 0)


def test_who_waited_is_counted_week_by_week(four_people: FourPeople) -> None:
    pair_on(four_people, days_ago=10, waited=20)  # waited from the 30th to the 11th day before
    numbers = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).numbers
    days_back = [(TODAY - day).days for day, _count in numbers.waiting]
    assert days_back == [7 * week for week in reversed(range(WEEKS))]
    counted = {(TODAY - day).days: count for day, count in numbers.waiting}
    # Amina registered 30 days ago and waits still.
    assert {back: counted[back] for back in (35, 28, 14, 7, 0)} == {35: 0, 28: 2, 14: 2, 7: 1, 0: 1}


def test_whom_nobody_suits_is_counted_from_the_latest_run(four_people: FourPeople) -> None:
    make_enrolment(programme=four_people.programme, languages=SPEAKS_NOBODY)
    for _again in range(2):
        run_matching(four_people)
    assert today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).numbers.nobody == 1


def test_the_longest_valid_proof_counts(four_people: FourPeople) -> None:
    bruno = four_people.bruno.profile
    make_clearance(bruno, valid_until=TODAY + timedelta(days=10))
    soon = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).needs_you
    assert Kind.PROOF_ENDS not in {line.kind for line in soon}  # another police check has no end
    bruno.clearances.filter(valid_until=None, kind="police_check").delete()
    soon = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).needs_you
    assert [(line.name, line.days) for line in soon if line.kind is Kind.PROOF_ENDS] == [("Bruno Keller", 10)]
    make_clearance(bruno, valid_until=TODAY + timedelta(days=200))
    later = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).needs_you
    assert Kind.PROOF_ENDS not in {line.kind for line in later}


def test_a_mentor_whose_last_paper_came_is_named_once_cleared(four_people: FourPeople) -> None:
    eva = make_enrolment(programme=four_people.programme, side="mentor", called="Eva", cleared=False)
    make_clearance(eva.profile, "code_of_conduct", seen_on=TODAY)

    def lines() -> list[tuple[Kind, tuple[str, ...]]]:
        found = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).needs_you
        return [(line.kind, line.what) for line in found if line.name == "Eva Example"]

    assert lines() == [(Kind.APPLICATION, ("police_check",))]
    make_clearance(eva.profile, seen_on=TODAY)
    assert lines() == [(Kind.CLEARED, ())]


def test_a_mentor_whose_proof_ran_out_during_a_mentoring_is_no_new_application(
    four_people: FourPeople,
) -> None:
    pair_on(four_people, days_ago=30, waited=5)
    mentors = Enrolment.objects.filter(side="mentor", places_taken=1)
    Clearance.objects.filter(profile__enrolments__in=mentors).delete()
    make_enrolment(programme=four_people.programme, side="mentor", called="Eva", cleared=False)
    found = today_of(actor=four_people.chloe.actor, now=NOW, day=TODAY).needs_you
    volunteers = [line.kind for line in found if line.kind in (Kind.LAPSED, Kind.APPLICATION)]
    assert volunteers == [Kind.LAPSED, Kind.APPLICATION]


@pytest.mark.django_db
def test_another_organisation_counts_nothing(four_people: FourPeople) -> None:
    pair_on(four_people, days_ago=30, waited=5)
    run_matching(four_people)
    today = today_of(actor=make_coordinator(), now=NOW, day=TODAY)
    assert (today.needs_you, today.waits_for_others, today.going_well) == ((), (), ())
    assert today.numbers.waiting == tuple((day, 0) for day, _count in today.numbers.waiting)


def test_the_desk_lists_open_programmes_first(four_people: FourPeople) -> None:
    make_programme(organisation=four_people.organisation, name="A closed one", closed_at=NOW)
    make_programme(organisation=four_people.organisation, name="B not opened", open=False)
    run_matching(four_people)
    rows = desk_programmes(four_people.chloe.actor)
    assert [row.name for row in rows] == ["Arriving together", "B not opened", "A closed one"]
    assert [(row.suggestions, row.run_state) for row in rows] == [(1, RunState.DONE), (0, ""), (0, "")]


def test_who_found_a_mentor_since_the_run_is_no_longer_left_over(four_people: FourPeople) -> None:
    lonely = make_enrolment(programme=four_people.programme, languages=SPEAKS_NOBODY)
    run_matching(four_people)
    (programme,) = desk_programmes(four_people.chloe.actor)
    assert [row.enrolment.pk for row in left_over(programme)[1]] == [lonely.pk]
    mentor = make_enrolment(programme=four_people.programme, side="mentor")
    actions.bring_in_pairing(
        mentor_id=mentor.pk, newcomer_id=lonely.pk, since=NOW, actor=four_people.chloe.actor, now=NOW
    )
    assert left_over(programme)[1] == []


def test_the_state_of_the_service_is_counts_alone(four_people: FourPeople) -> None:
    state = service_state()
    assert (state.organisations, state.people, state.open_programmes, state.running) == (2, 4, 1, 0)
