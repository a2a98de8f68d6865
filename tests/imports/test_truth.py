"""What a careful person would have entered, field by field, in three languages."""

from collections import Counter
from datetime import date

import pytest

from backend.imports.fields import Side
from backend.imports.normalise.gender import GenderWish
from backend.imports.readrow import ReadRow
from tests.imports.sheets_as_kept import COUNTRY, kept, needs_sheets

pytestmark = needs_sheets
EVERY_SHEET = pytest.mark.parametrize(
    ("language", "side"), [(language, side) for language in COUNTRY for side in Side]
)
REQUIRED = 0.99


def as_truth_says(row: ReadRow, field: str) -> object:
    """A normalised value in the form of truth.json."""
    if field in {"town", "geoname_id"}:
        match = row.normalised("town")
        return match and (match.name if field == "town" else match.geoname_id)
    value = row.normalised(field)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, GenderWish):
        return value.gender or None
    if value == ("flexible",):
        return "flexible"
    if isinstance(value, tuple):
        return sorted(value)
    return dict(value) if field == "languages" else value


@EVERY_SHEET
def test_nearly_every_field_is_what_a_careful_person_enters(language: str, side: Side) -> None:
    sheet = kept(language)[side]
    right, total = Counter(), Counter()
    for entry in sheet.truth:
        for field in entry.keys() - {"row"}:
            total[field] += 1
            right[field] += as_truth_says(sheet.rows[entry["row"]], field) == entry[field]
    print(f"\n{language} {side}: " + ", ".join(f"{f} {right[f]}/{total[f]}" for f in sorted(total)))
    assert {field for field in total if right[field] < REQUIRED * total[field]} == set()


@EVERY_SHEET
def test_every_problem_is_flagged(language: str, side: Side) -> None:
    sheet = kept(language)[side]
    flagged = {(row.number, problem.field) for row in sheet.rows.values() for problem in row.problems}
    assert {(problem["row"], problem["field"]) for problem in sheet.problems} - flagged == set()


@EVERY_SHEET
def test_a_wrong_value_is_never_imported_without_a_question(language: str, side: Side) -> None:
    sheet = kept(language)[side]
    unasked = [
        (entry["row"], field)
        for entry in sheet.truth
        for field in entry.keys() - {"row"}
        if as_truth_says(sheet.rows[entry["row"]], field) != entry[field]
        and ("town" if field == "geoname_id" else field) not in sheet.rows[entry["row"]].asked
    ]
    assert unasked == []


@EVERY_SHEET
def test_questions_stay_few(language: str, side: Side) -> None:
    rows = kept(language)[side].rows
    assert sum(bool(row.asked or row.problems) for row in rows.values()) < len(rows) / 3


@EVERY_SHEET
def test_only_the_copied_row_is_a_duplicate(language: str, side: Side) -> None:
    found = [
        (row.number, problem.code, problem.row)
        for row in kept(language)[side].rows.values()
        for problem in row.problems
        if "duplicate" in problem.code
    ]
    assert found == [(121, "duplicate", 5)]


@EVERY_SHEET
def test_a_formula_stays_the_text_it_was(language: str, side: Side) -> None:
    rows = kept(language)[side].rows
    assert {rows[number].normalised("notes") for number in (41, 82)} == {
        '=HYPERLINK("http://203.0.113.9/x","click")'
    }
