"""The fairness report: numbers worked by hand, and numbers that must not be worked out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from matching import InputError, Pool, match
from matching.fairness.charts import page
from matching.fairness.figures import Column, FairnessReport, Figure, Gap, gini, report
from tests.matching.conftest import Loaded

AS_OF = date(2026, 11, 21)
HIDDEN = Figure(None, hidden=True)
NOT_KNOWN = Figure(None)

NEWCOMERS = Pool.of(
    [
        {"id": "amina", "languages": "ar:native de:B1", "wish": "f!", "since": "2026-11-11"},
        {"id": "farid", "languages": "fa:native", "wish": "", "since": "2026-11-01"},
        {"id": "olena", "languages": "uk:native DE:A2", "wish": "f", "since": "2026-10-22"},
        {"id": "selam", "languages": "", "wish": "m", "since": ""},
    ]
)
MENTORS = Pool.of(
    [
        {"id": "bruno", "gender": "m", "places": 2},
        {"id": "ilse", "gender": "f", "places": 1},
        {"id": "karin", "gender": "f", "places": 0},
    ],
    capacity="places",
)
PAIRS = [("amina", "ilse", 2.0), ("olena", "bruno", 4.0)]


def values(group: Any) -> dict[str, Any]:
    return {name: getattr(group, name).value for name in group.__dataclass_fields__ if name != "name"}


def by_name(column: Any) -> dict[str, Any]:
    return {group.name: group for group in column.groups}


@pytest.fixture
def four() -> FairnessReport:
    return report(
        PAIRS,
        MENTORS,
        NEWCOMERS,
        groups=["languages", "wish", "gender"],
        feasible={"farid": 0, "selam": 2},
        waiting="since",
        as_of=AS_OF,
    )


def test_the_numbers_of_four_people(four: FairnessReport) -> None:
    assert values(four.overall) == {
        "newcomers": 4,
        "matched": 2,
        "matched_share": 0.5,
        "waiting_median": 20,  # of 10, 20 and 30 days; one day is not known
        "waiting_p90": 28,  # eight tenths of the way from the second to the third
        "unmatched_waiting_median": 20,
        "unmatched_waiting_p90": 20,
        "mean_fit": 3,
        "nobody": 1,
        "nobody_share": 0.25,
    }


def test_a_newcomer_is_in_the_group_of_each_of_their_languages(four: FairnessReport) -> None:
    languages, wish = four.columns
    assert [(group.name, group.newcomers.value) for group in languages.groups] == [
        ("de", 2),
        ("ar", 1),
        ("fa", 1),
        ("uk", 1),
        ("unknown", 1),
    ]
    assert (languages.several, wish.several) == (True, False)
    assert {name: group.newcomers.value for name, group in by_name(wish).items()} == {
        "f": 2,
        "m": 1,
        "unknown": 1,
    }


def test_nobody_to_count_is_none_and_never_zero(four: FairnessReport) -> None:
    fa, unknown = (by_name(four.columns[0])[name] for name in ("fa", "unknown"))
    assert (fa.mean_fit, fa.nobody_share, fa.unmatched_waiting_p90) == (NOT_KNOWN, Figure(1), Figure(20))
    assert (unknown.newcomers, unknown.waiting_median, unknown.nobody) == (Figure(1), NOT_KNOWN, Figure(0))


def test_the_load_of_three_mentors(four: FairnessReport) -> None:
    assert [(bin.newcomers, bin.or_more, bin.mentors.value) for bin in four.load.bins] == [
        (0, False, 1),
        (1, False, 2),
    ]
    # Half of Bruno's places, all of Ilse's; Karin has none. Mean difference 1/4 over twice the mean 3/4.
    assert four.load.gini.value == pytest.approx(1 / 6)
    (column,) = four.mentor_columns
    assert values(by_name(column)["f"]) == {"mentors": 2, "busy": 1, "busy_share": 0.5, "gini": 0}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([1, 1, 1], 0),
        ([0, 0, 0, 1], 3 / 4),  # one has all: (n - 1) / n
        ([4, 1, 3, 2], 1 / 4),  # differences 1+2+3+1+2+1 = 10, twice; over 2 x 16 x 2.5
        ([0, 0], None),
        ([], None),
    ],
)
def test_gini_by_hand(shares: list[float], expected: float | None) -> None:
    assert gini(shares) == (expected if expected is None else pytest.approx(expected))


def test_a_mentor_without_a_place_who_has_somebody_counts_as_full() -> None:
    load = report([("amina", "karin", 1), ("farid", "ilse", 1)], MENTORS, NEWCOMERS, groups=[]).load
    assert load.gini.value == pytest.approx(gini([1, 1, 0]))


def test_the_widest_difference_is_between_groups_of_five() -> None:
    newcomers = Pool.of(
        {"id": f"{town}{i}", "town": town}
        for town, n in zip("abc", (10, 5, 4), strict=True)
        for i in range(n)
    )
    mentors = Pool.of([{"id": "bruno"}])
    pairs = [*((f"a{i}", "bruno", 1.0) for i in range(3)), *((f"b{i}", "bruno", 1.0) for i in range(4))]
    (column,) = report(pairs, mentors, newcomers, groups=["town"]).columns
    assert column.widest == Gap("a", "b", pytest.approx(0.5))
    alone = report(pairs, mentors, Pool.of({"id": id, "town": "a"} for id in newcomers.ids), groups=["town"])
    assert alone.columns[0].widest is None


def test_values_come_from_lists_mappings_and_a_given_separator() -> None:
    newcomers = Pool.of(
        [
            {
                "id": "a",
                "list": ["x", "y"],
                "map": {"de": "B1"},
                "text": "sewing, music",
                "town": "Sankt Wendel",
            },
            {"id": "b", "list": (), "map": {}, "text": "music"},
        ]
    )
    columns = report(
        [], Pool(), newcomers, groups=["list", "map", "text", "town"], separators={"text": ","}
    ).columns
    assert [[group.name for group in column.groups] for column in columns] == [
        ["unknown", "x", "y"],
        ["de", "unknown"],
        ["music", "sewing"],
        ["Sankt Wendel", "unknown"],
    ]


def test_the_engines_pairs_are_read_too() -> None:
    pair: Any = SimpleNamespace(newcomer="farid", mentor="bruno", fit=1.5)
    assert report([pair], MENTORS, NEWCOMERS, groups=[]).overall.mean_fit == Figure(1.5)


def test_a_day_to_come_is_no_waiting_at_all() -> None:
    group = report([], MENTORS, NEWCOMERS, groups=[], waiting="since", as_of=date(2026, 10, 1)).overall
    assert (group.waiting_median.value, group.waiting_p90.value) == (0, 0)


def test_what_cannot_be_known_is_said_to_be_unknown_also_when_hiding() -> None:
    for hide_under in (0, 5):
        result = report(PAIRS, MENTORS, NEWCOMERS, groups=[], hide_under=hide_under)
        assert (result.waiting_known, result.feasible_known) == (False, False)
        assert (result.overall.waiting_median, result.overall.nobody_share) == (NOT_KNOWN, NOT_KNOWN)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hide_under": -1}, "expected 0"),
        ({"waiting": "since"}, "as_of is missing"),
        ({"waiting": "sinc", "as_of": AS_OF}, "No newcomer has a column 'sinc'"),
        ({"groups": ["town"]}, "Nobody has a column 'town'; the columns are: gender, id, languages"),
        ({"pairs": [("amir", "bruno", 1)]}, "no newcomer is called 'amir'"),
        ({"pairs": [("amina", "bruna", 1)]}, "no mentor is called 'bruna'"),
        ({"pairs": [PAIRS[0], PAIRS[0]]}, "is there twice"),
        ({"pairs": [("amina", "bruno", float("nan"))]}, "a finite number"),
        ({"feasible": {"farid": 1}}, "feasible lacks the unmatched newcomer 'selam'"),
    ],
)
def test_wrong_input_is_answered_with_a_sentence(change: dict[str, Any], said: str) -> None:
    given = {"pairs": PAIRS, "mentors": MENTORS, "newcomers": NEWCOMERS, "groups": []} | change
    with pytest.raises(InputError, match=said):
        report(given.pop("pairs"), given.pop("mentors"), given.pop("newcomers"), **given)


def test_nobody_at_all_is_a_report_too() -> None:
    result = report([], Pool(), Pool(), groups=["languages"], feasible={}, hide_under=5)
    assert (result.columns, result.mentor_columns) == ((), ())
    assert "0 newcomers" in page(
        replace(result, hide_under=0, overall=report([], Pool(), Pool(), groups=[]).overall)
    )


def test_the_data_is_json_and_tells_hidden_from_unknown(four: FairnessReport) -> None:
    plain = json.loads(json.dumps(four.as_dict()))
    assert plain["as_of"] == "2026-11-21"
    assert plain["overall"]["matched"] == {"value": 2, "hidden": False}
    hidden = report(PAIRS, MENTORS, NEWCOMERS, groups=[], hide_under=5).as_dict()
    assert (hidden["as_of"], hidden["overall"]["matched"]) == (None, {"value": None, "hidden": True})


Town = tuple[int, int, int]
"""Matched, waiting for a mentor, with nobody suitable."""


def towns(*people: Town, hide_under: int = 5, mentors: int = 40) -> FairnessReport:
    """Newcomers by town, each matched one with a mentor of their own as far as they go."""
    rows, pairs, feasible = [], [], {}
    for town, (found, waiting, nobody) in enumerate(people):
        for place in range(found + waiting + nobody):
            id = f"n{town}-{place}"
            rows.append({"id": id, "town": f"town {town}", "since": "2026-10-01"})
            if place < found:
                pairs.append((id, f"m{len(pairs) % mentors}", 1.0))
            else:
                feasible[id] = int(place < found + waiting)
    pool = Pool.of({"id": f"m{i}", "side": "ab"[i % 2]} for i in range(mentors))
    return report(
        pairs,
        pool,
        Pool.of(rows),
        groups=["town", "side"] if rows else ["side"],
        feasible=feasible,
        waiting="since",
        as_of=AS_OF,
        hide_under=hide_under,
    )


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    (column,) = towns((20, 20, 0), (10, 10, 0), (2, 1, 0), (6, 7, 0)).columns
    assert [(group.name, group.newcomers.value) for group in column.groups] == [
        ("town 0", 40),
        ("town 1", 20),
        ("town 2", None),
        ("town 3", None),
    ]
    assert (column.groups[3].newcomers, column.groups[3].waiting_median, column.groups[3].mean_fit) == (
        HIDDEN,
    ) * 3


def test_a_matched_count_is_hidden_where_few_are_left_unmatched() -> None:
    (column,) = towns((20, 20, 0), (38, 2, 0), (8, 7, 0)).columns
    shown = {group.name: (group.newcomers.value, group.matched.value) for group in column.groups}
    assert shown == {"town 0": (40, 20), "town 1": (40, None), "town 2": (15, None)}
    assert by_name(column)["town 1"].matched_share == HIDDEN


def test_groups_of_one_person_each_are_not_even_named() -> None:
    (column,) = towns(*[(1, 0, 0)] * 4, *[(0, 1, 0)] * 3).columns
    assert (column.groups, column.withheld, column.widest) == ((), True, None)


def test_a_group_of_everybody_is_as_known_as_the_total() -> None:
    rows = [{"id": f"n{i:02}", "speaks": ["de", "ti"] if i < 6 else ["de"]} for i in range(20)]
    pairs = [(f"n{i:02}", "m", 1.0) for i in range(3, 15)]
    (column,) = report(pairs, Pool.of([{"id": "m"}]), Pool.of(rows), groups=["speaks"], hide_under=5).columns
    assert {group.name: group.matched for group in column.groups} == {"de": Figure(12), "ti": HIDDEN}


def test_the_unmatched_who_are_all_in_one_group_are_as_known_as_the_total() -> None:
    def speaks(i: int) -> list[str]:
        return ["de"] * (i < 30) + ["ti"] * (i < 6 or i in (10, 11) or 28 <= i < 40) + ["en"] * (i >= 30)

    newcomers = Pool.of({"id": f"n{i:02}", "speaks": speaks(i)} for i in range(40))
    pairs = [(f"n{i:02}", "m", 1.0) for i in range(20, 40)]
    feasible = {f"n{i:02}": int(i < 10) for i in range(20)}
    (column,) = report(
        pairs, Pool.of([{"id": "m"}]), newcomers, groups=["speaks"], feasible=feasible, hide_under=5
    ).columns
    assert {group.name: group.nobody for group in column.groups} == {
        "de": Figure(10),
        "en": HIDDEN,
        "ti": HIDDEN,
    }


def test_few_known_days_of_many_people_are_hidden() -> None:
    rows = [{"id": f"n{i}", "since": "2026-10-01" if i < 3 else ""} for i in range(20)]
    mentors = Pool.of([{"id": "m"}])
    result = report([], mentors, Pool.of(rows), groups=[], waiting="since", as_of=AS_OF, hide_under=5)
    assert (result.overall.newcomers, result.overall.waiting_median) == (Figure(20), HIDDEN)


def spread(*counts: int, newcomers: int = 400) -> FairnessReport:
    """counts[i] mentors with i newcomers each, of two towns."""
    loads = [load for load, count in enumerate(counts) for _ in range(count)]
    numbers = iter(range(newcomers))
    pairs = [(f"n{next(numbers)}", f"m{i}", 1.0) for i, load in enumerate(loads) for _ in range(load)]
    mentors = Pool.of({"id": f"m{i}", "town": "ab"[i % 2]} for i in range(len(loads)))
    return report(
        pairs, mentors, Pool.of({"id": f"n{i}"} for i in range(newcomers)), groups=["town"], hide_under=5
    )


def bins(result: FairnessReport) -> list[tuple[int, bool, float | None]]:
    return [(bin.newcomers, bin.or_more, bin.mentors.value) for bin in result.load.bins]


def test_small_numbers_of_heavy_loads_are_counted_together() -> None:
    result = spread(10, 20, 30, 4, 2, 1)
    assert bins(result) == [(0, False, 10), (1, False, 20), (2, False, 30), (3, True, 7)]
    assert result.load.gini.value is not None
    assert {group.name: group.busy.value for group in result.mentor_columns[0].groups} == {"a": 29, "b": 28}


def test_few_idle_mentors_are_hidden_with_the_next_smallest_load() -> None:
    result = spread(2, 30, 8, 9)
    assert bins(result) == [(0, False, None), (1, False, 30), (2, False, None), (3, True, 9)]
    assert result.load.gini == HIDDEN
    assert {group.busy for group in result.mentor_columns[0].groups} == {HIDDEN}


def test_all_loads_are_hidden_where_that_is_what_it_takes() -> None:
    assert bins(spread(20, 3, 6)) == [(0, False, 20), (1, True, 9)]
    assert bins(spread(2, 0, 7)) == [(0, False, None), (1, True, None)]


def test_loads_are_withheld_where_they_add_up_to_the_few_unmatched() -> None:
    result = spread(10, 20, newcomers=22)
    assert (result.overall.matched, result.load.bins, result.load.gini) == (HIDDEN, (), HIDDEN)
    assert result.load.mentors == Figure(30)


def unknowns(column: Column, whole: Any) -> Iterator[tuple[str, str, float, float]]:
    """The least and greatest whole number that each hidden count could be, for somebody who reads the column.

    Unknown are the newcomers, the matched and the nobodies of each group. A reader knows that what is left of
    newcomers and of unmatched is not less than nothing, and that groups add up to the total, or, where a
    person may be in several, that no group is above the total and that together they are not below it.
    """
    n = len(column.groups)
    parts = {
        name: np.kron(row, np.eye(n))
        for name, row in {
            "newcomers": [1, 0, 0],
            "matched": [0, 1, 0],
            "nobody": [0, 0, 1],
            "unmatched": [1, -1, 0],
            "somebody": [1, -1, -1],
        }.items()
    }
    totals = {name: getattr(whole, name).value for name in ("newcomers", "matched", "nobody")}
    if totals["matched"] is not None:
        totals["unmatched"] = totals["newcomers"] - totals["matched"]
    if totals["nobody"] is not None:
        totals["somebody"] = totals["unmatched"] - totals["nobody"]
    known: list[tuple[Any, float, float]] = []
    for name, rows in parts.items():
        total = totals.get(name)
        known += [(row, name == "newcomers", np.inf if total is None else total) for row in rows]
        if total is not None:
            known.append((rows.sum(axis=0), total, np.inf if column.several else total))
        for row, group in zip(rows, column.groups, strict=True):
            value = getattr(group, name).value if hasattr(group, name) else None
            if value is not None:
                known.append((row, value, value))
    for name in ("newcomers", "matched", "nobody"):
        for row, group in zip(parts[name], column.groups, strict=True):
            if getattr(group, name).hidden:
                yield group.name, name, *ends(row, known)


def ends(goal: Any, known: list[tuple[Any, float, float]]) -> tuple[float, float]:
    """The least and greatest whole number that `goal` can be under what is known."""
    rows, low, high = zip(*known, strict=True)
    constraints = LinearConstraint(np.array(rows), low, high)
    least, most = (milp(sign * goal, constraints=constraints, integrality=1) for sign in (1, -1))
    assert least.success  # what was published can be so at all
    return least.fun, -most.fun if most.success else np.inf


town = st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(0, 8)).filter(any)


@settings(max_examples=80, deadline=None)
@given(people=st.lists(town, min_size=1, max_size=5), hide_under=st.integers(2, 6))
@example(
    people=[(1, 0, 0), (1, 0, 0), (0, 1, 0), (20, 20, 0)], hide_under=3
)  # one person in each hidden town
@example(people=[(12, 8, 0), (7, 5, 0), (4, 9, 0), (5, 1, 0)], hide_under=6)
def test_no_hidden_count_of_towns_can_be_worked_out(people: list[Town], hide_under: int) -> None:
    result = towns(*people, hide_under=hide_under)
    (column,) = result.columns
    for group, counts in ((by_name(column).get(f"town {i}"), counts) for i, counts in enumerate(people)):
        shown = [] if group is None else [group.newcomers.value, group.matched.value, group.nobody.value]
        assert all(value is None or value >= hide_under for value in shown)
        if group is not None and group.matched.value is not None:
            assert counts[1] + counts[2] >= hide_under
    for name, part, low, high in unknowns(column, result.overall):
        assert low < high, (name, part, low)


person = st.tuples(st.sets(st.sampled_from("abcd"), min_size=1), st.booleans(), st.booleans())


@settings(max_examples=80, deadline=None)
@given(people=st.lists(person, min_size=1, max_size=40), hide_under=st.integers(2, 5))
def test_no_hidden_count_of_languages_can_be_worked_out(
    people: list[tuple[set[str], bool, bool]], hide_under: int
) -> None:
    rows = [{"id": f"n{i}", "speaks": sorted(speaks)} for i, (speaks, _, _) in enumerate(people)]
    result = report(
        [(f"n{i}", "m", 1.0) for i, (_, matched, _) in enumerate(people) if matched],
        Pool.of([{"id": "m"}]),
        Pool.of(rows),
        groups=["speaks"],
        feasible={f"n{i}": int(suits) for i, (_, _, suits) in enumerate(people)},
        hide_under=hide_under,
    )
    for name, part, low, high in unknowns(result.columns[0], result.overall):
        assert low < high, (name, part, low)


@settings(max_examples=80, deadline=None)
@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any))
@example(counts=[7, 0, 8, 9])  # nobody to move into the empty bin, were the third shown
def test_no_hidden_load_can_be_worked_out(counts: list[int]) -> None:
    """A reader knows the mentors, the pairs, and that the open bin may hold more than it says."""
    result = spread(*counts)
    shown = [bin.mentors.value for bin in result.load.bins]
    assert all(value is None or value >= 5 for value in shown)
    total, each = result.load.mentors.value, np.eye(len(shown))
    if total is None or not shown:
        return
    pairs = sum(load * count for load, count in enumerate(counts))
    known = [(np.ones(len(shown)), total, total), (np.arange(len(shown)), 0, pairs)]
    known += [(each[i], value, value) for i, value in enumerate(shown) if value is not None]
    for i in (i for i, value in enumerate(shown) if value is None):
        low, high = ends(each[i], known)
        assert low < high, (i, shown)


@given(order=st.permutations(range(4)))
def test_the_order_of_rows_never_matters(order: list[int]) -> None:
    rows = [dict(person.row) for person in NEWCOMERS.people]
    first, second = (
        report(PAIRS, MENTORS, Pool.of(some), groups=["languages", "wish"], waiting="since", as_of=AS_OF)
        for some in (rows, [rows[i] for i in order])
    )
    assert first == second


def parsed(html: str) -> ElementTree.Element:
    """The page's body: it is written so that it reads as XML, too."""
    return ElementTree.fromstring(html[html.index("<body>") : html.index("</html>")])


