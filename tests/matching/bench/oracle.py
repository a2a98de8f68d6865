"""Against `linear_sum_assignment` on the full matrix, against best pair first, and against one GEMM."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.solution import Objective
from tests.matching.bench.measure import apart, cost_of, median_seconds
from tests.matching.bench.ours import Pools, dense, ours_solve, pools_from_files, pools_of
from tests.matching.bench.pools import across_europe, encoded_columns, in_five_towns, in_one_town
from tests.matching.bench.table import Row, Task, megabytes, number, seconds
from tests.matching.conftest import YARDSTICK

Matrix = NDArray[np.float64]

SEED = 11
TOWN = 5_000
NEWCOMERS = YARDSTICK / "newcomers"
SCATTERED, IN_ALL = 1_000, 10_000  # where few can reach each other, it matters who gets whom
PLACES = {"five small towns": in_five_towns, "one dense town": in_one_town}
TOLERANCE = 1e-9  # of the total: the grid that the engine rounds fits to, times the people


def tasks(most: int) -> Iterator[Task]:
    """All comparisons, the town cut down to `most` people a side."""
    for objective in ("fit", "coverage"):
        yield f"the newcomers yardstick, objective {objective}", 240, partial(yardstick, objective)
    for place in PLACES:
        people = min(TOWN, most)
        yield f"linear_sum_assignment, {place}", people, partial(against_matrix, place, people)
    yield "people placed against best pair first", min(SCATTERED, most), lambda: greedy(min(SCATTERED, most))


def yardstick(objective: Objective) -> Iterator[Row]:
    """Our total and gap beside the exact optimum of the full matrix."""
    pools = pools_from_files(NEWCOMERS)
    solved = ours_solve(pools, objective)
    pairs, total = optimum(pools, objective)
    yield Row(
        what=f"the newcomers yardstick, objective {objective}, {number(solved.feasible)} feasible pairs",
        size=f"{len(pools[0])} x {len(pools[1])}",
        ours=f"{solved.pairs} pairs, total {solved.total:.6f}, gap {solved.gap:g}",
        theirs=f"full matrix: {pairs} pairs, total {total:.6f}",
        equal=is_same(solved.total, total) and solved.gap == 0,
    )


def against_matrix(place: str, people: int) -> Iterator[Row]:
    """Time, memory and total of both, each in a process of its own, and our scoring beside one GEMM."""
    size, full = f"{people:,} x {people:,}", people == TOWN
    ours = apart(ours_apart, place=place, people=people)
    yield Row(
        what=f"scoring {place} against one GEMM, {ours['columns']} columns",
        size=size,
        ours=seconds(ours["scoring"]),
        theirs=seconds(ours["gemm"]),
        ratio=ours["scoring"] / ours["gemm"],
    )
    theirs = apart(theirs_apart, place=place, people=people)
    equal = is_same(ours["total"], theirs["total"])
    yield Row(
        what=f"linear_sum_assignment, {place}, {number(ours['feasible'])} feasible pairs: time",
        size=size,
        ours=f"{seconds(ours['solving'])} of {seconds(ours['seconds'])}, total {number(ours['total'])}",
        theirs=f"{seconds(theirs['solving'])}, total {number(theirs['total'])}",
        ratio=theirs["solving"] / ours["solving"],
        at_least=3 if full else None,
        equal=equal and ours["gap"] == 0,
    )
    yield Row(
        what="the same: memory, our scoring included, their matrix included",
        size=size,
        ours=megabytes(ours["mb"]),
        theirs=megabytes(theirs["mb"]),
        ratio=ours["mb"] / theirs["mb"],
        at_most=0.25 if full else None,
    )


def greedy(people: int) -> Iterator[Row]:
    """How many newcomers have somebody, few and far between, with one place per mentor."""
    pools = pools_of(across_europe(people, seed=SEED, in_all=IN_ALL), capacity="")
    solved, theirs = ours_solve(pools, "coverage"), best_pair_first(*dense(pools))
    yield Row(
        what="people placed against best pair first",
        size=f"{people:,} x {people:,}",
        ours=number(solved.people),
        theirs=number(theirs),
        ratio=solved.people / theirs,
    )


def ours_apart(place: str, people: int) -> dict[str, Any]:
    """In a process of its own: our stages in seconds, memory above the people's own, and the bare GEMM."""
    sides = PLACES[place](people, seed=SEED)
    pools, columns = pools_of(sides, capacity=""), encoded_columns(*sides)
    del sides
    ours_solve(
        pools_of(in_one_town(50, seed=SEED), capacity="")
    )  # imports and first calls are not the solver's
    solved, cost = cost_of(lambda: ours_solve(pools))
    return {
        "total": solved.total,
        "gap": solved.gap,
        "feasible": solved.feasible,
        "seconds": solved.seconds,
        "scoring": solved.scoring,
        "solving": solved.seconds - solved.scoring,
        "mb": cost.added_mb,
        "columns": columns,
        "gemm": gemm_seconds(people, columns),
    }


def theirs_apart(place: str, people: int) -> dict[str, Any]:
    """In a process of its own: the full matrix is given, its bytes count, making it does not."""
    given = gains(*dense(pools_of(PLACES[place](people, seed=SEED), capacity="")))
    linear_sum_assignment(given[:50, :50], maximize=True)
    (rows, columns), cost = cost_of(lambda: linear_sum_assignment(given, maximize=True))
    return {
        "total": float(given[rows, columns].sum()),
        "solving": cost.seconds,
        "mb": cost.added_mb + given.nbytes / 1e6,
    }


def gemm_seconds(people: int, columns: int) -> float:
    """One (people x columns) by (columns x people) product in float64, into memory that is there already."""
    rng = np.random.default_rng(SEED)
    left, right = rng.random((people, columns)), rng.random((columns, people))
    out = np.zeros((people, people))
    return median_seconds(lambda: np.matmul(left, right, out=out))


def optimum(pools: Pools, objective: Objective) -> tuple[int, float]:
    """(pairs, total) of the best assignment: the full matrix with one column per place of a mentor."""
    fit, allowed = dense(pools)
    copies = np.repeat(np.arange(len(pools[0])), pools[0].capacities)
    # More than all fits together: one more person counts above any exchange. Every fit here is above 0.
    bonus = np.abs(fit).max() * len(fit) + 1 if objective == "coverage" else 0.0
    given = gains(fit + bonus, allowed)[:, copies]
    rows, columns = linear_sum_assignment(given, maximize=True)
    taken = given[rows, columns] > 0
    chosen = rows[taken], copies[columns[taken]]
    return int(taken.sum()), float(fit[chosen].sum())


def gains(fit: Matrix, allowed: NDArray[np.bool_]) -> Matrix:
    """What a pair brings: a refused pair, and one that loses, is worth as much as nobody."""
    return np.where(allowed, np.maximum(fit, 0), 0)


def best_pair_first(fit: Matrix, allowed: NDArray[np.bool_]) -> int:
    """How many pairs are made by taking the best pair that is left, again and again, one place each."""
    cells = np.argwhere(allowed)
    order = np.argsort(-fit[allowed], kind="stable")
    busy: tuple[set[int], set[int]] = (set(), set())
    for row, column in cells[order].tolist():
        if row not in busy[0] and column not in busy[1]:
            busy[0].add(row)
            busy[1].add(column)
    return len(busy[0])


def is_same(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) <= TOLERANCE * max(1.0, abs(theirs))
