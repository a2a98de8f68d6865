"""criteria.md said slowly, pair by pair, against what the kinds say of lists and of tiles."""

import math
from collections import Counter
from datetime import date
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from matching import Criteria, CriteriaError, InputError, Pool, Refusal, Scorer
from matching.edges import Edges, index_type
from matching.scoring import score as scoring
from matching.scoring import tiles
from matching.scoring.bits import Bits, shared_words
from matching.scoring.score import Scores

Row = dict[str, Any]
Said = tuple[float | None, bool]
LEVELS = ("a1", "a2", "b1", "b2", "c1", "c2", "native")
HOURS = [f"day{k}" for k in range(70)]
PLACES = [
    (50.0, 8.0),
    (50.01, 8.02),
    (50.0, -170.0),
    (-50.0, -172.0),
    (51.0, 8.0),
    (None, 8.0),
    (50.0, None),
    (90.0, 5.0),
]
TEXTS = ["", "cooking and chess", "football", "chess, football and tea", "tea", "-"]


def people(side: str, count: int, seed: int) -> list[Row]:
    """Rows in which whatever may be unknown sometimes is."""
    random = Random(seed)

    def some(of: Any, most: int) -> list[str]:
        return random.sample(of, random.randint(0, most))

    rows = []
    for k in range(count):
        y, x = random.choice(PLACES)
        rows.append(
            {
                "id": f"{side}{k:02}",
                "word": random.choice(["", "x", "y", "z "]),
                "list": ",".join(some(["x", "y", "z", "x y"], 3)),
                "topics": " ".join(some(["school", "work", "health", "rare"], 3)),
                "languages": {tag: random.choice(LEVELS) for tag in some(["de", "ar", "uk"], 2)},
                "interpreter": random.choice(["", "yes"]) if k % 5 == 0 else "",
                "hours": " ".join(some([*HOURS[:4], *HOURS[60:], "flexible"], 6)),
                "y": y, "x": x,
                "reach": random.choice([None, 0, 2, 4, 111, 112, 9_000, 20_015, 20_016]),
                "online": random.choice(["", "yes"]),
                "age": random.choice([None, 20, 20.5, 21, 22]),
                "grade": random.choice(["", "low", "middle", "high"]),
                "text": random.choice(TEXTS),
                "gender": random.choice(["", "f", "m"]),
                "wish": random.choice(["", "f", "m", "f!", "m !", "!"]),
                "since": random.choice([None, "2026-09-02", date(2026, 10, 31)]),
            }
        )  # fmt: skip
    return rows


MENTORS, NEWCOMERS = people("m", 23, 1), people("n", 19, 2)
TABLE = {(n["id"], m["id"]): k / 7 for k, (n, m) in enumerate(product(NEWCOMERS[::3], MENTORS[::4]))}
TABLE |= {("gone", "m01"): 9.0, ("n01", "gone"): 9.0}
DECISIONS = [
    *[("n00", "m01", True), ("n01", "m01", False), ("n02", "m01", True), ("n00", "m03", False)],
    ("n00", "gone", True),
]
WORDS = TfidfVectorizer().fit([row["text"] for row in MENTORS + NEWCOMERS])
VECTORS = {text: WORDS.transform([text]) for text in TEXTS}


def same(c: Row, m: Row, n: Row) -> Said:
    ours, theirs = n["word"].strip(), m["word"].strip()
    if not ours or not theirs:
        return None, True
    part = float((ours == theirs) == (c["kind"] == "same"))
    return part, part == 0


def contains(c: Row, m: Row, n: Row) -> Said:
    part = float(n["word"].strip() in set(filter(None, m["list"].split(","))))
    return part, part == 0


def coverage(c: Row, m: Row, n: Row) -> Said:
    wanted, offered = set(n["topics"].split()), set(m["topics"].split())
    if not wanted:
        return None, True
    asked = Counter(topic for row in NEWCOMERS for topic in row["topics"].split())
    weigh = {topic: math.log(asked.total() / asked[topic]) if c.get("rarity") else 1 for topic in wanted}
    part = sum(weigh[topic] for topic in wanted & offered) / sum(weigh.values())
    return part, part == 0


