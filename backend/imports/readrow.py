"""What reading a row answers. Frozen, so that a dry run can be shown, stored and committed unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.imports.problems import Problem


@dataclass(frozen=True)
class Value:
    """`raw` is what was written; `normalised` None where nothing was understood; `confidence` 0..1."""

    raw: str
    normalised: object
    confidence: float


@dataclass(frozen=True)
class KeptText:
    """A cell that no field takes, to be kept as a note: "Car: yes"."""

    heading: str
    text: str


@dataclass(frozen=True)
class ReadRow:
    """One row. `number` counts rows from 1, `line` is its place in the file; `asked`: fields to confirm."""

    number: int
    line: int
    values: Mapping[str, Value]
    problems: tuple[Problem, ...]
    kept_text: tuple[KeptText, ...]
    asked: tuple[str, ...]

    def normalised(self, field: str) -> object:
        value = self.values.get(field)
        return value.normalised if value else None
