"""Learning from decisions in the product: off until switched on, at night, within one organisation."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.core.jobs import Job
from backend.organisations.models import Organisation
from backend.organisations.queries import actor_for
from backend.pairings import actions, engine, tasks
from backend.pairings.actions import learning
from backend.pairings.changes import Change
from backend.pairings.decisions import decided, newest_model_in_use, newest_models
from backend.pairings.enums import AnswerReason, DeclineReason, OfferState, SuggestionState, Target
from backend.pairings.models import LearnedModel, MatchRun, Offer, Suggestion
from backend.people.models import Person
from backend.programmes.criteria import default_criteria
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from tests.factories import NOW, make_enrolment, make_membership, make_programme, make_town
from tests.factories.people import FourPeople
from tests.support.threads import at_once

HERE = ["languages", "hours", "way", "topics", "gender", "waiting"]
DECLINED = {"state": SuggestionState.DECLINED, "decline_reason": DeclineReason.WAY}
LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Office:
    """An organisation's programme with some mentors and newcomers who all suit each other."""

    programme: Programme
    mentors: Sequence[Enrolment]
    newcomers: Sequence[Enrolment]
    by: Person

    @property
    def organisation(self) -> Organisation:
        return self.programme.organisation


def make_office(*, mentors: int = 4, newcomers: int = 10, learns: bool = True, **fields: Any) -> Office:
    programme = make_programme(**fields)
    Organisation.objects.filter(pk=programme.organisation_id).update(learns=learns)
    programme.organisation.refresh_from_db()
    ours = {"programme": programme, "topics_wanted": ["paperwork"], "topics_offered": ["paperwork"]}
    return Office(
        programme,
        [make_enrolment(side="mentor", capacity=20, **ours) for _ in range(mentors)],
        [make_enrolment(side="newcomer", **ours) for _ in range(newcomers)],
        make_membership(organisation=programme.organisation).person,
    )


def parts(**values: float) -> list[dict[str, Any]]:
    """What a run stored: every part of today's criteria, 0.5 where not said."""
    told = {name: values.get(name, 0.5) for name in HERE}
    return [
        {"name": name, "value": value, "weight": 1.0, "contribution": value, "unknown": False}
        for name, value in told.items()
    ]


def suggested(office: Office, mentor: Enrolment, newcomer: Enrolment, **values: Any) -> Suggestion:
    ordinary = {
        "programme": office.programme,
        "mentor": mentor,
        "newcomer": newcomer,
        "parts": parts(),
        "examined_at": NOW,
        "state": SuggestionState.RELEASED,
        "decided_by": office.by,
        "decided_at": NOW,
    }
    return Suggestion(**ordinary | values)


