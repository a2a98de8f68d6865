"""Rows out again, as XLSX or CSV, in which no cell can run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Exported = str | int | float | Decimal | date | None
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# In a CSV also behind what another program's country takes for the border of a cell.
_LIVE = re.compile(r"(^|[;,\t\r\n|])(\s*[=+\-@\t\r＝＋－＠])")
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_TITLE, _CELL = 31, 32_767  # what the file format allows
_NARROW, _WIDE = 10, 48  # widths of columns, in letters


@dataclass(frozen=True)
class Table:
    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Exported]]


def workbook_bytes(tables: Sequence[Table]) -> bytes:
    """One sheet for each table, in order. Text stays text: also quoted, for programs that would guess."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook always has one
    for table in tables:
        _fill(book.create_sheet(_title(table.name, book.sheetnames)), table)
    if not tables:
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_bytes(table: Table) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know it. Text stays text."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_dead(value) for value in row] for row in (table.header, *table.rows))
    return out.getvalue().encode("utf-8-sig")


def _dead(value: Exported) -> Exported:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what could start one."""
    if not isinstance(value, str):
        return "" if value is None else value
    return _LIVE.sub(r"\1'\2", ILLEGAL_CHARACTERS_RE.sub("", value))


def _fill(sheet: Worksheet, table: Table) -> None:
    for row, values in enumerate((table.header, *table.rows), 1):
        for column, value in enumerate(values, 1):
            if value is not None:
                cell = sheet.cell(row, column)
                assert isinstance(cell, Cell)  # nothing is merged in a new sheet
                _write(cell, value)
    for column, heading in enumerate(table.header, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(len(heading) + 4, _NARROW), _WIDE)
    sheet.freeze_panes = "A2"


def _write(cell: Cell, value: Exported) -> None:
    if isinstance(value, datetime) and value.tzinfo:
        value = value.isoformat(" ", "minutes")  # the format knows no time zones
    if not isinstance(value, str):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_CELL]
    cell.value = text
    cell.data_type = "s"  # the library would make "=..." a formula and "#N/A" an error
    if text.startswith(_STARTS):
        cell.quotePrefix = True


def _title(name: str, taken: Iterable[str]) -> str:
    """A sheet name that the format allows and that no other sheet has."""
    plain = _FORBIDDEN_IN_TITLE.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", name)).strip()[:_TITLE] or "Sheet"
    used = {title.casefold() for title in taken}
    title, count = plain, 1
    while title.casefold() in used:
        count += 1
        title = f"{plain[: _TITLE - len(str(count)) - 1]} {count}"
    return title