def levels(c: Row, m: Row, n: Row) -> Said:
    ours, theirs = ({tag: LEVELS.index(level) + 1 for tag, level in p["languages"].items()} for p in (n, m))
    best = max((min(ours[tag], theirs[tag]) for tag in ours.keys() & theirs.keys()), default=0)
    least = 1 if c["require"] is True else LEVELS.index(c["require"].lower()) + 1
    return best / 7 if ours and theirs else None, best < least and not n["interpreter"]


def slots(c: Row, m: Row, n: Row) -> Said:
    ours, theirs = set(n["hours"].split()), set(m["hours"].split())
    shared = len(ours & theirs - {"flexible"})
    part = min(shared, c["saturate"]) / c["saturate"]
    if "flexible" in ours | theirs:
        return 0.5, False
    return part if ours and theirs else None, shared < c["require"]


def distance(c: Row, m: Row, n: Row) -> Said:
    if m["online"] and n["online"]:
        return 0.5, False
    if None in (m["y"], m["x"], n["y"], n["x"]):
        return None, True
    y, x, v, u = (math.radians(degrees) for degrees in (m["y"], m["x"], n["y"], n["x"]))
    chord = math.sin((y - v) / 2) ** 2 + math.cos(y) * math.cos(v) * math.sin((x - u) / 2) ** 2
    km = 2 * 6371 * math.asin(min(1, math.sqrt(chord)))
    reached = [p["reach"] is not None and km <= p["reach"] for p in (m, n)]
    return math.exp(-km / c["decay"]), not (all if c["require"] == "both" else any)(reached)


def difference(c: Row, m: Row, n: Row) -> Said:
    column = c["mentor"]
    place = {"": None} | {value: index for index, value in enumerate(c.get("order", ()))}
    ours, theirs = (place[p[column]] if "order" in c else p[column] for p in (n, m))
    points = c["points"].get(f"{theirs - ours:g}") if None not in (ours, theirs) else None
    return points or 0, points is None


def text(c: Row, m: Row, n: Row) -> Said:
    if not m["text"] or not n["text"]:
        return None, True
    cosine = float((VECTORS[m["text"]] @ VECTORS[n["text"]].T).toarray()[0, 0])
    return cosine, cosine == 0


def wish(c: Row, m: Row, n: Row) -> Said:
    asker, other = (m, n) if c.get("asked_by") == "mentor" else (n, m)
    asked, value = asker["wish"], other["gender"]
    wanted = asked.removesuffix("!").strip()
    if not wanted:
        return 1, False
    binding = asked.endswith("!") or c.get("require", False)
    return (float(wanted == value) if value else None), bool(binding) and wanted != value


def waiting(c: Row, m: Row, n: Row) -> Said:
    since = n["since"]
    since = date.fromisoformat(since) if isinstance(since, str) else since
    return (c["as_of"] - since).days / c["per"] if since else 0, False


def history(c: Row, m: Row, n: Row) -> Said:
    own = [accepted for _, mentor, accepted in DECISIONS if mentor == m["id"]]
    return (sum(own) + 5 * 3 / 5) / (len(own) + 5), False


def table(c: Row, m: Row, n: Row) -> Said:
    part = TABLE.get((n["id"], m["id"]), 0.0)
    return part, part <= 0


def constant(c: Row, m: Row, n: Row) -> Said:
    return 1, False


SLOWLY = {
    "constant": constant, "same": same, "different": same, "contains": contains, "coverage": coverage,
    "levels": levels, "slots": slots, "distance": distance, "difference": difference, "text": text,
    "wish": wish, "waiting": waiting, "history": history, "table": table,
}  # fmt: skip


