"""The one place where the benchmarks meet the engine."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching import Criteria, Pool, Scorer, Solution
from matching.solution import Objective, Wanted
from tests.matching.bench.pools import CRITERIA, Columns
from tests.matching.bench.table import Unavailable
from tests.matching.conftest import load

if TYPE_CHECKING:
    from matching.edges import Edges

Pools = tuple[Pool, Pool, Criteria]
"""Mentors, newcomers, and what they are matched by."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The engine's answer; seconds are from people in memory to the result."""

    pairs: int
    people: int
    """Newcomers with a mentor."""
    total: float
    gap: float
    feasible: int
    scoring: float
    seconds: float
    """Scoring, solving and the result."""


def pools_of(
    sides: tuple[Columns, Columns], *, criteria: Path = CRITERIA, capacity: str | None = None
) -> Pools:
    """Columns as the engine takes them; `capacity` None is the criteria's own column, "" one place each."""
    read = Criteria.from_toml(criteria.read_text(encoding="utf-8"))
    names = read.columns
    places = names.capacity if capacity is None else capacity
    mentors = Pool.from_columns(sides[0], id=names.mentor, capacity=places)
    return mentors, Pool.from_columns(sides[1], id=names.newcomer), read


def pools_from_files(folder: Path) -> Pools:
    """A folder with criteria.toml, mentors.csv and newcomers.csv."""
    criteria = folder / "criteria.toml"
    if not criteria.is_file():
        raise Unavailable("the yardsticks are not beside this checkout (../shared/yardstick)")
    read, mentors, newcomers = load(criteria, folder / "mentors.csv", folder / "newcomers.csv")
    return mentors, newcomers, read


def ours_solve(pools: Pools, objective: Objective = "fit") -> Solved:
    """Score and match, without alternatives: what the others compute as well."""
    mentors, newcomers, criteria = pools
    start = time.perf_counter()
    scorer = Scorer(criteria).fit(mentors, newcomers)
    scores = scorer.score(mentors, newcomers)
    edges = scores.edges()
    scored = time.perf_counter()
    solution = Solution(scorer, mentors, newcomers, Wanted(objective), scores=scores, edges=edges)
    result = solution.result(alternatives=0)
    return Solved(
        pairs=len(result.pairs),
        people=len(newcomers) - len(result.unmatched),
        total=result.total,
        gap=result.gap,
        feasible=result.feasible_pairs,
        scoring=scored - start,
        seconds=time.perf_counter() - start,
    )


def score_all(pools: Pools) -> "Edges":
    """Every pair that nothing refuses, with its fit."""
    mentors, newcomers, criteria = pools
    return Scorer(criteria).fit(mentors, newcomers).score(mentors, newcomers).edges()


def dense(pools: Pools) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(newcomers, mentors): the fit of every pair, and whether it is allowed; for oracles only."""
    edges, shape = score_all(pools), (len(pools[1]), len(pools[0]))
    fit, allowed = np.zeros(shape), np.zeros(shape, dtype=bool)
    cells = edges.rows, edges.columns
    fit[cells], allowed[cells] = edges.fit, True
    return fit, allowed
