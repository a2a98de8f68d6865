"""What a run keeps beside its suggestions: the proof, who was left out, what another choice would cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

import matching
from backend.core.jobs import Job, drain
from backend.pairings import actions, engine
from backend.pairings.models import MatchRun, Suggestion, Unmatched
from backend.pairings.overlap import overlap_of
from backend.profiles.models import Contact, Profile
from backend.programmes.criteria import default_criteria
from backend.programmes.enums import ProgrammeKind
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from backend.safeguarding.models import Clearance
from tests.factories import NOW, make_enrolment, make_town
from tests.factories.people import FourPeople, make_four_people, signed_in
from tests.matching.bench.programme import CRITERIA as SIMULATED
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


def run(people: FourPeople) -> MatchRun:
    asked = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    actions.run_matching(run_id=asked.pk, now=NOW)
    asked.refresh_from_db()
    return asked


def test_a_run_keeps_its_proof(four_people: FourPeople) -> None:
    done = run(four_people)
    assert (done.gap, done.feasible_pairs) == (0, 1)
    assert done.total_fit == done.upper_bound > 0
    assert done.proof == "The best that is possible, proved."


@pytest.mark.parametrize(
    ("total", "bound", "said"), [(100, 101.23, "1.3"), (100, 100.0001, "0.1"), (0, 2, "200.0")]
)
def test_what_is_not_proved_is_said_aloud(total: float, bound: float, said: str) -> None:
    gap = (bound - total) / max(1.0, bound)
    done = MatchRun(state="done", total_fit=total, upper_bound=bound, gap=gap)
    assert done.proof == f"Up to {said} % better might be possible."
    with translation.override("de"):
        assert f"{said.replace('.', ',')} %" in done.proof


def test_a_run_that_is_not_done_proves_nothing() -> None:
    assert MatchRun(state="queued").proof == ""


def test_an_alternative_says_what_it_would_cost_at_least(four_people: FourPeople) -> None:
    other = make_enrolment(programme=four_people.programme, side="mentor", topics_offered=["driving"])
    rival = make_enrolment(
        programme=four_people.programme, topics_wanted=["driving"], slots=["tue:evening", "thu:evening"]
    )
    run(four_people)
    chosen = {s.newcomer_id: s for s in Suggestion.objects.all()}
    (second,) = chosen[four_people.amina.enrolment.pk].alternatives
    assert second["mentor"] == other.pk
    assert second["regret"]["newcomers"] == 0
    # Giving Amina the other's mentor leaves the other with hers: both sums differ by what is told.
    swapped = second["fit"] + chosen[rival.pk].alternatives[0]["fit"]
    total = sum(s.fit for s in chosen.values())
    assert 0 < second["regret"]["fit"] <= total - swapped + 1e-9


def test_towns_far_apart_are_both_solved_and_proved(four_people: FourPeople) -> None:
    """Nobody travels from one to the other: two territories in one programme."""
    for name in ("Naas", "Freising"):
        for _each in range(3):
            make_enrolment(programme=four_people.programme, side="mentor", town=make_town(name))
            make_enrolment(programme=four_people.programme, town=make_town(name))
    done = run(four_people)
    assert (done.matched, done.gap, done.feasible_pairs) == (7, 0, 1 + 2 * 9)
    assert not Unmatched.objects.exists()
    for suggestion in Suggestion.objects.select_related("mentor__profile", "newcomer__profile"):
        assert suggestion.mentor.profile.town_id == suggestion.newcomer.profile.town_id


def test_the_day_is_always_told_to_the_engine(
    four_people: FourPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[matching.Criteria] = []
    solve = matching.solve

    def seen(mentors: Any, newcomers: Any, criteria: matching.Criteria, **wishes: Any) -> Any:
        told.append(criteria)
        return solve(mentors, newcomers, criteria, **wishes)

    monkeypatch.setattr(matching, "solve", seen)
    MatchRun.objects.all().delete()
    programme = four_people.programme
    programme.criteria["criterion"][5]["per"] = 601  # solved by no other test
    programme.save()
    run(four_people)
    waiting = [c for criteria in told for c in criteria.criteria if c.kind == "waiting"]
    assert [c.as_of for c in waiting] == [NOW.date()]


def test_a_run_is_one_task(four_people: FourPeople) -> None:
    asked = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    assert list(Job.objects.values_list("name", "args")) == [("pairings.run_matching", [asked.pk])]
    assert drain() == 1
    asked.refresh_from_db()
    assert asked.state == "done"


def test_a_run_that_breaks_half_way_leaves_nothing(
    four_people: FourPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.pairings import notices

    def broken(run: MatchRun) -> None:
        raise RuntimeError

    monkeypatch.setattr(notices, "run_finished", broken)
    asked = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    drain()
    asked.refresh_from_db()
    assert (asked.state, asked.error) == ("failed", "RuntimeError")
    assert not Suggestion.objects.exists() and not Unmatched.objects.exists()


def test_what_must_be_refuses_and_is_named(four_people: FourPeople) -> None:
    """Amina knows German at A2."""
    programme = four_people.programme
    programme.criteria["criterion"][0]["require"] = "B1"
    programme.save()
    assert run(four_people).matched == 0
    assert Unmatched.objects.get().reasons == [{"refusal": "languages", "excludes": 1, "alone": 1}]


def test_the_page_says_how_good_the_plan_is(four_people: FourPeople) -> None:
    run(four_people)
    page = reverse("desk:unmatched", args=[four_people.programme.public_id])
    chloe = signed_in(four_people.chloe.person)
    assert "The best that is possible, proved." in chloe.get(page).content.decode()
    MatchRun.objects.update(gap=0.01, total_fit=100, upper_bound=101)
    assert "Up to 1.0 % better might be possible." in chloe.get(page).content.decode()


def test_the_way_is_in_reach_as_the_programme_asks(four_people: FourPeople) -> None:
    """Roding to Cham is 13 km."""
    amina, bruno = four_people.amina.profile, four_people.bruno.profile
    amina.town, amina.reach_km, bruno.reach_km = make_town("Cham"), 5, 20
    assert overlap_of(bruno, amina).within_reach
    assert not overlap_of(bruno, amina, both_travel=True).within_reach


# What people have handled.


def handled(people: FourPeople, mentor: Enrolment, newcomer: Enrolment, how: str = "staged") -> Suggestion:
    """An open suggestion that a person has thought about."""
    ways: dict[str, dict[str, Any]] = {
        "staged": {"state": "staged"},
        "call": {"aside": "call"},
        "later": {"aside": "later", "aside_until": NOW.date()},
        "by_hand": {"by_hand": True},
    }
    return Suggestion.objects.create(
        programme=people.programme, mentor=mentor, newcomer=newcomer, **ways[how], examined_at=NOW
    )


def open_pairs() -> list[tuple[int, int]]:
    return list(Suggestion.objects.open().order_by("pk").values_list("mentor_id", "newcomer_id"))


@pytest.mark.parametrize("how", ["staged", "call", "later", "by_hand"])
def test_what_a_person_has_handled_stays_and_holds_its_places(how: str, four_people: FourPeople) -> None:
    """Bruno suits Amina better, yet he is to help Nadia, and his one place is not given twice."""
    bruno, amina = four_people.bruno.enrolment, four_people.amina.enrolment
    nadia = make_enrolment(programme=four_people.programme, called="Nadia", topics_wanted=["driving"])
    run(four_people)
    assert open_pairs() == [(bruno.pk, amina.pk)]
    kept = handled(four_people, bruno, nadia, how)
    second = run(four_people)
    kept.refresh_from_db()
    assert open_pairs() == [(bruno.pk, nadia.pk)]
    assert (second.matched, second.total_fit, second.gap) == (1, kept.fit, 0)
    assert kept.fit > 0 and kept.parts and kept.run is None
    assert [left.newcomer_id for left in second.unmatched.all()] == [amina.pk]
    run(four_people)
    assert open_pairs() == [(bruno.pk, nadia.pk)]


def test_what_nobody_has_handled_gives_way(four_people: FourPeople) -> None:
    run(four_people)
    first = Suggestion.objects.get()
    run(four_people)
    first.refresh_from_db()
    assert first.state == "superseded" and Suggestion.objects.open().count() == 1


def test_two_put_together_though_it_is_far_take_their_places_beside_the_plan(four_people: FourPeople) -> None:
    bruno, amina = four_people.bruno.enrolment, four_people.amina.enrolment
    Profile.objects.filter(pk=amina.profile_id).update(town=make_town("Freising"))
    nadia = make_enrolment(programme=four_people.programme, called="Nadia")
    kept = handled(four_people, bruno, amina, "by_hand")
    done = run(four_people)
    kept.refresh_from_db()
    assert (kept.state, done.matched, done.total_fit) == ("proposed", 1, 0)
    (left,) = done.unmatched.all()
    assert (left.newcomer_id, left.reasons) == (nadia.pk, [{"refusal": "full", "excludes": 1, "alone": 1}])


def test_who_is_kept_twice_for_one_place_has_it_once_and_what_is_staged_goes_first(
    four_people: FourPeople,
) -> None:
    bruno, amina = four_people.bruno.enrolment, four_people.amina.enrolment
    nadia = make_enrolment(programme=four_people.programme, called="Nadia")
    handled(four_people, bruno, amina, "call")
    handled(four_people, bruno, nadia, "staged")
    done = run(four_people)
    assert open_pairs() == [(bruno.pk, amina.pk), (bruno.pk, nadia.pk)]
    assert done.matched == 1 and [left.newcomer_id for left in done.unmatched.all()] == [amina.pk]


def test_no_call_stays_planned_where_a_run_takes_the_suggestion_away(four_people: FourPeople) -> None:
    kept = handled(four_people, four_people.bruno.enrolment, four_people.amina.enrolment, "by_hand")
    actions.call_first(suggestion_id=kept.pk, actor=four_people.chloe.actor, now=NOW)
    Clearance.objects.all().delete()
    run(four_people)
    kept.refresh_from_db()
    assert (kept.state, kept.aside) == ("superseded", "")
    assert not Contact.objects.filter(profile=four_people.amina.profile).exists()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda p: Clearance.objects.all().delete(), "not_cleared"),
        (lambda p: Enrolment.objects.filter(pk=p.amina.enrolment.pk).update(state="not_now"), "not_ready"),
        (lambda p: Enrolment.objects.filter(pk=p.bruno.enrolment.pk).update(places_taken=1), "full"),
        (lambda p: Enrolment.objects.filter(pk=p.amina.enrolment.pk).update(places_taken=1), "full"),
    ],
)
def test_what_has_become_impossible_falls_away_with_its_reason(
    spoil: Any, why: str, four_people: FourPeople
) -> None:
    kept = handled(four_people, four_people.bruno.enrolment, four_people.amina.enrolment, "later")
    spoil(four_people)
    done = run(four_people)
    kept.refresh_from_db()
    assert (done.state, done.matched, kept.state, kept.aside) == ("done", 0, "superseded", "")
    assert list(kept.events.values_list("verb", "why")) == [("supersede", why)]


@pytest.mark.django_db(transaction=True)
def test_who_stages_while_the_plan_is_made_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan was made without it; it is made again before anything gives way."""
    people = make_four_people()
    run(people)
    waiting = Suggestion.objects.get()
    make_enrolment(programme=people.programme, side="mentor", topics_offered=["paperwork", "conversation"])
    plans: list[engine.Plan] = []
    real = engine.plan

    def meanwhile(*args: Any, **more: Any) -> engine.Plan:
        if not plans:
            at_once([lambda: Suggestion.objects.filter(pk=waiting.pk).update(state="staged")])
        plans.append(real(*args, **more))
        return plans[-1]

    monkeypatch.setattr(engine, "plan", meanwhile)
    run(people)
    waiting.refresh_from_db()
    assert len(plans) == 2 and waiting.state == "staged"
    assert open_pairs() == [(waiting.mentor_id, waiting.newcomer_id)]


