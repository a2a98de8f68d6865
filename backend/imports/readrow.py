"""What reading a row answers. Frozen, so that a dry run can be shown, stored and committed unchanged."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date

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


def as_plain(value: object) -> object:
    """A normalised value as JSON can hold it: days as ISO, tuples as lists, dataclasses as objects."""
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
