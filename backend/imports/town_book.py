"""The database's search for towns as reading needs it, with a memory that a batch keeps."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.core.text import fold
from backend.imports.normalise.towns import TownMatch, town_part
from backend.territories.queries import SHARED_NAME, TownHit, best_town, search_towns

_CHOICES = 5


class TownBook:
    """A find_town for one country. `pages`: {text: the town found or None}; grows with each new text."""

    def __init__(self, *, country: str, pages: Mapping[str, Any]) -> None:
        self.country = country
        self.pages: dict[str, Any] = dict(pages)

    def find(self, text: str) -> TownMatch | None:
        if text not in self.pages:
            hit = best_town(text, country=self.country)
            self.pages[text] = asdict(_match(text, hit)) if hit else None
        page = self.pages[text]
        return TownMatch(**page) if page else None

    def choices(self, raw: str) -> tuple[TownMatch, ...]:
        """Towns that a doubtful cell may mean, the likeliest first."""
        key = f"?{raw}"
        if key not in self.pages:
            text = town_part(raw)
            hits = search_towns(text, country=self.country, limit=_CHOICES)
            self.pages[key] = [asdict(_match(text, hit)) for hit in hits]
        return tuple(TownMatch(**page) for page in self.pages[key])


def _match(text: str, hit: TownHit) -> TownMatch:
    """An equal name is sure, in whichever language it was written, unless other towns bear it too."""
    is_equal = fold(text) == fold(hit.matched_name)
    return TownMatch(
        geoname_id=hit.geoname_id,
        name=hit.name,
        confidence=1.0 if is_equal else hit.confidence,
        is_shared=is_equal and hit.confidence <= SHARED_NAME,
        territory_id=hit.territory_id,
        region=hit.region,
    )
