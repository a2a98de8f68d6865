"""One problem in whole numbers: every best assignment is found, and its prices prove it."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matching.solving import flow
from matching.solving.covering import covers_most
from matching.solving.flow import cost_limit, solve
from matching.solving.problem import Prices, Problem, prices

SOLVERS = pytest.mark.parametrize("dense", [0, flow.DENSE], ids=["flow", "dense"])


def drawn(seed: int, most: int = 2, size: int = 4) -> Problem:
    """Up to `size` x `size` people, worths around 0 with ties, some covering bonuses."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, size + 1, 2)
    feasible = rng.random((n, m)) < 0.8
    columns = np.nonzero(feasible)[1]
    starts = np.concatenate([[0], np.cumsum(feasible.sum(axis=1))])
    places = rng.integers(0, most + 1, n), rng.integers(0, 3, m)
    bonuses = rng.choice([0, 7, 100], n) if seed % 2 else np.zeros(n, dtype=np.int64)
    return Problem(starts, columns, rng.integers(-3, 6, len(columns)), places, bonuses)


def best_by_listing(problem: Problem) -> int:
    """What the best of all assignments within the places is worth."""
    rows, columns = problem.rows.tolist(), problem.columns.tolist()

    def worth(chosen: tuple[int, ...]) -> int | None:
        held, taken = [rows[k] for k in chosen], [columns[k] for k in chosen]
        if any(held.count(i) > problem.places[0][i] for i in held):
            return None
        if any(taken.count(j) > problem.places[1][j] for j in taken):
            return None
        return sum(int(problem.worth[k]) for k in chosen) + sum(int(problem.bonuses[i]) for i in set(held))

    most = min(len(rows), int(problem.places[0].sum()))
    choices = (chosen for k in range(most + 1) for chosen in combinations(range(len(rows)), k))
    return max(value for chosen in choices if (value := worth(chosen)) is not None)


def kept_within(problem: Problem, chosen: Any) -> bool:
    held = np.bincount(problem.rows[chosen], minlength=problem.n)
    taken = np.bincount(problem.columns[chosen], minlength=problem.m)
    return bool((held <= problem.places[0]).all() and (taken <= problem.places[1]).all())


@SOLVERS
@pytest.mark.parametrize("most", [1, 2])
def test_the_best_assignment_is_found_and_its_prices_prove_it(
    dense: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "DENSE", dense)
    for seed in range(40):
        problem = drawn(seed, most, 4 if most == 1 else 3)
        chosen = solve(problem)
        best = best_by_listing(problem)
        assert kept_within(problem, chosen)
        assert (problem.value(chosen), chosen.dtype) == (best, bool)
        proof = prices(problem, chosen)
        rng = np.random.default_rng(seed)
        near = Prices(rng.integers(-9, 9, problem.n), rng.integers(-9, 9, problem.m))
        before = near.ours.copy(), near.theirs.copy()
        for found in (proof, prices(problem, chosen, near), prices(problem, chosen, proof)):
            surplus = found.surplus(problem.rows, problem.columns, problem.worth)
            assert (
                surplus.tolist()
                == (problem.worth + found.ours[problem.rows] - found.theirs[problem.columns]).tolist()
            )
            assert (surplus[~chosen] <= 0).all()
            assert (surplus[chosen] >= 0).all()
            assert found.bound(problem, int(surplus[surplus > 0].sum())) == best
        assert (near.ours.tolist(), near.theirs.tolist()) == (before[0].tolist(), before[1].tolist())
        for any_ in (near, Prices(-near.ours, near.theirs)):
            gains = any_.surplus(problem.rows, problem.columns, problem.worth)
            assert any_.bound(problem, int(gains[gains > 0].sum())) >= best


def test_no_prices_prove_less_than_the_best() -> None:
    refused = 0
    for seed in range(40):
        problem = drawn(seed)
        nothing = np.zeros(len(problem.columns), dtype=bool)
        if best_by_listing(problem) > 0:
            refused += 1
            with pytest.raises(RuntimeError) as caught:
                prices(problem, nothing)
            assert str(caught.value) == "The assignment can still be improved, so no prices can prove it."
    assert refused > 20