# What a run says beside its suggestions.


def test_each_mentor_with_a_place_has_the_five_who_fit_best(four_people: FourPeople) -> None:
    bruno, amina = four_people.bruno.enrolment, four_people.amina.enrolment
    topics = ["paperwork", "work", "driving", "school", "health", "housing"]
    others = [make_enrolment(programme=four_people.programme, topics_wanted=[topic]) for topic in topics]
    restrict(first=amina.profile, second=bruno.profile, actor=four_people.chloe.actor, now=NOW)
    full = make_enrolment(programme=four_people.programme, side="mentor")
    Enrolment.objects.filter(pk=full.pk).update(places_taken=1)
    far = make_enrolment(programme=four_people.programme, side="mentor", town=make_town("Naas"))
    done = run(four_people)
    choices = {choice.mentor_id: choice.newcomers for choice in done.choices.all()}
    assert choices.keys() == {bruno.pk, far.pk} and choices[far.pk] == []
    fits = [row["fit"] for row in choices[bruno.pk]]
    assert len(fits) == 5 and fits == sorted(fits, reverse=True)
    assert {row["newcomer"] for row in choices[bruno.pk]} <= {other.pk for other in others}
    assert {row["newcomer"] for row in choices[bruno.pk][:2]} == {others[0].pk, others[1].pk}
    chosen = Suggestion.objects.get(mentor=bruno)
    assert {"newcomer": chosen.newcomer_id, "fit": chosen.fit, "share": chosen.share} in choices[bruno.pk]


