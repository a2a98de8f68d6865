"""Whoever works with other people's files is signed out soon; a newcomer on their own phone is not."""

from datetime import timedelta

import pytest
from django.test import Client

from backend.core import clock
from backend.people.sessions import person_behind
from tests.factories import NOW
from tests.factories.people import FourPeople


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch):
    """Let the clock stand still, and move it on by hand."""
    moment = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def pass_time(**span: float) -> None:
        moment[0] += timedelta(**span)

    return pass_time


def is_signed_in(client: Client) -> bool:
    return client.get("/account/me/").status_code == 200


def test_half_an_hour_without_a_click_ends_it(client: Client, four_people: FourPeople, pass_time) -> None:
    client.force_login(four_people.chloe.person)
    assert is_signed_in(client)
    pass_time(minutes=29)
    assert is_signed_in(client)
    pass_time(minutes=29)
    assert is_signed_in(client)
    pass_time(minutes=31)
    assert not is_signed_in(client)
    assert "signed you out" in client.get("/account/login/").text


def test_twelve_hours_end_it_in_any_case(client: Client, four_people: FourPeople, pass_time) -> None:
    client.force_login(four_people.chloe.person)
    for _quarter in range(48):
        assert is_signed_in(client)
        pass_time(minutes=15)
    pass_time(seconds=1)
    assert not is_signed_in(client)


def test_a_newcomer_stays_signed_in(client: Client, four_people: FourPeople, pass_time) -> None:
    client.force_login(four_people.amina.person)
    assert is_signed_in(client)
    pass_time(days=30)
    assert is_signed_in(client)


def test_an_open_page_is_no_way_round_it(client: Client, four_people: FourPeople, pass_time) -> None:
    client.force_login(four_people.chloe.person)
    assert is_signed_in(client)
    key = client.session.session_key
    assert person_behind(key, now=clock.now()) == four_people.chloe.person
    pass_time(minutes=31)
    assert person_behind(key, now=clock.now()) is None
