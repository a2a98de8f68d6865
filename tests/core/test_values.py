"""Crypto, text, states, actors: the small things everything else stands on."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from backend.core import crypto
from backend.core.actor import ANONYMOUS, Actor, Grant
from backend.core.classes import class_by_field, classes
from backend.core.errors import NotAllowed
from backend.core.states import WrongState, next_state, verbs_from
from backend.core.text import clean_line, fold, sort_key
from backend.profiles.models import Profile
from tests.factories import make_profile


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_encrypted_comes_back(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_an_old_key_still_reads_and_rotating_moves_to_the_new(settings) -> None:
    token = crypto.encrypt("Tuesday at the library")
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    rotated = crypto.rotate(token)
    settings.FIELD_KEYS = [new]
    assert crypto.decrypt(rotated) == "Tuesday at the library"
    with pytest.raises(InvalidToken):
        crypto.decrypt(token)


def test_a_blind_index_finds_equals_and_tells_organisations_nothing() -> None:
    one = crypto.blind_index("+353871234567", scope="phone:1")
    assert one == crypto.blind_index("+353871234567", scope="phone:1")
    assert one != crypto.blind_index("+353871234567", scope="phone:2")
    assert len(one) == 64


@pytest.mark.django_db
def test_sensitive_values_are_unreadable_in_the_table() -> None:
    make_profile(born="1987-04-05", phone="+353871234567", notes="fled her brother", avoid="her brother")
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM profiles_profile p")
        row = cursor.fetchone()[0]
    for secret in ("1987-04-05", "353871234567", "fled", "brother"):
        assert secret not in row


@pytest.mark.django_db
def test_an_encrypted_field_cannot_be_searched() -> None:
    with pytest.raises(TypeError, match="encrypted"):
        Profile.objects.filter(notes="anything").exists()


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("İzmir", "izmir"),
        ("ISPARTA", "isparta"),
        ("Saint-Étienne", "saint etienne"),
        ("Київ", "киів"),
        ("كرمانشاه", fold("کرمانشاه")),
    ],
)
def test_folding_meets_what_people_type(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_names_are_sorted_as_a_reader_expects() -> None:
    names = ["Zoé", "Ángel", "anna", "Öykü", "Olena", "Ярослав", "أمينة"]
    assert sorted(names, key=sort_key) == ["Ángel", "anna", "Olena", "Öykü", "Zoé", "Ярослав", "أمينة"]


def test_a_sort_key_fits_its_column() -> None:
    assert len(sort_key("Ŵ" * 500)) <= 255


def test_a_line_keeps_no_character_that_reorders_it() -> None:
    assert clean_line(" Chlo\u202eé \x00 Winter\n") == "Chloé Winter"


MOVES = {"open": {"new": "open"}, "close": {"new": "closed", "open": "closed"}}


def test_a_verb_moves_or_is_refused() -> None:
    assert next_state(MOVES, verb="open", state="new") == "open"
    assert verbs_from(MOVES, "open") == ("close",)
    for verb, state in (("open", "closed"), ("burn", "new")):
        with pytest.raises(WrongState):
            next_state(MOVES, verb=verb, state=state)


def test_a_role_counts_where_it_is_held() -> None:
    actor = Actor(person_id=1, grants=(Grant(7, "coordinator"), Grant(8, "observer")))
    assert actor.organisations("coordinator") == {7}
    assert actor.organisations() == {7, 8}
    assert actor.has_role(7, ("coordinator",))
    assert not actor.has_role(8, ("coordinator",))


def test_the_system_and_nobody_are_no_persons() -> None:
    assert Actor.system("sweep").is_system
    assert ANONYMOUS.is_anonymous
    for actor in (Actor.system("sweep"), ANONYMOUS):
        with pytest.raises(NotAllowed):
            _ = actor.acting_person_id


def test_a_field_has_one_class() -> None:
    with pytest.raises(ValueError, match="notes"):
        classes(B="notes", C="notes")
    assert class_by_field(Profile)["notes"] == "C"
