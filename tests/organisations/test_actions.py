from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.organisations.actions import (
    BadOrganisation,
    NeedsManager,
    NeedsName,
    NotOneself,
    OrganisationAnswers,
    RoleHasEnded,
    RoleIsHeld,
    UnknownSetting,
    add_colleague,
    change_organisation,
    end_role,
    found_organisation,
    grant_role,
)
from backend.organisations.enums import Role, Standing
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import actor_for, people_with_role
from backend.organisations.rules import may_view_membership, may_view_organisation
from tests.factories import NOW, TODAY, make_membership, make_organisation, make_person, make_town
from tests.factories.people import FourPeople
from tests.support.threads import at_once

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


def test_a_role_ends_at_once_also_where_the_day_began_earlier(db: None) -> None:
    after_midnight = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    manager = make_membership(role="manager", organisation=make_organisation(time_zone="Europe/Athens"))
    colleague = make_membership(organisation=manager.organisation)
    actor = actor_for(manager.person, now=after_midnight)
    end_role(membership_id=colleague.pk, actor=actor, now=after_midnight)
    assert actor_for(colleague.person, now=after_midnight).grants == ()


def test_a_role_that_has_ended_keeps_its_last_day(four_people: FourPeople) -> None:
    manager = manager_of(four_people.organisation)
    long_ago = TODAY - timedelta(days=90)
    over = make_membership(organisation=four_people.organisation, ends_on=long_ago)
    with pytest.raises(RoleHasEnded):
        end_role(membership_id=over.pk, actor=manager, now=NOW)
    over.refresh_from_db()
    assert over.ends_on == long_ago
    with pytest.raises(RoleHasEnded):  # two pressed at once, and of a role of today no row is left
        end_role(membership_id=0, actor=manager, now=NOW)


def test_the_last_manager_stays(four_people: FourPeople) -> None:
    mona = make_membership(organisation=four_people.organisation, role="manager")
    make_membership(organisation=four_people.elsewhere, role="manager")
    make_membership(
        organisation=four_people.organisation, role="manager", starts_on=TODAY + timedelta(days=1)
    )
    with pytest.raises(NeedsManager):
        end_role(membership_id=mona.pk, actor=actor_for(mona.person, now=NOW), now=NOW)
    other = manager_of(four_people.organisation)
    end_role(membership_id=mona.pk, actor=actor_for(mona.person, now=NOW), now=NOW)
    assert actor_for(mona.person, now=NOW).grants == ()
    end_role(membership_id=Membership.objects.get(person=other.person_id).pk, actor=SYSTEM, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_end_each_other_one_stays() -> None:
    for _round in range(5):
        mona = make_membership(role="manager")
        paul = make_membership(organisation=mona.organisation, role="manager")

        def end(row: Membership, by: Membership) -> Membership:
            return end_role(membership_id=row.pk, actor=actor_for(by.person, now=NOW), now=NOW)

        at_once([partial(end, mona, paul), partial(end, paul, mona)])
        assert len(people_with_role(mona.organisation_id, "manager", now=NOW)) == 1


def test_a_new_colleague_cannot_sign_in_yet_and_is_written_down(four_people: FourPeople) -> None:
    manager = manager_of(four_people.organisation)
    tomorrow = TODAY + timedelta(days=1)
    new = {"organisation": four_people.organisation, "role": Role.OBSERVER, "actor": manager, "now": NOW}
    made = add_colleague(**new, name=" Ines  Roth ", starts_on=tomorrow)
    assert (made.name, made.person.username, made.person.has_usable_password()) == ("Ines Roth", None, False)
    standings = [made.standing_on(TODAY), made.standing_on(tomorrow)]
    assert standings == [Standing.LATER, Standing.ACTIVE]
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (entry.act, entry.about_id, entry.person_id) == ("role_granted", made.public_id, manager.person_id)
    with pytest.raises(NotAllowed):
        add_colleague(**new | {"actor": four_people.chloe.actor}, name="Eve")
    with pytest.raises(NeedsName):
        add_colleague(**new, name=" ")


def test_a_manager_says_where_the_organisation_works(four_people: FourPeople) -> None:
    here, manager = four_people.organisation, manager_of(four_people.organisation)
    wanted = {"territory_id": make_town("Cham").pk, "language": "de", "time_zone": "Europe/Vienna"}
    change = {"organisation_id": here.pk, "now": NOW}
    for _time in range(2):
        change_organisation(**change, **wanted, actor=manager)
    here.refresh_from_db()
    assert {name: getattr(here, name) for name in wanted} == wanted
    assert AuditEntry.objects.filter(act="organisation_changed", about_id=here.public_id).count() == 1
    for wrong in ({"language": "xx"}, {"time_zone": "Mars/Base"}):
        with pytest.raises(UnknownSetting):
            change_organisation(**change, **wanted | wrong, actor=manager)
    for actor in (four_people.chloe.actor, manager_of(four_people.elsewhere)):
        with pytest.raises(NotAllowed):
            change_organisation(**change, **wanted, actor=actor)


def test_what_is_visible_agrees_with_what_may_be_viewed(four_people: FourPeople) -> None:
    membership = Membership.objects.get(person=four_people.chloe.person)
    for who in (four_people.amina, four_people.bruno, four_people.chloe, four_people.dario):
        seen = Organisation.objects.visible_to(who.actor).contains(four_people.organisation)
        assert seen == may_view_organisation(who.actor, four_people.organisation)
        seen = Membership.objects.visible_to(who.actor).contains(membership)
        assert seen == may_view_membership(who.actor, membership)


@pytest.mark.django_db
def test_nobody_names_themselves_for_safeguarding() -> None:
    manager = make_membership(role=Role.MANAGER)
    grant = {
        "organisation": manager.organisation,
        "role": Role.SAFEGUARDING,
        "name": "Mona",
        "actor": actor_for(manager.person, now=NOW),
        "now": NOW,
    }
    with pytest.raises(NotOneself):
        grant_role(person=manager.person, **grant)
    assert grant_role(person=make_person(), **grant).role == Role.SAFEGUARDING
