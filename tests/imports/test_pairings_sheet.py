"""Mentorings that already run."""

from datetime import date

import pytest

from backend.imports.pairings_sheet import (
    Named,
    PairingField,
    ReadPairing,
    guess_pairing_columns,
    people_meant,
    read_pairings,
)
from backend.imports.sheets import Sheet, read_sheets

TODAY = date(2026, 11, 21)
PEOPLE = (
    Named(1, "7", "Elif Yılmaz"),
    Named(2, "8", "Elif Yılmaz"),
    Named(3, "9", "Inna Römer"),
)


def sheet(text: str) -> Sheet:
    (only,) = read_sheets(text.encode(), filename="pairings.csv")
    return only


def read(text: str) -> tuple[ReadPairing, ...]:
    given = sheet(text)
    return read_pairings(sheet=given, columns=guess_pairing_columns(given), today=TODAY)


def test_a_row_becomes_a_pairing() -> None:
    assert read("newcomer,mentor,since,last contact\nAmina,Bruno,01/02/2026,2026-11-03\n") == (
        ReadPairing(1, 2, "Amina", "Bruno", date(2026, 2, 1), date(2026, 11, 3), ()),
    )


@pytest.mark.parametrize(
    "header", ["Geflüchtete;Mentor*in;Seit;Letzter Kontakt", "Filleul;Bénévole;Depuis;Dernier contact"]
)
def test_other_languages_need_words_only(header: str) -> None:
    assert list(guess_pairing_columns(sheet(f"{header}\na;b;c;d\n")).values()) == list(PairingField)


def test_a_sheet_of_people_is_no_sheet_of_pairings() -> None:
    assert guess_pairing_columns(sheet("Name,Town\nAmina,Naas\n")) == {}


def test_what_cannot_be_read_is_flagged() -> None:
    missing, later = read("newcomer,mentor,since\nAmina,,soon\nAmina,Bruno,22/11/2026\n")
    assert [(p.field, p.code) for p in missing.problems] == [("mentor", "no_name"), ("since", "no_date")]
    assert [(p.field, p.code) for p in later.problems] == [("since", "in_future")]


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("8", [2]),
        ("Elif Yilmaz", [1, 2]),
        ("Römer, Inna", [3]),
        ("Inna Roemer", [3]),
        ("Bruno", []),
        ("", []),
    ],
)
def test_who_is_meant(said: str, keys: list[int]) -> None:
    assert [one.key for one in people_meant(said, PEOPLE)] == keys
