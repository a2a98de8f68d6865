"""The page of one's own organisation, and what its managers do there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backend.core.audit import AuditEntry
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import actor_for
from backend.pairings.models import LearnedModel
from backend.people.models import Person, Slip
from backend.profiles.rules import may_make_colleague_slip
from tests import factories as make
from tests.factories import NOW, PASSWORD, TODAY, make_membership
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def mona(four_people: FourPeople) -> Person:
    """The manager of Chloé's organisation."""
    person = make.make_person(username="mona", password=PASSWORD)
    make_membership(organisation=four_people.organisation, person=person, role="manager", name="Mona Berg")
    return person


@pytest.fixture
def manager(mona: Person) -> Client:
    """Her browser, in which she gave her password a moment ago."""
    client = Client()
    client.post(reverse("account_login"), {"login": "mona", "password": PASSWORD})
    return client


def page_of(client: Client, name: str, *things: Any) -> str:
    return client.get(address(name, *things)).content.decode()


def address(name: str, *things: Any) -> str:
    return reverse(name, args=[thing.public_id for thing in things])


def test_everybody_there_sees_who_works_in_which_role(four_people: FourPeople, mona: Person) -> None:
    here = four_people.organisation
    make_membership(
        organisation=here, name="Lea Later", role="caseworker", starts_on=TODAY + timedelta(days=9)
    )
    make_membership(organisation=here, name="Otto Over", role="observer", ends_on=TODAY - timedelta(days=9))
    page = page_of(signed_in(four_people.chloe.person), "organisation", here)
    for said in (
        "Chloé Martin",
        "Mona Berg",
        "from 30 November 2026",
        "to 12 November 2026",
        "Arriving together",
    ):
        assert said in page
    assert (page.count(">later<"), page.count(">ended<")) == (1, 1)
    assert "Dario" not in page
    assert address("colleague_new", here) not in page
    assert address("colleague", here, mona) not in page


def test_fewer_than_two_for_safeguarding_open_nothing(four_people: FourPeople, manager: Client) -> None:
    here = four_people.organisation
    said = "No programme can open before there are two."
    assert f"0 people are named. {said}" in page_of(manager, "organisation", here)
    first = make_membership(organisation=here, role="safeguarding", name="Sofia")
    assert f"Only 1 person is named. {said}" in page_of(manager, "organisation", here)
    make_membership(organisation=here, role="safeguarding", name="Sofia", person=first.person, ends_on=TODAY)
    assert said in page_of(manager, "organisation", here)
    make_membership(organisation=here, role="safeguarding", name="Paul")
    assert said not in page_of(manager, "organisation", here)


def test_who_works_in_two_chooses(four_people: FourPeople) -> None:
    here, elsewhere, chloe = (
        four_people.organisation,
        four_people.elsewhere,
        signed_in(four_people.chloe.person),
    )
    assert address("organisation", elsewhere) not in page_of(chloe, "organisation", here)
    make_membership(organisation=elsewhere, person=four_people.chloe.person)
    assert chloe.get(reverse("organisations"))["Location"] == address("organisation", here)
    assert address("organisation", elsewhere) in page_of(chloe, "organisation", here)
    assert "Dario Conti" in page_of(chloe, "organisation", elsewhere)


def test_for_people_without_a_role_it_does_not_exist(four_people: FourPeople) -> None:
    for person in (four_people.amina.person, four_people.dario.person):
        answer = signed_in(person).get(address("organisation", four_people.organisation))
        assert answer.status_code == 404
    assert signed_in(four_people.amina.person).get(reverse("organisations")).status_code == 404


def test_as_many_queries_for_fifty_as_for_one(four_people: FourPeople, manager: Client) -> None:
    url = address("organisation", four_people.organisation)
    Organisation.objects.filter(pk=four_people.organisation.pk).update(learns=True)
    few = queries_of(manager, url)
    for _number in range(25):
        make_membership(organisation=four_people.organisation)
        programme = make.make_programme(organisation=four_people.organisation)
        LearnedModel.objects.create(
            programme=programme, target="approved", learned_at=NOW, decided=9, positive=5, body="{}"
        )
    assert queries_of(manager, url) == few <= MOST


