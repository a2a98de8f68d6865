"""What the benchmarks of the engine stand on: their people, their arithmetic, and their measures."""

import numpy as np
import pytest

from matching import Criteria, Pool, match
from tests.matching.bench import measure, oracle
from tests.matching.bench.__main__ import GROUPS
from tests.matching.bench.pools import (
    CRITERIA,
    LARGEST_TOWN,
    across_europe,
    encoded_columns,
    european_towns,
    in_one_town,
)
from tests.matching.bench.table import Row, Unavailable, exponent, lines, megabytes, number, seconds

MAKERS = (in_one_town, across_europe)


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_seed_makes_the_same_people_and_another_seed_others(make):
    assert make(60, seed=1) == make(60, seed=1) != make(60, seed=2)


@pytest.mark.parametrize("make", MAKERS)
def test_each_column_has_one_cell_per_person(make):
    mentors, newcomers = make(60, seed=1)
    assert mentors.keys() - newcomers.keys() == {"capacity"}
    assert newcomers.keys() - mentors.keys() == {"wishes_gender", "registered_on"}
    assert {len(cells) for side in (mentors, newcomers) for cells in side.values()} == {60}


@pytest.mark.parametrize("make", MAKERS)
def test_the_engine_reads_and_matches_them(make):
    criteria = Criteria.from_toml(CRITERIA.read_text(encoding="utf-8"))
    mentors, newcomers = (
        Pool.of([dict(zip(side, row, strict=True)) for row in zip(*side.values(), strict=True)])
        for side in make(60, seed=1)
    )
    result = match(mentors, newcomers, criteria)
    assert result.gap == 0 and len(result.pairs) > 30


def test_towns_are_european_and_small():
    towns = european_towns()
    assert len(towns.population) > 8_000
    assert towns.population.min() >= 5_000 and towns.population.max() <= LARGEST_TOWN
    assert towns.latitude.min() > 27 and towns.latitude.max() < 72


def test_a_larger_pool_has_more_towns_not_fuller_ones():
    def towns(people):
        places = across_europe(people, seed=1)[0]
        cells = zip(places["latitude"], places["longitude"], strict=True)
        return len({(round(north), round(east)) for north, east in cells})

    assert towns(6_000) > 5 * towns(600)


def test_one_column_per_language_hour_topic_and_gender_and_four_more():
    side = {
        "languages": ["de:native fr:B2", "de:A1"],
        "slots": ["mon:morning", "mon:evening"],
        "topics": ["school", ""],
        "gender": ["f", "f"],
    }
    assert encoded_columns(side, side) == 2 + 2 + 1 + 1 + 4


def test_the_exponent_of_a_power_is_its_power():
    assert exponent([10, 20, 50], [3 * n**1.2 for n in (10, 20, 50)]) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({}, ""),
        ({"ratio": 3.0}, ""),
        ({"ratio": 3.0, "at_least": 3}, "met"),
        ({"ratio": 2.9, "at_least": 3}, "falls short"),
        ({"ratio": 0.25, "at_most": 0.25}, "met"),
        ({"ratio": 0.26, "at_most": 0.25}, "falls short"),
        ({"ratio": 3.0, "at_least": 3, "equal": False}, "not equal"),
        ({"equal": True}, "met"),
        ({"equal": False}, "not equal"),
    ],
)
def test_a_row_says_what_it_shows(given, verdict):
    assert Row("a", "1 x 1", "b", **given).verdict == verdict


def test_the_table_says_what_was_wanted():
    row = Row("time", "5 x 5", seconds(0.0123), seconds(1.23), ratio=100.0, at_least=100, equal=True)
    assert lines([row]) == [
        "| what | size  | ours    | theirs or limit | ratio | wanted | equal |     |",
        "| ---- | ----- | ------- | --------------- | ----- | ------ | ----- | --- |",
        "| time | 5 x 5 | 12.3 ms | 1.23 s          | 100   | ≥ 100  | yes   | met |",
    ]


def test_numbers_keep_three_figures():
    assert [number(value) for value in (0.02345, 1.371, 14_386)] == ["0.0234", "1.37", "14,386"]
    assert [megabytes(value) for value in (61.4, 1_370)] == ["61 MB", "1.37 GB"]


def test_best_pair_first_may_leave_somebody_out():
    fit = np.array([[3.0, 2.0], [2.5, 0.0]])
    allowed = np.array([[True, True], [True, False]])
    assert oracle.best_pair_first(fit, allowed) == 1


def test_memory_taken_for_a_moment_is_seen():
    _, cost = measure.cost_of(lambda: len(bytearray(b"x" * 50_000_000)))
    assert cost.added_mb > 45 and cost.peak_mb > cost.added_mb


def test_a_process_apart_answers_or_says_why_not():
    assert measure.apart(number, value=12.0) == "12"
    with pytest.raises(Unavailable, match="TypeError"):
        measure.apart(number, value="twelve")


def test_most_leaves_out_what_is_larger():
    sizes = [people for tasks in GROUPS.values() for _, people, _ in tasks(1_000)]
    assert max(sizes) == 1_000
