"""How `notifications` reaches people of the product, and finds its pages."""

from datetime import timedelta
from typing import Any

import pytest

from backend.config.directory import contacts, link
from backend.people.models import Consent, Identifier, Person
from backend.profiles.models import Profile
from notifications.api import Contact
from tests.factories import NOW, make_profile
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db


def agree(profile: Profile, given: bool, *, minutes: int = 0) -> None:
    Consent.objects.create(
        person=profile.person,
        organisation_id=profile.organisation_id,
        purpose="contact",
        given=given,
        text_version="1",
        language_shown="en",
        channel="in_person",
        recorded_by=profile.person,
        recorded_at=NOW + timedelta(minutes=minutes),
    )


def verify(person: Person, address: str, *, minutes: int = 0) -> None:
    Identifier.objects.create(
        person=person,
        kind="email",
        value=address,
        value_index=address,
        verified_at=NOW + timedelta(minutes=minutes),
    )


def entered(profile: Profile) -> None:
    Profile.objects.filter(pk=profile.pk).update(email="entered@example.org")


def email_of(profile: Profile) -> str | None:
    return contacts([profile.person_id])[profile.person_id].email


def test_an_address_a_coordinator_entered_needs_a_consent(four_people: FourPeople) -> None:
    profile = four_people.amina.profile
    entered(profile)
    assert email_of(profile) is None
    agree(profile, True)
    assert email_of(profile) == "entered@example.org"
    agree(profile, False, minutes=1)
    assert email_of(profile) is None


def test_a_consent_to_one_organisation_says_nothing_of_another(four_people: FourPeople) -> None:
    profile = four_people.amina.profile
    entered(profile)
    agree(profile, True)
    Consent.objects.update(organisation_id=four_people.elsewhere.pk)
    assert email_of(profile) is None


def test_what_one_organisation_entered_never_brings_it_mail_of_another(four_people: FourPeople) -> None:
    profile = four_people.amina.profile
    entered(profile)
    agree(profile, True)
    make_profile(organisation=four_people.elsewhere, person=profile.person)
    assert email_of(profile) is None
    verify(profile.person, "own@example.org")
    assert email_of(profile) == "own@example.org"


def test_the_address_last_verified_comes_first(four_people: FourPeople) -> None:
    profile = four_people.amina.profile
    entered(profile)
    agree(profile, True)
    verify(profile.person, "new@example.org", minutes=5)
    verify(profile.person, "old@example.org")
    assert email_of(profile) == "new@example.org"


@pytest.mark.parametrize("end", ["consent", "ban"])
def test_who_said_no_or_is_locked_out_gets_no_mail(four_people: FourPeople, end: str) -> None:
    profile = four_people.amina.profile
    verify(profile.person, "amina@example.org")
    assert email_of(profile) == "amina@example.org"
    if end == "consent":
        agree(profile, False)
    else:
        Person.objects.update(is_active=False)
    assert email_of(profile) is None


def test_language_zone_and_name_come_along(four_people: FourPeople) -> None:
    amina, chloe = four_people.amina.person, four_people.chloe.person
    Person.objects.filter(pk=amina.pk).update(language="ar", time_zone="Asia/Kabul")
    assert contacts([amina.pk, chloe.pk, 0]) == {
        amina.pk: Contact(None, "ar", "Asia/Kabul", "Amina"),
        chloe.pk: Contact(None, "en", "Europe/Berlin", ""),
    }


@pytest.mark.parametrize("people", [1, 4])
def test_many_cost_as_much_as_one(
    four_people: FourPeople, people: int, django_assert_num_queries: Any
) -> None:
    ids = list(Person.objects.values_list("pk", flat=True)[:people])
    with django_assert_num_queries(4):
        assert len(contacts(ids)) == people


def test_a_link_is_absolute_and_leads_somewhere(settings: Any) -> None:
    settings.SITE_URL = "https://welcome.example.org"
    number = "7f1d0a52-9f0c-4c64-9a0e-0d8f5a1f9e11"
    assert link("conversation", number, 1) == f"https://welcome.example.org/conversations/{number}/"
    assert link("pairing", number, 1) == f"https://welcome.example.org/conversations/with/{number}/"
    assert link("offer", number, 1) == f"https://welcome.example.org/offers/{number}/"
    assert link("run", number, 1) == "https://welcome.example.org/suggestions/"
    assert link("nothing known", number, 1) is None