def test_a_run_says_which_mentor_would_help_most(four_people: FourPeople) -> None:
    assert run(four_people).advice == []
    for _each in range(3):
        make_enrolment(
            programme=four_people.programme,
            town=make_town("Freising"),
            languages=(("ti", "native"),),
            slots=["sat:morning"],
            wishes_gender="f",
            wish_is_required=True,
        )
    (first, *_rest) = run(four_people).advice
    assert first == {
        "language": "ti",
        "town": "Freising",
        "hours": "sat:morning",
        "gender": "f",
        "could_meet": 3,
        "more_matched": 1,
    }


def test_a_run_asks_the_database_no_more_for_many_than_for_few(four_people: FourPeople) -> None:
    def queries() -> int:
        asked = actions.request_run(
            programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW
        )
        with CaptureQueriesContext(connection) as seen:
            actions.run_matching(run_id=asked.pk, now=NOW)
        return len([q for q in seen.captured_queries if q["sql"].startswith("SELECT")])

    few = queries()
    for _each in range(6):
        make_enrolment(programme=four_people.programme, town=make_town("Naas"))
    assert queries() == few


def test_the_simulated_programme_goes_by_what_a_new_one_starts_with() -> None:
    assert default_criteria(ProgrammeKind.MENTORING) == SIMULATED
