import pytest
from django.core.exceptions import ValidationError

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.people.actions import UsernameTaken, record_consent, set_sign_in
from backend.people.enums import Channel, Purpose
from backend.people.models import Consent
from backend.people.queries import consents_of
from backend.people.rules import UnfitUsername, is_fit_username
from tests.factories import NOW, PASSWORD, make_person
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["ana", "أمينة", "François", "a.b-c_d", "mentor7"])
def test_user_names_may_be_in_any_script(name):
    assert is_fit_username(name)


@pytest.mark.parametrize(
    "name", ["", "ab", "a b", "a@b.org", "0151234567", "+49151", "x" * 61, ".ana", "ana."]
)
def test_user_names_never_look_like_a_number_or_an_address(name):
    assert not is_fit_username(name)


def test_people_choose_their_own_sign_in_and_nobody_elses(four_people: FourPeople):
    amina, chloe = four_people.amina, four_people.chloe
    with pytest.raises(NotAllowed):
        set_sign_in(person=amina.person, username="amina", password=PASSWORD, actor=chloe.actor)
    set_sign_in(person=amina.person, username="amina", password=PASSWORD, actor=amina.actor)

    amina.person.refresh_from_db()
    assert amina.person.username == "amina"
    assert amina.person.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("username", "password", "problem"),
    [
        ("Taken", PASSWORD, UsernameTaken),
        ("a@b", PASSWORD, UnfitUsername),
        ("fine", "weak", ValidationError),
    ],
)
def test_what_does_not_fit_changes_nothing(username, password, problem):
    make_person(username="taken")
    person = make_person()

    with pytest.raises(problem):
        set_sign_in(person=person, username=username, password=password, actor=Actor(person_id=person.pk))
    person.refresh_from_db()
    assert person.username is None
    assert not person.has_usable_password()


def test_taking_a_consent_back_adds_a_line(four_people: FourPeople):
    def consent(given: bool) -> Consent:
        return record_consent(
            person=four_people.amina.person,
            organisation_id=four_people.organisation.pk,
            purpose=Purpose.SHARE,
            given=given,
            channel=Channel.IN_PERSON,
            language_shown="ar",
            actor=four_people.chloe.actor,
            now=NOW,
        )

    lines = [consent(True), consent(False)]

    assert list(Consent.objects.filter(person=four_people.amina.person)) == lines
    assert consents_of(four_people.amina.person) == lines[1:]
