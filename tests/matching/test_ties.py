"""Assignments of some size: ties down to the last, territories, what pairs cost that were not chosen."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matching.edges import Edges
from matching.solving import assign as solving
from matching.solving.assign import Assignment, assign
from matching.solving.flow import cost_limit
from matching.solving.problem import Prices, Problem, prices
from matching.solving.territory import Territory
from matching.solving.ties import smallest
from tests.matching.test_assign import best_by_listing, chosen_of, edges_of

Case = tuple[Any, Any, Any, Any]


def case(seed: int, n: int = 9, m: int = 8, different: int = 3, most: int = 2) -> Case:
    """Many ties, a quarter refused, some people without a place."""
    rng = np.random.default_rng(seed)
    fit = rng.integers(0, different, (n, m)).astype(float)
    return fit, rng.random((n, m)) < 0.75, rng.integers(0, most + 1, n), rng.integers(0, most + 1, m)


def solved(case: Case, *, coverage: bool, **more: Any) -> tuple[Edges, Assignment]:
    fit, feasible, ours, theirs = case
    edges = edges_of(fit, feasible)
    return edges, assign(edges, (ours, theirs), coverage=coverage, **more)


def smallest_of(case: Case, coverage: bool) -> list[tuple[int, int]]:
    """With one place each: take each pair in turn if as much can still be had with it."""
    fit, feasible, ours, theirs = case
    unit = 1000.0 if coverage else 0.0
    table = np.where(feasible & (ours > 0)[:, None] & (theirs > 0)[None, :], fit + unit + 0.01, 0)

    def most(fixed: list[tuple[int, int]]) -> float:
        """Worth of the best assignment with these pairs; they are lifted so that none is left out."""
        lifted = table.copy()
        for pair in fixed:
            lifted[pair] += 10**6
        return float(lifted[linear_sum_assignment(lifted, maximize=True)].sum()) - 10**6 * len(fixed)

    taken: list[tuple[int, int]] = []
    for pair in zip(*(axis.tolist() for axis in np.nonzero(table)), strict=True):
        if most([*taken, pair]) > most([]) - 1e-6:
            taken.append(pair)
    return taken


@pytest.mark.parametrize("coverage", [True, False])
@pytest.mark.parametrize("huge", [True, False])
def test_of_equals_the_smallest_list_is_chosen(
    coverage: bool, huge: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if huge:
        for name, value in {"ALL_PAIRS": 0, "TOGETHER": 1, "FEW": 1}.items():
            monkeypatch.setattr(solving, name, value)
    for seed in range(12):
        one = case(seed, most=1, different=1 + seed % 3)
        edges, answer = solved(one, coverage=coverage)
        assert chosen_of(edges, answer.chosen) == smallest_of(one, coverage)
        assert answer.slack == 0


@pytest.mark.parametrize("coverage", [True, False])
def test_of_equals_the_smallest_list_is_chosen_where_people_have_several_places(coverage: bool) -> None:
    for seed in range(60):
        one = case(seed, 4, 3, different=1 + seed % 3)
        edges, answer = solved(one, coverage=coverage)
        listed = best_by_listing(tuple(part.tolist() for part in one), coverage=coverage)  # type: ignore[arg-type]
        assert (chosen_of(edges, answer.chosen), answer.slack) == (listed, 0)


def every_best(problem: Problem) -> list[Any]:
    """All assignments worth the most, the smallest list of pairs first."""
    rows, columns, p = problem.rows, problem.columns, len(problem.columns)
    masks = [np.array(mask, dtype=bool) for mask in product([False, True], repeat=p)]
    within = [
        mask for mask in masks
        if (np.bincount(rows[mask], minlength=problem.n) <= problem.places[0]).all()
        and (np.bincount(columns[mask], minlength=problem.m) <= problem.places[1]).all()
    ]  # fmt: skip
    most = max(problem.value(mask) for mask in within)
    best = [mask for mask in within if problem.value(mask) == most]
    return sorted(best, key=lambda mask: np.flatnonzero(mask).tolist())


def test_whichever_best_assignment_it_starts_from_the_smallest_is_found() -> None:
    """Worths as in a territory: one for the pair beside the fit, so that equals have equally many pairs."""
    several = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        feasible = rng.random((3, 3)) < 0.75
        starts = np.concatenate([[0], np.cumsum(feasible.sum(axis=1))])
        columns = np.nonzero(feasible)[1]
        worth = rng.integers(0, 1 + seed % 2, len(columns)) * 10 + 1
        places = rng.integers(0, 3, 3), rng.integers(0, 3, 3)
        problem = Problem(starts, columns, worth, places, np.full(3, 100 * (seed % 3 == 0)))
        best = every_best(problem)
        several += len(best) > 1
        for chosen in best:
            found = smallest(problem, chosen, prices(problem, chosen))
            assert found.tolist() == best[0].tolist()
    assert several >= 20


@pytest.mark.parametrize("covered", [True, False])
def test_the_least_loss_of_fit_outweighs_one_more_pair_of_who_is_covered(covered: bool) -> None:
    one = np.array([1])
    edges = edges_of(np.array([[-1e-9]]), np.ones((1, 1), dtype=bool))
    answer = assign(edges, (one, one), coverage=True, covered=np.array([covered]))
    assert answer.chosen.tolist() == [not covered]


@pytest.mark.parametrize("coverage", [True, False])
def test_who_is_covered_already_is_not_covered_again(coverage: bool) -> None:
    """Amina holds a fixed pair and would fit Bruno better; Zahra holds none."""
    one = np.array([1])
    edges = edges_of(np.array([[2.0], [1.0]]), np.ones((2, 1), dtype=bool))
    places = np.array([1, 1]), one
    answer = assign(edges, places, coverage=coverage, covered=np.array([True, False]))
    assert chosen_of(edges, answer.chosen) == [(1, 0)] if coverage else [(0, 0)]
    assert answer.bonuses.astype(bool).tolist() == [False, coverage]
    assert answer.slack == 0


def test_of_those_who_are_covered_more_pairs_come_before_smaller_identifiers() -> None:
    """Nothing is to be gained: two pairs of fit 0 rather than the one of fit 0 with the smallest names."""
    places = np.array([1, 1]), np.array([1, 1])
    feasible = np.array([[True, True], [True, False]])
    for covered in (np.array([True, True]), np.array([True, False])):
        edges = edges_of(np.zeros((2, 2)), feasible)
        answer = assign(edges, places, coverage=True, covered=covered)
        assert chosen_of(edges, answer.chosen) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("huge", [True, False])
@pytest.mark.parametrize("coverage", [True, False])
def test_a_forced_pair_costs_at_least_what_was_said(
    coverage: bool, huge: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if huge:
        for name, value in {"ALL_PAIRS": 0, "TOGETHER": 1, "FEW": 2}.items():
            monkeypatch.setattr(solving, name, value)
    sharp = 0
    for seed in range(6):
        fit, feasible, ours, theirs = case(seed, 5, 5, different=9)
        fit = fit + 0.25
        edges, answer = solved((fit, feasible, ours, theirs), coverage=coverage)
        open_ = np.flatnonzero(~answer.chosen & (ours[edges.rows] > 0) & (theirs[edges.columns] > 0))
        lost, cost = answer.regrets(edges.rows[open_], edges.columns[open_], edges.fit[open_])
        assert ((lost > 0) | (cost >= 0)).all()
        for position, newcomers, less in zip(open_.tolist(), lost.tolist(), cost.tolist(), strict=True):
            row, column = int(edges.rows[position]), int(edges.columns[position])
            rest = np.arange(len(edges)) != position
            places = ours - (np.arange(5) == row), theirs - (np.arange(5) == column)
            covered = np.arange(5) == row
            after = assign(edges.only(rest), places, coverage=coverage, covered=covered)
            kept = np.zeros(len(edges), dtype=bool)
            kept[rest], kept[position] = after.chosen, True
            fewer = covers(edges, answer.chosen) - covers(edges, kept) if coverage else 0
            spent = edges.fit[answer.chosen].sum() - edges.fit[kept].sum()
            assert fewer > newcomers or (fewer == newcomers and spent >= less - 1e-6)
            sharp += fewer == newcomers and abs(spent - less) < 1e-6
    # Not only bounds: many are exact.
    assert sharp >= 10


def covers(edges: Edges, chosen: Any) -> int:
    return len(np.unique(edges.rows[chosen]))


def test_regrets_by_hand() -> None:
    """Bruno has one place, Amina fits 3 and Zahra 1; Omar fits nobody but Berta."""
    edges = edges_of(np.array([[3.0, 0], [1, 0], [0, 2]]), np.array([[1, 0], [1, 0], [0, 1]], dtype=bool))
    places = np.array([1, 1, 1]), np.array([1, 1])
    answer = assign(edges, places, coverage=False)
    assert chosen_of(edges, answer.chosen) == [(0, 0), (2, 1)]
    lost, cost = answer.regrets(np.array([1]), np.array([0]), np.array([1.0]))
    assert (lost.tolist(), cost.tolist()) == ([0], [2.0])
    assert (answer.grids.tolist(), answer.bonuses.tolist()) == ([1e9] * 3, [0] * 3)
    first = assign(edges, places, coverage=True)
    assert chosen_of(edges, first.chosen) == [(0, 0), (2, 1)]
    lost, cost = first.regrets(np.array([1]), np.array([0]), np.array([1.0]))
    assert lost.tolist() == [0]
    assert 0 <= cost[0] <= 2


def test_who_would_have_to_give_a_pair_up_is_charged_for_it() -> None:
    """Amina has one place and Bruno, who fits 3; Berta fits 1 and is free."""
    edges = edges_of(np.array([[3.0, 1.0]]), np.ones((1, 2), dtype=bool))
    answer = assign(edges, (np.array([1]), np.array([1, 1])), coverage=False)
    lost, cost = answer.regrets(np.array([0]), np.array([1]), np.array([1.0]))
    assert (lost.tolist(), cost.tolist()) == ([0], [2.0])


def test_a_pair_may_cost_a_newcomer() -> None:
    """Zahra holds Bruno and Omar holds Berta, whom nobody else can have: Omar with Bruno leaves Zahra out."""
    feasible = np.array([[False, True], [False, True], [True, True]])
    edges = edges_of(np.array([[0, 2.0], [0, 2.5], [1.0, 1.0]]), feasible)
    answer = assign(edges, (np.array([1, 1, 1]), np.array([1, 1])), coverage=True)
    assert chosen_of(edges, answer.chosen) == [(1, 1), (2, 0)]
    lost, cost = answer.regrets(np.array([0, 2]), np.array([1, 1]), np.array([2.0, 1.0]))
    assert (lost.tolist(), lost.dtype, answer.ties.tolist()) == ([0, 1], np.int64, [1, 1, 1])
    # The first would cost 0.5 and no newcomer, the second 2.5 and one.
    assert 0 <= cost[0] <= 0.5
    assert 0.5 < cost[1] <= 2.5


def test_who_has_no_pair_at_all_has_whole_numbers_too() -> None:
    edges = edges_of(np.zeros((2, 3)), np.zeros((2, 3), dtype=bool))
    answer = assign(edges, (np.array([1, 1]), np.array([1, 1, 1])), coverage=True)
    assert answer.losses is not None
    whole = (answer.losses.ours, answer.losses.theirs, answer.ties, answer.bonuses)
    assert [(len(one), one.dtype) for one in whole] == [(k, np.dtype(np.int64)) for k in (2, 3, 2, 2)]
    assert (answer.chosen.tolist(), answer.slack, answer.grids.tolist()) == ([], 0, [1, 1])


# Territories: whatever is solved together, the answer is the same.


def islands(seed: int) -> Case:
    """Five groups that share no pair, in a mixed order; some people without any."""
    rng = np.random.default_rng(seed)
    where, there = rng.integers(0, 5, 40), rng.integers(0, 5, 30)
    feasible = (where[:, None] == there[None, :]) & (rng.random((40, 30)) < 0.6)
    feasible[[0, 17, 39]], feasible[:, [0, 29]] = False, False
    return (
        rng.integers(0, 4, (40, 30)).astype(float),
        feasible,
        rng.integers(0, 3, 40),
        rng.integers(0, 3, 30),
    )


@pytest.mark.parametrize("coverage", [True, False])
def test_territories_together_and_apart_are_solved_alike(
    coverage: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(4):
        whole = solved(islands(seed), coverage=coverage)[1]
        for together, few, at_once in ((1, 10, 256), (60, 1, 7), (150, 3, 1)):
            with monkeypatch.context() as patch:
                patch.setattr(solving, "TOGETHER", together)
                patch.setattr(solving, "FEW", few)
                patch.setattr(solving, "ROWS_AT_ONCE", at_once)
                apart = solved(islands(seed), coverage=coverage)[1]
            assert (apart.chosen == whole.chosen).all()
            assert apart.slack == whole.slack == 0


def test_territories_are_those_that_share_no_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    fit, feasible, _, _ = islands(1)
    edges = edges_of(fit, feasible)
    for together in (1, 60, 10**6):
        monkeypatch.setattr(solving, "TOGETHER", together)
        parts = list(solving._territories(edges))
        pairs = np.concatenate([np.arange(len(edges))[part] for _, _, part, _ in parts])
        assert sorted(pairs.tolist()) == list(range(len(edges)))
        for newcomers, mentors, part, here in parts:
            assert newcomers[here.rows].tolist() == edges.rows[part].tolist()
            assert mentors[here.columns].tolist() == edges.columns[part].tolist()
            assert here.fit.tolist() == edges.fit[part].tolist()
            assert (here.mentors, len(here.starts) - 1) == (len(mentors), len(newcomers))
            assert together == 10**6 or all((np.diff(side) > 0).all() for side in (newcomers, mentors))
        sizes = [len(here) for *_, here in parts]
        assert len(parts) == {1: 5, 10**6: 1}.get(together, len(parts))
        # Those that would have fitted together are.
        assert all(one + after > together for one, after in pairwise(sizes))


def test_what_proofs_leave_open_adds_up_in_units_of_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the proof of each of five territories left two units of fit open."""
    monkeypatch.setattr(solving, "TOGETHER", 1)
    solve = solving._solve

    def unsure(territory: Territory, promise: Any) -> tuple[Any, Prices, float]:
        best, lost, spare = solve(territory, promise)
        assert spare == 0
        return best, lost, 2 * territory.digits.unit

    monkeypatch.setattr(solving, "_solve", unsure)
    assert solved(islands(1), coverage=False)[1].slack == pytest.approx(10)