def both(column: str, **fields: Any) -> Row:
    return {"mentor": column, "newcomer": column, **fields}


WAY = {
    "kind": "distance", "mentor": ["y", "x"], "newcomer": ["y", "x"], "reach_mentor": "reach",
    "reach_newcomer": "reach", "online_mentor": "online", "online_newcomer": "online", "decay": 8,
}  # fmt: skip
EACH: list[Row] = [
    {"kind": "constant"},
    both("word", kind="same", require=True),
    both("word", kind="different", require=True),
    {"kind": "contains", "mentor": "list", "newcomer": "word", "separator": ",", "require": True},
    both("topics", kind="coverage", require=True),
    both("topics", kind="coverage", rarity=True, require=True),
    both("languages", kind="levels", require=True),
    both("languages", kind="levels", require="B1"),
    both("languages", kind="levels", require="native"),
    both("hours", kind="slots", saturate=2, require=1),
    both("hours", kind="slots", saturate=3, require=2),
    WAY | {"require": "either"},
    WAY | {"require": "both"},
    both("age", kind="difference", points={"0": 2, "-1": 4, "0.5": 1, "1": 0}, require=True),
    both("grade", kind="difference", order=["low", "middle", "high"], points={"0": 2, "1": 3}, require=True),
    both("text", kind="text", require=True),
    {"kind": "wish", "mentor": "gender", "newcomer": "wish"},
    {"kind": "wish", "mentor": "gender", "newcomer": "wish", "require": True},
    {"kind": "wish", "mentor": "wish", "newcomer": "gender", "asked_by": "mentor"},
    {"kind": "wish", "mentor": "wish", "newcomer": "gender", "asked_by": "mentor", "require": True},
    {"kind": "waiting", "newcomer": "since", "per": 60, "as_of": date(2026, 11, 1)},
    {"kind": "history"},
    {"kind": "table", "require": True},
]


(WAITING,) = (row for row in EACH if row["kind"] == "waiting")


def ready(
    rows: list[Row], mentors: list[Row] = MENTORS, newcomers: list[Row] = NEWCOMERS, **more: Any
) -> Scores:
    named = [{"name": f"c{k}", **row} for k, row in enumerate(rows)]
    tables = {row["name"]: TABLE for row in named if row["kind"] == "table"}
    scorer = Scorer(Criteria.from_dict({"criterion": named}), decisions=DECISIONS, tables=tables)
    pools = Pool.of(mentors), Pool.of(newcomers)
    return scorer.fit(*pools).score(*pools, **more)


def wide(count: int) -> Any:
    return np.arange(count)[None, :]


@pytest.mark.parametrize("c", EACH, ids=lambda c: f"{c['kind']}-{c.get('require', '')}")
def test_each_kind_says_of_every_pair_what_the_contract_says(c: Row) -> None:
    scores = ready([c])
    (kind,) = scores.kinds.values()
    said = [SLOWLY[c["kind"]](c, m, n) for n in NEWCOMERS for m in MENTORS]
    part = pytest.approx([0.5 if part is None else part for part, _ in said], abs=1e-9)
    unknown, refused = [part is None for part, _ in said], [refused for _, refused in said]
    shape = len(NEWCOMERS), len(MENTORS)
    listed = tuple(np.indices(shape).reshape(2, -1))
    for i, j in (listed, (wide(shape[0]).T, wide(shape[1]))):
        assert kind.part(i, j).ravel().tolist() == part
        assert kind.unknown(i, j).ravel().tolist() == unknown
        assert not kind.refuses or kind.refused(i, j).ravel().tolist() == refused
    assert kind.refuses or not any(refused)
    edges = scores.edges()
    assert list(zip(edges.rows.tolist(), edges.columns.tolist(), strict=True)) == [
        (row, column) for row, column in np.ndindex(shape) if not refused[row * shape[1] + column]
    ]


