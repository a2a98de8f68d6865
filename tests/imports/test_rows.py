"""Rows to check: nothing swallowed, nothing doubled."""

from datetime import date

import pytest

from backend.imports.mapping import guess_mapping
from backend.imports.normalise.towns import TownMatch
from backend.imports.problems import SENTENCES, Problem
from backend.imports.readrow import KeptText, ReadRow
from backend.imports.rows import Reader, looks_like_formula, read_rows
from backend.imports.sheets import read_sheets

READER = Reader(region="IE", today=date(2026, 11, 21), find_town=lambda text: TownMatch(1, text, 1.0))


def rows(text: str) -> tuple[ReadRow, ...]:
    (sheet,) = read_sheets(text.encode(), filename="newcomers.csv")
    return read_rows(sheet=sheet, mapping=guess_mapping(sheet), reader=READER)


def found(row: ReadRow) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in row.problems]


def test_each_value_stands_beside_what_was_written() -> None:
    (row,) = rows("Name,Town,Registered\nAmina,  Naas ,21/11/2025\n")
    assert (row.values["town"].raw, row.normalised("town")) == ("  Naas ", TownMatch(1, "Naas", 1.0))
    assert row.normalised("registered_on") == date(2025, 11, 21)
    assert (row.problems, row.asked) == ((), ())


def test_a_column_nobody_knows_is_kept_with_its_heading() -> None:
    (row,) = rows("Name,Town,Shoe size\nAmina,Naas,38\n")
    assert row.kept_text == (KeptText("Shoe size", "38"),)


def test_cells_beyond_the_header_are_kept_and_flagged() -> None:
    (row,) = rows("Name,Town\nAmina,Naas,more,and more\n")
    assert [kept.text for kept in row.kept_text] == ["more", "and more"]
    assert found(row) == [("*", "extra_cells")]


def test_a_row_without_a_name_says_so() -> None:
    assert ("full_name", "no_name") in found(rows("Name,Town\n,Naas\n")[0])


def test_a_given_name_of_its_own_column_is_kept_apart() -> None:
    (row,) = rows("Nom,Prénom\nMohamed Nur,Ifrah\n")
    assert (row.normalised("full_name"), row.normalised("given_name")) == ("Ifrah Mohamed Nur", "Ifrah")


def test_a_day_still_to_come_is_flagged() -> None:
    assert found(rows("Name,Registered\nAmina,22/11/2026\n")[0]) == [("registered_on", "in_future")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", True),
        ("@SUM(A1)", True),
        ("+cmd|' /C calc'!A0", True),
        ("-2+3+cmd", True),
        ("\t=1+1", True),
        ("+353 87 1234567", False),
        ("-5", False),
        ("-", False),
        ("ok", False),
        ("", False),
    ],
)
def test_cells_a_spreadsheet_might_run(text: str, expected: bool) -> None:
    assert looks_like_formula(text) is expected


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ("Bisrat Teklé,0864993948,1991,Naas", "duplicate"),
        ("Tekle Bisrat,,1991,Limerick", "maybe_duplicate"),
        ("Bisrat Tekle,0871234567,1985,Limerick", None),
        ("Selam Tekle,0864993948,1995,Limerick", None),  # a household shares a telephone
    ],
)
def test_the_same_person_twice(second: str, problem: str | None) -> None:
    first, other = rows(f"Name,Phone,Born,Town\nBisrat Tekle,0864993948,1991,Limerick\n{second}\n")
    assert first.problems == ()
    assert other.problems == ((Problem("*", problem, row=1),) if problem else ())


def test_every_problem_has_a_sentence() -> None:
    for code in SENTENCES:
        sentence = Problem("notes", code, "100 % = x" * 30, row=5).sentence
        assert "%(" not in sentence
        assert len(sentence) < 160
