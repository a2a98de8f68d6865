"""The best few of each group, and of each person over all pieces, against plain sorting."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from matching.arrays import merged, ranges
from matching.solving import few, territory
from matching.solving.few import best_of_columns, best_of_rows
from matching.solving.problem import Prices
from matching.solving.territory import Digits, Territory
from tests.matching.test_assign import edges_of


def best_by_sorting(values: Any, groups: Any, most: int) -> list[bool]:
    """Greatest first, of equal ones the first."""
    kept = [False] * len(values)
    for group in set(groups):
        members = [k for k, own in enumerate(groups) if own == group]
        for k in sorted(members, key=lambda k: (-values[k], k))[:most]:
            kept[k] = True
    return kept


@pytest.mark.parametrize("cells", [1, 60, 2_000_000])
@pytest.mark.parametrize("most", [1, 2, 7])
@pytest.mark.parametrize("different", [2, 1000])
def test_the_few_best_of_rows_and_columns(
    cells: int, most: int, different: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "CELLS", cells)
    rng = np.random.default_rng(most)
    counts = rng.permutation([0, 1, 2, 3, 7, 8, 9, 12, 12, 30, 41, 60, 0, 1])
    rows = np.repeat(np.arange(len(counts)), counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    # Below 0 too: an empty place of the table must never look better than a value.
    values = rng.integers(0, different, len(rows)) - 500.0
    assert best_of_rows(values, starts, most).tolist() == best_by_sorting(values, rows.tolist(), most)
    columns = rng.permutation(rows)
    kept = best_of_columns(values, columns, len(counts), most)
    assert kept.tolist() == best_by_sorting(values, columns.tolist(), most)
    assert kept.dtype == bool


def test_a_table_never_has_more_than_so_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of 3 and 4, six cells at once: the table is one row of 4 and then two rows of 3 at a time."""
    shapes = []
    partition = np.partition
    monkeypatch.setattr(few, "CELLS", 6)
    monkeypatch.setattr(
        np, "partition", lambda table, *a, **k: shapes.append(table.shape) or partition(table, *a, **k)
    )
    assert best_of_rows(np.arange(16.0), np.array([0, 3, 7, 10, 13, 16]), 2).sum() == 10
    assert shapes == [(1, 4), (2, 3), (2, 3)]


def test_groups_of_none_keep_none() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert best_of_rows(np.zeros(0), np.array([0, 0, 0]), 1).tolist() == []
    assert best_of_columns(np.zeros(0), none, 3, 1).tolist() == []


def test_ranges_follow_each_other_and_positions_are_merged_once() -> None:
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.array([7]), np.array([0])).tolist() == []
    assert merged(np.array([4, 0, 2]), np.array([2, 9]), np.array([0])).tolist() == [0, 2, 4, 9]
    assert merged(np.zeros(0, dtype=np.int64)).tolist() == []


# Territories, whatever the size of the pieces in which their pairs are looked at.

DIGITS = Digits(grid=100.0, ties=5, bonus=0)


def somewhere(n: int, m: int, seed: int, different: int = 50) -> tuple[Territory, Any]:
    """A third of all pairs is refused, the last newcomer and mentor have none."""
    rng = np.random.default_rng(seed)
    fit = rng.integers(0, different, (n, m)).astype(float)
    feasible = rng.random((n, m)) < 2 / 3
    feasible[-1], feasible[:, -1] = False, False
    places = np.ones(n, dtype=np.int64), np.ones(m, dtype=np.int64)
    return Territory(edges_of(fit, feasible), places, np.arange(n) * 10, DIGITS), rng


def test_a_fit_becomes_a_whole_number_with_one_for_being_a_pair() -> None:
    assert DIGITS.worth(np.array([0.0, 0.5, -0.124, 0.126])).tolist() == [1, 251, -59, 66]
    assert DIGITS.worth(np.zeros(1)).dtype == np.int64
    assert DIGITS.unit == 500


def test_fewer_pairs_of_a_territory_are_a_problem_of_the_same_people() -> None:
    here, _ = somewhere(5, 4, seed=0)
    positions = np.array([0, 2, 5, 6])
    problem = here.problem(positions)
    assert problem.rows.tolist() == here.edges.rows[positions].tolist()
    assert problem.columns.tolist() == here.edges.columns[positions].tolist()
    assert problem.worth.tolist() == DIGITS.worth(here.edges.fit[positions]).tolist()
    assert (problem.n, problem.m, problem.columns.dtype) == (5, 4, np.int64)
    assert problem.places is here.places and problem.bonuses is here.bonuses


