"""Numbers that others computed, reached from the same files."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from matching import Scorer, match
from matching.cli import main
from tests.matching.conftest import Loaded, load


@pytest.mark.parametrize(
    ("size", "objective", "cells", "pairs", "total"),
    [
        ("small", "fit", 392, 35, 960),
        ("small", "coverage", 392, 35, 960),
        ("large", "fit", 44_342, 483, 14_386),
        ("large", "coverage", 44_342, 484, 14_384),
    ],
)
def test_mentor_match_reaches_the_known_optimum(
    yardstick: Path, size: str, objective: str, cells: int, pairs: int, total: int
) -> None:
    folder = yardstick / "mentor-match"
    criteria, mentors, newcomers = load(
        folder / "criteria.toml", folder / size / "mentors.csv", folder / size / "mentees.csv"
    )
    result = match(mentors, newcomers, criteria, objective=objective, alternatives=0)  # type: ignore[arg-type]
    assert (result.feasible_pairs, len(result.pairs), result.total) == (cells, pairs, total)
    assert (result.upper_bound, result.gap) == (total, 0)


def test_newcomers_have_the_known_feasible_pairs(newcomers_yardstick: Loaded) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    edges = Scorer(criteria).fit(mentors, newcomers).score(mentors, newcomers).edges()
    assert len(edges) == 3_130
    assert int((np.diff(edges.starts) == 0).sum()) == 4


@pytest.mark.parametrize("objective", ["fit", "coverage"])
def test_newcomers_reach_the_optimum_of_a_linear_programme(
    newcomers_yardstick: Loaded, objective: str
) -> None:
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    criteria, mentors, newcomers = newcomers_yardstick
    edges = Scorer(criteria).fit(mentors, newcomers).score(mentors, newcomers).edges()
    pairs, ones = np.arange(len(edges)), np.ones(len(edges))
    limits = vstack(
        [
            coo_array((ones, (edges.rows, pairs)), shape=(len(newcomers), len(edges))),
            coo_array((ones, (edges.columns, pairs)), shape=(len(mentors), len(edges))),
        ]
    )
    places = [1] * len(newcomers) + mentors.capacities.tolist()
    bonus = 1_000 if objective == "coverage" else 0
    oracle = linprog(-(edges.fit + bonus), A_ub=limits, b_ub=places, bounds=(0, 1))
    result = match(mentors, newcomers, criteria, objective=objective, alternatives=0)  # type: ignore[arg-type]
    assert result.total + bonus * len(result.pairs) == pytest.approx(-oracle.fun, abs=1e-5)
    assert result.gap == 0


def test_the_command_reaches_the_known_numbers(yardstick: Path, tmp_path: Path) -> None:
    folder = yardstick / "newcomers"
    files = {"criteria": "criteria.toml", "mentors": "mentors.csv", "newcomers": "newcomers.csv"}
    given = [word for name, file in files.items() for word in (f"--{name}", str(folder / file))]
    assert main(["suggest", *given, "--objective", "coverage", "--out", str(tmp_path / "out")]) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["matched"], summary["feasible_pairs"], summary["gap"]) == (223, 3_130, 0)
    with (tmp_path / "out" / "unmatched.csv").open() as file:
        assert sum(row["feasible"] == "0" for row in csv.DictReader(file)) == 4
