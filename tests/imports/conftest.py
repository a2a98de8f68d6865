"""Ireland as the import command stores it, and a group there that keeps the English sheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Group:
    """Chloé's programme in Ireland, with her and Dario, who coordinates elsewhere."""

    programme: Any
    chloe: Any
    dario: Any


@pytest.fixture(scope="module")
def ireland(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from backend.territories import sources
    from backend.territories.models import Territory, TerritoryName
    from tests.territories.conftest import store

    with django_db_blocker.unblock():
        store(list(sources.read_places({"IE"})))
        yield
        TerritoryName.objects.all().delete()
        for kind in ("municipality", "region", "country"):
            Territory.objects.filter(kind=kind).delete()


@pytest.fixture
def group(db: None) -> Group:
    return make_group()


def make_group(**where: str) -> Group:
    from tests import factories as make

    here = make.make_organisation("Naas Together", **{"country": "IE", "time_zone": "Europe/Dublin"} | where)
    return Group(
        programme=make.make_programme(organisation=here, name="Arriving together"),
        chloe=make.make_coordinator(organisation=here, name="Chloé Martin"),
        dario=make.make_coordinator(name="Dario Conti"),
    )