def decide(office: Office) -> int:
    """Forty decisions: what is near is approved, what is far declined, whatever the topics. Returns 40."""
    rows, dice = [], Random(2)
    for number, (newcomer, mentor) in enumerate(product(office.newcomers, office.mentors)):
        # Of four mentors two are near for everybody.
        near, topics = ((number + number // 4) % 4 + dice.random()) / 4, dice.random()
        no = DECLINED if near < 0.5 else {}
        rows.append(suggested(office, mentor, newcomer, parts=parts(way=near, topics=topics), **no))
    return len(Suggestion.objects.bulk_create(rows))


def answer(office: Office, mentor: Enrolment, newcomer: Enrolment, state: str, **fields: Any) -> Offer:
    """A released suggestion and what became of the offer."""
    suggestion = suggested(office, mentor, newcomer)
    suggestion.save()
    ordinary = {
        "suggestion": suggestion,
        "programme": office.programme,
        "mentor": mentor,
        "newcomer": newcomer,
        "first_side": Side.MENTOR,
        "state": state,
        "released_by": office.by,
        "released_at": NOW,
        "expires_at": LATER,
        "closed_at": NOW,
        "first_accepted_at": NOW if state == OfferState.ACCEPTED else None,
    }
    return Offer.objects.create(**ordinary | fields)


def run(office: Office) -> list[Suggestion]:
    """A new plan, after the suggestions decided above: nobody was tried, as far as the run knows."""
    asked = actions.request_run(programme_id=office.programme.pk, actor=coordinator(office), now=LATER)
    actions.run_matching(run_id=asked.pk, now=LATER)
    return list(asked.suggestions.order_by("pk"))


def coordinator(office: Office) -> Actor:
    return actor_for(office.by, now=NOW)


def learn(office: Office) -> None:
    actions.learn_from_decisions(programme_id=office.programme.pk, now=NOW)


def night() -> list[int]:
    """What the beat does, and then a worker: the ids of the programmes that were learned about."""
    tasks.ask_to_learn()
    waiting = Job.objects.filter(name="pairings.learn", finished_at=None).order_by("pk")
    asked = [job.args[0] for job in waiting]
    for job in waiting:
        tasks.learn_from_decisions(*job.args)
        Job.objects.filter(pk=job.pk).update(finished_at=NOW)
    return asked


def fresh(office: Office, count: int = 1) -> list[Enrolment]:
    """Newcomers whom nobody decided about."""
    ours = {"programme": office.programme, "topics_wanted": ["paperwork"]}
    return [make_enrolment(side="newcomer", **ours) for _ in range(count)]


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


def test_decisions_that_lack_a_criterion_of_today_are_left_out(office: Office) -> None:
    decide(office)
    rows = Suggestion.objects.filter(newcomer__in=[each.pk for each in office.newcomers[:5]])
    rows.update(parts=[part for part in parts() if part["name"] != "gender"])
    assert len(decided(office.programme, Target.APPROVED)) == 20
    for newcomer, reason in zip(office.newcomers[:3], ("time", "way", "other"), strict=True):
        answer(office, office.mentors[0], newcomer, OfferState.DECLINED, decline_reason=reason)
    answer(office, office.mentors[0], office.newcomers[3], OfferState.ACCEPTED)
    lacking = Suggestion.objects.filter(offer__newcomer=office.newcomers[0])
    lacking.update(parts=[part for part in parts() if part["name"] != "gender"])
    assert len(decided(office.programme, Target.ACCEPTED)) == 3


def test_other_weights_are_another_beginning_for_what_was_learned(office: Office) -> None:
    decide(office)
    night()
    criteria = default_criteria("job")
    Programme.objects.filter(pk=office.programme.pk).update(criteria=criteria)
    assert night() == [office.programme.pk]
    assert not LearnedModel.objects.filter(stale_at__isnull=False).exists()


REASONS = {
    DeclineReason.LANGUAGE: True,
    DeclineReason.HOURS: True,
    DeclineReason.WAY: True,
    DeclineReason.TOPICS: True,
    DeclineReason.PERSONAL: False,
    DeclineReason.OTHER: False,
}


@pytest.mark.parametrize("reason", DeclineReason)
def test_a_decline_counts_where_its_reason_is_about_what_criteria_see(
    office: Office, reason: DeclineReason
) -> None:
    mentor, first, second = office.mentors[0], *office.newcomers[:2]
    suggested(office, mentor, first).save()
    suggested(office, mentor, second, state=SuggestionState.DECLINED, decline_reason=reason).save()
    found = decided(office.programme, Target.APPROVED)
    assert [pair.outcome for pair in found] == ([True, False] if REASONS[reason] else [])


def test_what_nobody_decided_or_examined_teaches_nothing(office: Office) -> None:
    mentor, newcomers = office.mentors[0], iter(office.newcomers)
    undecided = {"decided_at": None, "decided_by": None}
    rows = [
        suggested(office, mentor, next(newcomers)),
        suggested(office, mentor, next(newcomers), **DECLINED),
        suggested(office, mentor, next(newcomers), state=SuggestionState.PROPOSED, **undecided),
        suggested(office, mentor, next(newcomers), state=SuggestionState.SUPERSEDED, **undecided),
        suggested(office, mentor, next(newcomers), by_hand=True, examined_at=None, parts=[], **DECLINED),
        suggested(office, mentor, next(newcomers), by_hand=True, **DECLINED),
    ]
    Suggestion.objects.bulk_create(rows)
    found = decided(office.programme, Target.APPROVED)
    assert [pair.newcomer for pair in found] == [office.newcomers[n].pk for n in (0, 1, 5)]


@pytest.mark.parametrize("first", Side)
def test_who_answered_is_told_apart_and_who_did_not_answer_is_left_out(office: Office, first: Side) -> None:
    mentor, newcomers = office.mentors[0], iter(office.newcomers)
    no = {"state": OfferState.DECLINED, "decline_reason": AnswerReason.UNSURE, "first_side": first}
    answer(office, mentor, next(newcomers), OfferState.ACCEPTED, first_side=first)
    answer(office, mentor, next(newcomers), **no)
    answer(office, mentor, next(newcomers), **no, first_accepted_at=NOW)
    answer(office, mentor, next(newcomers), OfferState.EXPIRED)
    answer(office, mentor, next(newcomers), OfferState.WITHDRAWN)
    answer(office, mentor, next(newcomers), OfferState.ASKING_FIRST, closed_at=None)
    found = decided(office.programme, Target.ACCEPTED)
    in_turn = [(pair.mentor_answer, pair.newcomer_answer) for pair in found]
    if first == Side.NEWCOMER:
        in_turn = [(mentor, newcomer) for newcomer, mentor in in_turn]
    assert in_turn == [(True, True), (False, None), (True, False)]
    assert [pair.outcome for pair in found] == [True, False, False]


def test_answers_go_before_approvals_once_there_are_enough(office: Office) -> None:
    pairs = list(product(office.newcomers, office.mentors))
    for number, (newcomer, mentor) in enumerate(pairs[:30]):
        yes = {"state": OfferState.ACCEPTED} if number % 2 else {"state": OfferState.DECLINED}
        answer(office, mentor, newcomer, **yes, **({} if number % 2 else {"decline_reason": "time"}))
        if number in (20, 28):
            night()
            in_use = newest_model_in_use(office.programme)
            assert in_use.target == "accepted", "coordinators never declined: only answers went both ways"
    newcomer, mentor = pairs[30]
    suggested(office, mentor, newcomer, **DECLINED).save()
    night()
    assert newest_model_in_use(office.programme).target == "accepted"
    Offer.objects.filter(newcomer=pairs[0][0]).delete()
    night()
    assert newest_model_in_use(office.programme).target == "approved", "26 answers are fewer than 30"


def test_a_mentors_decline_never_makes_that_newcomer_worse_off_than_another_who_said_the_same(
    office: Office,
) -> None:
    """The issue's promise, through the whole product: fits with everybody else are those of a twin."""
    asked, twin = fresh(office, 2)
    before = {pair: fit_of(office, *pair) for pair in product(office.mentors[1:], (asked, twin))}
    decide(office)
    for number, newcomer in enumerate(office.newcomers):
        answer(office, office.mentors[number % 4], newcomer, OfferState.ACCEPTED)
    no = answer(office, office.mentors[0], asked, OfferState.DECLINED, decline_reason=AnswerReason.UNSURE)
    assert no.suggestion.newcomer == asked
    night()
    assert newest_models(office.programme).keys() == {"approved", "accepted"}
    after = {pair: fit_of(office, *pair) for pair in product(office.mentors[1:], (asked, twin))}
    assert before != after
    for mentor in office.mentors[1:]:
        assert after[mentor, asked] == after[mentor, twin]


def fit_of(office: Office, mentor: Enrolment, newcomer: Enrolment, now: datetime = NOW) -> float:
    """The fit of two, put together by hand and examined; then as if it had never been."""
    made = actions.suggest_by_hand(
        mentor_id=mentor.pk, newcomer_id=newcomer.pk, actor=coordinator(office), now=NOW
    )
    actions.examine_suggestion(suggestion_id=made.pk, now=now)
    made.refresh_from_db()
    Suggestion.objects.filter(pk=made.pk).delete()
    return made.fit


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
