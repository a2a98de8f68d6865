"""The beginning of a mentoring through the API: the same actions, and no class C in a list."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.meetings.models import Liking, Meeting
from tests.api.conftest import Ask
from tests.factories import NOW
from tests.factories.people import FourPeople
from tests.meetings.conftest import Beginning, make_beginning


@pytest.fixture
def beginning(four_people: FourPeople, monkeypatch: pytest.MonkeyPatch) -> Beginning:
    from backend.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_beginning(four_people)


def proposal(beginning: Beginning) -> dict[str, Any]:
    return {
        "pairing": str(beginning.pairing.public_id),
        "starts_at": (NOW + timedelta(days=3)).isoformat(),
        "place": str(beginning.place.public_id),
        "hosted_by": str(beginning.people.chloe.person.public_id),
        "client_id": str(uuid4()),
    }


def test_a_first_meeting_from_the_proposal_to_the_agreement(beginning: Beginning, ask: Ask) -> None:
    people = beginning.people
    start = ask(people.amina.person, "get", f"pairings/{beginning.pairing.public_id}/beginning/").json()
    assert start["needs_first_meeting"]
    assert [place["name"] for place in start["places"]] == ["Town library"]
    assert start["times"][0] == "2026-11-24T18:00:00+01:00"
    wanted = proposal(beginning)
    for _again in range(2):
        made = ask(people.chloe.person, "post", "meetings/", wanted)
        assert made.status_code == 201
    meeting = made.json()
    assert (meeting["kind"], meeting["place"]["name"]) == ("first", "Town library")
    for who in (people.amina.person, people.bruno.person):
        for what in ("briefing", "agreement"):
            said = {"what": what, "language": "ar"}
            ask(who, "post", f"pairings/{beginning.pairing.public_id}/confirm/", said)
    told = {"told": {"channel": "phone"}, "person": str(people.amina.person.public_id)}
    yes = {"suits": True, "sequence": 0}
    assert (
        ask(people.chloe.person, "post", f"meetings/{meeting['id']}/answer/", yes | told).status_code == 200
    )
    after = ask(people.bruno.person, "post", f"meetings/{meeting['id']}/answer/", yes).json()
    assert after["state"] == "agreed"


def test_a_list_says_neither_when_nor_where(beginning: Beginning, ask: Ask) -> None:
    beginning.propose()
    [row] = ask(beginning.people.bruno.person, "get", "meetings/").json()["results"]
    assert set(row) == {
        "id", "pairing", "kind", "state", "minutes", "is_online", "interpreter", "sequence"
    }  # fmt: skip
    assert ask(beginning.people.dario.person, "get", "meetings/").json()["results"] == []


def test_what_is_named_and_not_there_is_refused_like_any_other(beginning: Beginning, ask: Ask) -> None:
    chloe = beginning.people.chloe.person
    for change in ({"place": str(uuid4())}, {"hosted_by": str(beginning.people.dario.person.public_id)}):
        answer = ask(chloe, "post", "meetings/", proposal(beginning) | change)
        assert answer.status_code == 400
    assert not Meeting.objects.exists()


def test_what_one_said_of_going_on_is_for_them_and_staff(beginning: Beginning, ask: Ask) -> None:
    people, path = beginning.people, f"pairings/{beginning.pairing.public_id}"
    assert ask(people.amina.person, "post", f"{path}/go-on/", {"answer": "no"}).status_code == 409
    beginning.held()
    ask(people.amina.person, "post", f"{path}/go-on/", {"answer": "no"})
    said = {
        who: [m["go_on"] for m in ask(who.person, "get", f"{path}/beginning/").json()["members"]]
        for who in (people.amina, people.bruno, people.chloe)
    }
    assert list(said.values()) == [["no", ""], ["", ""], ["no", ""]]


def test_an_evening_and_who_got_on(beginning: Beginning, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.core import clock

    people, chloe = beginning.people, beginning.people.chloe.person
    wanted = {
        "programme": str(people.programme.public_id),
        "place": str(beginning.place.public_id),
        "starts_at": (NOW + timedelta(days=3)).isoformat(),
        "client_id": str(uuid4()),
    }
    evening = ask(chloe, "post", "evenings/", wanted).json()
    both = {"enrolments": [str(who.enrolment.public_id) for who in (people.amina, people.bruno)]}
    path = f"evenings/{evening['id']}"
    assert ask(chloe, "post", f"{path}/invite/", {"enrolments": [str(uuid4())]}).status_code == 400
    assert len(ask(chloe, "post", f"{path}/invite/", both).json()["guests"]) == 2
    assert ask(people.amina.person, "get", f"{path}/").json()["guests"] == []
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    ask(chloe, "post", f"{path}/hold/", both)
    seen = ask(people.amina.person, "get", f"{path}/").json()
    assert [guest["called"] for guest in seen["guests"]] == ["Bruno"]
    whom = {"enrolments": [str(people.bruno.enrolment.public_id)]}
    assert ask(people.amina.person, "post", f"{path}/likings/", whom).json()["likings"] == []
    assert Liking.objects.count() == 1
    [match] = ask(chloe, "get", f"{path}/").json()["likings"]
    assert match["both"] is False
