"""Files as people upload them."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from backend.imports import sheets
from backend.imports.sheets import (
    QuoteLeftOpen,
    Sheet,
    SheetEmpty,
    SheetError,
    SheetLocked,
    SheetTooLarge,
    read_sheets,
)


def one(data: bytes, filename: str = "people.csv") -> Sheet:
    (sheet,) = read_sheets(data, filename=filename)
    return sheet


def xlsx(*tables: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in tables:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    lines = [
        ["Nom", "Prénom", "Commune"],
        ["Lefèvre", "Zoë", "Château-Thierry, Foix"],
        ["Noël", "Ève", "Œuf"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    sheet = one(text.encode(encoding))
    assert sheet.header == ("Nom", "Prénom", "Commune")
    assert [row.cells for row in sheet.rows] == [tuple(line) for line in lines[1:]]


def test_a_first_line_may_name_the_delimiter() -> None:
    assert one(b"sep=;\r\nName;Town\r\nAmina, the first;Naas\r\n").rows[0].cells == (
        "Amina, the first",
        "Naas",
    )


def test_rows_are_counted_and_keep_their_line() -> None:
    sheet = one(b"Volunteers of 2026,\n,\nName,Town\nAmina,Naas\n,\n\nBruno,Dalkey\n")
    assert sheet.title == "Volunteers of 2026"
    assert [(row.number, row.line) for row in sheet.rows] == [(1, 4), (2, 7)]


def test_short_rows_are_filled_and_long_rows_kept() -> None:
    sheet = one(b"Name,Town\nAmina\nBruno,Dalkey,extra\n")
    assert [row.cells for row in sheet.rows] == [("Amina", ""), ("Bruno", "Dalkey", "extra")]


def test_a_quote_inside_a_cell_is_text() -> None:
    assert one(b'Name,Notes\nAmina,"he said "hi" twice"\n').rows[0].cells[0] == "Amina"


def test_a_workbook_gives_each_sheet_with_rows_and_real_days() -> None:
    data = xlsx(
        (
            "Ehrenamtliche",
            [
                ["Liste"],
                [],
                ["Name", "Jg.", "FZ gültig bis"],
                ["Inna", 1979, datetime.combine(date(2028, 8, 1), time())],
            ],
        ),
        ("leer", [["Name", "Ort"]]),
        ("Geflüchtete", [["Name", "Ort"], ["Amina", "Roding"]]),
    )
    first, second = read_sheets(data, filename="people.xlsx")
    assert (first.name, first.title, first.header) == (
        "Ehrenamtliche",
        "Liste",
        ("Name", "Jg.", "FZ gültig bis"),
    )
    assert first.rows[0].cells == ("Inna", 1979, date(2028, 8, 1))
    assert second.name == "Geflüchtete"


def test_a_formula_that_was_never_calculated_is_seen() -> None:
    sheet = one(xlsx(("S", [["Name", "Year of birth"], ["Amina", "=2026-41"]])), "a.xlsx")
    assert sheet.rows[0].cells == ("Amina", "=2026-41")


def test_a_sheet_used_down_to_its_last_line_is_read() -> None:
    book = Workbook()
    book.active.append(["Name", "Town"])
    book.active.append(["Amina", "Naas"])
    book.active.cell(50_000, 1).value = " "
    out = io.BytesIO()
    book.save(out)
    assert len(one(out.getvalue(), "a.xlsx").rows) == 1


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", SheetEmpty),
        (b"Name,Town\n", SheetEmpty),
        (b'Name,Town\n"Amina,Naas\nBruno,Dalkey\n', QuoteLeftOpen),
        (b"\x00\x01\x02\x03", SheetError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", SheetLocked),
        (b"PK\x03\x04 not a zip", SheetError),
        (zipped(content_xml=b"<office/>"), SheetError),
        (zipped(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), SheetError),
        (zipped(xl__workbook_xml=b"<workbook/>"), SheetError),
        (b"Name,Town\n" + b"a" * 6000 + b",b\n", SheetTooLarge),
        (b"Name,Town\n" + b"a,b\n" * (sheets.MAX_ROWS + 1), SheetTooLarge),
        (b"a" * (sheets.MAX_BYTES + 1), SheetTooLarge),
        ((",".join("x" * 300) + "\n").encode() * 3, SheetTooLarge),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data: bytes, error: type[SheetError]) -> None:
    with pytest.raises(SheetError) as caught:
        read_sheets(data, filename="x")
    assert type(caught.value) is error
    assert len(str(caught.value).split()) > 5
    assert "%(" not in str(caught.value)


def test_an_archive_that_unpacks_to_a_trap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)
    with pytest.raises(SheetTooLarge):
        read_sheets(zipped(xl__workbook_xml=b" " * 2000), filename="x.xlsx")