def test_the_ledger_counts_for_everybody_what_excludes_and_what_alone_excludes() -> None:
    rows = [EACH[1], EACH[11], EACH[9]]
    blocked = Refusal(
        pairs=frozenset({("m01", "n02"), ("m03", "n02"), ("m22", "n18"), ("gone", "n02"), ("m01", "gone")}),
        mentors=frozenset({"m05", "gone"}), newcomers=frozenset({"n07", "gone"}),
    )  # fmt: skip
    scores = ready(rows, refusals={"blocked": blocked})
    expected = {}
    for row, n in enumerate(NEWCOMERS):
        reasons = [
            [SLOWLY[c["kind"]](c, m, n)[1] for c in rows]
            + [(m["id"], n["id"]) in blocked.pairs or m["id"] == "m05" or n["id"] == "n07"]
            for m in MENTORS
        ]
        for k, name in enumerate(["c0", "c1", "c2", "blocked"]):
            excluded = [one for one in reasons if one[k]]
            expected[row, name] = len(excluded), sum(sum(one) == 1 for one in excluded)
    everybody = np.arange(len(NEWCOMERS))
    for columns, parts in product((1, 5, 2048), (2, 8)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scoring, "COLUMNS", columns)
            patch.setattr(scoring, "ROWS", 4)
            patch.setattr(tiles, "ROWS", 3)
            patch.setattr(tiles, "PARTS", parts)
            counted = {
                (row, name): (excluded, alone)
                for block, name, *counts in scores.ledger(everybody)
                for row, excluded, alone in zip(block.tolist(), *(c.tolist() for c in counts), strict=True)
            }
            pairs = scores.edges()
        assert counted == expected
        assert np.diff(pairs.starts).sum() == len(pairs.columns)
    few = {row for block, *_ in scores.ledger(everybody[5:9]) for row in block.tolist()}
    assert few == {5, 6, 7, 8}


class Half:
    """A model for which every pair lasts as often as its first part says."""

    def bind(self, mentors: Pool, newcomers: Pool, criteria: Criteria, decisions: Any = ()) -> "Half":
        assert (len(mentors), len(newcomers), len(criteria.criteria)) == (23, 19, 3)
        self.decisions = decisions
        return self

    def probability(self, parts: Any, i: Any, j: Any) -> Any:
        assert parts.shape == (len(i), 3) and len(i) == len(j)
        return parts[:, 0]


def test_a_fit_is_the_weighted_sum_and_with_a_model_its_probability_and_the_priorities() -> None:
    rows = [
        EACH[1] | {"weight": 2, "require": False},
        EACH[4] | {"weight": 3, "require": False},
        WAITING | {"weight": 0.5},
    ]
    named = [{"name": f"c{k}", **row} for k, row in enumerate(rows)]
    pools, model = (Pool.of(MENTORS), Pool.of(NEWCOMERS)), Half()
    criteria = Criteria.from_dict({"criterion": named})
    shape = len(NEWCOMERS), len(MENTORS)
    i, j = np.indices(shape).reshape(2, -1)
    parts = np.array(
        [[0.5 if (part := SLOWLY[c["kind"]](c, MENTORS[b], NEWCOMERS[a])[0]) is None else part for c in rows]
         for a, b in zip(i, j, strict=True)]
    )  # fmt: skip
    plain = Scorer(criteria).fit(*pools).score(*pools)
    assert plain.parts(i, j) == pytest.approx(parts)
    assert plain.fit(i, j) == pytest.approx(parts @ [2, 3, 0.5])
    assert plain.edges().fit == pytest.approx(parts @ [2, 3, 0.5])
    learned = Scorer(criteria, model=model, decisions=DECISIONS).fit(*pools).score(*pools)
    assert learned.fit(i, j) == pytest.approx(5 * parts[:, 0] + 0.5 * parts[:, 2])
    assert model.decisions == tuple(DECISIONS)
    unknown = [
        [SLOWLY[c["kind"]](c, MENTORS[b], NEWCOMERS[a])[0] is None for c in rows]
        for a, b in zip(i, j, strict=True)
    ]
    assert plain.unknown(i, j).tolist() == unknown


