from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from backend.territories import loading, sources
from backend.territories.models import Territory, TerritoryName
from backend.territories.sources import Place


@pytest.fixture(scope="session")
def sourced_places() -> list[Place]:
    """All of Ireland and Luxembourg, the larger towns of Germany, Ukraine and France; read once (2 s)."""
    places = sources.read_places({"IE", "LU", "DE", "UA", "FR"})
    return [p for p in places if p.country_code in {"IE", "LU"} or p.population >= 40_000]


@pytest.fixture(scope="module")
def places(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, sourced_places: list[Place]
) -> Iterator[list[Place]]:
    """The same, stored for all tests of a module, since each one only reads them."""
    with django_db_blocker.unblock():
        store(sourced_places)
        yield sourced_places
        TerritoryName.objects.all().delete()
        for kind in ("municipality", "region", "country"):
            Territory.objects.filter(kind=kind).delete()


def store(places: list[Place]) -> None:
    countries = loading.store_countries(sources.read_countries({place.country_code for place in places}))
    regions = loading.store_regions(sources.region_names(places), countries)
    for _ in loading.store_places(places, countries | regions):
        pass
    loading.tidy()
