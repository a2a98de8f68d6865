"""How one cell is read, whether it came from CSV or as a Python value; None and "" mean unknown."""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from matching.criteria import LEVELS
from matching.errors import listing

_RANKS = {level.casefold(): rank for rank, level in enumerate(LEVELS, start=1)}
_TRUE = frozenset({"true", "yes", "1", "x"})
_FALSE = frozenset({"", "false", "no", "0"})


class UnreadableError(ValueError):
    """A cell that is there but means nothing; the text says what would have been accepted."""


def word(value: Any) -> str:
    """The cell as one trimmed value; "" when unknown."""
    return "" if value is None else str(value).strip()


def words(value: Any, separator: str) -> frozenset[str]:
    """The cell as a set of values; empty when unknown. Text is split at `separator`."""
    if value is None:
        return frozenset()
    if isinstance(value, str) and separator.isspace():
        return frozenset(value.split())
    if isinstance(value, str):
        parts: Iterable[str] = value.split(separator)
    elif isinstance(value, Collection):
        parts = (str(item) for item in value)
    else:
        parts = (str(value),)
    return frozenset(stripped for part in parts if (stripped := part.strip()))


def number(value: Any) -> float:
    """The cell as a number; NaN when unknown. Raises UnreadableError."""
    text = word(value)
    try:
        read = float(text) if text else math.nan
    except ValueError:
        raise UnreadableError("a number, as 12 or 49.38") from None
    if math.isinf(read):
        raise UnreadableError("a finite number")
    return read


def flag(value: Any) -> bool:
    """The cell as yes or no; unknown is no. Raises UnreadableError."""
    text = word(value).casefold()
    if text not in _TRUE | _FALSE:
        raise UnreadableError(listing(_TRUE | _FALSE - {""}) + " or nothing")
    return text in _TRUE


def day(value: Any) -> date | None:
    """The cell as a day; None when unknown. Raises UnreadableError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = word(value)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UnreadableError("a day, as 2026-05-12") from None


def places(value: Any) -> int:
    """The cell as how many people somebody may take; 1 when unknown. Raises UnreadableError."""
    read = number(value)
    if math.isnan(read):
        return 1
    if read < 0 or read != int(read):
        raise UnreadableError("a whole number, 0 or more")
    return int(read)


def levels(value: Any) -> dict[str, int]:
    """The cell as language -> rank 1 (A1) to 7 (native); empty when unknown. Raises UnreadableError."""
    if isinstance(value, Mapping):
        entries = [_entry(f"{language}:{level}") for language, level in value.items()]
    else:
        entries = [_entry(entry) for entry in words(value, " ")]
    ranks: dict[str, int] = {}
    for tag, rank in entries:
        ranks[tag] = max(rank, ranks.get(tag, 0))
    return ranks


@lru_cache(maxsize=10_000)
def _entry(text: str) -> tuple[str, int]:
    """A language and its rank; a hundred thousand people share a few hundred such entries."""
    language, _, level = text.rpartition(":")
    rank = _RANKS.get(level.strip().casefold(), 0)
    tag = language.strip().casefold()
    if not rank or not tag:
        raise UnreadableError(f"language:level with a level of {', '.join(LEVELS)}")
    return tag, rank