@pytest.mark.parametrize("piece", [1, 13, 40, 250_000])
def test_pieces_are_of_whole_newcomers_and_together_everything(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(territory, "PIECE", piece)
    here, _ = somewhere(9, 13, seed=1)
    pieces = list(here.pieces())
    assert np.concatenate([one.rows for one in pieces]).tolist() == here.edges.rows.tolist()
    assert np.concatenate([one.columns for one in pieces]).tolist() == here.edges.columns.tolist()
    assert [one.at for one in pieces] == [0, *np.cumsum([len(one.columns) for one in pieces])[:-1]]
    for one in pieces:
        newcomers = np.diff(one.starts)
        assert (
            one.rows.tolist()
            == np.repeat(np.arange(len(newcomers)) + one.rows.min(initial=9), newcomers).tolist()
        )
        assert (one.starts[0], one.starts[-1]) == (0, len(one.columns))
        assert len(one.columns) <= piece or len(newcomers) == 1
    # As few as that allows: each could not have held the next newcomer too.
    for one, after in pairwise(pieces):
        assert len(one.columns) + after.starts[1] > piece


def best_of_everybody(values: Any, here: Territory, most: int) -> list[int]:
    edges = here.edges
    ours = best_by_sorting(values, edges.rows.tolist(), most)
    theirs = best_by_sorting(values, edges.columns.tolist(), most)
    return np.flatnonzero(np.array(ours) | np.array(theirs)).tolist()


@pytest.mark.parametrize(("piece", "most", "seed"), list(product([1, 30, 250_000], [1, 3], [2, 3])))
def test_the_most_promising_pairs_are_the_best_few_of_everybody(
    piece: int, most: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(territory, "PIECE", piece)
    here, rng = somewhere(20, 15, seed)
    promise = rng.permutation(len(here.edges)).astype(float) - 70
    assert here.most_promising(promise, most).tolist() == best_of_everybody(promise, here, most)


def test_equally_promising_pairs_are_drawn_from_all_over() -> None:
    equal = np.ones((60, 60))
    one = np.ones(60, dtype=np.int64)
    here = Territory(edges_of(equal, equal > 0), (one, one), 0 * one, DIGITS)
    drawn = here.edges.columns[here.most_promising(here.edges.fit, 2)]
    # The first two of each would be two mentors 60 times.
    assert np.bincount(drawn, minlength=60).max() <= 8


@pytest.mark.parametrize(("piece", "most", "seed"), list(product([1, 30, 250_000], [1, 3], [4, 5])))
def test_pairs_that_gain_at_given_prices_are_found_among_those_not_held(
    piece: int, most: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(territory, "PIECE", piece)
    here, rng = somewhere(20, 15, seed)
    edges = here.edges
    prices = Prices(rng.integers(-9000, 0, 20), rng.integers(0, 20_000, 15))
    held = np.flatnonzero(rng.random(len(edges)) < 0.3)
    surplus = DIGITS.worth(edges.fit) + prices.ours[edges.rows] - prices.theirs[edges.columns]
    # Two by two, so that some gain exactly nothing.
    level = np.flatnonzero(surplus == surplus[held[0]])
    prices = Prices(prices.ours - surplus[held[0]], prices.theirs)
    surplus = surplus - surplus[held[0]]
    found, gains = here.missed(prices, held, most)
    assert gains == surplus[surplus > 0].sum()
    values = np.where(surplus > 0, surplus, -np.inf)
    values[held] = -np.inf
    expected = set(best_of_everybody(values, here, most)) & set(np.flatnonzero(values > 0).tolist())
    assert set(np.round(values[found])) <= set(values[values > 0])
    ties = {k for k in range(len(edges)) if (values == values[k]).sum() > 1}
    assert set(found.tolist()) - ties == expected - ties
    assert here.without_loss(prices, held[1:3]).tolist() == sorted({*level.tolist(), *held[1:3].tolist()})


def test_nothing_is_missed_where_nothing_gains() -> None:
    here, _ = somewhere(6, 6, seed=6)
    dear = Prices(np.zeros(6, dtype=np.int64), np.full(6, 10**6))
    found, gains = here.missed(dear, np.array([0]), 2)
    assert (found.tolist(), gains) == ([], 0)
    cheap = Prices(np.zeros(6, dtype=np.int64), np.zeros(6, dtype=np.int64))
    everything = np.arange(len(here.edges))
    found, gains = here.missed(cheap, everything, 2)
    assert (found.tolist(), gains) == ([], DIGITS.worth(here.edges.fit).sum())