def test_a_new_colleague_gets_a_slip_and_comes_in(four_people: FourPeople, manager: Client) -> None:
    here = four_people.organisation
    answer = manager.post(
        address("colleague_new", here),
        {"name": "Ines Roth", "role": "caseworker", "starts_on": "2026-11-21"},
        follow=True,
    )
    made = Membership.objects.get(name="Ines Roth")
    slip = address("colleague_slip", here, made.person)
    assert slip in answer.content.decode()
    page = manager.post(slip).content.decode()
    assert "Ines Roth" in page and "Your way in" in page
    assert Slip.objects.get().person == made.person
    assert AuditEntry.objects.filter(act="slip_made", about_id=made.person.public_id).exists()
    made.person.last_login = NOW
    made.person.save(update_fields=["last_login"])
    assert manager.post(slip).status_code == 403
    assert slip not in page_of(manager, "colleague", here, made.person)


def test_a_slip_is_for_those_alone_whom_it_opens_nothing_else(four_people: FourPeople, mona: Person) -> None:
    here, actor = four_people.organisation, actor_for(mona, now=NOW)

    def may(person: Person) -> bool:
        return may_make_colleague_slip(actor, here, person)

    new = make_membership(organisation=here)
    assert may(new.person)
    assert not may_make_colleague_slip(four_people.chloe.actor, here, new.person)
    for fields in ({"is_operator": True}, {"is_active": False}, {"username": "ines"}, {"password": PASSWORD}):
        assert not may(make_membership(organisation=here, person=make.make_person(**fields)).person)
    assert not may(make_membership(organisation=here, ends_on=TODAY).person)
    assert not may(make_membership(organisation=here, person=make.make_profile().person).person)
    assert not may(four_people.dario.person)
    make_membership(organisation=four_people.elsewhere, person=new.person)
    assert not may(new.person)


def test_a_manager_gives_another_role_and_ends_it(four_people: FourPeople, manager: Client) -> None:
    here, chloe = four_people.organisation, four_people.chloe.person
    role = {"role": "safeguarding", "starts_on": "2026-11-01"}
    manager.post(address("colleague", here, chloe), role)
    made = Membership.objects.get(person=chloe, role="safeguarding")
    assert (made.name, str(made.starts_on)) == ("Chloé Martin", "2026-11-01")
    twice = manager.post(address("colleague", here, chloe), role)
    assert "This person has the role already." in twice.content.decode()
    browser = signed_in(chloe)
    assert browser.get(reverse("today")).status_code == 200
    for membership in Membership.objects.filter(person=chloe):
        manager.post(address("role_end", membership))
    assert browser.get(reverse("today")).status_code == 404
    assert browser.get(address("organisation", here)).status_code == 404


def test_the_last_manager_is_told_why_not(four_people: FourPeople, mona: Person, manager: Client) -> None:
    answer = manager.post(address("role_end", mona.memberships.get()), follow=True)
    assert "Somebody must manage the organisation." in answer.content.decode()
    assert actor_for(mona, now=NOW).grants


def test_roles_ask_for_the_password_again_and_then_go_on(four_people: FourPeople, mona: Person) -> None:
    old, here = signed_in(mona), four_people.organisation
    new = {"name": "Ines Roth", "role": "observer", "starts_on": "2026-11-21"}
    answer = old.post(address("colleague_new", here), new)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Membership.objects.filter(name="Ines Roth").exists()
    then = old.post(answer["Location"], {"password": PASSWORD, "next": address("colleague_new", here)})
    made = Membership.objects.get(name="Ines Roth")
    assert then["Location"] == address("colleague", here, made.person)
    assert old.get(address("colleague_new", here)).status_code == 200


