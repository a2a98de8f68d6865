"""Names as their bearers say them: given names first, letters that the file lost put back where sure."""

import re

from backend.core.text import clean_line
from backend.imports.reading import LIKELY, SURE, Flag, Reading, unread
from backend.imports.words import names_with_rare_letters

_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\ufffd")
_WORD = re.compile(r"[^\s,\-]+")
_COMMA = re.compile(r"\s*[,،]\s*")


def normalise_name(text: str) -> Reading[str]:
    """ "Römer, Inna" to "Inna Römer"; anything else is left in the order it was written."""
    line = clean_line(text)
    parts = _COMMA.split(line)
    turned = f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else line
    if not any(c.isalpha() for c in turned):
        return unread("no_name", line)
    if not _LOST.search(turned):
        return Reading(turned, LIKELY if len(parts) > 2 else SURE)
    return Reading(_WORD.sub(_repaired, turned), LIKELY, (Flag("letters_lost", line),))


def join_names(given: str, family: str) -> str:
    return f"{given} {family}".strip()


def _repaired(match: re.Match[str]) -> str:
    """The one well-known name that fits a word with holes, else the word as it is."""
    word = match.group()
    if not _LOST.search(word):
        return word
    holes = re.escape(word).replace(re.escape("\ufffd"), r"\w").replace(r"\?", r"\w")
    fitting = [name for name in names_with_rare_letters() if re.fullmatch(holes, name)]
    return fitting[0] if len(fitting) == 1 else word
