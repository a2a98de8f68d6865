"""While a mentoring lasts, over the API: the same actions, the same rules."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.core import clock
from backend.meetings.models import CheckIn, Expense, Goal, Meeting
from tests.api.conftest import Ask
from tests.factories import NOW, TODAY
from tests.meetings.lasting import Lasting, make_lasting
from tests.meetings.pictures import SVG, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def lasting(db: None, monkeypatch: pytest.MonkeyPatch) -> Lasting:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_lasting()


def of(lasting: Lasting, verb: str) -> str:
    return f"pairings/{lasting.pairing.public_id}/{verb}/"


def test_a_meeting_is_noted_once_and_taken_back(lasting: Lasting, ask: Ask) -> None:
    said = {"client_id": str(uuid4()), "on": TODAY.isoformat(), "minutes": 30}
    amina, bruno = lasting.people.amina.person, lasting.people.bruno.person
    first = ask(amina, "post", of(lasting, "met"), said).json()
    second = ask(bruno, "post", of(lasting, "met"), said | {"client_id": str(uuid4())}).json()
    assert (first["was_there"], second["was_there"]) == (False, True)
    assert first["meeting"]["id"] == second["meeting"]["id"]
    which = {"meeting": first["meeting"]["id"]}
    assert ask(bruno, "post", of(lasting, "take-back-meeting"), which).status_code == 403
    assert ask(amina, "post", of(lasting, "take-back-meeting"), which).json()["state"] == "cancelled"
    assert ask(lasting.people.dario.person, "post", of(lasting, "met"), said).status_code == 404


def test_they_write_elsewhere_and_met_that_month(lasting: Lasting, ask: Ask) -> None:
    bruno = lasting.people.bruno.person
    assert ask(bruno, "post", of(lasting, "elsewhere"), {"elsewhere": True}).json()["writes_elsewhere_at"]
    said = {"client_id": str(uuid4()), "month": "2026-11"}
    assert ask(bruno, "post", of(lasting, "met-in-month"), said).json()["meeting"]["kind"] == "month"
    assert ask(bruno, "post", of(lasting, "ask-pause"), {"reason": "time"}).status_code == 200
    assert Meeting.objects.count() == 1


def test_goals_belong_to_the_newcomer(lasting: Lasting, ask: Ask) -> None:
    amina, bruno = lasting.people.amina.person, lasting.people.bruno.person
    new = {"client_id": str(uuid4()), "pairing": str(lasting.pairing.public_id), "text": "Swim"}
    assert ask(bruno, "post", "goals/", new).status_code == 403
    made = ask(amina, "post", "goals/", new | {"steps": ["Buy a ticket"]}).json()
    assert ask(amina, "post", "goals/", new).json()["id"] == made["id"]
    ticked = {"step": made["steps"][0]["id"], "done": True}
    assert ask(bruno, "post", f"goals/{made['id']}/tick/", ticked).json()["steps"][0]["done_at"]
    assert ask(bruno, "post", f"goals/{made['id']}/drop/").status_code == 403
    assert ask(amina, "post", f"goals/{made['id']}/reach/").json()["state"] == "reached"
    assert "text" not in ask(bruno, "get", "goals/").json()["results"][0]
    assert ask(lasting.people.dario.person, "get", "goals/").json()["results"] == []
    assert Goal.objects.count() == 1


def test_check_ins_are_for_the_office(lasting: Lasting, ask: Ask) -> None:
    chloe = lasting.people.chloe.person
    new = {
        "client_id": str(uuid4()),
        "pairing": str(lasting.pairing.public_id),
        "profile": str(lasting.people.amina.profile.public_id),
        "on": TODAY.isoformat(),
        "channel": "phone",
        "mood": "hard",
        "note": "She misses her sister.",
    }
    assert ask(chloe, "post", "check-ins/", new).json()["code"] == "say_what_comes_next"
    made = ask(chloe, "post", "check-ins/", new | {"nothing_next": True}).json()
    assert made["note"] == "She misses her sister."
    assert "sister" not in ask(chloe, "get", "check-ins/").content.decode()
    for who in (lasting.people.amina.person, lasting.people.bruno.person, lasting.people.dario.person):
        assert ask(who, "get", f"check-ins/{made['id']}/").status_code == 404
    assert ask(lasting.people.bruno.person, "post", "check-ins/", new).status_code in (400, 403)
    assert CheckIn.objects.count() == 1


def test_an_expense_comes_with_its_photo(lasting: Lasting, ask: Ask) -> None:
    bruno, chloe = lasting.people.bruno.person, lasting.people.chloe.person
    browser = Client()
    browser.force_login(bruno)

    def send(picture: bytes) -> object:
        said = {
            "client_id": str(uuid4()),
            "pairing": str(lasting.pairing.public_id),
            "on": TODAY.isoformat(),
            "cents": 1250,
            "what": "Bus",
        }
        return browser.post("/api/v1/expenses/", said | {"receipt": SimpleUploadedFile("a.jpg", picture)})

    assert send(SVG).json()["code"] == "picture_unreadable"  # type: ignore[attr-defined]
    made = send(photo()).json()  # type: ignore[attr-defined]
    assert (made["cents"], made["currency"], made["state"], made["what"]) == (1250, "EUR", "sent", "Bus")
    receipt = ask(chloe, "get", f"expenses/{made['id']}/receipt/")
    assert (receipt.headers["Content-Type"], receipt.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    for who in (lasting.people.amina.person, lasting.people.dario.person):
        assert ask(who, "get", f"expenses/{made['id']}/receipt/").status_code == 404
    assert "Bus" not in ask(chloe, "get", "expenses/").content.decode()
    assert ask(bruno, "post", f"expenses/{made['id']}/approve/").status_code == 403
    assert ask(chloe, "post", f"expenses/{made['id']}/approve/").json()["state"] == "approved"
    refused = ask(chloe, "post", f"expenses/{made['id']}/refuse/", {"why": "No"})
    assert refused.status_code == 409
    assert Expense.objects.count() == 1
