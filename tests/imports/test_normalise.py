"""One cell at a time: what is read, how surely, and what is said about the rest."""

from datetime import date

import pytest

from backend.imports.normalise.dates import is_month_first, normalise_birth_year, normalise_date
from backend.imports.normalise.emails import normalise_email
from backend.imports.normalise.gender import GenderWish, normalise_gender, normalise_gender_wish
from backend.imports.normalise.languages import normalise_languages
from backend.imports.normalise.names import normalise_name
from backend.imports.normalise.numbers import normalise_capacity, normalise_reach
from backend.imports.normalise.phones import normalise_phone
from backend.imports.normalise.slots import normalise_slots
from backend.imports.normalise.topics import normalise_topics
from backend.imports.normalise.towns import TownMatch, normalise_town, town_part
from backend.imports.reading import Reading
from backend.imports.rows import ASK_BELOW
from backend.imports.words import words

TODAY = date(2026, 11, 21)


def codes(reading: Reading[object]) -> list[str]:
    return [flag.code for flag in reading.flags]


def is_asked(reading: Reading[object]) -> bool:
    return reading.confidence < ASK_BELOW


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en", "fluent English, good Arabic", {"en": "C1", "ar": "B2"}),
        ("en", "English and French B2", {"en": "B2", "fr": "B2"}),
        ("en", "English, fluent", {"en": "C1"}),
        ("de", "Arab. MS+dt. A2", {"ar": "native", "de": "A2"}),
        ("de", "Farsi/Dari - sehr gut", {"fa-AF": "C1"}),
        ("de", "Deutsch/Englisch fließend", {"de": "C1", "en": "C1"}),
        ("de", "Kurdisch (Sorani) MS", {"ckb": "native"}),
        ("fr", "un peu de français; dari LM", {"fr": "A1", "fa-AF": "native"}),
        ("en", "Georgian B1, Wolof native", {"ka": "B1", "wo": "native"}),
    ],
)
def test_languages_and_levels_in_many_shapes(language: str, text: str, spoken: dict[str, str]) -> None:
    reading = normalise_languages(text, words=words(language))
    assert (dict(reading.value or {}), is_asked(reading)) == (spoken, False)


@pytest.mark.parametrize(
    ("text", "spoken", "code"),
    [
        ("Ukrainian", {"uk": ""}, "level_missing"),
        ("German B1/B2", {"de": "B1"}, "level_guessed"),
        ("no English; Dari native", {"fa-AF": "native"}, "negation"),
        ("Enlgish A2", {"en": "A2"}, "spelling_guessed"),
        ("English A1 (learning fast)", {"en": "A1"}, "partly_understood"),
        ("sign language", {}, "partly_understood"),
        ("FR, DE (B1)", {"fr": ""}, "partly_understood"),
        ("?", {}, "no_language"),
    ],
)
def test_doubtful_languages_are_asked_about(text: str, spoken: dict[str, str], code: str) -> None:
    reading = normalise_languages(text, words=words("en"))
    assert dict(reading.value or {}) == spoken
    assert is_asked(reading)
    assert code in codes(reading)


@pytest.mark.parametrize(
    ("language", "text", "slots"),
    [
        ("de", "Mo, Mi abends", "mon:evening wed:evening"),
        ("de", "Mo morgens, Mi + Do abends", "mon:morning wed:evening thu:evening"),
        ("en", "Mon-Wed am; Fri pm", "mon:morning tue:morning wed:morning fri:afternoon"),
        ("fr", "du samedi au lundi le matin", "mon:morning sat:morning sun:morning"),
        ("en", "weekend mornings", "sat:morning sun:morning"),
        ("en", "flexible", "flexible"),
    ],
)
def test_days_and_parts(language: str, text: str, slots: str) -> None:
    reading = normalise_slots(text, words=words(language))
    assert (" ".join(reading.value or ()), is_asked(reading)) == (slots, False)


@pytest.mark.parametrize(
    ("language", "text", "slots"),
    [
        ("de", "Di ab 16 Uhr", ("tue:afternoon",)),
        ("en", "Mon 18:00-20:00", ("mon:evening",)),
        ("en", "Saturdays", ("sat:morning", "sat:afternoon", "sat:evening")),
        ("en", "evenings and weekends", ("sat:evening", "sun:evening")),
        ("en", "every second Monday evening", ("mon:evening",)),
        ("en", "not Mondays", None),
        ("fr", "sauf mardi", None),
        ("en", "ask my wife", None),
    ],
)
def test_doubtful_hours_are_asked_about(language: str, text: str, slots: tuple[str, ...] | None) -> None:
    reading = normalise_slots(text, words=words(language))
    assert reading.value == slots
    assert is_asked(reading)
    assert reading.flags


def test_topics_keep_what_fits_none() -> None:
    reading = normalise_topics("GP, houseing and beekeeping", words=words("en"))
    assert reading.value == ("housing", "health")
    assert [(flag.code, flag.text) for flag in reading.flags] == [
        ("spelling_guessed", "houseing"),
        ("partly_understood", "beekeeping"),
    ]
    assert normalise_topics("nicht Schule", words=words("de")).value is None


