"""The database's search for towns, as reading a sheet asks it."""

import pytest

from backend.imports.normalise.towns import normalise_town
from backend.imports.town_book import TownBook
from tests.factories import make_town

pytestmark = pytest.mark.django_db


def test_an_equal_name_is_sure_in_any_language() -> None:
    munich = make_town("München", at=(48.1, 11.6))
    munich.names.create(name="Munich", folded="munich", script="Latn")
    reading = normalise_town("80331 Munich", find_town=TownBook(country="DE", pages={}).find)

    assert (reading.value.territory_id, reading.confidence, reading.flags) == (munich.pk, 1.0, ())


def test_a_name_that_two_towns_bear_is_never_sure() -> None:
    make_town("Neustadt", at=(49.7, 12.1))
    make_town("Neustadt (Sachsen)", at=(51.0, 14.2)).names.update(name="Neustadt", folded="neustadt")
    reading = normalise_town("Neustadt", find_town=TownBook(country="DE", pages={}).find)

    assert reading.confidence < 0.8
    assert [flag.code for flag in reading.flags] == ["town_shared"]


def test_a_town_far_larger_than_its_namesakes_is_meant() -> None:
    large, small = make_town("Neustadt", at=(49.7, 12.1)), make_town("Neustadt 2", at=(51.0, 14.2))
    small.names.update(name="Neustadt", folded="neustadt")
    type(small).objects.filter(pk=small.pk).update(population=900)
    reading = normalise_town("Neustadt", find_town=TownBook(country="DE", pages={}).find)

    assert (reading.value.territory_id, reading.confidence) == (large.pk, 1.0)


def test_what_was_found_once_is_not_searched_again(django_assert_num_queries) -> None:
    make_town("Roding")
    book = TownBook(country="DE", pages={})
    book.find("Roding"), book.find("Nowhere"), book.choices("Rodign")

    with django_assert_num_queries(0):
        again = TownBook(country="DE", pages=book.pages)
        assert again.find("Roding").name == "Roding"
        assert again.find("Nowhere") is None
        assert again.choices("Rodign")[0].name == "Roding"
