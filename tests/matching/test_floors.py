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

from matching import Criteria, Floor, FloorError, InputError, Person, Pool, Result, match, solve
from matching.solving import floors
from tests.matching.conftest import Loaded

CRITERIA = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
RING = ({"ti": "A1", "ar": "B2"}, {"ar": "B2", "so": "C1"}, {"so": "A1", "ti": "A1"})
LANGUAGES = (*RING, {"ti": "native"}, {})
GROUPS = ("ti", "ar", "so", "")

Case = dict[str, Any]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Ties, refusals, overlapping groups, several places on both sides, perhaps a fixed pair."""
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


@st.composite
def rings(draw: st.DrawFn) -> Case:
    """Three groups that overlap in a ring, where half of each newcomer would do, and meeting costs fit."""
    rows = [draw(st.lists(st.sampled_from([-2.0, -1.5, -1.0, 0.0]), min_size=3, max_size=3)) for _ in "123"]
    return {
        "fit": {(f"n{i}", f"m{j}"): rows[i][j] for i in range(3) for j in range(3)},
        "newcomers": [(f"n{i}", known, draw(st.integers(1, 2))) for i, known in enumerate(RING)],
        "mentors": [(f"m{j}", draw(st.integers(1, 2))) for j in range(3)],
        "locked": [],
        "floors": [(group, 0.5) for group in ("ti", "ar", "so")],
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
    places = dict(case["mentors"]) | {id: k for id, _, k in case["newcomers"]}
    best = None
    for k in range(len(case["fit"]) + 1):
        for pairs in combinations(case["fit"], k):
            taken = [person for pair in pairs for person in pair]
            kept = all(taken.count(person) <= places[person] for person in taken)
            if kept and set(case["locked"]) <= set(pairs) and reaches(pairs, case):
                best = max(best or (-1.0,), rank(pairs, case, objective))
    return best


@settings(max_examples=400, deadline=None)
@given(
    cases() | rings(),
    st.sampled_from(["coverage", "fit"]),
    st.sampled_from([1, 10]),
    st.randoms(use_true_random=False),
)
def test_floors_are_reached_by_the_best_of_all_assignments(
    case: Case, objective: str, few: int, random: Random
) -> None:
    best = best_by_listing(case, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(floors, "FEW", few)
        if best is None:
            with pytest.raises(FloorError):
                solved(case, objective)
            return
        result, again = solved(case, objective), solved(case, objective, random)
    pairs = [(pair.newcomer, pair.mentor) for pair in result.pairs]
    assert reaches(pairs, case)
    assert rank(pairs, case, objective) == best
    assert result.gap == 0
    assert again == result


def town(*newcomers: str, mentors: int = 2, **columns: str) -> tuple[Pool, Pool, Criteria]:
    """Newcomers by their languages, and mentors who suit everybody equally."""
    everybody = Criteria.from_dict({"criterion": [{"name": "anybody", "kind": "constant"}]})
    people = [Person(f"n{k}", {"languages": cell, **columns}) for k, cell in enumerate(newcomers)]
    return Pool(Person(f"m{k}") for k in range(mentors)), Pool(people), everybody


def test_floors_that_are_reached_anyway_change_nothing(newcomers_yardstick: Loaded) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    plain = solve(mentors, newcomers, criteria)
    same = solve(mentors, newcomers, criteria, floors=[Floor("languages", "ti", 0.88)])
    assert same.result() == plain.result()
    assert same.assignment.losses is not None


@pytest.mark.parametrize("objective", ["coverage", "fit"])
def test_a_floor_lifts_the_worst_served_language_of_the_yardstick(
    newcomers_yardstick: Loaded, objective: Any
) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    speakers = {p.id for p in newcomers.people if "fa-af" in p.levels("languages")}

    def matched(result: Result) -> int:
        return len(speakers & {pair.newcomer for pair in result.pairs})

    plain = match(mentors, newcomers, criteria, objective=objective)
    lifted = match(
        mentors, newcomers, criteria, objective=objective, floors=[Floor("languages", "fa-af", 0.96)]
    )
    assert (len(speakers), matched(plain), matched(lifted)) == (33, 29, 32)
    assert lifted.gap == 0
    assert plain.total > lifted.total > plain.total - 5
    if objective == "coverage":
        assert len(lifted.pairs) == len(plain.pairs) == 223


def test_a_floor_out_of_reach_says_how_far_it_goes(newcomers_yardstick: Loaded) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    with pytest.raises(FloorError) as raised:
        match(mentors, newcomers, criteria, floors=[Floor("languages", "fa-af", 1)])
    said = "At most 32 of 33 newcomers with languages fa-af can be matched; the floor asks for 33."
    assert str(raised.value) == said


@pytest.mark.parametrize("objective", ["coverage", "fit"])
def test_floors_that_exclude_each_other_say_so(objective: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "FEW", 1)
    pools = town("ti:native", "ti:A1", "ar:native", "ar:B2")
    with pytest.raises(FloorError) as raised:
        match(*pools, objective=objective, floors=[Floor("languages", "ti", 1), Floor("languages", "ar", 1)])
    said = "not together: 2 of 2 with languages ar, 2 of 2 with languages ti."
    assert str(raised.value) == f"The floors can be reached one by one, but {said}"


@pytest.mark.parametrize("few", [1, 10])
def test_halves_of_newcomers_reach_no_floor(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "FEW", few)
    # Two rings of three overlapping groups: half of each newcomer needs three places, whole newcomers four.
    rings = ["a:A1 b:A1", "b:A1 c:A1", "c:A1 a:A1", "d:A1 e:A1", "e:A1 f:A1", "f:A1 d:A1"]
    with pytest.raises(FloorError, match="one by one, but not together: 1 of 2 with languages a, "):
        match(*town(*rings, mentors=3), floors=[Floor("languages", group, 0.5) for group in "abcdef"])
    assert (
        len(match(*town(*rings, mentors=4), floors=[Floor("languages", g, 0.5) for g in "abcdef"]).pairs) == 4
    )


def test_pairs_that_were_left_out_join_where_prices_ask_for_them(
    newcomers_yardstick: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    wanted = [Floor("languages", "fa-af", 0.96), Floor("gender", "f", 0.95)]
    whole = match(mentors, newcomers, criteria, floors=wanted)
    monkeypatch.setattr(floors, "FEW", 1)
    assert match(mentors, newcomers, criteria, floors=wanted) == whole


def test_who_holds_a_fixed_pair_counts_towards_the_floor() -> None:
    pools = town("ti:native", "ti:native", "ar:native", "ar:native")
    wanted = [Floor("languages", "ti", 0.5), Floor("languages", "ar", 0.5)]
    result = match(*pools, locked=[("m0", "n1")], floors=wanted)
    assert [(pair.newcomer, pair.mentor) for pair in result.pairs] == [("n1", "m0"), ("n2", "m1")]


@pytest.mark.parametrize(
    ("floor", "cells"),
    [
        (Floor("languages", "", 1), ["ti:native", "ti:native", ""]),
        (Floor("languages", "b", 1, ";"), ["a;c", "a", "c;b"]),
        (Floor("languages", "Bad Dürkheim", 1), ["Kusel", "Kusel", "Bad Dürkheim"]),
    ],
)
def test_groups_are_those_of_the_fairness_report(floor: Floor, cells: list[str]) -> None:
    result = match(*town(*cells), floors=[floor])
    assert "n2" in {pair.newcomer for pair in result.pairs}
    assert len(result.pairs) == 2


def test_a_share_that_is_a_decimal_asks_for_no_more_than_it_says() -> None:
    pools = town(*["ti"] * 30, "ar", mentors=3)
    assert len(match(*pools, floors=[Floor("languages", "ti", 0.1)]).pairs) == 3


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_lies_between_nothing_and_all(share: float) -> None:
    with pytest.raises(InputError, match="floor for languages ti: the share is "):
        Floor("languages", "ti", share)


def test_a_floor_for_nobody_lists_who_is_there() -> None:
    pools = town("ti:native", "ar:B2 de:A1")
    with pytest.raises(InputError, match="nobody is in that group; the values are: ar, de, ti"):
        match(*pools, floors=[Floor("languages", "so", 0.5)])
    with pytest.raises(InputError, match="has a column 'tongue'; the columns are: languages"):
        match(*pools, floors=[Floor("tongue", "ti", 0.5)])


def test_an_answer_that_breaks_a_limit_is_never_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(cost: Any, *, b_ub: Any, **_: Any) -> Any:
        return SimpleNamespace(x=np.ones(len(cost)), ineqlin=SimpleNamespace(marginals=np.zeros(len(b_ub))))

    monkeypatch.setattr(floors, "linprog", wrong)
    with pytest.raises(RuntimeError, match="breaks a limit"):
        match(*town("ti", "ti", "ar"), floors=[Floor("languages", "ar", 1)])
