"""The towns of the living example, without the long import of all of Europe's."""

from backend.config.demo.places import PLACES
from backend.core.text import fold
from backend.territories.enums import Kind
from backend.territories.models import Territory, TerritoryName

# GeoNames id: latitude, longitude, as the import brings them.
POSITIONS = {
    "2845924": (49.194, 12.520), "2940204": (49.226, 12.655), "2862348": (49.194, 12.267),
    "2927917": (49.098, 12.488), "2829569": (49.268, 12.531), "2864468": (49.348, 12.386),
    "2923529": (49.310, 12.842), "2814846": (49.378, 12.709), "2806080": (49.001, 12.405),
    "2962334": (53.216, -6.667), "2961607": (53.249, -6.666), "2962290": (53.182, -6.797),
    "2963444": (53.130, -6.744), "2965484": (53.291, -6.689), "2962556": (53.141, -7.066),
    "3007609": (48.733, -3.457), "2987863": (48.814, -3.444), "2971929": (48.785, -3.232),
    "2986761": (48.773, -3.517), "3033884": (48.628, -3.302), "2988796": (48.778, -3.047),
    "3014221": (48.563, -3.153),
}  # fmt: skip


def make_example_towns() -> None:
    """Leave them as `import_places` would."""
    for place in PLACES:
        country = Territory.objects.create(
            code=place.country, kind=Kind.COUNTRY, country_code=place.country, name=place.country
        )
        towns = Territory.objects.bulk_create(
            Territory(
                code=code,
                kind=Kind.MUNICIPALITY,
                parent=country,
                country_code=place.country,
                name=name,
                population=share * 1000,
                latitude=POSITIONS[code][0],
                longitude=POSITIONS[code][1],
                time_zone=place.time_zone,
            )
            for code, name, share in place.towns
        )
        TerritoryName.objects.bulk_create(
            TerritoryName(territory=town, name=town.name, folded=fold(town.name), script="Latn")
            for town in towns
        )
