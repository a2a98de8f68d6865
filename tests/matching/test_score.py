"""Scoring in tiles: every pair that nothing refuses, no other, whatever the tiles."""

import gc
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Criteria, CriteriaError, InputError, Pool, Refusal, Scorer
from matching.edges import Edges
from matching.scoring import score as scoring
from matching.scoring import tiles as tiling
from matching.scoring.bits import Bits
from matching.scoring.score import Scores

RAW: list[dict[str, Any]] = [
    {"name": "languages", "kind": "levels", "mentor": "l", "newcomer": "l", "require": "A2"},
    {"name": "hours", "kind": "slots", "mentor": "h", "newcomer": "h", "saturate": 2, "require": 1},
    {
        "name": "way",
        "kind": "distance",
        "mentor": ["y", "x"],
        "newcomer": ["y", "x"],
        "reach_mentor": "r",
        "reach_newcomer": "r",
        "online_mentor": "o",
        "online_newcomer": "o",
        "decay": 8,
        "require": "either",
    },
    {"name": "topics", "kind": "coverage", "mentor": "t", "newcomer": "t", "rarity": True},
    {"name": "gender", "kind": "wish", "mentor": "g", "newcomer": "w"},
    {"name": "words", "kind": "text", "mentor": "b", "newcomer": "b"},
    {"name": "age", "kind": "difference", "mentor": "a", "newcomer": "a", "points": {"0": 2, "1": 1}},
    {"name": "since", "kind": "waiting", "newcomer": "d", "per": 60, "as_of": date(2026, 11, 1)},
    {"name": "given", "kind": "table"},
    {"name": "before", "kind": "history"},
]


@st.composite
def people(draw: st.DrawFn, most: int = 7) -> list[dict[str, Any]]:
    """A few people near two towns, some without a place, a reach, hours or languages."""
    row = st.fixed_dictionaries(
        {
            "l": st.dictionaries(st.sampled_from(["de", "ar"]), st.sampled_from(["A1", "B2", "native"])),
            "h": st.sampled_from(["", "mon:evening", "mon:evening sat:morning", "flexible", "sun:evening"]),
            "y": st.sampled_from([None, 50.0, 50.01, 51.0]),
            "x": st.sampled_from([8.0, 8.02]),
            "r": st.sampled_from([None, 0, 2, 120, 40_000]),
            "o": st.booleans(),
            "t": st.sampled_from(["", "school", "school work"]),
            "g": st.sampled_from(["", "f", "m"]),
            "w": st.sampled_from(["", "f", "m!"]),
            "b": st.sampled_from(["", "cooking and chess", "football"]),
            "a": st.integers(20, 22),
            "d": st.sampled_from([None, "2026-09-02"]),
        }
    )  # fmt: skip
    rows = draw(st.lists(row, min_size=1, max_size=most))
    return [{"id": f"p{k}", **one} for k, one in enumerate(rows)]


def criteria_with(require: Any) -> Criteria:
    """All kinds at once; `require` of the distance as given."""
    return Criteria.from_dict(
        {"criterion": [row | {"require": require} if row["kind"] == "distance" else row for row in RAW]}
    )


def scores_of(mentors: Pool, newcomers: Pool, criteria: Criteria, **more: Any) -> Scores:
    tables = {"given": {(newcomers.ids[0], mentors.ids[0]): 0.5}}
    scorer = Scorer(criteria, tables=tables, decisions=[("x", mentors.ids[0], True)])
    return scorer.fit(mentors, newcomers).score(mentors, newcomers, **more)


def one_by_one(scores: Scores) -> list[tuple[int, int, float]]:
    """Every pair asked alone, the slow way."""
    found = []
    for k in range(scores.shape[0]):
        for j in range(scores.shape[1]):
            here = np.array([k]), np.array([j])
            if not any(mask[0] for _, mask in scores.refused(*here)):
                weights = [c.weight for c in scores.criteria.criteria]
                found.append((k, j, float(scores.parts(*here)[0] @ np.array(weights))))
    return found


