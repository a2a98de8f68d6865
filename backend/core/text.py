"""Comparing and sorting what people write, in any script, without the database's help (it has no ICU)."""

import re
import unicodedata
from functools import lru_cache

from pyuca import Collator

# Letters that Unicode does not decompose but people type without the stroke or dot, and the two ways in which
# Arabic and Persian keyboards write yeh and kaf.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t", "ħ": "h"}
    | {"ي": "ی", "ى": "ی", "ك": "ک"}
)
_GAPS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case, no accents, one space between words: what a search compares.

    >>> fold("  Straße-Łódź İzmir ")
    'strasse lodz izmir'
    """
    # Twice, since decomposing uncovers capitals that casefolding could not see ("𝕊").
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _GAPS.sub(" ", bare.translate(_PLAIN)).strip()


@lru_cache(maxsize=1)
def _collator() -> Collator:
    return Collator()


def sort_key(text: str) -> str:
    """A key whose plain byte order is the Unicode Collation Algorithm's order of `text` (UTS 10)."""
    return "".join(f"{weight:04x}" for weight in _collator().sort_key(text)[:60])


def clean_line(text: str) -> str:
    """One line without control characters or surplus blanks; direction marks that could spoof are dropped."""
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and c not in _BIDI)
    return " ".join(kept.split())


_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