def test_pairs_of_many_people_are_those_of_a_few_at_a_time() -> None:
    mentors, newcomers = people("m", 300, 3), people("n", 150, 4)
    for criteria in ([EACH[11]], [EACH[12]], [EACH[1]]):
        scores = ready(criteria, mentors, newcomers)
        edges = scores.edges()
        (kind,) = scores.kinds.values()
        allowed = ~kind.refused(wide(150).T, wide(300))
        assert np.flatnonzero(allowed).tolist() == (edges.rows * 300 + edges.columns).tolist()
        assert (edges.starts[0], edges.starts[150:].tolist(), edges.mentors) == (0, [len(edges)], 300)
        assert (edges.columns.dtype, len(edges)) == (np.uint16, allowed.sum())


@pytest.mark.parametrize(("require", "theirs"), [("either", 10), ("both", 10), ("both", 100)])
def test_only_mentors_in_somebodys_reach_are_looked_at(require: str, theirs: int) -> None:
    """Two villages 15 km apart, the newcomers' reach is 10 km: no block of one holds anybody of the other."""

    def village(side: str, count: int, reach: int) -> list[Row]:
        place = {"x": 8, "reach": reach, "online": ""}
        return [{"id": f"{side}{k:03}", "y": 50 + k % 2 * 0.135, **place} for k in range(count)]

    scores = ready([WAY | {"require": require}], village("m", 200, theirs), village("n", 256, 10))
    seen = list(tiles.blocks(np.arange(256), 200, scores._way))
    assert sorted(row for rows, _ in seen for row in rows.tolist()) == list(range(256))
    assert len(seen) == 256 / tiles.ROWS
    for rows, columns in seen:
        assert set(columns % 2) == set(rows % 2)
        assert (np.diff(rows) > 0).all() and (np.diff(columns) > 0).all()


def test_without_a_required_way_everybody_is_looked_at_in_blocks() -> None:
    seen = list(tiles.blocks(np.arange(130), 7, None))
    assert [rows.tolist() for rows, _ in seen] == [list(range(64)), list(range(64, 128)), [128, 129]]
    assert all(columns.tolist() == list(range(7)) for _, columns in seen)


def test_who_has_no_place_is_looked_at_only_online() -> None:
    rows = [
        {"id": f"n{k}", "y": None, "x": None, "reach": None, "online": "yes" if k else ""} for k in range(70)
    ]
    mentors = [
        {"id": f"m{k}", "y": 50, "x": 8, "reach": 1, "online": "yes" if k == 2 else ""} for k in range(4)
    ]
    scores = ready([WAY | {"require": "both"}], mentors, rows)
    seen = [
        (rows.tolist(), columns.tolist()) for rows, columns in tiles.blocks(np.arange(70), 4, scores._way)
    ]
    assert seen == [(list(range(1, 65)), [2]), (list(range(65, 70)), [2])]
    assert scores.edges().columns.tolist() == [2] * 69
    ledger = scores.ledger(np.arange(70))
    counted = [
        line for rows, _, *of in ledger for line in zip(rows.tolist(), *(c.tolist() for c in of), strict=True)
    ]
    assert sorted(counted) == [(0, 4, 4), *((k, 3, 3) for k in range(1, 70))]


@pytest.mark.parametrize(("who", "left"), [("m00", [1, 2, 3]), ("m01", [0, 2, 3]), ("m03", [0, 1, 2])])
def test_one_pair_alone_can_be_refused(who: str, left: list[int]) -> None:
    blocked = Refusal(pairs=frozenset({(who, "n00")}))
    edges = ready([EACH[0]], MENTORS[:4], NEWCOMERS[:1], refusals={"blocked": blocked}).edges()
    assert edges.columns.tolist() == left


# Small things.