def test_prices_say_what_one_more_place_would_be_worth() -> None:
    """Two newcomers, one mentor: who comes second would gain 5, who came first would pay it."""
    two = np.array([1, 1])
    problem = Problem(np.array([0, 1, 2]), np.array([0, 0]), np.array([9, 5]), (two, two[:1]), 0 * two)
    proof = prices(problem, np.array([True, False]))
    assert (proof.ours.tolist(), proof.theirs.tolist()) == ([0, 0], [5])


def test_prices_settle_along_the_longest_chain_of_exchanges() -> None:
    """A newcomer may have mentor k or k + 1, and only the last exchange pays: twelve steps."""
    n = 12
    starts, columns = np.arange(0, 2 * n + 1, 2), np.array([[k, k + 1] for k in range(n)]).ravel()
    worth = np.tile([5, 4], n)
    one = np.ones(n, dtype=np.int64)
    problem = Problem(starts, columns, worth, (one, np.ones(n + 1, dtype=np.int64)), 0 * one)
    chosen = solve(problem)
    assert chosen.tolist() == [True, False] * n
    for start in (None, Prices(np.arange(n) * 50, np.arange(n + 1) * 70)):
        proof = prices(problem, chosen, start)
        surplus = proof.surplus(problem.rows, columns, worth)
        assert proof.bound(problem, int(surplus[surplus > 0].sum())) == 5 * n


def test_bounds_by_hand() -> None:
    """Two newcomers with two places and one, one mentor with three."""
    places = np.array([2, 1]), np.array([3])
    problem = Problem(np.array([0, 1, 2]), np.array([0, 0]), np.array([4, 4]), places, np.array([10, 0]))
    free = Prices(np.array([0, 0]), np.array([0]))
    assert free.bound(problem, 8) == 18
    # The first pays 3 for each place: 10 - 2 * 3 for two, 10 - 3 for one.
    assert Prices(np.array([3, 3]), np.array([2])).bound(problem, 1) == 1 + 7 + 0 + 6
    assert Prices(np.array([-3, -3]), np.array([-2])).bound(problem, 1) == 1 + 16 + 3
    none = Problem(
        problem.starts, problem.columns, problem.worth, (np.array([0, 1]), places[1]), problem.bonuses
    )
    assert free.bound(none, 8) == 8


def test_fewer_pairs_and_what_they_are_worth() -> None:
    places = np.array([2, 1, 1]), np.array([1, 1, 1])
    starts, columns = np.array([0, 2, 2, 4]), np.array([0, 2, 1, 2])
    problem = Problem(starts, columns, np.array([5, 1, -2, 3]), places, np.array([100, 100, 10]))
    fewer = problem.only(np.array([False, True, True, False]))
    assert (fewer.starts.tolist(), fewer.columns.tolist(), fewer.worth.tolist()) == (
        [0, 1, 1, 2],
        [2, 1],
        [1, -2],
    )
    assert (fewer.n, fewer.m, fewer.rows.tolist()) == (3, 3, [0, 2])
    assert fewer.bonuses is problem.bonuses
    assert problem.value(np.array([True, True, False, False])) == 106
    assert problem.value(np.array([True, False, True, False])) == 113
    assert problem.value(np.zeros(4, dtype=bool)) == 0


@SOLVERS
def test_a_pair_that_only_its_bonus_makes_worth_while_is_taken_and_one_worth_nothing_is_not_needed(
    dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "DENSE", dense)
    two = np.array([1, 1])

    def chosen(worth: list[int], bonuses: list[int]) -> list[bool]:
        rows = np.array([0, 1, 2]), np.array([0, 1])
        return solve(Problem(*rows, np.array(worth), (two, two), np.array(bonuses))).tolist()

    assert chosen([-5, -5], [6, 4]) == [True, False]
    assert chosen([1, -1], [0, 0]) == [True, False]


