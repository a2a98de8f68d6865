"""Which one added mentor would help most: cases worked by hand, and the yardstick solved again."""

from random import Random
from typing import Any

import pytest

from matching import Criteria, Person, Pool, Refusal, solve
from matching.advice import Help, what_would_help
from tests.matching.conftest import Loaded

LANGUAGES = {
    "name": "languages",
    "kind": "levels",
    "mentor": "languages",
    "newcomer": "languages",
    "require": "A1",
}
HOURS = {
    "name": "hours",
    "kind": "slots",
    "mentor": "slots",
    "newcomer": "slots",
    "saturate": 2,
    "require": 1,
}
WAY = {
    "name": "way",
    "kind": "distance",
    "mentor": ["lat", "lon"],
    "newcomer": ["lat", "lon"],
    "reach_mentor": "km",
    "decay": 10,
    "require": "either",
}
GENDER = {"name": "gender", "kind": "wish", "mentor": "gender", "newcomer": "wish"}
KUSEL, NAGOLD = (49.53, 7.4), (48.55, 8.72)


def bruno(id: str = "bruno", town: tuple[float, float] = NAGOLD, **changes: Any) -> Person:
    row = {"languages": "de:native", "slots": "mon:evening", "lat": town[0], "lon": town[1], "km": 10}
    return Person(id, row | {"gender": "m"} | changes)


def amina(id: str = "amina", town: tuple[float, float] = KUSEL, **changes: Any) -> Person:
    row = {"languages": "ti:native", "slots": "sat:morning", "lat": town[0], "lon": town[1], "wish": ""}
    return Person(id, row | changes)


def advise(mentors: list[Person], newcomers: list[Person], *criteria: Any, **wishes: Any) -> tuple[Help, ...]:
    limits = {
        name: wishes.pop(name) for name in ("places", "most", "languages", "towns", "hours") if name in wishes
    }
    solution = solve(
        Pool(mentors), Pool(newcomers), Criteria.from_dict({"criterion": list(criteria)}), **wishes
    )
    return what_would_help(solution, **limits)


def told(help: Help) -> tuple[Any, ...]:
    return help.language, help.town, help.hours, dict(help.values), help.newcomers, help.more_matched


def test_nobody_speaks_tigrinya_in_kusel_and_advice_says_so() -> None:
    mentors = [bruno(), bruno("berta", KUSEL)]
    newcomers = [
        amina(),
        amina("zahra", slots="tue:evening"),
        amina("omar", NAGOLD, languages="de:B1", slots="flexible"),
    ]
    helps = advise(mentors, newcomers, LANGUAGES, HOURS, WAY, GENDER)
    assert [told(one) for one in helps] == [
        ("ti", KUSEL, "flexible", {}, ("amina", "zahra"), 1),
        ("ti", KUSEL, "sat:morning", {}, ("amina",), 1),
        ("ti", KUSEL, "tue:evening", {}, ("zahra",), 1),
    ]
    assert helps[0].could_meet == 2
    assert dict(helps[1].mentor.row) == {
        "languages": {"de": "native", "ti": "native"},
        "slots": "sat:morning",
        "lat": KUSEL[0],
        "lon": KUSEL[1],
        "km": 10,
        "gender": "",
    }


def test_a_wish_that_refuses_is_met_and_others_are_not_asked_for() -> None:
    newcomers = [amina(wish="f!"), amina("zahra", wish="m")]
    assert [told(one) for one in advise([], newcomers, LANGUAGES, GENDER)] == [
        ("ti", None, "", {"gender": "f"}, ("amina", "zahra"), 1),
        ("ti", None, "", {}, ("zahra",), 1),
    ]
    theirs = GENDER | {"mentor": "asks", "newcomer": "gender", "asked_by": "mentor", "require": True}
    (only,) = advise([bruno(asks="f!")], [amina(gender="m")], theirs)
    assert told(only) == ("", None, "", {}, ("amina",), 1)


def test_without_refusals_one_more_pair_of_hands_helps_everybody() -> None:
    anybody = {"name": "anybody", "kind": "constant"}
    optional = LANGUAGES | {"require": False}
    newcomers = [amina(), amina("omar"), amina("zahra")]
    (only,) = advise([bruno()], newcomers, anybody, optional, places=3)
    assert told(only) == ("", None, "", {}, ("omar", "zahra"), 2)


def test_nothing_is_advised_when_all_are_matched_or_nobody_can_be_helped() -> None:
    assert advise([bruno()], [amina(languages="de:A2")], LANGUAGES) == ()
    assert advise([bruno()], [Person("amina", amina().row, 0)], LANGUAGES) == ()
    assert advise([bruno()], [amina(lat="")], WAY) == ()
    assert (
        advise([bruno()], [amina()], LANGUAGES, refusals={"left": Refusal(newcomers=frozenset({"amina"}))})
        == ()
    )
    assert advise([bruno()], [amina()], LANGUAGES, most=0) == ()
    assert advise([bruno()], [amina()], LANGUAGES, places=0) == ()


