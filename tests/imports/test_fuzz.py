"""Whatever is uploaded, nothing breaks: the expected error, or a reading."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.imports.mapping import guess_mapping
from backend.imports.normalise.towns import TownMatch
from backend.imports.rows import Reader, read_rows
from backend.imports.sheets import SheetError, read_sheets
from tests.imports.test_sheets import xlsx

READER = Reader(region="DE", today=date(2026, 11, 21), find_town=lambda text: TownMatch(1, text[:9], 0.8))
HEADER = (
    "ID;Full name;Phone;Email;Gender;Year of birth;Town;Languages;Availability;Can help with;Max matches;"
    "Police check;Registered;Preference;Reach;Notes"
)
CELL = st.text(
    st.sampled_from("0123456789-+./:;,()&=@'? \t\nMoDiMifrABC12engdeutschmüßıİ\u0301\u200fآن٣²")
    | st.characters(),
    max_size=24,
)
WORKBOOK = xlsx(("People", [["Name", "Town"], ["Amina", "Naas"], ["=1+1", 3.5]]))


def read_everything(data: bytes) -> None:
    for sheet in read_sheets(data, filename="people"):
        for row in read_rows(sheet=sheet, mapping=guess_mapping(sheet), reader=READER):
            assert all(problem.sentence for problem in row.problems)


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"Name;Town\nx;y\n" + tail))
@example(b"sep=\n\nName,Town\nx,y\n")
@example(b'sep="\nName,Town\nx,y\n')
@example(b"\xff\xfe\x00")
@example(b"PK\x03\x04")
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_everything(data)
    except SheetError as refused:
        assert str(refused)


@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=120, deadline=None)
def test_a_damaged_workbook_is_read_or_refused(at: int, damage: bytes) -> None:
    try:
        read_everything(WORKBOOK[:at] + damage + WORKBOOK[at + len(damage) :])
    except SheetError as refused:
        assert str(refused)


@given(st.lists(CELL, min_size=16, max_size=16))
@settings(max_examples=250, deadline=None)
def test_any_cells_are_read_and_none_is_lost(cells: list[str]) -> None:
    quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        read_everything(f"{HEADER}\n{quoted}\n".encode("utf-8", "replace"))
    except SheetError as refused:
        assert "\x00" in quoted or not any(cell.strip() for cell in cells), refused


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-300, 10**18, -1, True])
def test_any_number_in_any_column(value: float) -> None:
    header = HEADER.split(";")
    read_everything(xlsx(("People", [header, [value] * len(header)])))
