"""The towns of the example sheets: what was typed, and which place a careful person would have chosen."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

SHEETS = Path(__file__).resolve().parents[3] / "shared" / "import"
COUNTRY = {"en": "IE", "de": "DE", "fr": "FR"}
TOWN_COLUMNS = {"Town", "PLZ/Ort", "Wohnort", "Commune"}


def typed_towns(language: str) -> list[tuple[str, int]]:
    """(cell, GeoNames id) for each row of both sheets of one language that has a truth."""
    truth = json.loads((SHEETS / language / "truth.json").read_text(encoding="utf-8"))
    found = []
    for side, rows in zip(("mentors", "newcomers"), _sheets(language), strict=True):
        town_of = {row["row"]: row["geoname_id"] for row in truth[side]}
        start = next(i for i, row in enumerate(rows) if TOWN_COLUMNS & set(row))
        column = next(i for i, title in enumerate(rows[start]) if title in TOWN_COLUMNS)
        found += [
            (row[column], town_of[int(row[0])])
            for row in rows[start + 1 :]
            if row and row[0].isdigit() and int(row[0]) in town_of
        ]
    return found


def _sheets(language: str) -> Iterator[list[list[str]]]:
    if language == "de":
        for sheet in load_workbook(SHEETS / "de" / "people.xlsx", read_only=True):
            yield [
                ["" if cell is None else str(cell) for cell in row]
                for row in sheet.iter_rows(values_only=True)
            ]
        return
    encoding, delimiter = ("utf-8-sig", ",") if language == "en" else ("cp1252", ";")
    for side in ("mentors", "newcomers"):
        text = (SHEETS / language / f"{side}.csv").read_text(encoding=encoding)
        yield list(csv.reader(text.splitlines(), delimiter=delimiter))
