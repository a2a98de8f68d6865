"""The assignment against every possible assignment, on cases small enough to list."""

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.arrays import Floats, Mask
from matching.edges import Edges
from matching.solving.assign import assign

Case = tuple[list[list[float]], list[list[bool]], list[int], list[int]]


@st.composite
def cases(draw: st.DrawFn, *, size: int = 3, most: int = 3) -> Case:
    """Fits with many ties, refusals, and zero to `most - 1` places on both sides."""
    n, m = draw(st.integers(1, size)), draw(st.integers(1, size))

    def table(cell: st.SearchStrategy[Any]) -> list[list[Any]]:
        return draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))

    fit = table(st.sampled_from([-1.0, 0.0, 1 / 3, 1.0, 2.0]))
    feasible = table(st.sampled_from([True, True, True, False]))
    places = [draw(st.lists(st.integers(0, most - 1), min_size=k, max_size=k)) for k in (n, m)]
    return fit, feasible, places[0], places[1]


def best_by_listing(case: Case, *, coverage: bool) -> list[tuple[int, int]]:
    """The contract said slowly: newcomers first if asked, then fit, then pairs, then smaller identifiers."""
    fit, feasible, ours, theirs = case
    cells = [(i, j) for i in range(len(ours)) for j in range(len(theirs)) if feasible[i][j]]

    def allowed(pairs: tuple[tuple[int, int], ...]) -> bool:
        taken = [[0] * len(ours), [0] * len(theirs)]
        for i, j in pairs:
            taken[0][i] += 1
            taken[1][j] += 1
        return all(
            t <= p for side, places in zip(taken, (ours, theirs), strict=True)
            for t, p in zip(side, places, strict=True)
        )  # fmt: skip

    def rank(pairs: Any) -> tuple[Any, ...]:
        reached = len({i for i, _ in pairs}) if coverage else 0
        return -reached, -round(sum(fit[i][j] for i, j in pairs), 6), -len(pairs), pairs

    choices = (pairs for k in range(len(cells) + 1) for pairs in combinations(cells, k) if allowed(pairs))
    return list(min(choices, key=rank))


def edges_of(fit: Floats, feasible: Mask) -> Edges:
    rows, columns = np.nonzero(feasible)
    return Edges.of(rows, columns, fit[rows, columns], fit.shape)[0]


def chosen_of(edges: Edges, chosen: Mask) -> list[tuple[int, int]]:
    return list(zip(edges.rows[chosen].tolist(), edges.columns[chosen].tolist(), strict=True))


def solve(case: Case, *, coverage: bool) -> tuple[list[tuple[int, int]], float]:
    fit, feasible, ours, theirs = case
    edges = edges_of(np.array(fit, dtype=float), np.array(feasible, dtype=bool))
    places = np.array(ours, dtype=np.int64), np.array(theirs, dtype=np.int64)
    answer = assign(edges, places, coverage=coverage)
    return chosen_of(edges, answer.chosen), answer.slack


@settings(max_examples=300, deadline=None)
@given(cases(), st.booleans())
def test_the_choice_is_the_best_of_all_down_to_the_last_tie(case: Case, coverage: bool) -> None:
    assert solve(case, coverage=coverage) == (best_by_listing(case, coverage=coverage), 0)


@settings(max_examples=100, deadline=None)
@given(cases(size=12, most=4), st.booleans())
def test_capacity_is_kept_refusals_too_and_the_optimum_is_proved(case: Case, coverage: bool) -> None:
    pairs, slack = solve(case, coverage=coverage)
    _, feasible, ours, theirs = case
    assert all(feasible[i][j] for i, j in pairs)
    assert all(sum(i == row for row, _ in pairs) <= places for i, places in enumerate(ours))
    assert all(sum(j == column for _, column in pairs) <= places for j, places in enumerate(theirs))
    assert slack == 0


def test_both_sides_with_several_places_still_never_meet_twice() -> None:
    case = ([[9.0, 1.0], [8.0, 1.0]], [[True, True], [True, True]], [2, 1], [2, 1])
    assert solve(case, coverage=False) == ([(0, 0), (0, 1), (1, 0)], 0)


def test_equal_fits_go_to_the_smaller_identifiers() -> None:
    equal = np.ones((300, 300))
    one = np.ones(300, dtype=np.int64)
    edges = edges_of(equal, equal > 0)
    answer = assign(edges, (one, one), coverage=True)
    assert chosen_of(edges, answer.chosen) == [(k, k) for k in range(300)]
