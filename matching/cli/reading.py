"""Files in: criteria, people, and lists of pairs; what cannot be read is told by file, line and column."""

import argparse
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matching import cells
from matching.criteria import Criteria
from matching.errors import CriteriaError, InputError, listing
from matching.people import Pool, read_csv
from matching.scoring.score import Decision, Table

# Columns of the files that are written; a criterion of the same name would make two columns of one name.
TAKEN = ("newcomer", "mentor", "fit", "learned", "regret_newcomers", "regret_fit", "refused_by")


class Sheet:
    """A CSV file by column, which can say where each cell stands."""

    def __init__(self, path: Path, *needed: str) -> None:
        """Read it. Raises InputError where a needed column is missing."""
        self.path = path
        self.columns, self.lines = read_csv(path)
        for name in needed:
            if name not in self.columns:
                known = listing(self.columns)
                raise InputError(f"{path}, line 1: no column {name!r}; the columns are: {known}.")

    def __len__(self) -> int:
        return len(self.lines)

    def wrong(self, row: int, column: str, accepted: str) -> InputError:
        """The error for one cell."""
        where = f"{self.path}, line {self.lines[row]}, column {column}"
        return InputError(f"{where}: {self.columns[column][row]!r} is not known; accepted: {accepted}.")

    def numbers(self, column: str, least: float = -math.inf) -> list[float]:
        """Finite numbers, `least` or more, none of them empty."""
        wanted = "a number, as 12 or 49.38" if least == -math.inf else f"a number, {least:g} or more"
        found = []
        for row, cell in enumerate(self.columns[column]):
            try:
                value = cells.number(cell)
            except cells.UnreadableError:
                value = math.nan
            if not value >= least or math.isinf(value):
                raise self.wrong(row, column, wanted)
            found.append(value)
        return found

    def flags(self, column: str) -> list[bool]:
        """0 or 1, nothing else."""
        for row, cell in enumerate(self.columns[column]):
            if cell.strip() not in ("0", "1"):
                raise self.wrong(row, column, "0 or 1")
        return [cell.strip() == "1" for cell in self.columns[column]]

    def flags_or_nothing(self, column: str) -> list[bool | None]:
        """0, 1 or empty for not known; where there is no such column, nothing is known."""
        if column not in self.columns:
            return [None] * len(self)
        answers = {"0": False, "1": True, "": None}
        for row, cell in enumerate(self.columns[column]):
            if cell.strip() not in answers:
                raise self.wrong(row, column, "0, 1 or nothing")
        return [answers[cell.strip()] for cell in self.columns[column]]

    def names(self, column: str) -> list[str]:
        """Identifiers, none of them empty."""
        found = [cell.strip() for cell in self.columns[column]]
        if "" in found:
            raise self.wrong(found.index(""), column, "an identifier")
        return found

    def known(self, column: str, ids: Pool | Set[str], where: object) -> list[str]:
        """Identifiers that all are in `ids`, which were read from `where`."""
        found = self.names(column)
        for row, name in enumerate(found):
            if name not in ids:
                raise self.wrong(row, column, f"an identifier of {where}")
        return found

    def once(self, column: str) -> list[str]:
        """Identifiers, each of them once."""
        found = self.names(column)
        first: dict[str, int] = {}
        for row, name in enumerate(found):
            if first.setdefault(name, row) != row:
                where = f"{self.path}, line {self.lines[row]}, column {column}"
                twice = f"{name!r} is also in line {self.lines[first[name]]}"
                raise InputError(f"{where}: {twice}; expected each identifier once.")
        return found

    def pairs(self, first: Sequence[str], second: Sequence[str]) -> list[tuple[str, str]]:
        """Both columns row by row, each pair once. Raises InputError with both lines of one that is not."""
        found = list(zip(first, second, strict=True))
        earlier: dict[tuple[str, str], int] = {}
        for row, pair in enumerate(found):
            if earlier.setdefault(pair, row) != row:
                twice = f"{pair[0]!r} and {pair[1]!r} are also in line {self.lines[earlier[pair]]}"
                raise InputError(f"{self.path}, line {self.lines[row]}: {twice}; expected each pair once.")
        return found


