"""What a coordinator relies on: nobody forbidden, nobody too many, every row order the same."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    Criteria,
    Excluded,
    FixedPairError,
    InputError,
    Person,
    Pool,
    Refusal,
    Scorer,
    examine,
    match,
)
from tests.matching.conftest import Loaded

DAYS = ("mon:evening", "tue:evening", "sat:morning")
TOPICS = ("school", "health", "work")
CRITERIA = Criteria.from_dict(
    {
        "criterion": [
            {
                "name": "languages",
                "kind": "levels",
                "mentor": "languages",
                "newcomer": "languages",
                "weight": 2,
                "require": "A1",
            },
            {
                "name": "hours",
                "kind": "slots",
                "mentor": "slots",
                "newcomer": "slots",
                "saturate": 2,
                "require": 1,
            },
            {
                "name": "topics",
                "kind": "coverage",
                "mentor": "topics",
                "newcomer": "topics",
                "rarity": True,
                "weight": 3,
            },
            {"name": "gender", "kind": "wish", "mentor": "gender", "newcomer": "wish"},
        ]
    }
)


def rows(prefix: str, fewest: int = 0) -> st.SearchStrategy[list[Person]]:
    """A few people in the shapes a caller may pass: mappings, lists, text."""
    levels = st.sampled_from(["A1", "B2", "native"])
    row = st.fixed_dictionaries(
        {
            "languages": st.dictionaries(st.sampled_from(["de", "ar", "uk"]), levels),
            "slots": st.lists(st.sampled_from([*DAYS, "flexible"]), unique=True),
            "topics": st.lists(st.sampled_from(TOPICS), unique=True).map(" ".join),
            "gender": st.sampled_from(["", "f", "m"]),
            "wish": st.sampled_from(["", "f", "m!", "f!"]),
        }
    )  # fmt: skip
    people = st.lists(st.tuples(row, st.integers(0, 3)), min_size=fewest, max_size=6)
    return people.map(
        lambda drawn: [Person(f"{prefix}{i}", row, places) for i, (row, places) in enumerate(drawn)]
    )


@settings(max_examples=100, deadline=None)
@given(rows("m"), rows("n"), st.randoms(use_true_random=False), st.sampled_from(["coverage", "fit"]))
def test_no_forbidden_pair_capacity_kept_and_row_order_never_matters(
    mentors: list[Person], newcomers: list[Person], random: Random, objective: Any
) -> None:
    forbidden = [(m.id, n.id) for m in mentors for n in newcomers if random.random() < 0.2]
    refusals = {"full": Refusal(mentors=frozenset(m.id for m in mentors if random.random() < 0.1))}

    def solve() -> Any:
        pools = Pool(tuple(mentors)), Pool(tuple(newcomers))
        return match(*pools, CRITERIA, objective=objective, refusals=refusals, forbidden=forbidden)

    result = solve()
    random.shuffle(mentors)
    random.shuffle(newcomers)
    random.shuffle(forbidden)
    assert solve() == result
    assert result.gap == 0
    chosen = [(pair.mentor, pair.newcomer) for pair in result.pairs]
    assert not set(chosen) & set(forbidden)
    assert not {mentor for mentor, _ in chosen} & refusals["full"].mentors
    for person in mentors:
        assert sum(person.id == mentor for mentor, _ in chosen) <= person.capacity
    for person in newcomers:
        assert sum(person.id == newcomer for _, newcomer in chosen) <= person.capacity
    for pair in result.pairs:
        assert pair.fit == pytest.approx(sum(part.contribution for part in pair.parts))
    matched = {newcomer for _, newcomer in chosen}
    assert {line.newcomer for line in result.unmatched} == {n.id for n in newcomers} - matched


def fit_of(mentor: dict[str, Any], newcomer: dict[str, Any], scorer: Scorer) -> float:
    return examine(Person("m", mentor), Person("n", newcomer), CRITERIA, scorer=scorer).pair.fit


@settings(max_examples=100, deadline=None)
@given(rows("m", 1), rows("n", 1))
def test_one_more_shared_thing_never_lowers_the_fit(mentors: list[Person], newcomers: list[Person]) -> None:
    scorer = Scorer(CRITERIA).fit(Pool(tuple(mentors)), Pool(tuple(newcomers)))
    us, them = dict(newcomers[0].row), dict(mentors[0].row)
    us["slots"], them["slots"] = us["slots"] or [DAYS[0]], them["slots"] or [DAYS[1]]
    us["languages"], them["languages"] = us["languages"] or {"de": "A1"}, them["languages"] or {"uk": "A1"}
    them["gender"] = them["gender"] or "m"
    before = fit_of(them, us, scorer)
    met = {
        "language": (
            them | {"languages": them["languages"] | {"ti": "B1"}},
            us | {"languages": us["languages"] | {"ti": "B1"}},
        ),
        "slot": (them | {"slots": sorted({*them["slots"], *us["slots"]})}, us),
        "topic": (them | {"topics": " ".join(TOPICS)}, us),
        "wish": (them, us | {"wish": them["gender"]}),
    }
    for thing, (mentor, newcomer) in met.items():
        assert fit_of(mentor, newcomer, scorer) >= before - 1e-12, thing


def bruno(**changes: Any) -> Person:
    row = {
        "languages": "de:native",
        "slots": "mon:evening sat:morning",
        "topics": "school health",
        "gender": "m",
    }
    return Person("bruno", row | changes)


def amina(id: str = "amina", **changes: Any) -> Person:
    row = {"languages": "ar:native de:B1", "slots": ["mon:evening"], "topics": ["school"], "wish": ""}
    return Person(id, row | changes)


def test_parts_are_those_worked_by_hand() -> None:
    seen = examine(bruno(), amina(), CRITERIA)
    assert seen.refused_by == ()
    assert [(p.name, p.value, p.contribution, p.unknown) for p in seen.pair.parts] == [
        ("languages", 3 / 7, 6 / 7, False),
        ("hours", 0.5, 0.5, False),
        ("topics", 1.0, 3.0, False),
        ("gender", 1.0, 1.0, False),
    ]
    assert seen.pair.fit == pytest.approx(6 / 7 + 4.5)


def test_an_interpreter_lifts_the_required_language_for_that_person_alone() -> None:
    assert examine(bruno(), amina(languages="ar:native"), CRITERIA).refused_by == ("languages",)
    assert examine(bruno(), amina(languages="ar:native", interpreter=True), CRITERIA).refused_by == ()


def test_every_refusal_of_a_pair_is_named() -> None:
    seen = examine(
        bruno(slots="sat:morning"),
        amina(wish="f!"),
        CRITERIA,
        refusals={"blocked": Refusal(pairs=frozenset({("bruno", "amina")})), "full": Refusal()},
    )
    assert seen.refused_by == ("hours", "gender", "blocked")


def test_the_ledger_counts_what_excludes_and_what_alone_excludes() -> None:
    mentors = Pool((bruno(), replace(bruno(slots="tue:evening", gender="f"), id="birgit"),
                    replace(bruno(slots="tue:evening"), id="bert")))  # fmt: skip
    result = match(mentors, Pool((amina(wish="f!"),)), CRITERIA)
    (line,) = result.unmatched
    assert (line.feasible, line.all_taken) == (0, False)
    assert line.excluded == (Excluded("hours", 2, 1), Excluded("gender", 2, 1))


def test_who_came_second_hears_that_all_suitable_mentors_are_taken() -> None:
    newcomers = Pool((amina(), amina("zahra", languages="ar:native de:A1")))
    result = match(Pool((bruno(),)), newcomers, CRITERIA)
    assert [pair.newcomer for pair in result.pairs] == ["amina"]
    assert [(line.newcomer, line.all_taken) for line in result.unmatched] == [("zahra", True)]
    assert [pair.mentor for pair in result.alternatives["zahra"]] == ["bruno"]


def test_a_locked_pair_stays_even_where_another_fits_better() -> None:
    newcomers = Pool((amina(), amina("zahra", languages="ar:native de:A1")))
    result = match(Pool((bruno(),)), newcomers, CRITERIA, locked=[("bruno", "zahra")])
    assert [(pair.mentor, pair.newcomer) for pair in result.pairs] == [("bruno", "zahra")]


@pytest.mark.parametrize(
    ("locked", "forbidden", "words"),
    [
        ([("bruno", "nobody")], [], "no newcomer is called 'nobody'"),
        ([("bruno", "amina"), ("bruno", "zahra")], [], "beyond the capacity of 'bruno'"),
        ([("bruno", "amina")], [("bruno", "amina")], "refused by forbidden"),
    ],
)
def test_a_locked_pair_that_cannot_be_kept_is_named(locked: Any, forbidden: Any, words: str) -> None:
    with pytest.raises(FixedPairError, match=words):
        match(Pool((bruno(),)), Pool((amina(), amina("zahra"))), CRITERIA, locked=locked, forbidden=forbidden)


def test_a_slip_in_a_forbidden_pair_or_an_objective_is_refused() -> None:
    pools = Pool((bruno(),)), Pool((amina(),))
    with pytest.raises(InputError, match="no mentor is called 'brno'"):
        match(*pools, CRITERIA, forbidden=[("brno", "amina")])
    with pytest.raises(InputError, match="accepted: coverage, fit"):
        match(*pools, CRITERIA, objective="best")  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [1, 3])
def test_alternatives_that_differ_only_in_the_last_digit_are_ties(most: int) -> None:
    """0.1 + 0.2 is more than 0.3 for a computer alone."""
    criteria = Criteria.from_dict({
        "criterion": [
            {"name": name, "kind": "contains", "mentor": "offers", "newcomer": name, "weight": weight}
            for name, weight in {"one": 0.1, "two": 0.2, "three": 0.3}.items()
        ]
    })  # fmt: skip
    offers = {"all": "a,b,c", "bruno": "c", "chloe": "a,b", "nil": ""}
    mentors = Pool.of({"id": name, "offers": offer} for name, offer in offers.items())
    newcomers = Pool.of([{"id": "n", "one": "a", "two": "b", "three": "c"}])
    others = match(mentors, newcomers, criteria, alternatives=most).alternatives["n"]
    assert [pair.mentor for pair in others] == ["bruno", "chloe", "nil"][:most]


def test_alternatives_are_the_best_others_and_leave_out_the_chosen(newcomers_yardstick: Loaded) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    result = match(mentors, newcomers, criteria)
    chosen = {pair.newcomer: pair.mentor for pair in result.pairs}
    for newcomer, others in result.alternatives.items():
        assert chosen.get(newcomer) not in {pair.mentor for pair in others}
        assert [pair.fit for pair in others] == sorted((pair.fit for pair in others), reverse=True)
        assert len(others) <= 5


def test_empty_pools_match_nobody() -> None:
    result = match(Pool(), Pool((amina(),)), CRITERIA)
    assert (result.pairs, result.total, result.gap) == ((), 0, 0)
    assert match(Pool((bruno(),)), Pool(), CRITERIA).unmatched == ()


@pytest.mark.parametrize(("fit", "mentors_of_n"), [(0.0, ["a", "b"]), (-1e-9, ["a"])])
def test_a_second_mentor_beside_a_fixed_one_is_taken_unless_it_costs_fit(
    fit: float, mentors_of_n: list[str]
) -> None:
    criteria = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
    mentors, newcomers = Pool.of([{"id": "a"}, {"id": "b"}]), Pool((Person("n", capacity=2),))
    given = {"given": {("n", "a"): 1.0, ("n", "b"): fit}}
    result = match(mentors, newcomers, criteria, tables=given, locked=[("a", "n")])
    assert [pair.mentor for pair in result.pairs] == mentors_of_n
