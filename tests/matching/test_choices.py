"""Whom each mentor could take, and why two people cannot be put together."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Person, Pool, Refusal, examine, solve, why_refused
from tests.matching.test_engine import CRITERIA, amina, bruno, rows


def ranked(mentor: Person, newcomers: list[Person], refusals: dict[str, Refusal], scorer: Any) -> list[Any]:
    """Each newcomer whom nothing refuses, examined by itself: best first, equals by identifier."""
    seen = [examine(mentor, n, CRITERIA, refusals=refusals, scorer=scorer) for n in newcomers]
    free = [one.pair for one in seen if not one.refused_by]
    return sorted(
        ((p.newcomer, round(p.fit, 9)) for p in free), key=lambda told: (-np.round(told[1], 9), told[0])
    )


@settings(max_examples=100, deadline=None)
@given(rows("m"), rows("n"), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_mentors_choices_are_the_best_of_those_whom_nothing_refuses(
    mentors: list[Person], newcomers: list[Person], most: int, random: Any
) -> None:
    pairs = [(m.id, n.id) for m in mentors for n in newcomers if random.random() < 0.2]
    refusals = {"blocked": Refusal(pairs=frozenset(pairs))}
    solution = solve(Pool(mentors), Pool(newcomers), CRITERIA, refusals=refusals)
    choices = solution.choices(most)
    assert set(choices) == {m.id for m in mentors}
    for mentor in mentors:
        told = [(pair.newcomer, round(pair.fit, 9)) for pair in choices[mentor.id]]
        assert told == ranked(mentor, newcomers, refusals, solution.scorer)[:most]


@settings(max_examples=100, deadline=None)
@given(rows("m"), rows("n"), st.randoms(use_true_random=False))
def test_why_two_are_refused_is_what_their_examination_says(
    mentors: list[Person], newcomers: list[Person], random: Any
) -> None:
    everybody = [(m.id, n.id) for m in mentors for n in newcomers]
    asked = random.sample(everybody, random.randint(0, len(everybody)))
    refusals = {"blocked": Refusal(pairs=frozenset(asked[:1])), "full": Refusal(mentors=frozenset({"m1"}))}
    said = why_refused(asked, Pool(mentors), Pool(newcomers), CRITERIA, refusals=refusals)
    people = {person.id: person for person in (*mentors, *newcomers)}
    assert said == {
        pair: examine(people[pair[0]], people[pair[1]], CRITERIA, refusals=refusals).refused_by
        for pair in asked
    }


def test_nobody_asked_about_is_no_question() -> None:
    assert why_refused([], Pool([bruno()]), Pool([amina()]), CRITERIA) == {}


def test_who_is_not_there_cannot_be_asked_about() -> None:
    with pytest.raises(KeyError):
        why_refused([("brno", "amina")], Pool([bruno()]), Pool([amina()]), CRITERIA)