def test_a_long_chain_of_people_is_one_territory() -> None:
    """Newcomer k may have mentor k or k + 1: 600 people hang together by single pairs."""
    n = 300
    rows, columns = np.repeat(np.arange(n), 2), np.arange(n).repeat(2) + np.tile([0, 1], n)
    edges, _ = Edges.of(rows, columns, np.ones(2 * n), (n, n + 1))
    label, count = solving._connected(edges)
    assert (count, set(label.tolist())) == (1, {0})
    cut = edges.only(np.arange(2 * n) != 301)
    label, count = solving._connected(cut)
    assert count == 2
    assert len(set(label[:151].tolist()) | set(label[n : n + 151].tolist())) == 1


def test_nobody_is_left_out_for_the_sake_of_fit() -> None:
    """One pair of fit 1000 stands against two of fit -1000: coverage takes the two, fit the one."""
    edges = edges_of(np.array([[-1000.0, 1000.0], [0, -1000.0]]), np.array([[True, True], [False, True]]))
    places = np.array([1, 1]), np.array([1, 1])
    assert chosen_of(edges, assign(edges, places, coverage=True).chosen) == [(0, 0), (1, 1)]
    assert chosen_of(edges, assign(edges, places, coverage=False).chosen) == [(0, 1)]


def test_fits_are_told_apart_to_the_ninth_digit() -> None:
    one = np.array([1])
    edges = edges_of(np.array([[0.5, 0.5 + 1e-9]]), np.ones((1, 2), dtype=bool))
    assert assign(edges, (one, np.array([1, 1])), coverage=True).chosen.tolist() == [False, True]
    edges = edges_of(np.array([[0.5, 0.5 + 1e-10]]), np.ones((1, 2), dtype=bool))
    assert assign(edges, (one, np.array([1, 1])), coverage=True).chosen.tolist() == [True, False]


@pytest.mark.parametrize("coverage", [True, False])
@pytest.mark.parametrize("scale", [1.0, 1e6, 1e12])
def test_however_great_the_fits_the_whole_numbers_stay_within_the_solvers(
    coverage: bool, scale: float
) -> None:
    for sign in (1, -1):
        fit, feasible, ours, theirs = case(3, 6, 6)
        edges = edges_of(sign * scale * (fit + 1), feasible)
        places = ours, theirs
        digits = solving._digits(edges, places, coverage, np.zeros(6, dtype=bool))
        greatest = int(np.abs(digits.worth(edges.fit)).max()) + digits.bonus
        assert greatest <= cost_limit(12)
        # As fine as that allows, and never finer than a billionth.
        assert digits.grid <= 1e9
        assert digits.grid == 1e9 or greatest * 11 > cost_limit(12)
        pairs = min(ours.sum(), theirs.sum())
        assert digits.ties > pairs if not (coverage and ours.max() <= 1) else digits.ties == 1
        if coverage:
            # More than any exchange of pairs could win back.
            assert digits.bonus > 2 * pairs * int(np.abs(digits.worth(edges.fit)).max())
        else:
            assert digits.bonus == 0
