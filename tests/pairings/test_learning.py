"""Learning from decisions in the product: off until switched on, at night, within one organisation."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.organisations.queries import actor_for
from backend.pairings import actions, engine
from backend.pairings.actions import learning
from backend.pairings.changes import Change
from backend.pairings.decisions import newest_model_in_use, newest_models
from backend.pairings.enums import SuggestionState
from backend.pairings.models import LearnedModel, MatchRun, Suggestion
from backend.programmes.criteria import default_criteria
from backend.programmes.models import Programme
from tests.factories import NOW, make_membership, make_programme, make_town
from tests.factories.people import FourPeople
from tests.pairings.office import (
    DECLINED,
    HERE,
    LATER,
    Office,
    coordinator,
    decide,
    fit_of,
    fresh,
    learn,
    make_office,
    night,
    run,
    suggested,
)
from tests.support.threads import at_once


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


def test_after_forty_decisions_a_night_and_a_run_suggestions_tell_what_was_learned(office: Office) -> None:
    decide(office)
    fresh(office)
    assert night() == [office.programme.pk]
    model = LearnedModel.objects.get()
    assert (model.target, model.decided, model.positive) == ("approved", 40, 20)
    assert (model.champion, model.challenger) == ("logistic", "")
    assert model.auc > model.programme_auc, "nearness decided, and the programme does not know"
    found = run(office)
    assert found
    for suggestion in found:
        assert [part["name"] for part in suggestion.parts] == [*HERE, "learned"]
        assert sum(part["contribution"] for part in suggestion.parts) == pytest.approx(suggestion.fit)
        assert 0 < suggestion.share < 1


def test_an_organisation_that_has_not_switched_it_on_never_learns(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office(learns=False)
    decide(office)
    fresh(office)
    for name in ("learn", "suits"):
        monkeypatch.setattr(engine, name, lambda *a, **k: pytest.fail("nothing may be worked out"))
    assert night() == []
    learn(office)
    assert [part["name"] for part in run(office)[0].parts] == HERE
    assert not LearnedModel.objects.exists()
    assert newest_model_in_use(office.programme) is None


def test_another_organisations_decisions_teach_nothing_here(office: Office) -> None:
    elsewhere = make_office(mentors=2, newcomers=5)
    decide(office)
    fresh(elsewhere)
    # Not even another programme of the same organisation.
    beside = make_programme(organisation=office.organisation)
    assert night() == [office.programme.pk]
    for programme in (elsewhere.programme, beside):
        assert newest_model_in_use(programme) is None
    assert [part["name"] for part in run(elsewhere)[0].parts] == HERE


def test_learning_twice_changes_nothing(office: Office) -> None:
    decide(office)
    first = actions.ask_to_learn()
    assert (first, actions.ask_to_learn()) == (1, 1), "the work is not done yet"
    for _time in range(2):
        learn(office)
    assert LearnedModel.objects.count() == 1
    assert night() != [] and night() == [], "two jobs were left; then there is nothing new"
    assert LearnedModel.objects.count() == 1


def test_what_is_erased_is_unlearned_and_what_is_new_is_learned(office: Office) -> None:
    decide(office)
    night()
    Suggestion.objects.filter(newcomer=office.newcomers[0]).delete()
    assert night() == [office.programme.pk]
    newest = newest_models(office.programme)["approved"]
    assert newest.decided == 36
    Suggestion.objects.filter(state=SuggestionState.DECLINED).delete()
    suggested(office, office.mentors[0], office.newcomers[0]).save()
    assert night() == [office.programme.pk]
    assert not LearnedModel.objects.exists(), "one outcome alone teaches nothing, and the other is gone"
    assert night() == []


def test_the_last_few_models_are_kept(office: Office) -> None:
    decide(office)
    for mentor in [*office.mentors, *office.mentors]:
        suggested(office, mentor, office.newcomers[0]).save()
        night()
    models = LearnedModel.objects.filter(programme=office.programme)
    assert list(models.values_list("decided", flat=True)) == [48, 47, 46, 45, 44]
    assert newest_model_in_use(office.programme).decided == 48


def test_switching_off_forgets_and_the_next_run_goes_without(office: Office) -> None:
    decide(office)
    fresh(office)
    night()
    by = coordinator(office)
    switch = {"organisation_id": office.organisation.pk, "actor": by, "now": NOW}
    actions.switch_learning(**switch, learns=False)
    office.programme.organisation.refresh_from_db()
    assert not LearnedModel.objects.exists()
    assert night() == []
    assert [part["name"] for part in run(office)[0].parts] == HERE
    actions.switch_learning(**switch, learns=False)
    actions.switch_learning(**switch, learns=True)
    about = AuditEntry.objects.filter(about_id=office.organisation.public_id).order_by("id")
    assert list(about.values_list("act", flat=True)) == ["learning_switched_off", "learning_switched_on"]


def test_only_who_decides_there_switches(four_people: FourPeople) -> None:
    here = four_people.organisation
    for role, may in (("coordinator", True), ("manager", True), ("caseworker", False), ("observer", False)):
        actor = actor_for(make_membership(organisation=here, role=role).person, now=NOW)
        if may:
            actions.switch_learning(organisation_id=here.pk, learns=True, actor=actor, now=NOW)
            continue
        with pytest.raises(NotAllowed):
            actions.switch_learning(organisation_id=here.pk, learns=True, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        actions.switch_learning(organisation_id=here.pk, learns=False, actor=four_people.dario.actor, now=NOW)


def test_a_model_of_other_criteria_is_marked_and_left_out(office: Office) -> None:
    decide(office)
    fresh(office)
    night()
    criteria = default_criteria("mentoring")
    criteria["criterion"] = [one for one in criteria["criterion"] if one["name"] != "gender"]
    Programme.objects.filter(pk=office.programme.pk).update(criteria=criteria)
    assert "learned" not in [part["name"] for part in run(office)[0].parts]
    assert LearnedModel.objects.get().stale_at == LATER
    assert night() == [office.programme.pk], "the decisions are learned again, by the criteria of today"
    assert [part["name"] for part in run(office)[0].parts][-1] == "learned"


def test_other_weights_are_another_beginning_for_what_was_learned(office: Office) -> None:
    decide(office)
    night()
    criteria = default_criteria("job")
    Programme.objects.filter(pk=office.programme.pk).update(criteria=criteria)
    assert night() == [office.programme.pk]
    assert not LearnedModel.objects.filter(stale_at__isnull=False).exists()


def test_a_pair_by_hand_is_examined_as_a_run_would(office: Office) -> None:
    decide(office)
    night()
    asked = fresh(office)[0]
    by_hand = {mentor.pk: fit_of(office, mentor, asked, LATER) for mentor in office.mentors}
    found = next(each for each in run(office) if each.newcomer_id == asked.pk)
    assert found.fit == pytest.approx(by_hand[found.mentor_id])


def test_a_question_to_the_plan_goes_by_what_was_learned_too(office: Office) -> None:
    decide(office)
    fresh(office)
    night()
    run(office)
    plan = MatchRun.objects.get()
    change = Change(weights={"topics": 9.0})
    asked = actions.ask_what_if(
        programme_id=office.programme.pk,
        change=change,
        client_id=uuid4(),
        actor=coordinator(office),
        now=LATER,
    )
    actions.answer_what_if(what_if_id=asked.pk, now=LATER)
    asked.refresh_from_db()
    assert asked.result["before"]["total_fit"] == pytest.approx(plan.total_fit)
    assert asked.result["after"]["total_fit"] != asked.result["before"]["total_fit"]


def test_switching_off_while_a_worker_learns_keeps_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(office)
    real = engine.learn

    def meanwhile(*args: Any, **kwargs: Any) -> engine.Learned:
        actions.switch_learning(
            organisation_id=office.organisation.pk, learns=False, actor=coordinator(office), now=NOW
        )
        return real(*args, **kwargs)

    monkeypatch.setattr(engine, "learn", meanwhile)
    learn(office)
    assert not LearnedModel.objects.exists()


def test_two_workers_that_learn_the_same_keep_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(office)
    real = engine.learn

    def meanwhile(*args: Any, **kwargs: Any) -> engine.Learned:
        monkeypatch.setattr(engine, "learn", real)
        learn(office)
        return real(*args, **kwargs)

    monkeypatch.setattr(engine, "learn", meanwhile)
    learn(office)
    assert LearnedModel.objects.count() == 1


def test_a_run_under_way_goes_on_with_what_it_has_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile another is learned and the one it reads is among those given up."""
    decide(office)
    fresh(office)
    night()
    real = engine.plan

    def meanwhile(*args: Any, **kwargs: Any) -> engine.Plan:
        suggested(office, office.mentors[0], office.newcomers[0]).save()
        monkeypatch.setattr(learning, "KEPT", 1)
        night()
        return real(*args, **kwargs)

    monkeypatch.setattr(engine, "plan", meanwhile)
    assert [part["name"] for part in run(office)[0].parts] == [*HERE, "learned"]
    assert [model.decided for model in LearnedModel.objects.all()] == [41]