def test_who_has_no_password_is_led_to_choose_one(four_people: FourPeople) -> None:
    person = make_membership(organisation=four_people.organisation, role="manager").person
    answer = signed_in(person).get(address("colleague_new", four_people.organisation))
    assert answer["Location"] == reverse("account_set_password")


def test_a_manager_changes_town_language_and_zone(four_people: FourPeople, manager: Client) -> None:
    cham, here = make.make_town("Cham"), four_people.organisation
    settings = {"town": "Cham", "language": "de", "time_zone": "Europe/Vienna"}
    for _time in range(2):  # the second time the town is the one of before
        manager.post(address("organisation_change", here), settings)
        here.refresh_from_db()
        assert (here.territory, here.language, here.time_zone) == (cham, "de", "Europe/Vienna")
    wrong = manager.post(address("organisation_change", here), settings | {"town": "Nowhere at all"})
    assert "We do not know this town." in wrong.content.decode()
    manager.post(address("organisation_change", here), settings | {"town": ""})
    assert Organisation.objects.get(pk=here.pk).territory is None


@pytest.mark.parametrize("text", ["a\x00b", "9" * 30, "9999-12-31", "0001-01-01", "\u202eabc", "x" * 6_000])
def test_no_value_breaks_a_form(text: str, four_people: FourPeople, manager: Client) -> None:
    here, good = four_people.organisation, {"name": "Ines", "role": "observer", "starts_on": "2026-11-21"}
    for key in good:
        for where in (address("colleague_new", here), address("colleague", here, four_people.chloe.person)):
            assert manager.post(where, good | {key: text}, follow=True).status_code == 200
    for key in ("town", "town_id", "language", "time_zone"):
        assert manager.post(address("organisation_change", here), {key: text}).status_code == 200
    assert "9999" in page_of(manager, "organisation", here) or text != "9999-12-31"


def test_home_leads_there_who_works_on_no_cases(four_people: FourPeople, manager: Client) -> None:
    assert reverse("organisations") in manager.get(reverse("home")).content.decode()
    amina = signed_in(four_people.amina.person).get(reverse("home")).content.decode()
    assert reverse("organisations") not in amina


def test_learning_is_explained_switched_on_and_forgotten(four_people: FourPeople, manager: Client) -> None:
    here, url = four_people.organisation, address("organisation_learning", four_people.organisation)
    explained = "Nothing about a person is stored in what is learned."
    chloe = signed_in(four_people.chloe.person)
    assert explained in page_of(chloe, "organisation", here)
    chloe.post(url, {"learns": "on"})
    assert Organisation.objects.get(pk=here.pk).learns
    assert "Nothing is learned yet." in page_of(chloe, "organisation", here)
    for target, count in (("approved", 40), ("accepted", 31)):
        LearnedModel.objects.create(
            programme=four_people.programme,
            target=target,
            learned_at=NOW,
            decided=count,
            positive=9,
            body="{}",
        )
        said = {"approved": "from 40 decisions", "accepted": "from 31 answered offers"}[target]
        assert said in page_of(manager, "organisation", here)
    manager.post(url, {"learns": "perhaps"})
    assert Organisation.objects.get(pk=here.pk).learns
    manager.post(url, {"learns": "off"})
    assert not LearnedModel.objects.exists()
    assert "Switch it on" in page_of(manager, "organisation", here)


def test_who_decides_nothing_sees_whether_it_learns(four_people: FourPeople) -> None:
    here = four_people.organisation
    Organisation.objects.filter(pk=here.pk).update(learns=True)
    observer = signed_in(make_membership(organisation=here, role="observer").person)
    page = page_of(observer, "organisation", here)
    assert "Learn from decisions" in page and address("organisation_learning", here) not in page
    assert observer.post(address("organisation_learning", here), {"learns": "off"}).status_code == 403
