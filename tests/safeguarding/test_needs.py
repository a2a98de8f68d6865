from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from backend.core.actor import Actor
from backend.safeguarding.files import person_file
from backend.safeguarding.needs import CaseLine, Need, PeopleQuery, case_lines
from tests.factories import NOW, TODAY, make_clearance, make_enrolment, make_programme
from tests.factories.people import FourPeople


def lines(actor: Actor, query: PeopleQuery) -> list[CaseLine]:
    found = query.found(actor, day=TODAY).prefetch_related("languages")
    return case_lines(list(found), day=TODAY)


def names(actor: Actor, **query: object) -> list[str]:
    return [line.profile.called for line in lines(actor, PeopleQuery(**query))]


@pytest.fixture
def crowd(four_people: FourPeople) -> FourPeople:
    """Each lacks one thing, one lacks several, one has left."""
    programme = make_programme(
        organisation=four_people.organisation, requires=["police_check", "training", "code_of_conduct"]
    )
    waiting = {"programme": programme, "ready": False}
    make_enrolment(**waiting, called="Talk")
    make_enrolment(programme=programme, called="Ageless", born="")
    make_enrolment(programme=programme, called="Silent", languages=())
    make_enrolment(programme=programme, called="Busy", slots=[])
    make_enrolment(programme=programme, called="Flexible", slots=[], hours_vary=True)
    make_enrolment(programme=programme, called="Nowhere", town=None)
    make_enrolment(programme=programme, side="mentor", called="Fresh", cleared=False)
    expired = make_enrolment(programme=programme, side="mentor", called="Expired", cleared=False)
    for kind in ("training", "code_of_conduct"):
        make_clearance(expired.profile, kind)
    make_clearance(expired.profile, "police_check", valid_until=TODAY - timedelta(days=1))
    make_enrolment(**waiting, called="Gone", state="ended", born="", town=None)
    called = make_enrolment(programme=programme, called="Called").profile
    for days, back in ((0, None), (-1, NOW)):
        called.contacts.create(
            by=four_people.chloe.person,
            at=NOW,
            channel="phone",
            call_back_on=TODAY + timedelta(days=days),
            called_back_at=back,
        )
    return four_people


@pytest.mark.parametrize("need", list(Need))
def test_the_list_finds_exactly_those_whose_file_says_so(crowd: FourPeople, need: Need) -> None:
    everyone = lines(crowd.chloe.actor, PeopleQuery())
    expected = [line.profile.called for line in everyone if need in line.needs]
    assert names(crowd.chloe.actor, need=need) == expected
    for line in everyone:
        assert person_file(line.profile, day=TODAY).needs == line.needs


def test_what_each_one_lacks(crowd: FourPeople) -> None:
    found = {line.profile.called: line.needs for line in lines(crowd.chloe.actor, PeopleQuery())}
    assert found == {
        "Amina": (),
        "Bruno": (),
        "Talk": (Need.TALK,),
        "Ageless": (Need.AGE,),
        "Silent": (Need.LANGUAGES,),
        "Busy": (Need.HOURS,),
        "Flexible": (),
        "Nowhere": (Need.TOWN,),
        "Fresh": (Need.POLICE_CHECK, Need.CODE_OF_CONDUCT, Need.TRAINING),
        "Expired": (Need.POLICE_CHECK,),
        "Gone": (),
        "Called": (Need.CALL,),
    }


def test_lists_are_narrowed_and_in_the_order_of_names(crowd: FourPeople) -> None:
    chloe = crowd.chloe.actor
    assert names(chloe, programme_id=crowd.programme.pk) == ["Amina", "Bruno"]
    assert names(chloe, side="mentor") == ["Bruno", "Expired", "Fresh"]
    assert names(chloe, state="ended") == ["Gone"]
    assert names(chloe, text="haddad") == ["Amina"]
    assert names(chloe, town_id=crowd.amina.profile.town_id, side="mentor", text="bru") == ["Bruno"]


def test_the_side_and_the_state_are_those_of_one_enrolment(four_people: FourPeople) -> None:
    both = four_people.bruno.profile
    make_enrolment(programme=four_people.programme, profile=both, side="newcomer", state="ended")
    assert names(four_people.chloe.actor, side="mentor", state="ended") == []


def test_people_find_nobody_and_another_organisation_finds_its_own(crowd: FourPeople) -> None:
    for who in (crowd.amina, crowd.bruno, crowd.dario):
        assert names(who.actor) == []


def test_lines_take_as_many_queries_for_one_as_for_many(
    crowd: FourPeople, django_assert_num_queries: CaptureQueriesContext
) -> None:
    many = list(PeopleQuery().found(crowd.chloe.actor, day=TODAY).prefetch_related("languages"))
    with django_assert_num_queries(2):
        assert len(case_lines(many, day=TODAY)) == 12
    with django_assert_num_queries(2):
        assert len(case_lines(many[:1], day=TODAY)) == 1