def test_edges_are_put_in_order_found_and_thinned_out() -> None:
    rows, columns, fit = np.array([2, 0, 2, 0]), np.array([1, 3, 0, 2]), np.array([0.0, 1.0, 2.0, 3.0])
    edges, order = Edges.of(rows, columns, fit, (3, 4))
    assert (edges.starts.tolist(), edges.columns.tolist(), edges.fit.tolist()) == (
        [0, 2, 2, 4],
        [2, 3, 0, 1],
        [3, 1, 2, 0],
    )
    assert (order.tolist(), edges.mentors, len(edges), edges.columns.dtype) == ([3, 1, 2, 0], 4, 4, np.uint8)
    assert edges.starts.dtype == np.int64
    assert [[edges.find(row, column) for column in range(4)] for row in range(3)] == [
        [-1, -1, 0, 1], [-1, -1, -1, -1], [2, 3, -1, -1]
    ]  # fmt: skip
    fewer = edges.only(np.array([False, True, True, False]))
    assert (fewer.starts.tolist(), fewer.columns.tolist(), fewer.fit.tolist()) == (
        [0, 1, 1, 2],
        [3, 0],
        [1, 2],
    )
    assert fewer.mentors == 4


@pytest.mark.parametrize(
    ("count", "kind"), [(0, "u1"), (255, "u1"), (256, "u2"), (65_535, "u2"), (65_536, "u4")]
)
def test_places_are_kept_as_narrow_as_their_number_allows(count: int, kind: str) -> None:
    assert index_type(count) == np.dtype(kind)


@pytest.mark.parametrize(
    ("words", "width", "blocks"),
    [(0, 8, 1), (8, 8, 1), (9, 16, 1), (16, 16, 1), (17, 32, 1), (33, 64, 1), (64, 64, 1), (65, 64, 2),
     (129, 64, 3)],
)  # fmt: skip
def test_sets_are_as_narrow_as_their_words_allow(words: int, width: int, blocks: int) -> None:
    vocabulary = {str(word): word for word in range(words)}
    bits = Bits.of([frozenset(vocabulary), frozenset(["other"])], vocabulary)
    assert (bits.blocks.shape, bits.blocks.dtype) == ((blocks, 2), np.dtype(f"uint{width}"))
    here, there = np.array([0, 0, 1]), np.array([0, 1, 1])
    assert bits.count(bits, here, there).tolist() == [words, 0, 0]
    assert bits.meets(bits, here, there).tolist() == [words > 0, False, False]


def test_only_words_that_both_sides_know_are_numbered_in_their_order() -> None:
    assert shared_words([{"b", "a"}, {"c"}], [{"c", "d"}, {"b"}]) == {"b": 0, "c": 1}


def test_what_cannot_be_scored_is_said_in_one_sentence() -> None:
    def message(
        error: type[Exception], rows: list[Row], mentors: list[Row], newcomers: list[Row], **more: Any
    ) -> str:
        with pytest.raises(error) as caught:
            ready(rows, mentors, newcomers, **more).edges()
        return str(caught.value)

    m, n = MENTORS[0], NEWCOMERS[0]
    assert message(InputError, [EACH[11]], [m | {"y": 90.5}], [n]) == (
        "m00, column y: 90.5 is not known; accepted: degrees from -90 to 90."
    )
    assert message(InputError, [EACH[11]], [m], [n | {"x": -181}]) == (
        "n00, column x: -181 is not known; accepted: degrees from -180 to 180."
    )
    assert message(InputError, [EACH[14]], [m], [n | {"grade": "mid"}]) == (
        "n00, column grade: 'mid' is not known; accepted: low, middle, high."
    )
    assert message(InputError, [EACH[1]], [{"id": "m"}], [n]) == (
        "No mentor has a column 'word'; the columns are: id."
    )
    assert message(InputError, [EACH[1]], [m], [{"id": "n"}]) == (
        "No newcomer has a column 'word'; the columns are: id."
    )
    assert message(InputError, [EACH[0]], [m], [n], refusals={"c0": Refusal()}) == (
        "The refusal 'c0' has the name of a criterion; each needs its own."
    )
    undated = {key: value for key, value in WAITING.items() if key != "as_of"}
    assert message(CriteriaError, [undated], [m], [n]) == (
        "Criterion c0: as_of is missing; give a day as 2026-11-01."
    )
    criteria = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
    pools = Pool.of([m]), Pool.of([n])
    with pytest.raises(CriteriaError) as caught:
        Scorer(criteria).fit(*pools).score(*pools)
    assert str(caught.value) == "Criterion given: its table of (newcomer, mentor) values was not given."
    with pytest.raises(InputError) as unreadable:
        Scorer(criteria, tables={"given": {("n00", "m00"): math.inf}}).fit(*pools).score(*pools).edges()
    assert str(unreadable.value) == "A fit is not a finite number; look for such a value in the tables."


