"""People as plain rows, and how their cells are read, whether they came from CSV or from Python values."""

import csv
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from matching.criteria import LEVELS
from matching.errors import InputError, listing

_RANKS = {level.casefold(): rank for rank, level in enumerate(LEVELS, start=1)}
_TRUE = frozenset({"true", "yes", "1", "x"})
_FALSE = frozenset({"", "false", "no", "0"})


@dataclass(frozen=True, slots=True)
class Person:
    """One mentor or newcomer: an identifier, how many people they may take, and their row by column.

    A missing key, None and "" all mean "unknown". Lists and sets may stand for separated text,
    a mapping for "de:native ar:B2".
    """

    id: str
    row: Mapping[str, Any] = field(default_factory=dict)
    capacity: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "row", MappingProxyType(dict(self.row)))
        if not self.id:
            raise InputError("A person has no identifier.")
        if self.capacity < 0:
            raise InputError(f"{self.id}: capacity is {self.capacity}; expected 0 or more.")

    def cannot_read(self, column: str, accepted: str) -> InputError:
        """The error for a cell that is there but means nothing."""
        return InputError(
            f"{self.id}, column {column}: {self.row.get(column)!r} is not known; accepted: {accepted}."
        )

    def word(self, column: str) -> str:
        """The cell as one trimmed value; "" when unknown."""
        value = self.row.get(column)
        return "" if value is None else str(value).strip()

    def words(self, column: str, separator: str) -> frozenset[str]:
        """The cell as a set of values; empty when unknown. Text is split at `separator`."""
        value = self.row.get(column)
        if value is None:
            return frozenset()
        if isinstance(value, Collection) and not isinstance(value, str):
            parts: Iterable[str] = (str(item) for item in value)
        else:
            parts = str(value).split(None if separator.isspace() else separator)
        return frozenset(part.strip() for part in parts if part.strip())

    def number(self, column: str) -> float:
        """The cell as a number; NaN when unknown. Raises InputError."""
        text = self.word(column)
        try:
            number = float(text) if text else math.nan
        except ValueError:
            raise self.cannot_read(column, "a number, as 12 or 49.38") from None
        if math.isinf(number):
            raise self.cannot_read(column, "a finite number")
        return number

    def flag(self, column: str) -> bool:
        """The cell as yes or no; unknown is no. Raises InputError."""
        text = self.word(column).casefold()
        if text not in _TRUE | _FALSE:
            raise self.cannot_read(column, listing(_TRUE | _FALSE - {""}) + " or nothing")
        return text in _TRUE

    def day(self, column: str) -> date | None:
        """The cell as a day; None when unknown. Raises InputError."""
        value = self.row.get(column)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(self.word(column)) if self.word(column) else None
        except ValueError:
            raise self.cannot_read(column, "a day, as 2026-05-12") from None

    def levels(self, column: str) -> dict[str, int]:
        """The cell as language -> rank 1 (A1) to 7 (native); empty when unknown. Raises InputError."""
        value = self.row.get(column)
        if isinstance(value, Mapping):
            entries = [(str(language), str(level)) for language, level in value.items()]
        else:
            entries = [(word.partition(":")[0], word.partition(":")[2]) for word in self.words(column, " ")]
        ranks: dict[str, int] = {}
        for language, level in entries:
            rank = _RANKS.get(level.strip().casefold(), 0)
            if not rank or not language.strip():
                raise self.cannot_read(column, f"language:level with a level of {', '.join(LEVELS)}")
            tag = language.strip().casefold()
            ranks[tag] = max(rank, ranks.get(tag, 0))
        return ranks


@dataclass(frozen=True, slots=True)
class Pool:
    """All people of one side, kept in the order of their identifiers: row order can never matter."""

    people: tuple[Person, ...] = ()
    ids: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Identifiers in order; row i of every matrix of newcomers, column i of mentors."""
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        people = tuple(sorted(self.people, key=lambda person: person.id))
        for one, next_one in pairwise(people):
            if one.id == next_one.id:
                raise InputError(
                    f"The identifier {one.id!r} is there twice; each person needs one of their own."
                )
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "ids", tuple(person.id for person in people))
        object.__setattr__(self, "_places", {person: index for index, person in enumerate(self.ids)})

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], *, id: str = "id", capacity: str = "") -> "Pool":
        """Make a pool of plain rows. `id` and `capacity` are columns; an empty capacity is one place."""
        return cls(tuple(_person(row, id, capacity) for row in rows))

    @classmethod
    def from_csv(cls, path: Path, *, id: str = "id", capacity: str = "") -> "Pool":
        """Read a UTF-8 CSV file with a header. Raises InputError that names file and column."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or []
            for column in filter(None, (id, capacity)):
                if column not in header:
                    raise InputError(f"{path}: no column {column!r}; the columns are: {listing(header)}.")
            try:
                return cls.of(reader, id=id, capacity=capacity)
            except InputError as error:
                raise InputError(f"{path}: {error}") from error

    def check(self, columns: Iterable[str], side: str) -> None:
        """Refuse columns that no row has, which would make everybody unknown. Raises InputError."""
        known = {column for person in self.people for column in person.row}
        for column in columns if self.people else ():
            if column not in known:
                raise InputError(f"No {side} has a column {column!r}; the columns are: {listing(known)}.")

    def index(self, id: str) -> int:
        """The place of a person in every matrix. Raises KeyError."""
        return self._places[id]

    def __contains__(self, id: str) -> bool:
        return id in self._places

    def __len__(self) -> int:
        return len(self.people)


def _person(row: Mapping[str, Any], id: str, capacity: str) -> Person:
    person = Person(str(row.get(id) or "").strip(), {key: row[key] for key in row if key is not None})
    if not capacity or not person.word(capacity):
        return person
    places = person.number(capacity)
    if not places >= 0 or places != int(places):
        raise person.cannot_read(capacity, "a whole number, 0 or more")
    return Person(person.id, person.row, int(places))
