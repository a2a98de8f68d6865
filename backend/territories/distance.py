"""How far apart two places are: kilometres for coordinators, bands for everyone else (trust.md)."""

from enum import Enum
from math import asin, cos, radians, sin, sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.territories.models import Territory

EARTH_RADIUS_KM = 6371.0

Position = tuple[float, float]


class Band(Enum):
    """A distance as others may see it; the value is the upper end in km."""

    SAME_TOWN = 0.0
    UP_TO_5 = 5.0
    UP_TO_10 = 10.0
    UP_TO_25 = 25.0
    FARTHER = float("inf")

    @property
    def label(self) -> Promise:
        return _LABELS[self]


_LABELS = {
    Band.SAME_TOWN: _("same town"),
    Band.UP_TO_5: _("up to 5 km"),
    Band.UP_TO_10: _("up to 10 km"),
    Band.UP_TO_25: _("up to 25 km"),
    Band.FARTHER: _("farther"),
}


def haversine_km(a: Position, b: Position) -> float:
    """Great-circle distance in km between two (latitude, longitude) in degrees, on a sphere."""
    (lat_a, lon_a), (lat_b, lon_b) = ((radians(lat), radians(lon)) for lat, lon in (a, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    # Rounding can lift h just over 1 for antipodes, where asin is undefined.
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, h)))


def position(place: Territory) -> Position | None:
    """(latitude, longitude) of a place, or None for a country or region without one."""
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def distance_km(a: Territory, b: Territory) -> float | None:
    """Kilometres between two places, or None where one has no position."""
    here, there = position(a), position(b)
    return haversine_km(here, there) if here and there else None


def band(a: Territory, b: Territory) -> Band | None:
    """The band that two places fall into, or None where one has no position."""
    if a.pk == b.pk:
        return Band.SAME_TOWN
    km = distance_km(a, b)
    return None if km is None else band_of(km)


def band_of(km: float) -> Band:
    """The narrowest band that holds `km`; two towns are never the same town, however near."""
    return next(band for band in Band if band is not Band.SAME_TOWN and km <= band.value)
