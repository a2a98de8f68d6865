"""The desk for a script: the same actions and rules as on the pages."""

from uuid import uuid4

import pytest
from django.test import Client

from backend.core import clock
from backend.pairings.models import Offer, Suggestion
from tests.factories import NOW, make_enrolment, make_membership
from tests.factories.people import FourPeople, signed_in

JSON = "application/json"


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def suggestion(four_people: FourPeople) -> Suggestion:
    return Suggestion.objects.create(
        programme=four_people.programme,
        mentor=four_people.bruno.enrolment,
        newcomer=four_people.amina.enrolment,
        examined_at=NOW,
    )


def press(client: Client, suggestion: Suggestion, verb: str, **said: str) -> dict:
    answer = client.post(f"/api/v1/suggestions/{suggestion.public_id}/{verb}/", said, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_each_verb_moves_it_and_undo_moves_it_back(four_people: FourPeople, suggestion: Suggestion) -> None:
    chloe = signed_in(four_people.chloe.person)
    assert press(chloe, suggestion, "call-first")["aside"] == "call"
    later = press(chloe, suggestion, "put-off", until="2026-12-01")
    assert (later["aside"], later["aside_until"]) == ("later", "2026-12-01")
    back = press(chloe, suggestion, "undo")
    assert (back["aside"], back["aside_until"]) == ("call", None)
    assert press(chloe, suggestion, "bring-back")["aside"] == ""
    assert press(chloe, suggestion, "stage")["state"] == "staged"
    assert press(chloe, suggestion, "unstage")["state"] == "proposed"


def test_a_batch_is_released_and_taken_back(four_people: FourPeople, suggestion: Suggestion) -> None:
    chloe = signed_in(four_people.chloe.person)
    rival = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=four_people.bruno.enrolment,
        newcomer=make_enrolment(programme=four_people.programme),
        examined_at=NOW,
    )
    for one in (suggestion, rival):
        press(chloe, one, "stage")
    programme = f"/api/v1/programmes/{four_people.programme.public_id}"
    batch = chloe.post(f"{programme}/release/", {}, content_type=JSON).json()
    assert (len(batch["done"]), [kept["code"] for kept in batch["kept"]]) == (1, ["place_taken"])
    sent = Suggestion.objects.get(state="released")
    assert batch["done"] == [str(sent.public_id)]
    undo = {"released_at": sent.decided_at.isoformat()}
    undone = chloe.post(f"{programme}/undo-release/", undo, content_type=JSON).json()
    assert undone == {"done": batch["done"], "kept": []}
    assert (Offer.objects.count(), Suggestion.objects.staged().count()) == (0, 2)


def test_comments_are_for_colleagues(four_people: FourPeople, suggestion: Suggestion) -> None:
    page = f"/api/v1/suggestions/{suggestion.public_id}/comments/"
    carl = signed_in(make_membership(organisation=four_people.organisation, role="caseworker").person)
    said = {"client_id": str(uuid4()), "text": "Mornings suit both."}
    ids = {carl.post(page, said, content_type=JSON).json()["id"] for _twice in range(2)}
    assert ids == {said["client_id"]}
    seen = signed_in(four_people.chloe.person).get(page).json()
    assert [comment["text"] for comment in seen] == ["Mornings suit both."]
    make_membership(organisation=four_people.organisation, person=four_people.bruno.person)
    assert signed_in(four_people.bruno.person).get(page).status_code == 403
    assert signed_in(four_people.dario.person).get(page).status_code == 404