@pytest.mark.parametrize(
    ("text", "day", "asked"),
    [
        ("2026-03-15", date(2026, 3, 15), False),
        ("15.3.26", date(2026, 3, 15), False),
        ("15. März 2026", date(2026, 3, 15), False),
        ("1er mars 2026", date(2026, 3, 1), False),
        ("Dec 5 2026", date(2026, 12, 5), False),
        ("5-Mar-26", date(2026, 3, 5), False),
        (date(2026, 3, 15), date(2026, 3, 15), False),
        (45_000, date(2023, 3, 15), True),
        ("3/25/2026", date(2026, 3, 25), True),
        ("03/2026", date(2026, 3, 1), True),
        ("31.02.2026", None, True),
        ("soon", None, True),
        (float("nan"), None, True),
    ],
)
def test_days(text: str | float | date, day: date | None, asked: bool) -> None:
    reading = normalise_date(text, words=words("de"))
    assert (reading.value, is_asked(reading)) == (day, asked)


def test_a_column_that_only_fits_month_first_is_read_so() -> None:
    assert is_month_first(["03/04/2026", "12/25/2026"])
    assert not is_month_first(["03/04/2026", "12/25/2026", "25/12/2026"])
    assert not is_month_first(["03/04/2026"])
    assert normalise_date("03/04/2026", words=words(), month_first=True).value == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "year", "asked"),
    [
        (1985, 1985, False),
        ("12.03.1985", 1985, False),
        ("85", 1985, True),
        ("07", 2007, True),
        ("12.03.85", 1985, True),
        ("19 85?", None, True),
        ("198", None, True),
        ("1885", None, True),
        ("2030", None, True),
        ("unbek.", None, True),
    ],
)
def test_years_of_birth(text: str | int, year: int | None, asked: bool) -> None:
    reading = normalise_birth_year(text, words=words("de"), today=TODAY)
    assert (reading.value, is_asked(reading)) == (year, asked)


@pytest.mark.parametrize(
    ("text", "number", "found"),
    [
        ("0151/23829745", "+4915123829745", []),
        ("(0151) 238-297-45", "+4915123829745", []),
        ("004915123829745", "+4915123829745", []),
        ("15123829745", "+4915123829745", []),
        ("4915123829745", "+4915123829745", []),
        ("0151-23829745 (Mutter)", "+4915123829745", ["partly_understood"]),
        ("0151 23829745 / 0171 7654321", "+4915123829745", ["second_value"]),
        ("+44 7700 900123", "+447700900123", ["number_unusual"]),
        ("0000", None, ["no_number"]),
        ("n/a", None, ["no_number"]),
        ("=1+1", None, ["no_number"]),
    ],
)
def test_telephone_numbers(text: str, number: str | None, found: list[str]) -> None:
    reading = normalise_phone(text, region="DE")
    assert (reading.value, codes(reading)) == (number, found)
    assert is_asked(reading) == bool(found)


def test_addresses() -> None:
    assert normalise_email(" Amina <Amina.B@Example.ORG> ") == Reading("Amina.B@example.org")
    assert codes(normalise_email("a@b.org, c@d.org")) == ["second_value"]
    assert codes(normalise_email(".20@example.org")) == ["email_unusual"]
    assert codes(normalise_email("see phone")) == ["no_email"]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Römer, Inna", "Inna Römer", []),
        ("  Anna   Volkova ", "Anna Volkova", []),
        ("Y?ld?z Elif", "Yıldız Elif", ["letters_lost"]),
        ("Xq?zt", "Xq?zt", ["letters_lost"]),
        ("آيلين سماوات", "آيلين سماوات", []),
        ("123", None, ["no_name"]),
    ],
)
def test_names(text: str, name: str | None, found: list[str]) -> None:
    reading = normalise_name(text)
    assert (reading.value, codes(reading)) == (name, found)


@pytest.mark.parametrize(
    "text", ["85354 Freising", "D-85354 Freising", "D85354 Freising", "Freising (85354)", " Freising, 85354 "]
)
def test_a_postcode_is_no_part_of_the_town(text: str) -> None:
    assert town_part(text) == "Freising"


def test_a_town_with_its_region_is_found_and_asked_about() -> None:
    naas = TownMatch(2962334, "Naas", 1.0)
    reading = normalise_town("Naas, Co. Kildare", find_town=lambda text: naas if text == "Naas" else None)
    assert (reading.value, is_asked(reading), codes(reading)) == (naas, True, ["town_guessed"])
    assert codes(normalise_town("Nowhere", find_town=lambda text: None)) == ["no_town"]
    assert normalise_town("Zzz", find_town=lambda text: TownMatch(1, "Naas", 0.3)).value is None


def test_genders_and_wishes() -> None:
    assert [normalise_gender(text, words=words("de")).value for text in ("W", "männl.", "divers", "?")] == [
        "f", "m", "x", None,
    ]  # fmt: skip
    wishes = {
        "nur Frau": GenderWish("f", True),
        "lieber Mann": GenderWish("m", False),
        "egal": GenderWish("", False),
        "kein Mann": None,
        "blau": None,
    }
    assert {text: normalise_gender_wish(text, words=words("de")).value for text in wishes} == wishes


def test_counts() -> None:
    assert [normalise_capacity(text).value for text in ("2", "3x", "max 2", "2.0", "0", "1-2", "two")] == [
        2, 3, 2, 2, None, None, None,
    ]  # fmt: skip
    assert normalise_reach("ca. 15 km").value == 15