def test_with_several_places_a_bonus_comes_once() -> None:
    """One newcomer, three mentors: the bonus of 10 lifts one pair, the others must pay for themselves."""
    three = np.array([1, 1, 1])
    problem = Problem(
        np.array([0, 3]), np.array([0, 1, 2]), np.array([-4, -1, -2]), (np.array([3]), three), np.array([10])
    )
    assert solve(problem).tolist() == [False, True, False]
    better = Problem(problem.starts, problem.columns, np.array([3, 1, -2]), problem.places, problem.bonuses)
    assert solve(better).tolist() == [True, True, False]


@pytest.mark.parametrize(("chosen", "most"), [([1, 1, 0], False), ([1, 0, 0], False), ([0, 1, 1], True)])
def test_who_holds_two_mentors_can_spare_one_for_somebody_without(chosen: list[int], most: bool) -> None:
    """Amina may have both mentors, Zahra only the first."""
    places = np.array([2, 1]), np.array([1, 1])
    problem = Problem(np.array([0, 2, 3]), np.array([0, 1, 0]), np.array([5, 5, 1]), places, np.array([9, 9]))
    assert covers_most(problem, np.array(chosen, dtype=bool)) is most


def test_worths_too_great_for_a_float_are_still_told_apart() -> None:
    """2^55 and 2^55 + 1 are one float; the dense solver must not see them."""
    great, one, two = 2**55, np.array([1]), np.array([1, 1])
    for worth in ([great, great + 1], [great + 1, great]):
        problem = Problem(np.array([0, 2]), np.array([0, 1]), np.array(worth), (one, two), np.array([0]))
        assert solve(problem).tolist() == [value == great + 1 for value in worth]
    bonus = Problem(np.array([0, 2]), np.array([0, 1]), np.array([1, 0]), (one, two), np.array([great]))
    assert solve(bonus).tolist() == [True, False]


@pytest.mark.parametrize("people", [2, 10, 400])
def test_the_flow_solves_worths_up_to_its_limit(people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two crosswise pairs are worth one more than two straight ones, each almost as much as can be."""
    monkeypatch.setattr(flow, "DENSE", 0)
    n = people // 2
    limit = cost_limit(2 * n)
    assert limit * (people + 3) <= 2**61 < (limit + 1) * (people + 3)
    one = np.ones(n, dtype=np.int64)
    starts = np.arange(0, n * n + 1, n)
    worth = np.full((n, n), limit - 1)
    worth[np.arange(n), np.arange(n)[::-1]] = limit
    problem = Problem(starts, np.tile(np.arange(n), n), worth.ravel(), (one, one), 0 * one)
    assert np.flatnonzero(solve(problem)).tolist() == np.flatnonzero(worth.ravel() == limit).tolist()


def test_a_flow_that_cannot_be_solved_is_an_error() -> None:
    one = np.array([2])
    too_much = Problem(np.array([0, 1]), np.array([0]), np.array([2**62]), (one, one), np.array([0]))
    with pytest.raises(RuntimeError, match=r"^The flow could not be solved: .*\.$"):
        solve(too_much)


def test_the_dense_solver_takes_problems_up_to_its_cells_and_one_place_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two newcomers and mentors with three places together are six cells."""
    used = []
    dense, flowing = flow._dense, flow._flow
    monkeypatch.setattr(flow, "_dense", lambda problem: used.append("dense") or dense(problem))
    monkeypatch.setattr(flow, "_flow", lambda problem: used.append("flow") or flowing(problem))

    def solver(cells: int, ours: list[int], worth: int = 1, bonus: int = 0) -> str:
        monkeypatch.setattr(flow, "DENSE", cells)
        places = np.array(ours), np.array([2, 1])
        rows = np.array([0, 1, 2]), np.array([0, 1])
        solve(Problem(*rows, np.array([1, worth]), places, np.array([0, bonus])))
        return used[-1]

    assert [solver(6, [1, 1]), solver(5, [1, 1]), solver(6, [0, 1]), solver(6, [2, 1])] == [
        "dense",
        "flow",
        "dense",
        "flow",
    ]
    least = flow.EXACT
    assert [solver(6, [1, 1], least - 1), solver(6, [1, 1], least), solver(6, [1, 1], -least)] == [
        "dense",
        "flow",
        "flow",
    ]
    assert [solver(6, [1, 1], least - 2, 1), solver(6, [1, 1], least - 1, 1)] == ["dense", "flow"]
