"""Places into the database, a batch at a time; doing it again changes nothing that is already right."""

from collections.abc import Iterator, Mapping, Sequence

from django.db import connection, transaction

from backend.territories.enums import Kind
from backend.territories.models import Territory, TerritoryName
from backend.territories.sources import Country, Place

BATCH = 2000
FACTS = [
    "kind",
    "parent",
    "country_code",
    "geoname_id",
    "name",
    "population",
    "latitude",
    "longitude",
    "time_zone",
]

NameKey = tuple[int, str]  # (territory, folded name)


@transaction.atomic
def store_countries(countries: Sequence[Country]) -> dict[str, int]:
    """Countries in; returns {code: id}."""
    return _upsert(
        Territory(
            code=c.code,
            kind=Kind.COUNTRY,
            country_code=c.code,
            geoname_id=c.geoname_id,
            name=c.name,
            population=c.population,
        )
        for c in countries
    )


@transaction.atomic
def store_regions(names: Mapping[str, str], country_ids: Mapping[str, int]) -> dict[str, int]:
    """Regions in, below their countries; returns {code: id}."""
    return _upsert(
        Territory(
            code=code, kind=Kind.REGION, country_code=code[:2], parent_id=country_ids[code[:2]], name=name
        )
        for code, name in sorted(names.items())
    )


def store_places(places: Sequence[Place], parent_ids: Mapping[str, int]) -> Iterator[int]:
    """Towns and their names in; yields how many are stored after each batch (one transaction each).

    parent_ids: {region code or country code: id}.
    """
    for start in range(0, len(places), BATCH):
        batch = places[start : start + BATCH]
        with transaction.atomic():
            ids = _upsert(_town(place, parent_ids) for place in batch)
            _match_names({ids[str(place.geoname_id)]: place for place in batch})
        yield start + len(batch)


def tidy() -> None:
    """Let the planner know the new sizes; without it a first search reads the whole table."""
    with connection.cursor() as cursor:
        for model in (Territory, TerritoryName):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _town(place: Place, parent_ids: Mapping[str, int]) -> Territory:
    return Territory(
        code=str(place.geoname_id),
        kind=Kind.MUNICIPALITY,
        parent_id=parent_ids[place.region_code or place.country_code],
        country_code=place.country_code,
        geoname_id=place.geoname_id,
        name=place.name,
        population=place.population,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=place.time_zone,
    )


def _upsert(rows: Iterator[Territory]) -> dict[str, int]:
    stored = Territory.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=FACTS
    )
    return {territory.code: territory.pk for territory in stored}


def _match_names(places: Mapping[int, Place]) -> None:
    """Make the names of these territories exactly those of their places; write only the difference."""
    wanted: dict[NameKey, tuple[str, str]] = {
        (pk, spelled.folded): (spelled.name, spelled.script)
        for pk, place in places.items()
        for spelled in place.names
    }
    rows = TerritoryName.objects.filter(territory__in=places).values_list(
        "territory", "folded", "name", "script"
    )
    stored = {(pk, folded): (name, script) for pk, folded, name, script in rows.order_by()}
    gone = stored.keys() - wanted.keys()
    for pk in {pk for pk, _ in gone}:
        TerritoryName.objects.filter(
            territory=pk, folded__in=[f for owner, f in gone if owner == pk]
        ).delete()
    TerritoryName.objects.bulk_create(
        [
            TerritoryName(territory_id=pk, folded=folded, name=name, script=script)
            for (pk, folded), (name, script) in wanted.items()
            if stored.get((pk, folded)) != (name, script)
        ],
        update_conflicts=True,
        unique_fields=["territory", "folded"],
        update_fields=["name", "script"],
    )
