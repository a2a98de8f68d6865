from dataclasses import replace
from datetime import timedelta

import pytest

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.organisations.actions import (
    BadOrganisation,
    NeedsName,
    OrganisationAnswers,
    RoleIsHeld,
    end_role,
    found_organisation,
    grant_role,
)
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import actor_for, people_with_role
from backend.organisations.rules import may_view_membership, may_view_organisation
from tests.factories import NOW, TODAY, make_membership, make_person
from tests.factories.people import FourPeople

ANSWERS = OrganisationAnswers(name=" Town of  Cham ", kind="municipality", country="de")
SYSTEM = Actor.system("tests")


def manager_of(organisation: Organisation) -> Actor:
    return actor_for(make_membership(organisation=organisation, role="manager").person, now=NOW)


def test_whoever_runs_the_server_founds_organisations(four_people: FourPeople) -> None:
    organisation = found_organisation(answers=ANSWERS, actor=SYSTEM, now=NOW)
    assert (organisation.name, organisation.country) == ("Town of Cham", "DE")
    for who in (four_people.chloe, four_people.amina):
        with pytest.raises(NotAllowed):
            found_organisation(answers=ANSWERS, actor=who.actor, now=NOW)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"kind": "band"}, {"country": "Germany"}])
def test_an_organisation_has_a_name_a_kind_and_a_country(db: None, wrong: dict[str, str]) -> None:
    with pytest.raises(BadOrganisation):
        found_organisation(answers=replace(ANSWERS, **wrong), actor=SYSTEM, now=NOW)


def test_a_manager_grants_a_role_once(four_people: FourPeople) -> None:
    manager, person = manager_of(four_people.organisation), make_person()
    grant = {
        "organisation": four_people.organisation,
        "person": person,
        "role": "safeguarding",
        "actor": manager,
        "now": NOW,
    }
    grant_role(**grant, name="Maria")
    assert people_with_role(four_people.organisation.pk, "safeguarding", now=NOW) == [person.pk]
    with pytest.raises(RoleIsHeld):
        grant_role(**grant, name="Maria")
    with pytest.raises(NeedsName):
        grant_role(**grant, name=" ")


def test_a_coordinator_grants_no_roles_and_a_manager_none_elsewhere(four_people: FourPeople) -> None:
    for actor in (four_people.chloe.actor, manager_of(four_people.elsewhere)):
        with pytest.raises(NotAllowed):
            grant_role(
                organisation=four_people.organisation,
                person=make_person(),
                role="coordinator",
                name="Eve",
                actor=actor,
                now=NOW,
            )


def test_an_ended_role_opens_nothing_from_that_moment(four_people: FourPeople) -> None:
    manager = manager_of(four_people.organisation)
    membership = make_membership(organisation=four_people.organisation)
    end_role(membership_id=membership.pk, actor=manager, now=NOW)
    assert actor_for(membership.person, now=NOW).grants == ()
    membership.refresh_from_db()
    assert membership.ends_on == TODAY - timedelta(days=1)


def test_a_role_granted_today_by_mistake_leaves_no_day(four_people: FourPeople) -> None:
    manager = manager_of(four_people.organisation)
    membership = make_membership(organisation=four_people.organisation, starts_on=TODAY)
    end_role(membership_id=membership.pk, actor=manager, now=NOW)
    assert actor_for(membership.person, now=NOW).grants == ()


def test_what_is_visible_agrees_with_what_may_be_viewed(four_people: FourPeople) -> None:
    membership = Membership.objects.get(person=four_people.chloe.person)
    for who in (four_people.amina, four_people.bruno, four_people.chloe, four_people.dario):
        seen = Organisation.objects.visible_to(who.actor).contains(four_people.organisation)
        assert seen == may_view_organisation(who.actor, four_people.organisation)
        seen = Membership.objects.visible_to(who.actor).contains(membership)
        assert seen == may_view_membership(who.actor, membership)
