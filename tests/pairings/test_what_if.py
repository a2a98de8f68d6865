"""A question to the plan: answered warm in a worker, and nothing is done to anybody."""

from collections import OrderedDict
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.core.errors import Expected, NotAllowed
from backend.core.jobs import Job, drain
from backend.pairings import actions, engine
from backend.pairings.actions.locks import NotBothSides, NotSuitable
from backend.pairings.actions.runs import ProgrammeNotOpen
from backend.pairings.actions.what_if import NothingAsked, NotInMatching, OnlyMore
from backend.pairings.changes import Change, More
from backend.pairings.engine import warm
from backend.pairings.engine.problem import Problem, problem_of
from backend.pairings.models import Offer, Suggestion, WhatIf
from backend.pairings.queries import everybody_in_play
from backend.pairings.tasks import forget_what_ifs
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.actions import restrict
from backend.safeguarding.models import Clearance
from tests.factories import NOW, TODAY, make_enrolment, make_town
from tests.factories.people import FourPeople, make_four_people
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with a worker that has solved nothing yet."""
    monkeypatch.setattr(warm.WARM, "_kept", OrderedDict())


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """The problems solved from the beginning."""
    seen: list[Problem] = []
    solve = Problem.solve

    def counted(problem: Problem) -> Any:
        seen.append(problem)
        return solve(problem)

    monkeypatch.setattr(Problem, "solve", counted)
    return seen


def ask(people: FourPeople, change: Change, **more: Any) -> WhatIf:
    asked: dict[str, Any] = {
        "programme_id": people.programme.pk,
        "client_id": uuid4(),
        "actor": people.chloe.actor,
        "now": NOW,
    }
    return actions.ask_what_if(change=change, **asked | more)


def answered(people: FourPeople, change: Change) -> WhatIf:
    what_if = ask(people, change)
    actions.answer_what_if(what_if_id=what_if.pk, now=NOW)
    what_if.refresh_from_db()
    return what_if


def the_problem(people: FourPeople) -> Problem:
    seen = everybody_in_play(people.programme, day=TODAY)
    return problem_of(people.programme, seen.mentors, seen.newcomers, seen.refusals, day=TODAY, lessons=None)


def test_a_longer_way_finds_a_mentor_and_says_for_whom(four_people: FourPeople) -> None:
    bruno, amina = four_people.bruno.enrolment, four_people.amina.enrolment
    Profile.objects.filter(pk=amina.profile_id).update(town=make_town("Freising"))
    what_if = answered(four_people, Change(more=(More(amina.pk, reach_km=120),)))
    (shift,) = what_if.result["shifts"]
    assert (what_if.state, what_if.finished_at, what_if.error) == ("done", NOW, "")
    assert (shift["newcomer"], shift["mentor_before"], shift["mentor_after"]) == (amina.pk, None, bruno.pk)
    assert shift["fit_before"] is None and shift["fit_after"] > 0 and 0 < shift["share_after"] <= 1
    assert what_if.result["before"] == {"matched": 0, "total_fit": 0, "upper_bound": 0, "gap": 0}
    assert what_if.result["after"]["matched"] == 1 and what_if.result["after"]["gap"] == 0
    assert what_if.result["after"]["total_fit"] == pytest.approx(shift["fit_after"])
    assert what_if.result["unmatched"] == []


@pytest.mark.parametrize(
    ("spoil", "more"),
    [
        ({"slots": ["mon:morning"]}, {"slots": ("tue:evening",)}),
        ({"town_id": None, "meets_online": False}, {"online": True}),
        ({}, {"interpreter": True}),
    ],
)
def test_another_hour_the_screen_or_an_interpreter_helps(
    spoil: dict[str, Any], more: dict[str, Any], four_people: FourPeople
) -> None:
    amina, bruno = four_people.amina.enrolment, four_people.bruno.enrolment
    Profile.objects.filter(pk=bruno.profile_id).update(meets_online=True)
    Profile.objects.filter(pk=amina.profile_id).update(**spoil)
    if not spoil:
        amina.profile.languages.filter(tag="de").delete()
    what_if = answered(four_people, Change(more=(More(amina.pk, **more),)))
    assert [s["mentor_after"] for s in what_if.result["shifts"]] == [bruno.pk]


def test_a_question_changes_nothing_but_its_own_row(four_people: FourPeople) -> None:
    before = Profile.objects.values().get(pk=four_people.amina.profile.pk)
    answered(four_people, Change(more=(More(four_people.amina.enrolment.pk, reach_km=90),)))
    assert Profile.objects.values().get(pk=four_people.amina.profile.pk) == before
    assert not Suggestion.objects.exists() and not Offer.objects.exists()


def test_who_is_put_together_stays_and_who_is_kept_apart_is_not(four_people: FourPeople) -> None:
    bruno, amina = four_people.bruno.enrolment.pk, four_people.amina.enrolment.pk
    late = make_enrolment(programme=four_people.programme, called="Nadia", topics_wanted=["driving"])
    forbidden = answered(four_people, Change(forbid=((bruno, amina),))).result
    locked = answered(four_people, Change(lock=((bruno, late.pk),))).result
    for result in (forbidden, locked):
        moved = {s["newcomer"]: (s["mentor_before"], s["mentor_after"]) for s in result["shifts"]}
        assert moved == {amina: (bruno, None), late.pk: (None, bruno)}
        assert [left["newcomer"] for left in result["unmatched"]] == [amina]
    assert locked["after"]["total_fit"] < locked["before"]["total_fit"]
    (left,) = forbidden["unmatched"]
    assert left["reasons"] == [{"refusal": "forbidden", "excludes": 1, "alone": 1}]


def test_what_counts_more_decides(four_people: FourPeople) -> None:
    near = make_enrolment(
        programme=four_people.programme, side="mentor", called="Ben", languages=(("ar", "native"),)
    )
    amina = four_people.amina.enrolment.pk
    by_topic = answered(four_people, Change(weights={"topics": 10})).result
    by_language = answered(four_people, Change(weights={"languages": 10})).result
    assert by_topic["shifts"] == []
    assert [s["mentor_after"] for s in by_language["shifts"] if s["newcomer"] == amina] == [near.pk]


def test_an_unchanged_plan_is_not_solved_again(four_people: FourPeople, solved: list[Problem]) -> None:
    amina = four_people.amina.enrolment.pk
    for reach in (40, 60, 90):
        answered(four_people, Change(more=(More(amina, reach_km=reach),)))
    assert len(solved) == 1
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    assert len(solved) == 1


@pytest.mark.parametrize("what", ["row", "refusal", "criteria", "day", "capacity"])
def test_whatever_decides_the_plan_is_seen(what: str, four_people: FourPeople, solved: list[Problem]) -> None:
    change = Change(more=(More(four_people.amina.enrolment.pk, reach_km=40),))
    answered(four_people, change)
    later = NOW
    if what == "row":
        Profile.objects.filter(pk=four_people.bruno.profile.pk).update(slots=["tue:evening"])
    elif what == "refusal":
        Profile.objects.filter(pk=four_people.bruno.profile.pk).update(born="")
    elif what == "criteria":
        programme = Programme.objects.get(pk=four_people.programme.pk)
        programme.criteria["criterion"][0]["require"] = "B1"
        programme.save()
    elif what == "capacity":
        Enrolment.objects.filter(pk=four_people.bruno.enrolment.pk).update(capacity=3)
    else:
        later = NOW + timedelta(days=1)
    what_if = ask(four_people, change)
    actions.answer_what_if(what_if_id=what_if.pk, now=later)
    assert len(solved) == 2 and solved[0].fingerprint != solved[1].fingerprint


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_solve_once(solved: list[Problem]) -> None:
    people = make_four_people()
    day = NOW.date()
    in_play = everybody_in_play(people.programme, day=day)
    change = Change(more=(More(people.amina.enrolment.pk, reach_km=90),))
    answers = at_once([lambda: engine.what_if(people.programme, in_play, change, day=day)] * 4)
    assert len(solved) == 1 and all(answer == answers[0] for answer in answers)
    assert isinstance(answers[0], engine.Answer)


def test_no_more_than_a_few_programmes_stay_warm(four_people: FourPeople, solved: list[Problem]) -> None:
    kept = warm.Warm(programmes=2)
    problem = the_problem(four_people)
    first = kept.solved(1, problem)
    assert kept.solved(1, problem) is first
    for programme in (2, 3):
        kept.solved(programme, problem)
    assert kept.solved(1, problem) is not first and len(solved) == 4


def test_a_problem_that_cannot_be_solved_is_not_kept(four_people: FourPeople) -> None:
    sound = the_problem(four_people)
    kept = warm.Warm()
    with pytest.raises(ValueError, match="objective"):
        kept.solved(1, replace(sound, objective="most"))  # type: ignore[arg-type]
    assert kept.solved(1, sound).result.gap == 0


def test_only_more_can_be_said_of_a_person() -> None:
    """No question can drop a required wish, people to avoid, a block, a proof, an age or a taken place."""
    assert {f.name for f in fields(More)} == {"enrolment", "reach_km", "slots", "interpreter", "online"}
    assert {f.name for f in fields(Change)} == {"more", "wishes", "weights", "lock", "forbid"}
    with pytest.raises(TypeError):
        Change.from_json({"more": [{"enrolment": 1, "slots": [], "wish_is_required": False}]})


def spoil_gender(people: FourPeople) -> None:
    Profile.objects.filter(pk=people.amina.profile.pk).update(wishes_gender="f", wish_is_required=True)


def spoil_avoid(people: FourPeople) -> None:
    restrict(first=people.amina.profile, second=people.bruno.profile, actor=people.chloe.actor, now=NOW)


def spoil_age(people: FourPeople) -> None:
    Profile.objects.filter(pk=people.amina.profile.pk).update(born="")


def spoil_proof(people: FourPeople) -> None:
    Clearance.objects.all().delete()


@pytest.mark.parametrize("spoil", [spoil_gender, spoil_avoid, spoil_age, spoil_proof])
def test_a_final_refusal_stands_whatever_is_asked(spoil: Any, four_people: FourPeople) -> None:
    spoil(four_people)
    bruno, amina = four_people.bruno.enrolment.pk, four_people.amina.enrolment.pk
    widest = {"reach_km": 500, "slots": ("mon:morning",), "online": True}
    change = Change(
        more=(More(amina, interpreter=True, **widest), More(bruno, **widest)),
        weights={"gender": 0, "way": 0},
    )
    result = answered(four_people, change).result
    assert (result["after"]["matched"], result["shifts"]) == (0, [])
    with pytest.raises(NotSuitable):
        ask(four_people, Change(lock=((bruno, amina),)))


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_who_runs_the_matching_asks(who: str, four_people: FourPeople) -> None:
    change = Change(more=(More(four_people.amina.enrolment.pk, reach_km=90),))
    with pytest.raises(NotAllowed):
        ask(four_people, change, actor=getattr(four_people, who).actor)


def test_what_cannot_be_asked_is_told_why(four_people: FourPeople) -> None:
    amina, bruno = four_people.amina.enrolment.pk, four_people.bruno.enrolment.pk
    outsider = make_enrolment(called="Omar")
    wrong: list[tuple[Change, type[Expected]]] = [
        (Change(), NothingAsked),
        (Change(more=(More(amina),)), OnlyMore),
        (Change(more=(More(amina, reach_km=20),)), OnlyMore),
        (Change(more=(More(amina, reach_km=501),)), OnlyMore),
        (Change(more=(More(amina, slots=("someday",)),)), OnlyMore),
        (Change(more=(More(bruno, interpreter=True),)), OnlyMore),
        (Change(weights={"nationality": 1}), OnlyMore),
        (Change(weights={"topics": 11}), OnlyMore),
        (Change(more=(More(outsider.pk, online=True),)), NotInMatching),
        (Change(forbid=((bruno, outsider.pk),)), NotInMatching),
        (Change(forbid=((amina, bruno),)), NotBothSides),
    ]
    for change, error in wrong:
        with pytest.raises(error):
            ask(four_people, change)
    Programme.objects.update(closed_at=NOW)
    with pytest.raises(ProgrammeNotOpen):
        ask(four_people, Change(weights={"topics": 1}))
    assert not WhatIf.objects.exists() and not Job.objects.exists()


def test_the_same_question_sent_twice_is_asked_once(four_people: FourPeople) -> None:
    one = uuid4()
    first, again = (ask(four_people, Change(weights={"topics": 1}), client_id=one) for _ in range(2))
    assert first == again and Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_by_many_threads_asks_once() -> None:
    people, one = make_four_people(), uuid4()
    asked = at_once([lambda: ask(people, Change(weights={"topics": 1}), client_id=one)] * 8)
    assert {what_if.pk for what_if in asked} == {WhatIf.objects.get().pk} and Job.objects.count() == 1


def test_a_worker_drains_it_and_twice_changes_nothing(four_people: FourPeople) -> None:
    what_if = ask(four_people, Change(weights={"topics": 1}))
    drain()
    what_if.refresh_from_db()
    finished = what_if.finished_at
    assert what_if.state == "done"
    actions.answer_what_if(what_if_id=what_if.pk, now=NOW + timedelta(hours=1))
    what_if.refresh_from_db()
    assert what_if.finished_at == finished


def test_two_who_share_no_language_cannot_be_put_together(four_people: FourPeople) -> None:
    four_people.amina.profile.languages.filter(tag="de").delete()
    what_if = answered(
        four_people, Change(lock=((four_people.bruno.enrolment.pk, four_people.amina.enrolment.pk),))
    )
    assert (what_if.state, what_if.error) == ("failed", "locked")


def test_who_left_in_the_meantime_is_not_matched_by_a_question(four_people: FourPeople) -> None:
    what_if = ask(four_people, Change(more=(More(four_people.amina.enrolment.pk, reach_km=90),)))
    Enrolment.objects.filter(pk=four_people.amina.enrolment.pk).update(state="not_now")
    actions.answer_what_if(what_if_id=what_if.pk, now=NOW)
    what_if.refresh_from_db()
    assert (what_if.state, what_if.error) == ("failed", "gone")


def test_a_question_that_breaks_says_so(four_people: FourPeople, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(engine, "what_if", broken)
    what_if = ask(four_people, Change(weights={"topics": 1}))
    drain()
    what_if.refresh_from_db()
    assert (what_if.state, what_if.error) == ("failed", "broken")


def test_questions_are_forgotten_after_a_week(four_people: FourPeople) -> None:
    old, new = (ask(four_people, Change(weights={"topics": n})) for n in (1, 2))
    WhatIf.objects.filter(pk=old.pk).update(asked_at=NOW - timedelta(days=7, minutes=1))
    assert actions.forget_what_ifs(now=NOW) == 1
    assert WhatIf.objects.get() == new
    assert forget_what_ifs() in (0, 1)  # by the real clock