def test_everything_else_is_as_most_mentors_have_it() -> None:
    criteria = (
        {"name": "house", "kind": "different", "mentor": "house", "newcomer": "house", "require": True},
        {"name": "grade", "kind": "difference", "mentor": "grade", "newcomer": "grade", "points": {"1": 2},
         "require": True},
        {"name": "topics", "kind": "coverage", "mentor": "topics", "newcomer": "topics", "require": True},
        {"name": "group", "kind": "contains", "mentor": "groups", "newcomer": "group", "require": True},
        {"name": "words", "kind": "text", "mentor": "about", "newcomer": "about"},
    )  # fmt: skip
    row = {"house": "north", "grade": 3, "topics": "work", "groups": "a", "about": "tea"}
    newcomers = [
        Person("amina", {"house": "south", "grade": 2, "topics": "school", "group": "b", "about": "tea"}),
        Person("omar", {"house": "north", "grade": 2, "topics": "work", "group": "b", "about": ""}),
    ]
    (only,) = advise(
        [Person("bruno", row), Person("berta", row), Person("bo", row | {"house": "west"})],
        newcomers,
        *criteria,
    )
    assert told(only) == ("", None, "", {}, ("amina",), 1)
    expected = {"house": "north", "grade": "3", "topics": ["school", "work"], "groups": ["b"], "about": ""}
    assert dict(only.mentor.row) == expected


def test_what_is_tried_can_be_limited() -> None:
    newcomers = [amina(), amina("omar", NAGOLD, languages="so:native")]
    every = (LANGUAGES, HOURS, WAY)
    limited = advise([bruno()], newcomers, *every, languages=["so"], hours=["sat:morning"])
    assert [told(one) for one in limited] == [("so", NAGOLD, "sat:morning", {}, ("omar",), 1)]
    assert {one.town for one in advise([bruno()], newcomers, *every, towns=[KUSEL])} == {KUSEL}
    assert advise([bruno()], newcomers, *every, languages=[]) == ()


def test_a_chain_of_changes_is_counted() -> None:
    # Berta leaves Omar for Zahra once somebody else in Nagold can meet him: two places, two more.
    mentors = [bruno("berta", languages="de:native ar:native"), bruno(town=KUSEL), bruno("bo", KUSEL)]
    newcomers = [
        amina("omar", NAGOLD, languages="de:native"),
        amina("zahra", NAGOLD, languages="ar:A1"),
        amina("yusuf", NAGOLD, languages="ti:native de:A1"),
    ]
    helps = advise(mentors, newcomers, LANGUAGES, WAY, places=2, languages=["ti"])
    assert [told(one) for one in helps] == [("", NAGOLD, "", {}, ("yusuf",), 2)]


def test_with_the_greatest_fit_a_mentor_who_lowers_it_is_no_help() -> None:
    points = {
        "name": "grade",
        "kind": "difference",
        "mentor": "grade",
        "newcomer": "grade",
        "points": {"0": -1, "1": 1},
    }
    taken, lower = Person("bruno", {"grade": 2}), [Person("amina", {"grade": 2})]
    assert advise([taken], lower, points, objective="fit") == ()
    (only,) = advise(
        [Person("added 1", {"grade": 3})], [*lower, Person("omar", {"grade": 2})], points, objective="fit"
    )
    assert (only.newcomers, only.more_matched, only.mentor.id) == (("omar",), 1, "added 2")


@pytest.mark.parametrize("objective", ["coverage", "fit"])
@pytest.mark.parametrize("places", [1, 5])
def test_on_the_yardstick_the_advised_mentors_match_as_many_as_was_said(
    newcomers_yardstick: Loaded, objective: Any, places: int
) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    solution = solve(mentors, newcomers, criteria, objective=objective)
    helps = what_would_help(solution, places=places)
    assert len(helps) == 10
    for one in helps:
        fresh = solve(mentors.changed([one.mentor]), newcomers, criteria, objective=objective)
        assert (fresh.per_newcomer > 0).sum() - (solution.per_newcomer > 0).sum() == one.more_matched
        row = fresh.mentors.index(one.mentor.id)
        met = {newcomers.ids[i] for i in fresh.edges.rows[fresh.edges.columns == row]}
        assert met & {line.newcomer for line in solution.result().unmatched} == set(one.newcomers)
    shuffled = [list(pool.people) for pool in (mentors, newcomers)]
    for people in shuffled:
        Random(1).shuffle(people)
    again = solve(*map(Pool, shuffled), criteria, objective=objective)
    assert what_would_help(again, places=places) == helps
