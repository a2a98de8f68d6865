"""criteria.md, kind by kind: what a file means, and what is said when it means nothing."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from matching import Criteria, CriteriaError, InputError, Person, Pool, Scorer, examine


def one(kind: str, **fields: Any) -> Criteria:
    both = {} if kind in ("constant", "history", "table") else {"mentor": "a", "newcomer": "a"}
    if kind == "waiting":
        both.pop("mentor")
    return Criteria.from_dict({"criterion": [{"name": "it", "kind": kind, **both, **fields}]})


def say(criteria: Criteria, mentor: Any, newcomer: Any) -> tuple[Any, bool, bool]:
    """The part, whether it is only assumed, and whether it refuses."""
    rows = [value if isinstance(value, dict) else {"a": value} for value in (mentor, newcomer)]
    seen = examine(Person("m", rows[0]), Person("n", rows[1]), criteria)
    (part,) = seen.pair.parts
    return pytest.approx(part.value), part.unknown, bool(seen.refused_by)


def table_of(scorer: Scorer, mentors: Pool, newcomers: Pool) -> Any:
    """(n, m): what the one criterion says of every pair."""
    i, j = np.indices((len(newcomers), len(mentors))).reshape(2, -1)
    parts = scorer.fit(mentors, newcomers).score(mentors, newcomers).parts(i, j)
    return parts[:, 0].reshape(len(newcomers), len(mentors))


KNOWN, ASSUMED, REFUSED = (False, False), (True, False), (True, True)
PLACE = {"mentor": ["y", "x"], "newcomer": ["y", "x"], "decay": 10}
NEAR = {"reach_mentor": "r", "reach_newcomer": "r"}


@pytest.mark.parametrize(
    ("kind", "fields", "mentor", "newcomer", "part", "flags"),
    [
        ("constant", {}, "", "", 1, KNOWN),
        ("same", {}, "x", " x ", 1, KNOWN),
        ("same", {}, "x", "y", 0, KNOWN),
        ("same", {}, "", "y", 0.5, ASSUMED),
        ("same", {"require": True}, None, "y", 0.5, REFUSED),
        ("different", {}, "x", "y", 1, KNOWN),
        ("different", {"require": True}, "x", "x", 0, (False, True)),
        ("contains", {"separator": ","}, "x y, z", "x y", 1, KNOWN),
        ("contains", {"require": True}, ["x"], "", 0, (False, True)),
        ("coverage", {}, "x y", "x z", 0.5, KNOWN),
        ("coverage", {}, "x", "", 0.5, ASSUMED),
        ("coverage", {}, "", "x", 0, KNOWN),
        ("levels", {}, "de:native ar:A1", {"a": {"DE": "b1", "ar": "native"}}, 3 / 7, KNOWN),
        ("levels", {"require": "B2"}, "de:native", "de:B1", 3 / 7, (False, True)),
        ("levels", {"require": "A1"}, "de:native", "", 0.5, REFUSED),
        ("slots", {"saturate": 3}, "mon:evening tue:evening", ["mon:evening"], 1 / 3, KNOWN),
        ("slots", {"saturate": 3, "require": 2}, "mon:evening", "mon:evening", 1 / 3, (False, True)),
        ("slots", {"saturate": 3, "require": 2}, "flexible", "", 0.5, KNOWN),
        ("slots", {"saturate": 3, "require": 1}, "mon:evening", "", 0.5, REFUSED),
        ("difference", {"points": {"1": 9, "2": 12}}, 5, 3, 12, KNOWN),
        ("difference", {"points": {"-1": 4}, "order": ["lo", "hi"]}, "lo", "hi", 4, KNOWN),
        ("difference", {"points": {"1": 9}, "require": True}, 5, "", 0, (False, True)),
        ("text", {}, "cooking and football", "football and cooking", 1, KNOWN),
        ("text", {}, "cooking", "chess", 0, KNOWN),
        ("text", {}, "", "chess", 0.5, ASSUMED),
        ("wish", {}, "f", "", 1, KNOWN),
        ("wish", {}, "m", "f", 0, KNOWN),
        ("wish", {}, "m", "f!", 0, (False, True)),
        ("wish", {}, "", "f", 0.5, ASSUMED),
        ("wish", {}, "", "f!", 0.5, REFUSED),
        ("wish", {"asked_by": "mentor"}, "f!", "m", 0, (False, True)),
        ("waiting", {"as_of": "2026-11-01", "per": 60}, "", "2026-07-04", 2, KNOWN),
        ("waiting", {"as_of": date(2026, 11, 1), "per": 60}, "", None, 0, KNOWN),
        ("distance", PLACE, {"y": 0, "x": 0}, {"y": "0", "x": ""}, 0.5, ASSUMED),
        ("distance", PLACE, {"y": 50, "x": 8}, {"y": 50, "x": 8}, 1, KNOWN),
    ],
)
def test_each_kind_says_what_the_contract_says(
    kind: str, fields: dict[str, Any], mentor: Any, newcomer: Any, part: float, flags: tuple[bool, bool]
) -> None:
    assert say(one(kind, **fields), mentor, newcomer) == (part, *flags)


@pytest.mark.parametrize(
    ("require", "ours", "theirs", "refused"),
    [("either", 200, 1, False), ("both", 200, 1, True), ("either", "", 1, True), ("both", 200, 112, False)],
)
def test_reach_is_whoever_travels_or_both(require: str, ours: Any, theirs: Any, refused: bool) -> None:
    # One degree of latitude is 111.2 km.
    criteria = one("distance", **PLACE | NEAR, require=require)
    rows = {"y": 50, "x": 8, "r": theirs}, {"y": 51, "x": 8, "r": ours}
    assert say(criteria, *rows)[2] is refused


def test_two_people_online_need_no_way() -> None:
    online = {"online_mentor": "o", "online_newcomer": "o"}
    criteria = one("distance", **PLACE | NEAR | online, require="either")
    row: dict[str, Any] = {"y": "", "x": "", "r": "", "o": True}
    assert say(criteria, row, row) == (0.5, False, False)
    assert say(criteria, row, row | {"o": "no"})[2] is True


def test_rarer_wishes_weigh_more() -> None:
    newcomers = Pool.of([{"id": "1", "a": "x y"}, {"id": "2", "a": "x"}, {"id": "3", "a": "x"}])
    mentors = Pool.of([{"id": "common", "a": "x"}, {"id": "rare", "a": "y"}])
    criteria = one("coverage", rarity=True)
    part = table_of(Scorer(criteria), mentors, newcomers)
    # log(4/3) against log(4/1) for the first; the others want x alone.
    assert part[:, 0] == pytest.approx([0.2075 / 1.2075, 1, 1], abs=1e-3)


def test_history_is_shrunken_and_a_table_is_looked_up() -> None:
    mentors, newcomers = Pool.of([{"id": "m"}, {"id": "new"}]), Pool.of([{"id": "n"}])
    decisions = [("n", "m", True), ("x", "m", True), ("x", "y", False), ("y", "y", False)]
    part = table_of(Scorer(one("history"), decisions=decisions), mentors, newcomers)
    assert part[0] == pytest.approx([(2 + 5 * 0.5) / 7, 0.5])
    part = table_of(Scorer(one("table"), tables={"it": {("n", "m"): 0.7}}), mentors, newcomers)
    assert part[0] == pytest.approx([0.7, 0])


def test_a_required_yes_or_no_is_a_refusal_and_not_a_score_unless_weighed() -> None:
    assert one("same", require=True).criteria[0].weight == 0
    assert one("same", require=True, weight=2).criteria[0].weight == 2
    assert one("difference", require=True, points={"1": 9}).criteria[0].weight == 1


@pytest.mark.parametrize("column", ["nationality", "Ethnic_Origin", "her religion", "citizenship2"])
def test_nationality_ethnicity_and_religion_are_refused_with_a_sentence(column: str) -> None:
    with pytest.raises(CriteriaError, match="never matched by nationality, ethnicity or religion"):
        one("same", mentor=column)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "at least one"),
        ({"criterion": [{"kind": "same"}]}, "criterion 1: a name is needed"),
        ({"criterion": [{"name": "it", "kind": "similar"}]}, "accepted: constant, contains, coverage"),
        ({"criterion": [{"name": "it", "kind": "same", "newcomer": "a"}]}, "mentor is missing"),
        ({"criterion": [{"name": "it", "kind": "constant", "wieght": 2}]}, "accepted: kind, name, req"),
        ({"criterion": [{"name": "it", "kind": "constant", "weight": -1}]}, "expected a number, 0 or more"),
        ({"criterion": [{"name": "it", "kind": "constant"}] * 2}, "twice: it"),
        ({"colums": {}, "criterion": []}, "accepted: columns, criterion"),
    ],
)  # fmt: skip
def test_a_slip_in_the_criteria_is_answered_with_what_is_accepted(data: dict[str, Any], words: str) -> None:
    with pytest.raises(CriteriaError, match=words):
        Criteria.from_dict(data)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("levels", {"require": "Z9"}, "accepted: true or one of A1"),
        ("slots", {"saturate": 0}, "whole number, 1 or more"),
        ("distance", {**PLACE, "require": "either"}, "needs reach_mentor"),
        ("distance", {**PLACE, "mentor": "y"}, "two columns"),
        ("distance", {**PLACE, "decay": 0}, "a number above 0"),
        ("wish", {"asked_by": "coordinator"}, "accepted: mentor, newcomer"),
        ("waiting", {"per": 60, "as_of": "yesterday"}, "a day as 2026-11-01"),
        ("difference", {"points": {"one": 1}}, "numbers by difference"),
        ("constant", {"require": True}, "nothing for this kind"),
    ],
)
def test_a_slip_in_one_field_names_it(kind: str, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(CriteriaError, match=words):
        one(kind, **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "value", "words"),
    [
        ("levels", {}, "de:good", "m, column a: 'de:good'.*accepted: language:level"),
        ("difference", {"points": {"1": 1}}, "tall", "a number"),
        ("difference", {"points": {"1": 1}, "order": ["lo", "hi"]}, "mid", "accepted: lo, hi"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    kind: str, fields: dict[str, Any], value: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        say(one(kind, **fields), value, "")


def test_a_column_that_nobody_has_is_not_taken_for_unknown() -> None:
    with pytest.raises(InputError, match="No mentor has a column 'a'; the columns are: b"):
        say(one("same"), {"b": 1}, "x")


def test_an_interpreters_column_must_be_there_only_where_it_is_named() -> None:
    rows = {"a": "de:A1"}, {"a": "ar:A1", "helped": "yes"}
    assert say(one("levels", require="A1"), *rows) == (0, False, True)
    assert say(one("levels", require="A1", interpreter="helped"), *rows) == (0, False, False)
    with pytest.raises(InputError, match="No newcomer has a column 'heplde'; the columns are: a, helped"):
        say(one("levels", require="A1", interpreter="heplde"), *rows)


def test_two_people_cannot_share_an_identifier() -> None:
    with pytest.raises(InputError, match="'m' is there twice"):
        Pool.of([{"id": "m"}, {"id": "m"}])
    with pytest.raises(InputError, match="whole number"):
        Pool.of([{"id": "m", "places": "1.5"}], capacity="places")


def test_points_that_only_take_away_are_0_at_the_most() -> None:
    assert one("difference", points={"1": -2, "2": -5}, weight=3).maximum == 0
    assert one("difference", points={"1": -2, "2": 5}, weight=3).maximum == 15
    assert one("difference", points={}).maximum == 0


def test_criteria_can_be_counted_up_to_another_day() -> None:
    criteria = one("waiting", per=10)
    with pytest.raises(CriteriaError, match="as_of is missing"):
        say(criteria, "", "2026-10-01")
    assert say(criteria.as_of(date(2026, 10, 11)), "", "2026-10-01") == (1, False, False)
