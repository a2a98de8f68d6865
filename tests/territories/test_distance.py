import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from backend.territories.distance import Band, band, band_of, distance_km, haversine_km
from backend.territories.models import Territory

positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def town(pk: int, latitude: float | None, longitude: float | None) -> Territory:
    return Territory(pk=pk, latitude=latitude, longitude=longitude)


def test_dublin_is_219_km_from_cork() -> None:
    assert haversine_km((53.33306, -6.24889), (51.89797, -8.47061)) == pytest.approx(219.4, abs=0.5)


def test_the_antipode_is_half_the_way_round() -> None:
    assert haversine_km((0, 0), (0, 180)) == pytest.approx(20015.1, abs=0.1)


@given(positions, positions)
def test_there_is_as_far_as_back(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert haversine_km(a, b) == pytest.approx(haversine_km(b, a))
    assert 0 <= haversine_km(a, b) <= 20016


@given(positions)
def test_nobody_is_away_from_where_they_are(a: tuple[float, float]) -> None:
    assert haversine_km(a, a) == 0


@given(positions, positions, positions)
def test_a_detour_is_never_shorter(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    assert haversine_km(a, c) <= haversine_km(a, b) + haversine_km(b, c) + 1e-3


@pytest.mark.parametrize(
    ("km", "expected"),
    [
        (0, Band.UP_TO_5),
        (5, Band.UP_TO_5),
        (5.01, Band.UP_TO_10),
        (10, Band.UP_TO_10),
        (25, Band.UP_TO_25),
        (25.01, Band.FARTHER),
        (9000, Band.FARTHER),
    ],
)
def test_a_distance_falls_into_the_narrowest_band(km: float, expected: Band) -> None:
    assert band_of(km) is expected


@given(st.floats(0, 20000), st.floats(0, 20000))
def test_a_longer_way_never_has_a_narrower_band(a: float, b: float) -> None:
    near, far = sorted((a, b))
    assert band_of(near).value <= band_of(far).value


def test_only_the_same_town_is_the_same_town() -> None:
    here = town(1, 53.0, -6.0)
    assert band(here, town(1, 53.0, -6.0)) is Band.SAME_TOWN
    assert band(here, town(2, 53.0, -6.0)) is Band.UP_TO_5


def test_a_country_has_no_distance() -> None:
    assert distance_km(town(1, None, None), town(2, 53.0, -6.0)) is None
    assert band(town(1, None, None), town(2, 53.0, -6.0)) is None


def test_bands_are_words() -> None:
    with override("en"):
        assert [str(band.label) for band in Band] == [
            "same town",
            "up to 5 km",
            "up to 10 km",
            "up to 25 km",
            "farther",
        ]
