"""What a run keeps beside its suggestions: the proof, who was left out, what another choice would cost."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

import matching
from backend.core.jobs import Job, drain
from backend.pairings import actions
from backend.pairings.models import MatchRun, Suggestion, Unmatched
from backend.pairings.overlap import overlap_of
from tests.factories import NOW, make_enrolment, make_town
from tests.factories.people import FourPeople, signed_in

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