def test_the_model_of_trees_holds_what_many_said_and_nothing_of_anybody(db: None) -> None:
    """Four hundred decisions by a taste that no part tells. Rare languages, names, towns and ids stay out."""
    office = make_office(mentors=20, newcomers=20)
    for side, people in (("mentor", office.mentors), ("newcomer", office.newcomers)):
        for number, each in enumerate(people):
            profile = each.profile
            profile.gender = profile.wishes_gender = "f" if number % 2 else "m"
            profile.called, profile.full_name = f"Zq{side}{number}", f"Zq{side}{number} Canary"
            profile.town = make_town(f"Zqtown{side}{number}")
            profile.notes = f"zqnote{number}"
            profile.save()
            profile.languages.create(tag="ti" if number == 3 else "fa", level="B1")
    rows = []
    for newcomer, mentor in product(office.newcomers, office.mentors):
        alike = newcomer.profile.wishes_gender == mentor.profile.gender
        rows.append(suggested(office, mentor, newcomer, **({} if alike else DECLINED)))
    Suggestion.objects.bulk_create(rows)
    night()
    model = LearnedModel.objects.get()
    assert (model.champion, model.challenger) == ("boosting", "logistic")
    assert model.lead > model.standard_error
    body = json.loads(model.body)
    assert "languages=fa" in body["projection"]
    said = set(strings_in(body))
    assert not [text for text in said if "zq" in text.lower() or text.endswith("=ti")]
    ids = {str(each.public_id) for one in (*office.mentors, *office.newcomers) for each in (one, one.profile)}
    assert not said & ids
    fresh(office)
    assert run(office)[0].parts[-1]["name"] == "learned"


def strings_in(thing: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        yield from strings_in([*thing, *thing.values()])
    elif isinstance(thing, list):
        for each in thing:
            yield from strings_in(each)


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_keep_one_model() -> None:
    office = make_office()
    decide(office)
    assert at_once([lambda: learn(office)] * 4) == [None] * 4
    assert LearnedModel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_workers_and_a_switch_at_once_leave_no_model_behind(_round: int) -> None:
    office = make_office(mentors=2, newcomers=6)
    decide(office)
    by = coordinator(office)

    def switch_off() -> None:
        actions.switch_learning(organisation_id=office.organisation.pk, learns=False, actor=by, now=NOW)

    assert at_once([*[lambda: learn(office)] * 3, switch_off]) == [None] * 4
    assert not LearnedModel.objects.exists()
