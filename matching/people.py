"""People as plain rows, held by column: a pool of a hundred thousand is a few lists, not as many objects."""

import csv
import io
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from matching import cells
from matching.arrays import Floats, Ints
from matching.errors import InputError, listing

T = TypeVar("T")

# Nobody meets more people than this; it keeps every sum of places far from an overflow.
MOST_PLACES = 2**31
DELIMITERS = (",", ";", "\t")
QUOTED = re.compile(r'"[^"]*"')


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

    def word(self, column: str) -> str:
        """The cell as one trimmed value; "" when unknown."""
        return cells.word(self.row.get(column))

    def words(self, column: str, separator: str) -> frozenset[str]:
        """The cell as a set of values; empty when unknown. Text is split at `separator`."""
        return cells.words(self.row.get(column), separator)

    def levels(self, column: str) -> dict[str, int]:
        """The cell as language -> rank 1 (A1) to 7 (native). Raises InputError."""
        try:
            return cells.levels(self.row.get(column))
        except cells.UnreadableError as problem:
            raise _unreadable(self.id, column, self.row.get(column), problem) from None

    def day(self, column: str) -> date | None:
        """The cell as a day; None when unknown. Raises InputError."""
        try:
            return cells.day(self.row.get(column))
        except cells.UnreadableError as problem:
            raise _unreadable(self.id, column, self.row.get(column), problem) from None


class Pool:
    """All people of one side, kept in the order of their identifiers: row order can never matter.

    `ids` (tuple of str) and `capacities` (int64) are in that order; position i is row i of everything
    about newcomers, column i of everything about mentors.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        """Hold `people`. Raises InputError when two share an identifier."""
        people = tuple(people)
        names = dict.fromkeys(column for person in people for column in person.row)
        columns = {name: [person.row.get(name) for person in people] for name in names}
        self._hold([person.id for person in people], columns, [person.capacity for person in people])

    def _hold(
        self,
        ids: Sequence[str],
        columns: Mapping[str, Sequence[Any]],
        capacities: Sequence[int],
        source: str = "",
        lines: Sequence[int] = (),
    ) -> None:
        order = sorted(range(len(ids)), key=ids.__getitem__)
        if order != list(range(len(ids))):
            ids = [ids[k] for k in order]
            columns = {name: [column[k] for k in order] for name, column in columns.items()}
            capacities = [capacities[k] for k in order]
            lines = [lines[k] for k in order] if lines else ()
        self.ids = tuple(ids)
        self.columns: Mapping[str, Sequence[Any]] = MappingProxyType(dict(columns))
        self.capacities: Ints = np.array([min(places, MOST_PLACES) for places in capacities], dtype=np.int64)
        self.source = source
        self._lines = tuple(lines)
        for later, (one, next_one) in enumerate(pairwise(self.ids), start=1):
            if one == next_one:
                where = f"{self.where(later)}: the" if lines else "The"
                raise InputError(
                    f"{where} identifier {one!r} is there twice; each person needs one of their own."
                )

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Sequence[Any]],
        *,
        id: str = "id",
        capacity: str = "",
        source: str = "",
        lines: Sequence[int] = (),
    ) -> "Pool":
        """Make a pool of equally long columns. `id` and `capacity` name columns; no capacity is one place.

        `source` and `lines` say in errors where a row came from.
        """
        for column in filter(None, (id, capacity)):
            if column not in columns:
                known = listing(columns)
                raise InputError(f"{source or 'People'}: no column {column!r}; the columns are: {known}.")
        pool = cls.__new__(cls)
        ids = [cells.word(value) for value in columns[id]]
        where = [f"{source}, line {line}" for line in lines] or [f"row {k}" for k in range(1, len(ids) + 1)]
        for place, name in zip(where, ids, strict=True):
            if not name:
                raise InputError(f"{place}, column {id}: a person has no identifier; each needs one.")
        capacities = [1] * len(ids)
        if capacity:
            for k, value in enumerate(columns[capacity]):
                try:
                    capacities[k] = cells.places(value)
                except cells.UnreadableError as problem:
                    raise _unreadable(where[k] if lines else ids[k], capacity, value, problem) from None
        pool._hold(ids, columns, capacities, source, lines)
        return pool

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], *, id: str = "id", capacity: str = "") -> "Pool":
        """Make a pool of plain rows; a row may leave columns out."""
        rows = list(rows)
        names = dict.fromkeys(column for row in rows for column in row) or {id: None, capacity or id: None}
        columns = {name: [row.get(name) for row in rows] for name in names}
        return cls.from_columns(columns, id=id, capacity=capacity)

    @classmethod
    def from_csv(cls, path: Path, *, id: str = "id", capacity: str = "") -> "Pool":
        """Read a UTF-8 CSV file with a header. Raises InputError that names file, line and column."""
        columns, lines = read_csv(path)
        return cls.from_columns(columns, id=id, capacity=capacity, source=str(path), lines=lines)

    def check(self, columns: Iterable[str], side: str) -> None:
        """Refuse columns that no row has, which would make everybody unknown. Raises InputError."""
        for column in columns if self.ids else ():
            if column not in self.columns:
                where = f"{self.source}: no" if self.source else "No"
                known = listing(self.columns)
                raise InputError(f"{where} {side} has a column {column!r}; the columns are: {known}.")

    def read(self, column: str, reader: Callable[[Any], T]) -> list[T]:
        """Each person's cell of `column` as `reader` understands it, equal cells read once.

        Raises InputError that names the person, the column and what would have been accepted.
        """
        values = self.columns.get(column) or [None] * len(self.ids)
        known: dict[Hashable, T] = {}
        read: list[T] = []
        for k, value in enumerate(values):
            try:
                if not isinstance(value, str):
                    read.append(reader(value))
                    continue
                if value not in known:
                    known[value] = reader(value)
                read.append(known[value])
            except cells.UnreadableError as problem:
                raise _unreadable(self.where(k), column, value, problem) from None
        return read

    def numbers(self, column: str) -> Floats:
        """Each person's cell of `column` as a number, NaN where unknown. Raises InputError as `read` does."""
        try:
            numbers: Floats = np.asarray(self.columns.get(column, ()), dtype=np.float64)
        except ValueError:
            numbers = np.zeros(0)
        if len(numbers) == len(self.ids) and np.isfinite(numbers).all():
            return numbers
        return np.array(self.read(column, cells.number), dtype=np.float64)

    def where(self, index: int) -> str:
        """Where a person stands, for an error: the file and line, or the identifier."""
        return f"{self.source}, line {self._lines[index]}" if self._lines else self.ids[index]

    def cannot_read(self, index: int, column: str, accepted: str) -> InputError:
        """The error for a cell that can be read but means nothing."""
        return _unreadable(self.where(index), column, self.columns[column][index], ValueError(accepted))

    def person(self, index: int) -> Person:
        """One person as an object."""
        row = {name: column[index] for name, column in self.columns.items()}
        return Person(self.ids[index], row, int(self.capacities[index]))

    @property
    def people(self) -> Iterator[Person]:
        """Everybody as objects, in order."""
        return (self.person(index) for index in range(len(self)))

    def changed(self, people: Iterable[Person]) -> "Pool":
        """The same pool with these people's rows in place of their former ones, or added."""
        new = {person.id: person for person in people}
        kept = [index for index, name in enumerate(self.ids) if name not in new]
        names = dict.fromkeys([*self.columns, *(column for person in new.values() for column in person.row)])
        columns = {}
        for name in names:
            column = self.columns.get(name) or [None] * len(self)
            columns[name] = [column[k] for k in kept] + [person.row.get(name) for person in new.values()]
        capacities = self.capacities[kept].tolist() + [person.capacity for person in new.values()]
        pool = Pool.__new__(Pool)
        pool._hold([self.ids[k] for k in kept] + list(new), columns, capacities)
        return pool

    def index(self, id: str) -> int:
        """The place of a person in every matrix. Raises KeyError."""
        return self._places[id]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {person: index for index, person in enumerate(self.ids)}

    def __contains__(self, id: str) -> bool:
        return id in self._places

    def __len__(self) -> int:
        return len(self.ids)


