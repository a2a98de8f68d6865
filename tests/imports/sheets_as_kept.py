"""The spreadsheets of small organisations that the import is measured with, beside the checkout."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from backend.imports.fields import Side
from backend.imports.mapping import guess_mapping
from backend.imports.readrow import ReadRow
from backend.imports.rows import Reader, read_rows
from backend.imports.sheets import read_sheets
from tests.support.towns import towns_of

FOLDER = Path(__file__).parents[2].parent / "shared" / "import"
COUNTRY = {"en": "IE", "de": "DE", "fr": "FR"}
TODAY = date(2026, 11, 21)
needs_sheets = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the sheets are not beside the checkout: {FOLDER}"
)


@dataclass(frozen=True)
class Kept:
    truth: list[dict]
    problems: list[dict]
    rows: dict[int, ReadRow]


@lru_cache
def kept(language: str) -> dict[Side, Kept]:
    """Both sides of one language: what is true, what must be flagged, and what we read."""
    truth = json.loads((FOLDER / language / "truth.json").read_text(encoding="utf-8"))
    reader = Reader(region=COUNTRY[language], today=TODAY, find_town=towns_of(COUNTRY[language]))
    sides = {}
    for path in sorted((FOLDER / language).iterdir()):
        for sheet in read_sheets(path.read_bytes(), filename=path.name) if path.suffix != ".json" else ():
            mapping = guess_mapping(sheet)
            rows = read_rows(sheet=sheet, mapping=mapping, reader=reader)
            problems = [problem for problem in truth["problems"] if problem["side"] == mapping.side]
            sides[mapping.side] = Kept(truth[mapping.side], problems, {row.number: row for row in rows})
    return sides