@pytest.mark.parametrize("degrees", [(90, 180), (-90, -180)])
def test_the_ends_of_the_globe_belong_to_it(degrees: tuple[int, int]) -> None:
    row = {"y": degrees[0], "x": degrees[1], "reach": 0, "online": ""}
    assert len(ready([EACH[11]], [{"id": "m", **row}], [{"id": "n", **row}]).edges()) == 1


def test_nobody_wrote_a_word_and_nobody_answered() -> None:
    rows = [both("text", kind="text"), {"kind": "history"}, both("topics", kind="coverage", rarity=True)]
    named = [{"name": f"c{k}", **row} for k, row in enumerate(rows)]
    pools = (
        Pool.of([{"id": "m", "text": "-", "topics": ""}]),
        Pool.of([{"id": "n", "text": "?", "topics": ""}]),
    )
    scores = Scorer(Criteria.from_dict({"criterion": named})).fit(*pools).score(*pools)
    here = np.array([0])
    assert scores.parts(here, here).tolist() == [[0, 0.5, 0.5]]
    assert scores.unknown(here, here).tolist() == [[False, False, True]]


def test_a_wish_that_everybody_has_still_counts() -> None:
    criteria = Criteria.from_dict({"criterion": [both("topics", name="it", kind="coverage", rarity=True)]})
    pools = Pool.of([{"id": "m", "topics": "a"}]), Pool.of([{"id": "n", "topics": "a"}])
    here = np.array([0])
    assert Scorer(criteria).fit(*pools).score(*pools).parts(here, here).tolist() == [[1.0]]


def test_what_everybody_asked_for_weighs_nothing_beside_what_nobody_did() -> None:
    criteria = Criteria.from_dict({"criterion": [both("topics", name="it", kind="coverage", rarity=True)]})
    mentors = Pool.of([{"id": "m", "topics": "a"}])
    asked = Pool.of([{"id": "n", "topics": "a"}, {"id": "o", "topics": "a"}])
    others = Pool.of([{"id": f"n{k}", "topics": topics} for k, topics in enumerate(["new", "a new", "a"])])
    scores = Scorer(criteria).fit(mentors, asked).score(mentors, others)
    newcomers = np.arange(3)
    assert scores.parts(newcomers, 0 * newcomers).tolist() == [[0.0], [0.0], [1.0]]


@pytest.mark.parametrize(
    ("require", "ours", "theirs", "pairs"),
    [
        ("either", 0, None, 1),
        ("either", None, 0, 1),
        ("either", None, None, 0),
        ("both", 0, 0, 1),
        ("both", 0, None, 0),
    ],
)
def test_a_reach_of_nothing_reaches_the_same_place(require: str, ours: Any, theirs: Any, pairs: int) -> None:
    place = {"y": 50.03, "x": 8.07, "online": ""}
    mentors, newcomers = [{"id": "m", **place, "reach": theirs}], [{"id": "n", **place, "reach": ours}]
    assert len(ready([WAY | {"require": require}], mentors, newcomers).edges()) == pairs
