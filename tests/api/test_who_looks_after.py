"""Today, handovers and announcements, over the API."""

from uuid import uuid4

import pytest

from backend.core.audit import AuditEntry
from backend.messaging.models import Recipient
from backend.people.models import Person
from backend.profiles.models import Profile
from tests.api.conftest import Ask
from tests.factories import NOW, make_clearance, make_enrolment, make_membership
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db


def test_today_gives_the_same_lines_as_the_page(four_people: FourPeople, ask: Ask) -> None:
    make_enrolment(programme=four_people.programme, called="Talk", ready=False)
    answer = ask(four_people.chloe.person, "get", "today/")
    (line,) = [line for line in answer.json() if line["kind"] == "intake"]
    assert (line["part"], line["name"], line["who"], line["is_mine"]) == ("needs", "Talk Example", "", False)
    assert AuditEntry.objects.filter(act="people_listed").count() == 1
    assert ask(four_people.chloe.person, "get", "today/?whose=mine").json() == []
    assert ask(four_people.chloe.person, "get", "today/?whose=hers").status_code == 400
    assert ask(four_people.amina.person, "get", "today/").status_code == 404


def test_until_when_a_proof_holds_is_no_part_of_a_list(four_people: FourPeople, ask: Ask) -> None:
    bruno = four_people.bruno.profile
    bruno.clearances.all().delete()
    for kind in ("police_check", "code_of_conduct"):
        make_clearance(bruno, kind, valid_until="2027-01-10", seen_on="2026-06-01")
    lines = ask(four_people.chloe.person, "get", "today/").json()
    ends = [line for line in lines if line["kind"] == "proof_ends"]
    assert {line["on"] for line in ends} <= {None}


def test_people_are_handed_over_once(four_people: FourPeople, ask: Ask) -> None:
    chloe: Person = four_people.chloe.person
    carl = make_membership(organisation=four_people.organisation, name="Carl Ott").person
    wanted = {
        "profiles": [str(four_people.amina.profile.public_id)],
        "from_person": None,
        "to_person": str(carl.public_id),
        "summary": "Likes calls.",
    }
    first = ask(chloe, "post", "handovers/", wanted)
    assert first.status_code == 201
    assert ask(chloe, "post", "handovers/", wanted).json()["id"] == first.json()["id"]
    assert "summary" not in ask(carl, "get", "handovers/").json()["results"][0]
    detail = ask(carl, "get", f"handovers/{first.json()['id']}/").json()
    assert (detail["summary"], detail["profiles"]) == ("Likes calls.", wanted["profiles"])
    late = ask(carl, "post", f"profiles/{four_people.bruno.profile.public_id}/take-over/", {})
    assert late.json()["coordinator"] == str(carl.public_id)
    overtaken = ask(chloe, "post", f"profiles/{four_people.bruno.profile.public_id}/take-over/", {})
    assert (overtaken.status_code, overtaken.json()["code"]) == (409, "overtaken")
    assert ask(four_people.dario.person, "get", f"handovers/{first.json()['id']}/").status_code == 404


def test_an_announcement_is_made_once_and_read(four_people: FourPeople, ask: Ask) -> None:
    chloe, amina = four_people.chloe.person, four_people.amina.person
    Person.objects.filter(pk=amina.pk).update(last_login=NOW)
    wanted = {
        "client_id": str(uuid4()),
        "organisation": str(four_people.organisation.public_id),
        "profiles": [str(p) for p in Profile.objects.values_list("public_id", flat=True)],
        "text": "We move on Monday.",
    }
    first = ask(chloe, "post", "announcements/", wanted).json()
    assert ask(chloe, "post", "announcements/", wanted).json()["id"] == first["id"]
    assert first["read"] == {"people": 1, "readers": 0}
    read = ask(amina, "post", f"announcements/{first['id']}/read/", {}).json()
    assert (read["text"], read["read"]) == ("We move on Monday.", None)
    assert Recipient.objects.get().read_at is not None
    assert "text" not in ask(amina, "get", "announcements/").json()["results"][0]
    assert ask(four_people.bruno.person, "get", "announcements/").json()["results"] == []
