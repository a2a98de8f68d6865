"""People, cells and lists of pairs as a caller meets them; what is said where one is wrong."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from matching import Criteria, CriteriaError, InputError, Person, Pool, Refusal, cells, match
from matching.solution import Wanted
from tests.matching.test_engine import CRITERIA, amina, bruno


def test_a_person_reads_its_own_cells() -> None:
    amina = Person(
        "amina",
        {"topics": "school, work", "since": "2026-10-01", "languages": {"de": "B1"}, "town": " Idar "},
    )
    assert amina.words("topics", ",") == {"school", "work"}
    assert amina.words("nothing", ",") == frozenset()
    assert amina.day("since") == date(2026, 10, 1)
    assert amina.day("nothing") is None
    assert amina.levels("languages") == {"de": 3}
    assert amina.word("town") == "Idar"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Person(""), "A person has no identifier."),
        (lambda: Person("m", capacity=-1), "m: capacity is -1; expected 0 or more."),
        (
            lambda: Person("m", {"since": "soon"}).day("since"),
            "m, column since: 'soon' is not known; accepted: a day, as 2026-05-12.",
        ),
        (
            lambda: Person("m", {"languages": "de:good"}).levels("languages"),
            "m, column languages: 'de:good' is not known; accepted: language:level with a level of "
            "A1, A2, B1, B2, C1, C2, native.",
        ),
        (
            lambda: Pool.of([{"id": "a"}, {"id": " "}]),
            "row 2, column id: a person has no identifier; each needs one.",
        ),
        (
            lambda: Wanted(refusals={"forbidden": Refusal()}),
            "The refusal 'forbidden' is kept for forbidden pairs; choose another name.",
        ),
    ],
)
def test_what_is_wrong_with_a_person_is_said(make: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,town,town\na,b,c\n", "line 1: the column town is there twice; expected once."),
        ("id,town\n\n,\na\n", "line 4: 1 cells; expected 2, as in the header."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Pool.from_csv(path)
    assert str(caught.value) == f"{path}, {words}"


def test_commas_in_a_quoted_header_separate_nothing(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text('id;"speaks (de, en, fr)"\na;de\n', encoding="utf-8")
    assert Pool.from_csv(tmp_path / "people.csv").person(0).row == {"id": "a", "speaks (de, en, fr)": "de"}


def test_empty_lines_of_a_file_are_nobody(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,town\na,b\n\n,\nc,d\n", encoding="utf-8")
    assert Pool.from_csv(tmp_path / "people.csv").ids == ("a", "c")


def test_a_cell_may_be_a_python_value() -> None:
    assert cells.words(7, ",") == {"7"}
    assert cells.words(["a ", ""], ",") == {"a"}
    assert cells.day(datetime(2026, 5, 12, 9, 30)) == date(2026, 5, 12)  # noqa: DTZ001
    assert cells.places(None) == 1
    assert cells.flag("X") is True
    for reader, value, accepted in (
        (cells.flag, "maybe", "0, 1, false, no, true, x, yes or nothing"),
        (cells.number, "inf", "a finite number"),
        (cells.places, "-1", "a whole number, 0 or more"),
    ):
        with pytest.raises(cells.UnreadableError) as caught:
            reader(value)
        assert str(caught.value) == accepted


AGES = {"kind": "difference", "mentor": "a", "newcomer": "a", "points": {"1": 1}}
WAY = {"kind": "distance", "mentor": ["y", "x"], "newcomer": ["y", "x"], "decay": 8}


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ({"kind": "contains", "mentor": "a", "newcomer": "a", "separator": ""}, "expected text in quotes"),
        (AGES | {"order": ["x", "x"]}, "order is ['x', 'x']; expected different values, lowest first."),
        (AGES | {"points": {"1": "many"}}, "expected a number"),
        (WAY | {"online_mentor": "o"}, "online_mentor and online_newcomer go together; one is missing."),
        (WAY | {"online_mentor": 1, "online_newcomer": ""}, "online_mentor is 1; expected text in quotes."),
    ],
)
def test_what_is_wrong_with_a_criterion_is_said(criterion: dict[str, Any], words: str) -> None:
    with pytest.raises(CriteriaError) as caught:
        Criteria.from_dict({"criterion": [{"name": "it", **criterion}]})
    assert words in str(caught.value)


def test_criteria_are_a_table_of_tables() -> None:
    with pytest.raises(CriteriaError) as caught:
        Criteria.from_dict({"columns": "id", "criterion": [{"name": "it", "kind": "constant"}]})
    assert str(caught.value).startswith("In [columns]: expected a table with capacity")


def test_pairs_and_alternatives_are_read_like_any_list() -> None:
    result = match(Pool((bruno(),)), Pool((amina(), amina("zahra"))), CRITERIA)
    assert repr(result.pairs) == f"Pairs([{result.pairs[0]!r}])"
    assert result.pairs == [result.pairs[0]]
    assert result.pairs != 1
    assert (len(result.alternatives), list(result.alternatives)) == (2, ["amina", "zahra"])
