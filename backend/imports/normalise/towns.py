"""Towns through a finder that the caller brings: the database's search, or a list in memory."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from backend.core.text import clean_line, fold
from backend.imports.reading import LIKELY, SURE, Flag, Reading, unread

# 85354, D-85354, F 35170, 1010, EC1A 1BB, A91 XY12: before the town, or behind it.
_POSTCODES = (
    r"(?:[A-Z]{1,2}[-\s]?)?[0-9]{4,6}",
    r"[A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][A-Z]{2}",
    r"[A-Z][0-9]{2}\s?[A-Z0-9]{4}",
)
_POSTCODE = "|".join(_POSTCODES)
_BEFORE = re.compile(rf"^(?:{_POSTCODE})[\s,]+")
_BEHIND = re.compile(rf"[\s,]+\(?(?:{_POSTCODE})\)?$")
_REGION = re.compile(r"\s*[,/(;].*$")  # "Naas, Co. Kildare", "Freising/Oberbayern"
_ALIKE = 0.7  # below this share of equal letters a proposal only distracts


@dataclass(frozen=True)
class TownMatch:
    """A town the finder proposes. `confidence` 1.0: one of its names equals the text.

    is_shared: several towns bear this name and none is by far the largest, so somebody must choose.
    """

    geoname_id: int | None
    name: str
    confidence: float
    is_shared: bool = False
    territory_id: int | None = None
    region: str = ""


FindTown = Callable[[str], TownMatch | None]


def normalise_town(text: str, *, find_town: FindTown) -> Reading[TownMatch]:
    """The town, its postcode aside. A finder's own measure may be strict (trigrams); letters decide too."""
    name = town_part(text)
    match, alike = _alike(name, find_town)
    if alike < SURE and (town := _REGION.sub("", name)) != name:
        match, alike = max((match, alike), _alike(town, find_town), key=lambda found: found[1])
        alike = min(alike, LIKELY)  # a region that is left out may name another town of the same name
    if match is None or alike < _ALIKE:
        return unread("no_town", text.strip())
    if alike < SURE:
        return Reading(match, min(alike, LIKELY), (Flag("town_guessed", text.strip()),))
    if match.is_shared:  # letters that agree do not say which of the towns is meant
        return Reading(match, LIKELY, (Flag("town_shared", text.strip()),))
    return Reading(match)


def _alike(name: str, find_town: FindTown) -> tuple[TownMatch | None, float]:
    match = find_town(name) if name else None
    if match is None:
        return None, 0.0
    return match, max(match.confidence, OSA.normalized_similarity(fold(name), fold(match.name)))


def town_part(text: str) -> str:
    """The text without postcode and surplus blanks."""
    line = clean_line(text)
    return _BEHIND.sub("", _BEFORE.sub("", line)).strip(" ,;")
