"""Finding a town by what people write: any of its names, any script we carry, with slips."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Case, Q, QuerySet, Value, When
from rapidfuzz.distance import DamerauLevenshtein

from backend.core.text import fold
from backend.territories.distance import Position, haversine_km, position
from backend.territories.enums import Kind
from backend.territories.models import Territory, TerritoryName

# Three-letter groups that must be shared. How often the right town comes first: README.md.
ALIKE = 0.25
CANDIDATES = 300
# Below this share of equal letters a guess is noise rather than help.
LEAST_CONFIDENCE = 0.5
# A bare name that several towns bear says less than it seems.
SHARED_NAME = 0.8

_BRACKET_OR_COMMA = re.compile(r"[,;(/]")


@dataclass(frozen=True, slots=True)
class TownHit:
    """A town that may be meant. `matched_name` is the spelling that fitted; `confidence` lies in (0, 1]."""

    territory_id: int
    public_id: UUID
    name: str
    matched_name: str
    region: str
    country: str
    confidence: float
    geoname_id: int | None


class _Candidate(NamedTuple):
    territory_id: int
    public_id: UUID
    name: str
    matched_name: str
    folded: str
    parent_kind: str
    parent_name: str
    country: str
    population: int
    latitude: float | None
    longitude: float | None
    geoname_id: int | None


class _Ranked(NamedTuple):
    rank: float
    confidence: float
    town: _Candidate


def search_towns(
    text: str, *, country: str | None = None, near: Territory | None = None, limit: int = 8
) -> list[TownHit]:
    """At most `limit` towns that `text` may mean, the likeliest first; whole or begun names, with slips.

    country: ISO code to stay in. near: a place whose surroundings are likelier.
    """
    wanted = fold(text)
    if not wanted:
        return []
    names = _names(country)
    if len(wanted) == 1:  # a third of all towns; the few that are called so (Y, Å) can still be found
        return [_hit(e.town, e.confidence) for e in _ranked(_read(names.filter(folded=wanted)), wanted)][
            :limit
        ]
    found = _beginning_with(wanted, names, limit)
    if len({candidate.territory_id for candidate in found}) < limit:
        found += _looking_like(wanted, names)
    ranked = _ranked(found, wanted, near=position(near) if near else None)
    return [_hit(entry.town, entry.confidence) for entry in ranked[:limit]]


def best_town(text: str, *, country: str | None = None) -> TownHit | None:
    """The one town that a cell of a sheet means ("10878 Kusel", "Naas, Co. Kildare"), or None.

    Less confident where several towns bear the name and none is ten times as large.
    """
    names = _names(country)
    for reading in dict.fromkeys((text, _BRACKET_OR_COMMA.split(text.strip(), maxsplit=1)[0])):
        wanted = " ".join(word for word in fold(reading).split() if not any(c.isdigit() for c in word))
        found = wanted and (_read(names.filter(folded=wanted)) or _looking_like(wanted, names))
        if ranked := _ranked(found or [], wanted, is_whole=True):
            best, *others = ranked
            return _hit(best.town, best.confidence * (SHARED_NAME if _has_rival(best, others) else 1))
    return None


def slips_of(word: str) -> set[str]:
    """`word` with one letter left out or two neighbours swapped.

    In short names these share too few three-letter groups to be found by them ("Fiox", Foix: one of nine).
    """
    shorter = {word[:i] + word[i + 1 :] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return {slip for slip in shorter | swapped if len(slip) > 1}


def _names(country: str | None) -> QuerySet[TerritoryName]:
    names = TerritoryName.objects.order_by()
    return names.filter(territory__country_code=country.upper()) if country else names


def _beginning_with(wanted: str, names: QuerySet[TerritoryName], limit: int) -> list[_Candidate]:
    whole_first = Case(When(folded=wanted, then=Value(0)), default=Value(1))
    # A town has many spellings with the same beginning, so more rows than towns are read.
    return _read(
        names.filter(folded__startswith=wanted).order_by(whole_first, "-territory__population", "pk")[
            : limit * 6
        ]
    )


def _looking_like(wanted: str, names: QuerySet[TerritoryName]) -> list[_Candidate]:
    alike = names.filter(Q(folded__trigram_similar=wanted) | Q(folded__in=slips_of(wanted)))
    with transaction.atomic():
        with connection.cursor() as cursor:  # the operator takes its threshold from this setting alone
            cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        return _read(alike.order_by(TrigramSimilarity("folded", wanted).desc(), "pk")[:CANDIDATES])


def _read(names: QuerySet[TerritoryName]) -> list[_Candidate]:
    rows = names.values_list(
        "territory_id",
        "territory__public_id",
        "territory__name",
        "name",
        "folded",
        "territory__parent__kind",
        "territory__parent__name",
        "territory__country_code",
        "territory__population",
        "territory__latitude",
        "territory__longitude",
        "territory__geoname_id",
    )
    return [_Candidate(*row) for row in rows]


def _ranked(
    found: Iterable[_Candidate], wanted: str, *, near: Position | None = None, is_whole: bool = False
) -> list[_Ranked]:
    """One entry per town, by its best fitting name; the greater or nearer town where names fit alike.

    is_whole: nobody is still typing, so a mere beginning counts for nothing.
    """
    best: dict[int, _Ranked] = {}
    for town in found:
        confidence = _confidence(town, wanted, is_whole)
        entry = _Ranked(confidence + _likelihood(town, near), confidence, town)
        if confidence >= LEAST_CONFIDENCE and entry.rank > _rank(best.get(town.territory_id)):
            best[town.territory_id] = entry
    return sorted(best.values(), key=lambda entry: (-entry.rank, entry.town.territory_id))


def _rank(entry: _Ranked | None) -> float:
    return entry.rank if entry else 0.0


def _confidence(town: _Candidate, wanted: str, is_whole: bool) -> float:
    is_own_name = town.matched_name == town.name
    if town.folded == wanted:
        return 1.0 if is_own_name else 0.97
    slips = DamerauLevenshtein.distance(wanted, town.folded)
    share = 0.95 * (1 - slips / len(wanted))
    if town.folded.startswith(wanted) and not is_whole:
        share = max(share, 0.75 + 0.15 * len(wanted) / len(town.folded))
    # A slip is likelier in the name the town goes by than in what Lithuanians call it.
    return share if is_own_name else 0.95 * share


def _likelihood(town: _Candidate, near: Position | None) -> float:
    """Up to 0.14 for a great town, up to 0.1 less for one far away: decides between names that fit alike."""
    size = 0.02 * log10(1 + town.population)
    if near is None or town.latitude is None or town.longitude is None:
        return size
    return size - min(haversine_km(near, (town.latitude, town.longitude)) / 3000, 0.1)


def _has_rival(best: _Ranked, others: Sequence[_Ranked]) -> bool:
    return any(
        other.confidence >= best.confidence - 0.03 and 10 * other.town.population > best.town.population
        for other in others
    )


def _hit(town: _Candidate, confidence: float) -> TownHit:
    return TownHit(
        territory_id=town.territory_id,
        public_id=town.public_id,
        name=town.name,
        matched_name=town.matched_name,
        region=town.parent_name if town.parent_kind == Kind.REGION else "",
        country=town.country,
        confidence=round(confidence, 3),
        geoname_id=town.geoname_id,
    )
