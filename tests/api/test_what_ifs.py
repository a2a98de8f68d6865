"""Runs, questions to a plan and what a programme asks for, over the API."""

from typing import Any
from uuid import uuid4

import pytest

from backend.core.jobs import Job, drain
from backend.pairings import actions
from backend.pairings.models import MatchRun, Suggestion, WhatIf
from backend.profiles.models import Contact, Profile
from backend.programmes.models import Enrolment
from tests import factories as make
from tests.api.conftest import Ask
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db


def of(people: FourPeople, which: str = "what-ifs") -> str:
    return f"programmes/{people.programme.public_id}/{which}/"


def question(people: FourPeople, **more: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid4()),
        "more": [{"enrolment": str(people.amina.enrolment.public_id), **more}],
    }


def test_a_question_is_queued_answered_and_read(four_people: FourPeople, ask: Ask) -> None:
    amina, bruno, chloe = four_people.amina, four_people.bruno, four_people.chloe.person
    Profile.objects.filter(pk=amina.profile.pk).update(slots=["mon:morning"])
    asked = ask(chloe, "post", of(four_people), question(four_people, slots=["tue:evening"]))
    path = f"what-ifs/{asked.json()['id']}/"
    assert (asked.status_code, asked.json()["state"], asked.json()["answer"]) == (202, "queued", None)
    assert ask(chloe, "get", path).status_code == 202
    drain()
    read = ask(chloe, "get", path)
    assert (read.status_code, read.json()["state"], read.json()["problem"]) == (200, "done", "")
    answer = read.json()["answer"]
    (shift,) = answer["shifts"]
    assert shift["newcomer"] == {"id": str(amina.enrolment.public_id), "called": "Amina"}
    assert shift["mentor_before"] is None and shift["fit_before"] is None
    assert shift["mentor_after"] == {"id": str(bruno.enrolment.public_id), "called": "Bruno"}
    assert (answer["before"]["matched"], answer["after"]["matched"], answer["after"]["gap"]) == (0, 1, 0)
    assert answer["unmatched"] == []


def test_who_still_has_nobody_is_told_with_the_reason(four_people: FourPeople, ask: Ask) -> None:
    pair = {
        "mentor": str(four_people.bruno.enrolment.public_id),
        "newcomer": str(four_people.amina.enrolment.public_id),
    }
    chloe = four_people.chloe.person
    asked = ask(chloe, "post", of(four_people), {"client_id": str(uuid4()), "forbid": [pair]}).json()
    drain()
    (left,) = ask(chloe, "get", f"what-ifs/{asked['id']}/").json()["answer"]["unmatched"]
    assert left == {
        "newcomer": {"id": pair["newcomer"], "called": "Amina"},
        "feasible": 0,
        "reasons": [{"refusal": "forbidden", "excludes": 1, "alone": 1}],
    }


