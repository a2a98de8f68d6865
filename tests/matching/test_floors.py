"""Floors against every possible assignment on small cases, and on the yardstick."""

from collections.abc import Iterable
from itertools import combinations
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Criteria, Floor, FloorError, InputError, Person, Pool, Result, floors, match, solve
from tests.matching.conftest import Loaded

CRITERIA = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
LANGUAGES = ({"ti": "native"}, {"ar": "B2"}, {"ti": "A1", "ar": "native"}, {})
GROUPS = ("ti", "ar", "")

Case = dict[str, Any]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Fits with many ties, refusals, overlapping groups, several places on both sides, perhaps a fixed pair."""
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cells = [(f"n{i}", f"m{j}") for i in range(n) for j in range(m)]
    fits = st.sampled_from([-1.0, 0.0, 1 / 3, 1.0, 2.0, None])
    fit = {cell: draw(fits) for cell in cells}
    allowed = [cell for cell in cells if fit[cell] is not None]
    languages = [draw(st.sampled_from(LANGUAGES)) for _ in range(n)]
    locked = draw(st.sampled_from([[], *([cell] for cell in allowed)]))
    wanted = st.tuples(st.sampled_from(GROUPS), st.sampled_from([0.3, 0.5, 1.0]))
    return {
        "fit": {cell: value for cell, value in fit.items() if value is not None},
        "newcomers": [(f"n{i}", languages[i], draw(st.integers(1, 2))) for i in range(n)],
        "mentors": [(f"m{j}", draw(st.integers(1, 2))) for j in range(m)],
        "locked": locked,
        "floors": [
            (group, share)
            for group, share in draw(st.lists(wanted, min_size=1, max_size=3))
            if any(group in known or (not group and not known) for known in languages)
        ],
    }


def solved(case: Case, objective: Any, random: Random | None = None) -> Result:
    pools = (
        [Person(id, capacity=places) for id, places in case["mentors"]],
        [Person(id, {"languages": known}, places) for id, known, places in case["newcomers"]],
    )
    wanted = [Floor("languages", group, share) for group, share in case["floors"]]
    if random:
        for shuffled in (*pools, wanted):
            random.shuffle(shuffled)  # type: ignore[arg-type]
    every = {(m.id, n.id) for m in pools[0] for n in pools[1]}
    return match(
        *map(Pool, pools),
        CRITERIA,
        objective=objective,
        tables={"given": case["fit"]},
        forbidden=every - {(m, n) for n, m in case["fit"]},
        locked=[(m, n) for n, m in case["locked"]],
        floors=wanted,
    )


def rank(pairs: Iterable[tuple[str, str]], case: Case, objective: str) -> tuple[float, ...]:
    """What is to be greatest: newcomers if asked, then fit, then pairs."""
    pairs = list(pairs)
    reached = len({newcomer for newcomer, _ in pairs}) if objective == "coverage" else 0
    return reached, round(sum(case["fit"][pair] for pair in pairs), 6), len(pairs)


def reaches(pairs: Iterable[tuple[str, str]], case: Case) -> bool:
    matched = {newcomer for newcomer, _ in pairs}
    for group, share in case["floors"]:
        inside = {id for id, known, _ in case["newcomers"] if group in known or (not group and not known)}
        if len(inside & matched) < share * len(inside) - 1e-9:
            return False
    return True


def best_by_listing(case: Case, objective: str) -> tuple[float, ...] | None:
    """The contract said slowly; None where no assignment reaches the floors."""
    places = {id: k for id, k in case["mentors"]} | {id: k for id, _, k in case["newcomers"]}
    best = None
    for k in range(len(case["fit"]) + 1):
        for pairs in combinations(case["fit"], k):
            taken = [person for pair in pairs for person in pair]
            kept = all(taken.count(person) <= places[person] for person in taken)
            if kept and set(case["locked"]) <= set(pairs) and reaches(pairs, case):
                best = max(best or (-1.0,), rank(pairs, case, objective))
    return best


@settings(max_examples=250, deadline=None)
@given(cases(), st.sampled_from(["coverage", "fit"]), st.randoms(use_true_random=False))
def test_floors_are_reached_by_the_best_of_all_assignments(
    case: Case, objective: str, random: Random
) -> None:
    best = best_by_listing(case, objective)
    if best is None:
        with pytest.raises(FloorError):
            solved(case, objective)
        return
    result = solved(case, objective)
    pairs = [(pair.newcomer, pair.mentor) for pair in result.pairs]
    assert reaches(pairs, case)
    assert rank(pairs, case, objective) == best
    assert result.gap == 0
    assert solved(case, objective, random) == result
