"""One field for whatever people know of themselves; nothing tells who is known."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import ScryptPasswordHasher

from backend.people.models import Identifier, Person
from backend.people.phones import e164
from backend.people.signin import identifier_index, normal_login
from tests.factories import NOW, PASSWORD, make_person

pytestmark = pytest.mark.django_db


def identify(person: Person, kind: str, value: str) -> None:
    Identifier.objects.create(
        person=person, kind=kind, value=value, value_index=identifier_index(kind, value), verified_at=NOW
    )


def sign_in(login: str, password: str = PASSWORD) -> Person | None:
    return authenticate(None, login=login, password=password)


@pytest.mark.parametrize(
    "login",
    [
        "bruno",
        "BRUNO",
        " Bruno ",
        "+49 151 2345 6789",
        "0151 23456789",
        "(0151) 2345-6789",
        "Bruno@X.org",
    ],
)
def test_people_sign_in_with_what_they_know_of_themselves(login):
    bruno = make_person(username="bruno", password=PASSWORD)
    identify(bruno, "phone", "+4915123456789")
    identify(bruno, "email", "bruno@x.org")

    assert sign_in(login) == bruno


def test_two_who_share_a_number_are_told_apart_by_their_passwords():
    amina, sister = (
        make_person(password="the password of Amina"),
        make_person(password="the password of Rana"),
    )
    for person in (amina, sister):
        identify(person, "phone", "+4915123456789")

    assert sign_in("0151 23456789", "the password of Amina") == amina
    assert sign_in("0151 23456789", "the password of Rana") == sister


def test_a_number_opens_nobodys_account_when_two_chose_the_same_password():
    for _person in range(2):
        identify(make_person(password=PASSWORD), "phone", "+4915123456789")

    assert sign_in("0151 23456789") is None


@pytest.mark.parametrize(
    "login", ["bruno", "+49 151 2345 6789", "nobody", "+49 170 1111111", "no@x.org", "@"]
)
def test_a_wrong_password_and_an_unknown_login_take_the_same_work(login, monkeypatch):
    bruno = make_person(username="bruno", password=PASSWORD)
    identify(bruno, "phone", "+4915123456789")
    hashed = []
    encode = ScryptPasswordHasher.encode
    monkeypatch.setattr(
        ScryptPasswordHasher, "encode", lambda *args, **more: hashed.append(1) or encode(*args, **more)
    )

    assert sign_in(login, "a wrong password") is None
    assert len(hashed) == (3 if login.startswith("+") or "@" in login else 1)


def test_who_was_switched_off_and_who_has_no_password_stay_outside():
    make_person(username="gone", password=PASSWORD, is_active=False)
    make_person(username="slip")

    assert sign_in("gone") is None
    assert sign_in("slip", "") is None
    assert sign_in("slip", "!") is None


def test_a_limit_counts_every_spelling_of_a_login_together():
    assert normal_login(" Amina ") == normal_login("AMINA")
    assert normal_login("0151 23456789") == normal_login("+49 (151) 2345-6789")


@pytest.mark.parametrize("text", ["", "amina", "1", "+999999999999999999"])
def test_what_is_no_number_is_refused(text):
    assert e164(text) is None
