"""Criteria as data: what a programme asks of a pair, from TOML or from the same structure stored as JSON."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from matching.errors import CriteriaError, listing

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")

INTERPRETER = "interpreter"
"""The newcomers' column that lifts a required level; it need not exist unless criteria name another."""

PRIORITIES = frozenset({"waiting", "constant"})
"""Kinds that say who should come first, not how well two people suit each other."""

# Treating people by these is neither lawful nor kind; a language or a wish says what a meeting really needs.
_NATIONALITY = {"nationality", "nationalities", "citizenship", "citizenships"}
_ETHNICITY = {"ethnicity", "ethnicities", "ethnic", "race", "racial"}
_RELIGION = {"religion", "religions", "religious", "faith", "confession", "denomination"}
FORBIDDEN_FEATURES = frozenset(_NATIONALITY | _ETHNICITY | _RELIGION)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One named question about a pair; the fields of other kinds keep their defaults.

    `mentor` and `newcomer` are the columns read (two for `distance`); `reach_*` are columns in kilometres;
    `decay` is in kilometres, `per` in days; `points` are (difference, points) pairs.
    """

    name: str
    kind: str
    weight: float = 1.0
    require: bool | int | str = False
    mentor: tuple[str, ...] = ()
    newcomer: tuple[str, ...] = ()
    separator: str = ""
    rarity: bool = False
    saturate: int = 1
    reach_mentor: str = ""
    reach_newcomer: str = ""
    online_mentor: str = ""
    online_newcomer: str = ""
    decay: float = math.inf
    order: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    asked_by: str = "newcomer"
    interpreter: str = INTERPRETER
    as_of: date | None = None
    per: float = 1.0

    @property
    def greatest(self) -> float:
        """The greatest part there can be: 1, or for `difference` the most points, 0 if all take away."""
        return 1.0 if self.kind != "difference" else max([0.0, *(worth for _, worth in self.points)])

    def columns(self, side: str) -> tuple[str, ...]:
        """The columns of `side` ("mentor" or "newcomer") that must exist; a plain `interpreter` need not."""
        read: tuple[str, ...] = getattr(self, side)
        named = self.interpreter if side == "newcomer" and self.interpreter != INTERPRETER else ""
        extra = (getattr(self, f"reach_{side}"), getattr(self, f"online_{side}"), named)
        return read + tuple(column for column in extra if column)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns identify people and say how many places they have; "" means one place each."""

    mentor: str = "id"
    newcomer: str = "id"
    capacity: str = ""
    newcomer_capacity: str = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """All criteria of a programme, in the order in which their parts are shown."""

    criteria: tuple[Criterion, ...]
    columns: Columns = field(default_factory=Columns)

    @property
    def maximum(self) -> float:
        """The greatest sum of weight x part that a pair can reach, priorities (waiting, constant) apart."""
        counted = (c for c in self.criteria if c.kind not in PRIORITIES)
        return sum(c.weight * c.greatest for c in counted)

    @classmethod
    def from_toml(cls, text: str) -> "Criteria":
        """Read a criteria file. Raises CriteriaError with what would have been accepted."""
        try:
            return cls.from_dict(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise CriteriaError(f"The criteria are not TOML: {error}") from error

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Criteria":
        """Read the same structure as stored by a programme: {"columns": {...}, "criterion": [{...}]}."""
        _only(data, {"columns", "criterion"}, "the criteria")
        rows = data.get("criterion")
        if not isinstance(rows, list) or not rows:
            raise CriteriaError("The criteria hold no [[criterion]]; at least one is needed.")
        criteria = tuple(_criterion(row, number) for number, row in enumerate(rows, start=1))
        names = [criterion.name for criterion in criteria]
        if twice := {name for name in names if names.count(name) > 1}:
            raise CriteriaError(f"Each criterion needs a name of its own; twice: {listing(twice)}.")
        return cls(criteria, _columns(data.get("columns", {})))

    def as_of(self, day: date) -> "Criteria":
        """The same criteria with every `waiting` counted up to `day`."""
        dated = (replace(c, as_of=day) if c.kind == "waiting" else c for c in self.criteria)
        return replace(self, criteria=tuple(dated))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one kind must have, may have, and may set as `require` ("" for nothing)."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    require: str = "true"


def _shape(needs: str, may: str = "", require: str = "true") -> _Shape:
    return _Shape(frozenset(needs.split()), frozenset(may.split()), require)


KINDS: Mapping[str, _Shape] = {
    "constant": _shape("", require=""),
    "same": _shape("mentor newcomer"),
    "different": _shape("mentor newcomer"),
    "contains": _shape("mentor newcomer", "separator"),
    "coverage": _shape("mentor newcomer", "separator rarity"),
    "levels": _shape("mentor newcomer", "interpreter", "true or one of " + ", ".join(LEVELS)),
    "slots": _shape("mentor newcomer saturate", require="true or a number of slots"),
    "distance": _shape(
        "mentor newcomer decay",
        "reach_mentor reach_newcomer online_mentor online_newcomer",
        '"either" or "both"',
    ),
    "difference": _shape("mentor newcomer points", "order"),
    "text": _shape("mentor newcomer"),
    "wish": _shape("mentor newcomer", "asked_by"),
    "waiting": _shape("newcomer per", "as_of", require=""),
    "history": _shape("", require=""),
    "table": _shape(""),
}
# Required, these say 1 for every pair that is left: a refusal, not a score, unless a weight is given.
_REFUSALS_WHEN_REQUIRED = ("same", "different", "contains")
_COMMON = frozenset({"name", "kind", "weight", "require"})
_SEPARATORS = {"contains": ",", "coverage": " "}
_COLUMNS = ("reach_mentor", "reach_newcomer", "online_mentor", "online_newcomer", "interpreter")


def _only(data: Any, accepted: frozenset[str] | set[str], where: str) -> None:
    if not isinstance(data, Mapping):
        raise CriteriaError(f"In {where}: expected a table with {listing(accepted)}.")
    if unknown := set(data) - accepted:
        raise CriteriaError(f"In {where}: {listing(unknown)} is not known; accepted: {listing(accepted)}.")


def _columns(data: Any) -> Columns:
    _only(data, {"mentor", "newcomer", "capacity", "newcomer_capacity"}, "[columns]")
    return Columns(**{key: _word(value, key, "[columns]") for key, value in data.items()})


def _criterion(data: Any, number: int) -> Criterion:
    where = f"criterion {number}"
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str) or not data["name"].strip():
        raise CriteriaError(f"In {where}: a name is needed.")
    where += f" ({data['name']})"
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise CriteriaError(f"In {where}: kind {kind!r} is not known; accepted: {listing(KINDS)}.")
    shape = KINDS[kind]
    _only(data, _COMMON | shape.needs | shape.may, f"{where} of kind {kind}")
    if missing := shape.needs - set(data):
        raise CriteriaError(f"In {where} of kind {kind}: {listing(missing)} is missing.")
    fields: dict[str, Any] = {"separator": _SEPARATORS.get(kind, "")}
    fields |= {key: _value(key, value, kind, where) for key, value in data.items()}
    if fields.get("require") and kind in _REFUSALS_WHEN_REQUIRED:
        fields.setdefault("weight", 0.0)
    criterion = Criterion(**fields)
    _check_reaches(criterion, where)
    return criterion


