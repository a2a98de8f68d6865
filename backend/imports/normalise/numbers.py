"""How many people, how many kilometres."""

import re

from backend.imports.reading import DOUBTFUL, Flag, Reading, unread

_NUMBER = re.compile(r"[0-9]{1,4}")
_PEOPLE = re.compile(r"(?:max\.?\s*)?([0-9]{1,2})(?:[.,]0)?\s*[x×*]?", re.IGNORECASE)
_KILOMETRES = re.compile(r"(?:max\.?|ca\.?|~|<)?\s*([0-9]{1,3})(?:[.,]0)?\s*(?:km)?", re.IGNORECASE)


def normalise_capacity(text: str) -> Reading[int]:
    """1 to 20 people; "2x" and "max 2" are 2."""
    return _number(text, _PEOPLE, range(1, 21))


def normalise_reach(text: str) -> Reading[int]:
    """Kilometres, up to 300."""
    return _number(text, _KILOMETRES, range(301))


def _number(text: str, usual: re.Pattern[str], allowed: range) -> Reading[int]:
    said = text.strip()
    match = usual.fullmatch(said)
    numbers = [match[1]] if match else _NUMBER.findall(said)
    if len(numbers) != 1 or int(numbers[0]) not in allowed:
        return unread("no_count", said)
    if match:
        return Reading(int(numbers[0]))
    return Reading(int(numbers[0]), DOUBTFUL, (Flag("partly_understood", said),))
