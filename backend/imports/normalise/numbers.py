"""How many people, how many kilometres."""

import re

from backend.imports.reading import DOUBTFUL, SURE, Flag, Reading, unread

_NUMBER = re.compile(r"[0-9]{1,4}")
_CAPACITY_WORDS = re.compile(r"(?:max\.?\s*)?([0-9]{1,2})(?:[.,]0)?\s*[x×*]?", re.IGNORECASE)
_REACH_WORDS = re.compile(r"(?:max\.?|bis|up to|jusqu'à|ca\.?|~|<)?\s*([0-9]{1,3})(?:[.,]0)?\s*(?:km)?", re.IGNORECASE)


def normalise_capacity(text: str) -> Reading[int]:
    """1 to 20 people; "2x" and "max 2" are 2."""
    return _number(text, _CAPACITY_WORDS, range(1, 21))


def normalise_reach(text: str) -> Reading[int]:
    """Kilometres, up to 300."""
    return _number(text, _REACH_WORDS, range(301))


def _number(text: str, usual: re.Pattern[str], allowed: range) -> Reading[int]:
    if match := usual.fullmatch(text.strip()):
        value, flags = int(match[1]), ()
    elif len(numbers := _NUMBER.findall(text)) == 1:
        value, flags = int(numbers[0]), (Flag("partly_understood", text.strip()),)
    else:
        return unread("no_count", text.strip())
    return Reading(value, DOUBTFUL if flags else SURE, flags) if value in allowed else unread("no_count", text.strip())