def read_csv(path: Path) -> tuple[dict[str, list[str]], list[int]]:
    """Read a UTF-8 CSV file: its columns by name, and the line each row ends on.

    The delimiter is whichever of comma, semicolon and tab the header has most of outside quotes.
    Raises InputError that names the file and the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: not UTF-8; save the file as UTF-8 CSV.") from None
    plain = QUOTED.sub("", text.partition("\n")[0])
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=plain.count), strict=True
    )
    try:
        table = [(row, reader.line_num) for row in reader]
    except csv.Error as problem:
        raise InputError(f"{path}, line {reader.line_num}: {problem}; expected every quote closed.") from None
    header = [name.strip() for name in table[0][0]] if table else []
    if not any(header):
        raise InputError(f"{path}, line 1: no header; expected the names of the columns.")
    if twice := {name for name in header if name and header.count(name) > 1}:
        raise InputError(f"{path}, line 1: the column {listing(twice)} is there twice; expected once.")
    rows, lines = [], []
    for row, line in table[1:]:
        if not any(row):
            continue
        if len(row) != len(header):
            expected = f"{len(row)} cells; expected {len(header)}, as in the header"
            raise InputError(f"{path}, line {line}: {expected}.")
        rows.append(row)
        lines.append(line)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in header]
    return {name: column for name, column in zip(header, columns, strict=True) if name}, lines


def _unreadable(where: str, column: str, value: Any, problem: Exception) -> InputError:
    return InputError(f"{where}, column {column}: {value!r} is not known; accepted: {problem}.")
