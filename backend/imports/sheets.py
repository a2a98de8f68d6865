"""Reading what people really upload: CSV in any encoding, XLSX with title rows, into plain frozen sheets."""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from backend.core.errors import Expected
from backend.core.text import clean_line
from backend.imports.words import words

Cell = str | int | float | date
MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 150 * 2**20  # a worksheet of 5,000 rows is about 5 MB; beyond this it is a trap
MAX_ROWS = 5_000
MAX_LINES = 60_000  # spreadsheets are sometimes "used" down to their last line
MAX_COLUMNS = 200
MAX_SHEETS = 20
MAX_CELL = 5_000
_HEADER_WITHIN = 15  # lines of titles and blanks that may stand above the header
_DELIMITERS = ";,\t|"
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1254", "cp1256", "mac_roman"]
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class SheetError(Expected):
    """Something about the file keeps it from being read at all."""

    code = "sheet_unreadable"
    status = 400
    sentence = _("We cannot read this file. Please save it as .xlsx or .csv and try again.")


class SheetTooLarge(SheetError):
    code = "sheet_too_large"
    status = 413
    sentence = _("This file is too large. At most %(rows)s rows and %(megabytes)s MB fit. Please split it.")

    def __init__(self) -> None:
        super().__init__(rows=MAX_ROWS, megabytes=MAX_BYTES // 2**20)


class SheetLocked(SheetError):
    code = "sheet_locked_or_old"
    sentence = _("This is an old Excel file or has a password. Please save it as .xlsx without password.")


class QuoteLeftOpen(SheetError):
    code = "sheet_quote_open"
    sentence = _("A quotation mark is opened but never closed. Please save the file again.")


class SheetEmpty(SheetError):
    code = "sheet_empty"
    sentence = _("There are no rows in this file. A header and one row are the least.")


@dataclass(frozen=True)
class Row:
    """`number` counts the rows with content, from 1; `line` is where the row stands in the file, from 1."""

    number: int
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table. Every row has at least as many cells as the header; longer ones kept their surplus."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheets(data: bytes, *, filename: str) -> tuple[Sheet, ...]:
    """All tables of an uploaded file; sheets without rows are left out. Raises SheetError, nothing else."""
    if len(data) > MAX_BYTES:
        raise SheetTooLarge
    if data.startswith(_OLD_EXCEL):
        raise SheetLocked
    stem = clean_line(filename.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    tables = _read_xlsx(data) if data.startswith(b"PK\x03\x04") else [(stem, _read_csv(data))]
    sheets = tuple(sheet for name, lines in tables if (sheet := _sheet(name, lines)))
    if not sheets:
        raise SheetEmpty
    return sheets


def text_of(cell: Cell) -> str:
    """A cell as a person reads it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


# ── one table ─────────────────────────────────────────────────────────────────────────────────────

Lines = Sequence[tuple[Cell, ...]]


def _sheet(name: str, lines: Lines) -> Sheet | None:
    at = _header_at(lines)
    if at is None:
        return None
    header = tuple(text_of(cell).strip() for cell in _trimmed(lines[at]))
    full = [(line, cells) for line, row in enumerate(lines[at + 1 :], at + 2) if (cells := _trimmed(row))]
    if len(full) > MAX_ROWS:
        raise SheetTooLarge
    rows = tuple(
        Row(number, line, _padded(cells, len(header))) for number, (line, cells) in enumerate(full, 1)
    )
    title = " ".join(text_of(cell) for row in lines[:at] for cell in row if text_of(cell).strip())
    return Sheet(name, title, header, rows) if rows else None


def _header_at(lines: Lines) -> int | None:
    """The line with most known headings; failing that, the first with two cells."""
    top = [(index, _trimmed(row)) for index, row in enumerate(lines[:_HEADER_WITHIN])]
    known = [(_known_headings(row), -index) for index, row in top]
    if known and max(known)[0] >= 2:
        return -max(known)[1]
    return next((index for index, row in top if sum(bool(text_of(cell).strip()) for cell in row) > 1), None)


def _known_headings(row: Iterable[Cell]) -> int:
    lexicon = words().lexicon("columns", "pairing_columns", forgiving=False)
    return len({key for cell in row if (key := lexicon.whole(text_of(cell)))})


def _trimmed(row: Sequence[Cell]) -> tuple[Cell, ...]:
    """The row without the empty cells at its end."""
    last = next((i for i in range(len(row), 0, -1) if text_of(row[i - 1]).strip()), 0)
    return tuple(row[:last])


def _padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells + ("",) * (width - len(cells))


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────


def _read_csv(data: bytes) -> Lines:
    text = _decoded(data)
    said = _SEP_LINE.match(text)
    if said:
        return _checked(_parsed(text[said.end() :], said[1]))
    head = "\n".join(text.splitlines()[: _HEADER_WITHIN * 2])
    best = max(_DELIMITERS, key=lambda delimiter: _delimiter_score(head, delimiter))
    return _checked(_parsed(text, best))


def _decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 where the bytes say so, else the likeliest code page, Windows-1252 before its kin."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decode(data, encoding)
    if b"\x00" in data:
        raise SheetError
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, _code_page(data))


def _decode(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise SheetError from None
    if "\x00" in text:
        raise SheetError
    return text


def _code_page(data: bytes) -> str:
    guesses = from_bytes(data, cp_isolation=_ENCODINGS)
    best = guesses.best()
    if best is None:
        raise SheetError
    # Short western texts fit cp1250 as well; the detector's order between the two is chance.
    western = next((guess for guess in guesses if guess.encoding == "cp1252"), None)
    return "cp1252" if western and western.chaos <= best.chaos else best.encoding


def _delimiter_score(head: str, delimiter: str) -> tuple[int, int]:
    """(most headings known in one line, most cells in one line)."""
    try:
        lines = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))[:_HEADER_WITHIN]
    except csv.Error:
        return 0, 0
    return max((_known_headings(row) for row in lines), default=0), max(map(len, lines), default=0)


def _parsed(text: str, delimiter: str) -> list[tuple[Cell, ...]]:
    """All lines. Stray quotes inside a cell are taken as they are; one left open would swallow the rest."""
    try:
        return _lines(text, delimiter, strict=True)
    except csv.Error as error:
        if "end of data" in str(error):
            raise QuoteLeftOpen from None
    except (TypeError, ValueError):  # "sep=" may name a quote or a line break
        raise SheetError from None
    try:
        return _lines(text, delimiter, strict=False)
    except csv.Error:
        raise SheetError from None


def _lines(text: str, delimiter: str, *, strict: bool) -> list[tuple[Cell, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    return [tuple(row) for row in islice(reader, MAX_LINES + 1)]


def _checked(lines: Iterable[tuple[Cell, ...]]) -> Lines:
    kept = list(islice(lines, MAX_LINES + 1))
    wide = any(len(row) > MAX_COLUMNS for row in kept)
    long = any(isinstance(cell, str) and len(cell) > MAX_CELL for row in kept for cell in row)
    if len(kept) > MAX_LINES or wide or long:
        raise SheetTooLarge
    return kept


# ── XLSX ──────────────────────────────────────────────────────────────────────────────────────────


def _read_xlsx(data: bytes) -> list[tuple[str, Lines]]:
    has_formulas = _checked_archive(data)
    try:
        tables = _tables(data, data_only=True)
        formulas = _tables(data, data_only=False) if has_formulas else tables
    except SheetError:
        raise
    except Exception:  # openpyxl raises a dozen kinds for damaged files; to the person they are one
        raise SheetError from None
    return [
        (name, [_with_formulas(*pair) for pair in zip(lines, raw, strict=False)])
        for (name, lines), (_name, raw) in zip(tables, formulas, strict=False)
    ]


def _checked_archive(data: bytes) -> bool:
    """Refuse traps and other kinds of archive; answer whether any worksheet holds formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise SheetTooLarge
            if "xl/workbook.xml" not in archive.namelist():
                raise SheetError
            parts = [archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error):
        raise SheetError from None
    # No spreadsheet program writes a DTD; one that is there wants entities expanded.
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts):
        raise SheetError
    return any(b"<f>" in part or b"<f " in part for part in parts)


def _tables(data: bytes, *, data_only: bool) -> list[tuple[str, Lines]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing default styles, unknown extensions: not ours to mend
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise SheetTooLarge
            return [(sheet.title, _worksheet_lines(sheet)) for sheet in book.worksheets]
        finally:
            book.close()


def _worksheet_lines(sheet: object) -> Lines:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # some programs write a wrong size
    rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)  # type: ignore[attr-defined]
    return _checked(_trimmed(tuple(map(_plain, row))) for row in rows)


def _plain(value: object) -> Cell:
    """What openpyxl gives as text, number or day; a midnight is a day, an hour alone is text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _with_formulas(cells: tuple[Cell, ...], raw: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Where a formula was never calculated, its text, so that it is seen and not lost."""
    padded = _padded(cells, len(raw))
    return tuple(was if now == "" and was != "" else now for now, was in zip(padded, raw, strict=False))
