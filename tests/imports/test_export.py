"""What goes out cannot run, and comes back as it was."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from backend.imports.export import Table, workbook_bytes

DANGEROUS = [
    '=HYPERLINK("http://203.0.113.9/x","click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=",
    "#N/A",
    "{=1+1}",
]


def read_back(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def holds_formula(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        return any(re.search(rb"<f[\s>/]", archive.read(name)) for name in sheets)


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_dangerous_cell_is_quoted_text(text: str) -> None:
    data = workbook_bytes([Table(text, [text], [[text]])])
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix is text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert str(cell.value).strip() == text.strip()
    assert not holds_formula(data)


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    data = workbook_bytes([Table(text, [text], [[text, f"={text}"]])])
    assert not holds_formula(data)
    load_workbook(io.BytesIO(data))


def test_days_and_numbers_stay_what_they_are() -> None:
    row = [1, 2.5, date(2026, 11, 21), datetime(2026, 11, 21, 9, 30, tzinfo=UTC), None, "Römer"]
    assert read_back(workbook_bytes([Table("People", ["a"] * 6, [row])])) == [
        [1, 2.5, datetime.combine(date(2026, 11, 21), time()), "2026-11-21 09:30+00:00", None, "Römer"]
    ]


def test_every_table_has_a_sheet_with_a_name_of_its_own() -> None:
    names = ["Mentors", "mentors", "a/b:c", "x" * 40, "x" * 40, ""]
    book = load_workbook(io.BytesIO(workbook_bytes([Table(name, ["h"], []) for name in names])))
    assert book.sheetnames == ["Mentors", "mentors 2", "a b c", "x" * 31, "x" * 29 + " 2", "Sheet"]
