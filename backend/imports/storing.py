"""Sheets as text for the database, and back: numbers stay numbers, days stay days."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.imports.enums import SheetKind
from backend.imports.fields import Field, Side
from backend.imports.mapping import SheetMapping, guess_mapping
from backend.imports.pairings_sheet import PairingField, guess_pairing_columns
from backend.imports.sheets import Cell, Row, Sheet

_DAY = "day"


@dataclass(frozen=True)
class SheetPlan:
    """What one sheet is about, and which column says what (values of Field or PairingField)."""

    kind: SheetKind
    columns: Mapping[int, str] = field(default_factory=dict)
    language: str = "en"
    unsure: frozenset[int] = frozenset()
    is_kind_known: bool = True

    @property
    def people_mapping(self) -> SheetMapping:
        columns = {at: Field(name) for at, name in self.columns.items()}
        return SheetMapping(columns, Side(self.kind.value), self.language, self.unsure)

    @property
    def pairing_columns(self) -> dict[int, PairingField]:
        return {at: PairingField(name) for at, name in self.columns.items()}


def guess_plan(sheet: Sheet) -> SheetPlan:
    """The likeliest plan; a sheet that tells nothing of its side is asked about."""
    guessed = guess_mapping(sheet)
    if pairing := guess_pairing_columns(sheet):
        columns = {at: name.value for at, name in pairing.items()}
        return SheetPlan(SheetKind.PAIRINGS, columns, guessed.language)
    columns = {at: name.value for at, name in guessed.columns.items()}
    kind = SheetKind(guessed.side.value) if guessed.side else SheetKind.NOTHING
    return SheetPlan(kind, columns, guessed.language, guessed.unsure, is_kind_known=guessed.side is not None)


def sheets_as_text(sheets: Iterable[Sheet]) -> str:
    return json.dumps([_plain(sheet) for sheet in sheets], ensure_ascii=False, separators=(",", ":"))


def sheets_from_text(text: str) -> tuple[Sheet, ...]:
    """The sheets again; none where the text was emptied."""
    return tuple(_sheet(plain) for plain in json.loads(text or "[]"))


def plan_as_json(plan: SheetPlan) -> dict[str, Any]:
    return {
        "kind": plan.kind.value,
        "columns": {str(at): name for at, name in sorted(plan.columns.items())},
        "language": plan.language,
        "unsure": sorted(plan.unsure),
        "is_kind_known": plan.is_kind_known,
    }


def plan_from_json(plain: Mapping[str, Any]) -> SheetPlan:
    return SheetPlan(
        kind=SheetKind(plain["kind"]),
        columns={int(at): name for at, name in plain["columns"].items()},
        language=plain["language"],
        unsure=frozenset(plain["unsure"]),
        is_kind_known=plain["is_kind_known"],
    )


def _plain(sheet: Sheet) -> dict[str, Any]:
    rows = [[row.number, row.line, [_cell(cell) for cell in row.cells]] for row in sheet.rows]
    return {"name": sheet.name, "title": sheet.title, "header": sheet.header, "rows": rows}


def _cell(cell: Cell) -> Any:
    return {_DAY: cell.isoformat()} if isinstance(cell, date) else cell


def _sheet(plain: Mapping[str, Any]) -> Sheet:
    rows = tuple(
        Row(number, line, tuple(_cell_again(cell) for cell in cells)) for number, line, cells in plain["rows"]
    )
    return Sheet(plain["name"], plain["title"], tuple(plain["header"]), rows)


def _cell_again(plain: Any) -> Cell:
    return date.fromisoformat(plain[_DAY]) if isinstance(plain, dict) else plain