def _value(key: str, value: Any, kind: str, where: str) -> Any:
    """Read one field of one criterion; the shapes of KINDS have already been checked."""
    if key in ("mentor", "newcomer"):
        return _read_columns(value, 2 if kind == "distance" else 1, key, where)
    if key in _COLUMNS:
        return _column(value, key, where)
    if key == "weight":
        return _number(value, key, where, least=0.0)
    if key in ("decay", "per"):
        return _number(value, key, where, least=math.ulp(0.0))
    if key == "require":
        return _require(value, kind, where)
    if key == "rarity":
        return _choice(value, key, where, (True, False))
    if key == "asked_by":
        return _choice(value, key, where, ("newcomer", "mentor"))
    if key == "saturate":
        return _count(value, key, where)
    return _READERS.get(key, _word)(value, key, where)


def _read_columns(value: Any, count: int, key: str, where: str) -> tuple[str, ...]:
    columns = value if isinstance(value, list | tuple) else [value]
    if len(columns) != count:
        wanted = "one column" if count == 1 else "two columns, [latitude, longitude]"
        raise CriteriaError(f"In {where}: {key} names {len(columns)} columns; expected {wanted}.")
    return tuple(_column(column, key, where) for column in columns)


def _column(value: Any, key: str, where: str) -> str:
    column = _word(value, key, where)
    if FORBIDDEN_FEATURES & set(re.split(r"[\W_\d]+", column.casefold())):
        raise CriteriaError(
            f"In {where}: people are never matched by nationality, ethnicity or religion, so the column "
            f"{column!r} is refused. Ask for what a meeting needs: a language, hours, a topic or a wish."
        )
    return column