def test_the_page_draws_each_chart_with_title_description_and_table(four: FairnessReport) -> None:
    html = page(four)
    body = parsed(html)
    charts = body.findall(".//svg[@role='img']")
    assert len(charts) == 6
    for chart in charts:
        names = [chart.find(tag).get("id") for tag in ("title", "desc")]  # type: ignore[union-attr]
        assert chart.get("aria-labelledby") == " ".join(str(name) for name in names)
    assert len(body.findall(".//table")) == 6
    assert {cell.get("scope") for cell in body.iter("th")} == {"row", "col"}
    ids = [node.get("id") for node in body.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for outside in ("<script", "style=", "href", "src=", "http", "url("):
        assert outside not in html


def test_what_people_wrote_stays_text() -> None:
    newcomers = Pool.of([{"id": "n", "<b>town": '"><script>alert(1)</script>'}])
    html = page(report([], MENTORS, newcomers, groups=["<b>town"]), title="<i>")
    parsed(html)
    assert "<script" not in html and "<b>" not in html and "<i>" not in html


def test_the_page_says_in_words_what_is_not_known() -> None:
    html = page(report([], MENTORS, NEWCOMERS, groups=["wish"]))
    assert "no column says since when people wait" in html
    assert "feasible mentors were not counted" in html
    assert "Days waited" not in html
    assert "No mentor has a newcomer" in html


def test_the_page_shows_nothing_of_what_is_hidden() -> None:
    body = "".join(parsed(page(towns(*[(1, 0, 0)] * 4, *[(0, 1, 0)] * 3, mentors=3))).itertext())
    assert body.count("All groups are too small to be shown.") == 2
    assert "How many newcomers the mentors have is hidden" in body
    assert "town 0" not in body
    assert "Under 5" in body


def test_hidden_groups_are_not_drawn_but_stand_in_the_table() -> None:
    body = parsed(page(towns((20, 20, 0), (10, 10, 0), (2, 1, 0), (6, 7, 0))))
    assert "2 not drawn: hidden or not known." in "".join(body.itertext())
    assert [cell.text for cell in body.findall(".//tr/th/bdi")][:4] == [f"town {i}" for i in range(4)]
    none_drawn = page(spread(2, 0, 7))
    assert "2 not drawn" in none_drawn and 'id="loadt"' not in none_drawn


def test_long_labels_are_cut_in_the_chart_alone() -> None:
    names = ["Sankt Wendel im Naheland mit einem langen Namen", "日本語の長い名前のグループでありますね"]
    newcomers = Pool.of({"id": f"n{i}", "town": name} for i, name in enumerate(names))
    body = parsed(page(report([], MENTORS, newcomers, groups=["town"])))
    drawn = [text.text for text in body.findall(".//svg/text") if (text.text or "").endswith("…")]
    assert drawn == ["Sankt Wendel im Naheland mit e…", "日本語の長い名前のグループであ…"]
    assert {bdi.text for bdi in body.findall(".//th/bdi")} >= set(names)


def test_the_yardstick_has_a_report(newcomers_yardstick: Loaded) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    result = match(mentors, newcomers, criteria, alternatives=0)
    made = report(
        result.pairs,
        mentors,
        newcomers,
        groups=["languages", "wishes_gender", "capacity"],
        feasible={one.newcomer: one.feasible for one in result.unmatched},
        waiting="registered_on",
        as_of=date(2026, 11, 1),
    )
    assert made.overall.matched.value == len({pair.newcomer for pair in result.pairs})
    assert made.overall.nobody.value == 4
    assert [column.name for column in made.mentor_columns] == ["languages", "capacity"]
    parsed(page(made))