def test_the_same_question_again_is_the_same(four_people: FourPeople, ask: Ask) -> None:
    asked = question(four_people, reach_km=60)
    first, again = (ask(four_people.chloe.person, "post", of(four_people), asked) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert (WhatIf.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "more",
    [
        {"wish_is_required": False},
        {"wishes_gender": ""},
        {"avoid": ""},
        {"born": "1990"},
        {"capacity": 9},
        {"cleared": True},
    ],
)
def test_a_wish_an_avoidance_or_a_proof_cannot_be_dropped(
    more: dict[str, Any], four_people: FourPeople, ask: Ask
) -> None:
    """There is no name for it: what is not known is refused."""
    answer = ask(four_people.chloe.person, "post", of(four_people), question(four_people, **more))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")
    assert not WhatIf.objects.exists()


def test_what_a_question_may_not_ask_is_a_sentence(four_people: FourPeople, ask: Ask) -> None:
    chloe = four_people.chloe.person
    refused = ask(chloe, "post", of(four_people), question(four_people, reach_km=1))
    assert (refused.status_code, refused.json()["code"]) == (400, "only_more")
    refused = ask(chloe, "post", of(four_people), {"client_id": str(uuid4())})
    assert (refused.status_code, refused.json()["code"]) == (400, "nothing_asked")
    elsewhere = make.make_enrolment(
        programme=make.make_programme(organisation=four_people.organisation, name="Other")
    )
    asked = {"client_id": str(uuid4()), "more": [{"enrolment": str(elsewhere.public_id), "online": True}]}
    refused = ask(chloe, "post", of(four_people), asked)
    assert (refused.status_code, refused.json()["code"]) == (400, "not_in_matching")


def test_another_organisation_sees_and_asks_nothing(four_people: FourPeople, ask: Ask) -> None:
    dario = four_people.dario.person
    asked = ask(four_people.chloe.person, "post", of(four_people), question(four_people, reach_km=60)).json()
    assert ask(dario, "post", of(four_people), question(four_people, reach_km=60)).status_code == 404
    assert ask(dario, "get", f"what-ifs/{asked['id']}/").status_code == 404
    assert ask(dario, "get", "what-ifs/").json()["results"] == []
    assert [row["id"] for row in ask(four_people.chloe.person, "get", "what-ifs/").json()["results"]] == [
        asked["id"]
    ]


def test_a_question_without_an_answer_says_why(four_people: FourPeople, ask: Ask) -> None:
    chloe = four_people.chloe.person
    asked = ask(chloe, "post", of(four_people), question(four_people, reach_km=60)).json()
    Enrolment.objects.filter(pk=four_people.amina.enrolment.pk).update(state="not_now")
    drain()
    read = ask(chloe, "get", f"what-ifs/{asked['id']}/")
    assert (read.status_code, read.json()["state"], read.json()["answer"]) == (200, "failed", None)
    assert read.json()["problem"].startswith("Somebody in this question is no longer in the matching.")


def test_who_is_gone_since_is_left_out_of_the_answer(four_people: FourPeople, ask: Ask) -> None:
    chloe = four_people.chloe.person
    late = make.make_enrolment(programme=four_people.programme, called="Nadia", slots=["mon:morning"])
    asked = ask(chloe, "post", of(four_people), question(four_people, reach_km=60)).json()
    drain()
    path = f"what-ifs/{asked['id']}/"
    assert len(ask(chloe, "get", path).json()["answer"]["unmatched"]) == 1
    late.delete()
    assert ask(chloe, "get", path).json()["answer"]["unmatched"] == []


def test_a_run_says_how_good_its_plan_is(four_people: FourPeople, ask: Ask) -> None:
    chloe = four_people.chloe.person
    asked = ask(chloe, "post", "runs/", {"programme": str(four_people.programme.public_id)}).json()
    assert (asked["state"], asked["proof"]) == ("queued", "")
    drain()
    run = ask(chloe, "get", f"runs/{asked['id']}/").json()
    assert (run["gap"], run["feasible_pairs"]) == (0, 1)
    assert run["proof"] == "The best that is possible, proved."
    MatchRun.objects.update(gap=0.02, total_fit=100, upper_bound=102)
    run = ask(chloe, "get", f"runs/{asked['id']}/").json()
    assert run["proof"] == "Up to 2.0 % better might be possible."


def test_a_suggestion_names_the_others_and_what_they_cost(four_people: FourPeople, ask: Ask) -> None:
    other = make.make_enrolment(programme=four_people.programme, side="mentor", called="Ben")
    run = actions.request_run(
        programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=make.NOW
    )
    actions.run_matching(run_id=run.pk, now=make.NOW)
    suggestion = Suggestion.objects.get()
    told = ask(four_people.chloe.person, "get", f"suggestions/{suggestion.public_id}/").json()
    (alternative,) = told["alternatives"]
    assert alternative["mentor"] == {"id": str(other.public_id), "called": "Ben"}
    assert alternative["regret"]["newcomers"] == 0
    assert alternative["regret"]["fit"] == pytest.approx(suggestion.fit - alternative["fit"])


def test_what_must_be_is_set_by_name(four_people: FourPeople, ask: Ask) -> None:
    path, chloe = f"programmes/{four_people.programme.public_id}/", four_people.chloe.person
    assert ask(chloe, "get", path).json()["require"] == {"languages": "A1", "hours": 1, "way": "either"}
    changed = ask(chloe, "patch", path, {"require": {"languages": "B1", "hours": 2}})
    assert changed.json()["require"] == {"languages": "B1", "hours": 2, "way": "either"}
    for wrong in ({"languages": "C2"}, {"hours": 0}, {"way": "neither"}, {"topics": 1}):
        assert ask(chloe, "patch", path, {"require": wrong}).status_code == 400


def test_an_answer_is_kept_or_thrown_away(four_people: FourPeople, ask: Ask) -> None:
    chloe, amina = four_people.chloe.person, four_people.amina
    paths = []
    for reach in (60, 80):
        asked = ask(chloe, "post", of(four_people), question(four_people, reach_km=reach)).json()
        paths.append(f"what-ifs/{asked['id']}/")
    drain()
    kept = ask(chloe, "post", f"{paths[0]}keep/", {})
    assert kept.status_code == 200 and kept.json()["kept_at"]
    assert Profile.objects.get(pk=amina.profile.pk).reach_km == 60
    assert ask(chloe, "post", f"{paths[0]}throw-away/", {}).json()["code"] == "kept_already"
    assert ask(chloe, "post", f"{paths[1]}throw-away/", {}).status_code == 204
    assert ask(chloe, "get", paths[1]).status_code == 404


def test_a_wish_is_given_up_with_a_yes(four_people: FourPeople, ask: Ask) -> None:
    chloe, amina = four_people.chloe.person, str(four_people.amina.enrolment.public_id)
    wish = {"enrolment": amina, "topics": ["paperwork"], "told": {"channel": "phone", "language": "ar"}}
    asked = ask(chloe, "post", of(four_people), {"client_id": str(uuid4()), "wishes": [wish]})
    assert asked.status_code == 202
    (line,) = Contact.objects.all()
    assert (line.channel, line.language) == ("phone", "ar")
    for spoilt in (
        {"enrolment": amina, "topics": ["paperwork"]},
        wish | {"told": {"channel": "self", "language": "ar"}},
        wish | {"wish_is_required": False},
        wish | {"topics": ["driving"]},
    ):
        answer = ask(chloe, "post", of(four_people), {"client_id": str(uuid4()), "wishes": [spoilt]})
        assert answer.status_code == 400
    assert WhatIf.objects.count() == 1


def test_what_refuses_a_locked_pair_is_named(four_people: FourPeople, ask: Ask) -> None:
    four_people.amina.profile.languages.filter(tag="de").delete()
    pair = {
        "mentor": str(four_people.bruno.enrolment.public_id),
        "newcomer": str(four_people.amina.enrolment.public_id),
    }
    chloe = four_people.chloe.person
    asked = ask(chloe, "post", of(four_people), {"client_id": str(uuid4()), "lock": [pair]}).json()
    drain()
    read = ask(chloe, "get", f"what-ifs/{asked['id']}/").json()
    assert read["against"] == [
        {
            "mentor": {"id": pair["mentor"], "called": "Bruno"},
            "newcomer": {"id": pair["newcomer"], "called": "Amina"},
            "refusals": ["languages"],
        }
    ]
