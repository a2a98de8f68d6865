import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.territories.models import Territory
from backend.territories.queries import best_town, search_towns, slips_of
from backend.territories.sources import Place
from tests.territories import sheets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("Westport", "Westport"),
        ("WESTPORT  ", "Westport"),
        ("wesport", "Westport"),
        ("Westprot", "Westport"),
        ("Cabniteely", "Cabinteely"),
        ("Litlte Bray", "Little Bray"),
        ("little-bray", "Little Bray"),
        ("Mnoaghan", "Monaghan"),
        ("Nasa", "Naas"),  # short and swapped: shares two of eight three-letter groups
        ("Cathair na Mart", "Westport"),
        ("Cabinte", "Cabinteely"),
    ],
)
def test_a_town_is_found_in_ireland_by_what_people_type(typed: str, town: str) -> None:
    assert search_towns(typed, country="IE")[0].name == town


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("Київ", "Kyiv"),
        ("киев", "Kyiv"),
        ("كييف", "Kyiv"),
        ("ኪየቭ", "Kyiv"),
        ("Харкив", "Kharkiv"),
        ("برلين", "Berlin"),
        ("برلن", "Berlin"),
        ("Берлін", "Berlin"),
        ("Δουβλίνο", "Dublin"),
        ("MÜNCHEN", "Munich"),
        ("Muenchen", "Munich"),
        ("münhcen", "Munich"),
    ],
)
def test_a_town_is_found_in_the_persons_script(typed: str, town: str) -> None:
    assert search_towns(typed)[0].name == town


def test_a_hit_says_what_fitted_and_where_it_is() -> None:
    hit = search_towns("Дублін")[0]
    town = Territory.objects.get(geoname_id=2964574)
    assert (hit.territory_id, hit.public_id, hit.geoname_id) == (town.pk, town.public_id, 2964574)
    assert (hit.name, hit.matched_name, hit.region, hit.country) == ("Dublin", "Дублін", "Leinster", "IE")
    assert hit.confidence == 0.97


def test_each_town_comes_once_and_no_more_than_asked() -> None:
    hits = search_towns("ba", limit=5)
    assert len({hit.territory_id for hit in hits}) == len(hits) == 5


def test_a_country_keeps_the_search_inside() -> None:
    assert {hit.country for hit in search_towns("Ber", country="ie")} == {"IE"}


def test_among_towns_of_one_name_the_near_one_comes_first() -> None:
    for neighbour, latitude in (("Castlebar", 54.1), ("Limerick", 52.8)):
        near = Territory.objects.get(name=neighbour, country_code="IE")
        found = Territory.objects.get(pk=search_towns("Ballina", country="IE", near=near)[0].territory_id)
        assert found.name == "Ballina"
        assert found.latitude == pytest.approx(latitude, abs=0.1)


@pytest.mark.parametrize("typed", ["", "  ", "!?", "%", "_", "q", "\x00"])
def test_what_names_no_town_finds_none(typed: str) -> None:
    assert search_towns(typed) == []
    assert best_town(typed) is None


@pytest.mark.parametrize("cell", ["12345 Westport", "Westport, Co. Mayo", "Westport (Mayo)", " westprot "])
def test_a_cell_of_a_sheet_means_one_town(cell: str) -> None:
    hit = best_town(cell, country="IE")
    assert hit is not None
    assert hit.name == "Westport"


def test_a_cell_that_means_no_town_is_none() -> None:
    assert best_town("moved away last year", country="IE") is None


def test_a_name_that_several_towns_bear_is_less_certain() -> None:
    confidence = {
        name: hit.confidence
        for name in ("Westport", "Ballina", "Moate")
        if (hit := best_town(name, country="IE"))
    }
    assert confidence == {"Westport": 1.0, "Ballina": 0.8, "Moate": 0.8}


@pytest.mark.skipif(not sheets.SHEETS.exists(), reason="the example sheets are not beside this checkout")
def test_the_towns_of_the_irish_sheets_are_all_found() -> None:
    wrong = [
        cell
        for cell, geoname_id in sheets.typed_towns("en")
        if (hit := best_town(cell, country="IE")) is None or hit.geoname_id != geoname_id
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda: search_towns("Cabniteely"), "territory_name_trigrams"),
        (lambda: best_town("Cabinteely"), "territory_name_beginnings"),
    ],
)
def test_a_search_reads_an_index(ask: Callable[[], object], index: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask()
    # So few rows are read faster without: what is asked here is whether the index could serve.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for query in queries.captured_queries:
            if re.match(r"SELECT .territories_territoryname", query["sql"]):
                cursor.execute("EXPLAIN " + query["sql"])
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert any(index in plan for plan in plans), plans


def test_slips_are_one_letter_less_or_two_swapped() -> None:
    assert slips_of("foix") == {"oix", "fix", "fox", "foi", "ofix", "fiox", "foxi"}


def test_every_place_is_found_by_its_own_name(places: list[Place]) -> None:
    for place in places[::40]:
        assert place.geoname_id in {
            hit.geoname_id for hit in search_towns(place.name, country=place.country_code)
        }