def _word(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise CriteriaError(f"In {where}: {key} is {value!r}; expected text in quotes.")
    return value


def _number(value: Any, key: str, where: str, *, least: float = -math.inf) -> float:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real or not math.isfinite(value) or value < least:
        wanted = {-math.inf: "a number", 0.0: "a number, 0 or more"}.get(least, "a number above 0")
        raise CriteriaError(f"In {where}: {key} is {value!r}; expected {wanted}.")
    return float(value)


def _count(value: Any, key: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise CriteriaError(f"In {where}: {key} is {value!r}; expected a whole number, 1 or more.")
    return value


def _choice(value: Any, key: str, where: str, accepted: tuple[object, ...]) -> Any:
    if not any(type(value) is type(choice) and value == choice for choice in accepted):
        raise CriteriaError(f"In {where}: {key} is {value!r}; accepted: {listing(accepted)}.")
    return value


def _require(value: Any, kind: str, where: str) -> bool | int | str:
    accepted = KINDS[kind].require
    if value is False:
        return False
    if kind == "slots" and isinstance(value, int) and value >= 1:
        return value
    if kind == "levels" and value in LEVELS:
        return str(value)
    if kind == "distance" and value in ("either", "both"):
        return str(value)
    if value is True and accepted.startswith("true"):
        return True
    raise CriteriaError(f"In {where}: require is {value!r}; accepted: {accepted or 'nothing for this kind'}.")


def _order(value: Any, key: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value or len(value) != len({str(item) for item in value}):
        raise CriteriaError(f"In {where}: {key} is {value!r}; expected different values, lowest first.")
    return tuple(str(item) for item in value)


def _points(value: Any, key: str, where: str) -> tuple[tuple[float, float], ...]:
    try:
        return tuple(sorted((float(step), _number(worth, key, where)) for step, worth in value.items()))
    except (AttributeError, ValueError) as error:
        if isinstance(error, CriteriaError):
            raise
        raise CriteriaError(
            f"In {where}: {key} is {value!r}; expected numbers by difference, as {{ 1 = 9 }}."
        ) from error


def _day(value: Any, key: str, where: str) -> date:
    try:
        return value.date() if isinstance(value, datetime) else _as_date(value)
    except (TypeError, ValueError) as error:
        raise CriteriaError(f"In {where}: {key} is {value!r}; expected a day as 2026-11-01.") from error


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


_READERS = {"order": _order, "points": _points, "as_of": _day}


def _check_reaches(criterion: Criterion, where: str) -> None:
    """A required distance without the reach it compares with would refuse everybody or nobody."""
    reaches = [bool(criterion.reach_mentor), bool(criterion.reach_newcomer)]
    enough = {"either": any(reaches), "both": all(reaches)}.get(str(criterion.require), True)
    if criterion.kind == "distance" and not enough:
        raise CriteriaError(
            f"In {where}: require = {criterion.require!r} needs reach_mentor and reach_newcomer."
        )
    if bool(criterion.online_mentor) != bool(criterion.online_newcomer):
        raise CriteriaError(f"In {where}: online_mentor and online_newcomer go together; one is missing.")