@dataclass(frozen=True, slots=True)
class People:
    """Criteria and both sides, with the files that they came from."""

    criteria: Criteria
    mentors: Pool
    newcomers: Pool

    def pairs(self, sheet: Sheet) -> list[tuple[str, str]]:
        """(newcomer, mentor) of each row, people of the pools alone."""
        return people_pairs(sheet, self.mentors, self.newcomers)


def people_pairs(sheet: Sheet, mentors: Pool, newcomers: Pool) -> list[tuple[str, str]]:
    """(newcomer, mentor) of each row, each pair once. Raises InputError for somebody who is unknown."""
    ours = sheet.known("newcomer", newcomers, newcomers.source)
    return sheet.pairs(ours, sheet.known("mentor", mentors, mentors.source))


def read_people(options: argparse.Namespace, as_of: date | None) -> People:
    """Criteria, mentors and newcomers. Raises CriteriaError, InputError."""
    criteria = read_criteria(options.criteria, as_of)
    columns = criteria.columns
    return People(
        criteria,
        Pool.from_csv(options.mentors, id=columns.mentor, capacity=columns.capacity),
        Pool.from_csv(options.newcomers, id=columns.newcomer, capacity=columns.newcomer_capacity),
    )


def read_criteria(path: Path, as_of: date | None) -> Criteria:
    """Read criteria, with waiting counted up to `as_of` or the file's own day. Raises CriteriaError."""
    try:
        criteria = Criteria.from_toml(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CriteriaError(f"{path}: not UTF-8; save the file as UTF-8.") from None
    except CriteriaError as problem:
        raise CriteriaError(f"{path}: {problem}") from problem
    _check_names(path, [c.name for c in criteria.criteria])
    criteria = criteria.as_of(as_of) if as_of else criteria
    for c in criteria.criteria:
        if c.kind == "waiting" and c.as_of is None:
            wanted = "expected --as-of DATE, as --as-of 2026-11-01, or as_of in the file"
            raise CriteriaError(f"{path}: the criterion {c.name!r} counts days up to which day? {wanted}.")
    return criteria


def _check_names(path: Path, names: Sequence[str]) -> None:
    """Refuse names that would make two columns of one name, as they are read: trimmed."""
    seen = dict.fromkeys(TAKEN, "a column of the results")
    for name in names:
        if taken := seen.get(name.strip()):
            raise CriteriaError(
                f"{path}: the criterion {name!r} is named like {taken}; expected another name."
            )
        seen[name.strip()] = f"the criterion {name!r}"


def read_decisions(path: Path | None) -> list[Decision]:
    """(newcomer, mentor, accepted), the same two perhaps twice; who has left is history to others."""
    if path is None:
        return []
    sheet = Sheet(path, "newcomer", "mentor", "outcome")
    return list(zip(sheet.names("newcomer"), sheet.names("mentor"), sheet.flags("outcome"), strict=True))


def read_tables(given: Sequence[tuple[str, Path]], people: People) -> dict[str, Table]:
    """The values of each criterion of kind `table`, by its name."""
    wanted = [c.name for c in people.criteria.criteria if c.kind == "table"]
    tables: dict[str, Table] = {}
    for name, path in given:
        if name not in wanted or name in tables:
            what = "twice" if name in tables else "for no such criterion"
            raise InputError(f"--table {name}={path}: given {what}; accepted once each: {listing(wanted)}.")
        tables[name] = _table(Sheet(path, "newcomer", "mentor", "value"), people)
    for name in wanted:
        if name not in tables:
            raise InputError(f"The criterion {name!r} is of kind table; expected --table {name}=FILE.csv.")
    return tables


def _table(sheet: Sheet, people: People) -> Mapping[tuple[str, str], float]:
    return dict(zip(people.pairs(sheet), sheet.numbers("value"), strict=True))