def triples(edges: Edges) -> list[tuple[int, int, float]]:
    return list(zip(edges.rows.tolist(), edges.columns.tolist(), edges.fit.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(people(), people(), st.data())
@pytest.mark.parametrize("require", ["either", "both", False])
def test_tiles_hold_exactly_the_pairs_that_nothing_refuses(
    require: Any, mentors: list[Any], newcomers: list[Any], data: st.DataObject
) -> None:
    pools = Pool.of(mentors), Pool.of(newcomers)
    pairs = st.frozensets(st.sampled_from([(m["id"], n["id"]) for m in mentors for n in newcomers]))
    refusals = {
        "blocked": Refusal(pairs=data.draw(pairs) | {("nobody", "p0")}),
        "full": Refusal(mentors=frozenset({"p1"}), newcomers=frozenset({"p2", "gone"})),
    }
    scores = scores_of(*pools, criteria_with(require), refusals=refusals)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiling, "ROWS", data.draw(st.sampled_from([1, 3, 64])))
        patch.setattr(tiling, "PARTS", data.draw(st.sampled_from([2, 8])))
        patch.setattr(scoring, "COLUMNS", data.draw(st.sampled_from([1, 2, 2048])))
        edges, ledger = scores.edges(), list(scores.ledger(np.arange(len(newcomers))))
    expected = one_by_one(scores)
    assert [pair[:2] for pair in triples(edges)] == [pair[:2] for pair in expected]
    assert edges.fit == pytest.approx([fit for *_, fit in expected])
    counted = {
        (int(row), name): (int(excluded), int(alone))
        for rows_, name, all_excluded, all_alone in ledger
        for row, excluded, alone in zip(rows_, all_excluded, all_alone, strict=True)
    }
    assert counted == counted_one_by_one(scores)


def counted_one_by_one(scores: Scores) -> dict[tuple[int, str], tuple[int, int]]:
    """The ledger, the slow way."""
    counted: dict[tuple[int, str], tuple[int, int]] = {}
    for k in range(scores.shape[0]):
        for j in range(scores.shape[1]):
            masks = {name: mask[0] for name, mask in scores.refused(np.array([k]), np.array([j]))}
            alone = sum(masks.values()) == 1
            for name, refused in masks.items():
                excluded, only = counted.get((k, name), (0, 0))
                counted[k, name] = excluded + bool(refused), only + bool(refused and alone)
    return counted


def test_a_fit_that_is_no_number_is_an_error() -> None:
    criteria = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
    pools = Pool.of([{"id": "m"}]), Pool.of([{"id": "n"}])
    scorer = Scorer(criteria, tables={"given": {("n", "m"): float("nan")}}).fit(*pools)
    with pytest.raises(InputError, match="not a finite number"):
        scorer.score(*pools).edges()


def test_a_refusal_may_not_take_the_name_of_a_criterion() -> None:
    pools = Pool.of([{"id": "m", "a": "x"}]), Pool.of([{"id": "n", "a": "x"}])
    criteria = Criteria.from_dict(
        {"criterion": [{"name": "it", "kind": "same", "mentor": "a", "newcomer": "a"}]}
    )
    with pytest.raises(InputError, match="'it' has the name of a criterion"):
        Scorer(criteria).fit(*pools).score(*pools, {"it": Refusal()})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 150).map(str)), min_size=2, max_size=2))
def test_bits_count_what_sets_share_whatever_their_number(sets: list[frozenset[str]]) -> None:
    vocabulary = {str(word): word for word in range(151)}
    ours, theirs = (Bits.of([one], vocabulary) for one in sets)
    here = np.array([0])
    shared = sets[0] & sets[1]
    assert ours.count(theirs, here, here).tolist() == [len(shared)]
    assert ours.meets(theirs, here, here).tolist() == [bool(shared)]


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was_whatever_goes_wrong(on: bool) -> None:
    criteria = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
    pools = Pool.of([{"id": "m"}]), Pool.of([{"id": "n"}])
    gc.enable() if on else gc.disable()
    try:
        with pytest.raises(CriteriaError, match="was not given"):
            Scorer(criteria).fit(*pools).score(*pools)
        assert gc.isenabled() is on
    finally:
        gc.enable()
