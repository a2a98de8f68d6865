"""An assignment mended pair by pair against the flow, and prices that prove it."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.arrays import Mask
from matching.solving import assign, covering, flow
from matching.solving.problem import Prices, Problem, prices
from matching.solving.repair import repair
from tests.matching import test_assign


@st.composite
def problems(draw: st.DrawFn, *, size: int = 7, bonuses: tuple[int, ...] = (0, 5, 100)) -> Problem:
    """Gains, losses and many ties; zero to two places on both sides; newcomers with and without a bonus."""
    n, m = draw(st.integers(1, size)), draw(st.integers(1, size))

    def numbers(length: int, *choice: int) -> list[int]:
        return draw(st.lists(st.sampled_from(choice), min_size=length, max_size=length))

    feasible = np.array(numbers(n * m, 0, 1, 1), dtype=bool).reshape(n, m)
    rows, columns = np.nonzero(feasible)
    starts = np.concatenate([[0], np.cumsum(feasible.sum(axis=1))])
    worth = np.array(numbers(len(rows), -2, 0, 1, 3, 7), dtype=np.int64)
    places = np.array(numbers(n, 0, 1, 1, 2)), np.array(numbers(m, 0, 1, 1, 2))
    return Problem(starts, columns, worth, places, np.array(numbers(n, *bonuses), dtype=np.int64))


def proved(problem: Problem, proof: Prices) -> int:
    """What no assignment can be worth more than."""
    surplus = proof.surplus(problem.rows, problem.columns, problem.worth)
    return proof.bound(problem, int(surplus[surplus > 0].sum()))


def mended(problem: Problem, first: Mask) -> tuple[Mask, Prices]:
    """Solved with the pairs `first`, and mended for all the others."""
    few = problem.only(first)
    some = flow.solve(few)
    chosen = np.zeros(len(first), dtype=bool)
    chosen[first] = some
    answer = repair(problem, chosen, prices(few, some), np.flatnonzero(~first), most=10**6)
    assert answer is not None
    return answer


def check(problem: Problem, first: Mask) -> None:
    chosen, proof = mended(problem, first)
    assert problem.value(chosen) == problem.value(flow.solve(problem)) == proved(problem, proof)
    assert (proof.surplus(problem.rows, problem.columns, problem.worth)[~chosen] <= 0).all()
    assert (np.bincount(problem.rows[chosen], minlength=problem.n) <= problem.places[0]).all()
    assert (np.bincount(problem.columns[chosen], minlength=problem.m) <= problem.places[1]).all()


@settings(max_examples=500, deadline=None)
@given(problems(), st.randoms(use_true_random=False), st.sampled_from([0.0, 0.3, 0.8, 1.0]))
def test_mending_is_as_good_as_solving_again_and_its_prices_prove_it(
    problem: Problem, random: Random, share: float
) -> None:
    check(problem, np.array([random.random() < share for _ in problem.columns], dtype=bool))


@pytest.mark.parametrize("mentors", [80, 100, 120])
@pytest.mark.parametrize("bonus", [0, 10**6])
def test_long_ways_are_found_among_many_people(mentors: int, bonus: int) -> None:
    rng = np.random.default_rng(mentors)
    feasible = rng.random((100, mentors)) < 0.2
    starts = np.concatenate([[0], np.cumsum(feasible.sum(axis=1))])
    columns = np.nonzero(feasible)[1]
    places = np.ones(100, dtype=np.int64), rng.integers(1, 3, mentors)
    worth = rng.integers(1, 1000, len(columns))
    problem = Problem(starts, columns, worth, places, np.full(100, bonus))
    check(problem, rng.random(len(columns)) < 0.3)


@settings(max_examples=200, deadline=None)
@given(test_assign.cases(), st.booleans(), st.sampled_from([(0, 100), (0, 0), (10**6, 100)]))
def test_pairs_that_join_one_by_one_lead_to_the_best_of_all(
    case: test_assign.Case, first: bool, constants: tuple[int, int]
) -> None:
    """Whether they are repaired, or that is given up, or not begun."""
    repaired, searched = constants
    values = {"ALL_PAIRS": 0, "TOGETHER": 1, "FEW": 1, "REPAIRED": repaired, "SEARCHED": searched}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setattr(assign, name, value)
        best = test_assign.best_by_listing(case, coverage=first)
        assert test_assign.solve(case, coverage=first) == (best, 0)


def covered(problem: Problem, chosen: Mask) -> int:
    return int((problem.bonuses[np.unique(problem.rows[chosen])] > 0).sum())


@settings(max_examples=300, deadline=None)
@given(problems(bonuses=(0, 1000)), st.sampled_from([0, 1, 4]))
def test_a_modest_bonus_is_enough_or_is_found_not_to_be(problem: Problem, modest: int) -> None:
    best = flow.solve(problem)
    plain = flow.solve(replace(problem, bonuses=np.zeros(problem.n, dtype=np.int64)))
    assert covering.covers_most(problem, plain) == (covered(problem, plain) == covered(problem, best))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covering, "MODEST", modest)
        assert problem.value(covering.solve(problem)) == problem.value(best)
