"""Questions, more time and a pause over the API: the same actions, and nothing of the other side's."""

from typing import Any

import pytest

from backend.pairings.models import Offer, OfferQuestion
from backend.programmes.models import Enrolment
from tests.api.conftest import Ask
from tests.security.world import World, make_world

pytestmark = pytest.mark.django_db
PHONE = {"channel": "phone", "language": "ar", "interpreter": "Ayaan"}


@pytest.fixture
def world(db: None) -> World:
    return make_world(together=False)


def of(world: World, verb: str = "") -> str:
    return f"offers/{world.open_offer.public_id}/{verb}"


def test_the_side_asked_reads_its_own_question_and_the_answer(world: World, ask: Ask) -> None:
    people = world.people
    answer: dict[str, Any] = {"question": str(world.question.public_id), "answer": "Six kilometres."}
    told = ask(people["chloe"], "post", of(world, "answer/"), answer).json()
    assert [q["answer"] for q in told["questions"]] == ["Six kilometres."]
    (mine,) = ask(people["bruno"], "get", of(world)).json()["questions"]
    assert (mine["side"], mine["text"], mine["answer"]) == ("mentor", "How far is it?", "Six kilometres.")
    assert "questions" not in ask(people["bruno"], "get", "offers/").json()["results"][0]
    ask(people["bruno"], "post", of(world, "accept/"))
    assert ask(people["amina"], "get", of(world)).json()["questions"] == []
    mine = ask(people["amina"], "post", of(world, "ask/"), {"text": "When?"}).json()["questions"]
    assert [q["text"] for q in mine] == ["When?"]
    refused = ask(people["amina"], "post", of(world, "answer/"), answer)
    assert refused.status_code == 403
    waits = ask(people["amina"], "post", of(world, "ask/"), {"text": "And where?"})
    assert (waits.status_code, waits.json()["code"]) == (409, "question_waits")


def test_an_answer_names_a_question_of_this_offer(world: World, ask: Ask) -> None:
    unknown = {"question": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11", "answer": "Yes."}
    assert ask(world.people["chloe"], "post", of(world, "answer/"), unknown).status_code == 404


def test_a_question_and_a_no_by_telephone(world: World, ask: Ask) -> None:
    OfferQuestion.objects.all().delete()
    chloe, heard = world.people["chloe"], {"told": PHONE, "side": "mentor"}
    asked = ask(chloe, "post", of(world, "ask/"), heard | {"text": "Is it far?"})
    assert [q["side"] for q in asked.json()["questions"]] == ["mentor"]
    late = ask(chloe, "post", of(world, "decline/"), heard | {"reason": "time", "side": "newcomer"})
    assert (late.status_code, late.json()["code"]) == (409, "overtaken")
    no = heard | {"reason": "time", "pauses": True, "until": "the summer"}
    assert ask(chloe, "post", of(world, "decline/"), no).json()["state"] == "declined"
    assert Enrolment.objects.get(pk=world.four.bruno.enrolment.pk).state == "paused"


def test_more_time(world: World, ask: Ask) -> None:
    now = world.open_offer.released_at
    Offer.objects.filter(pk=world.open_offer.pk).update(expires_at=now)
    before = ask(world.people["chloe"], "get", of(world)).json()["expires_at"]
    after = ask(world.people["chloe"], "post", of(world, "extend/"), {"days": 14}).json()["expires_at"]
    assert after > before
    for days in (0, 31):
        refused = ask(world.people["chloe"], "post", of(world, "extend/"), {"days": days})
        assert refused.status_code == 400
