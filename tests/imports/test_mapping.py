"""Which column is which, and whom the sheet is about."""

import pytest

from backend.imports.fields import Field, Side
from backend.imports.mapping import guess_mapping
from backend.imports.sheets import Row, Sheet


def sheet(*header: str, cells: tuple[str, ...] = (), name: str = "", title: str = "") -> Sheet:
    return Sheet(name, title, header, (Row(1, 2, cells or ("x",) * len(header)),))


def test_name_beside_first_name_is_the_family_name() -> None:
    assert guess_mapping(sheet("Nom", "Prénom")).columns == {0: Field.FAMILY_NAME, 1: Field.GIVEN_NAME}
    assert guess_mapping(sheet("Nom", "Ville")).columns == {0: Field.FULL_NAME, 1: Field.TOWN}


def test_one_column_is_the_telephone_and_the_second_stays_text() -> None:
    mapping = guess_mapping(sheet("Name", "Phone", "Mobile"))
    assert mapping.columns == {0: Field.FULL_NAME, 1: Field.PHONE}


def test_two_columns_of_notes_are_both_notes() -> None:
    assert list(guess_mapping(sheet("Name", "Notes", "Comments")).columns.values())[1:] == [Field.NOTES] * 2


def test_slips_and_longer_headings_are_guessed_and_marked() -> None:
    mapping = guess_mapping(sheet("Name", "Telphone", "Availability (please tick)"))
    assert mapping.columns == {0: Field.FULL_NAME, 1: Field.PHONE, 2: Field.SLOTS}
    assert mapping.unsure == {1, 2}


def test_a_strange_heading_is_known_by_its_cells() -> None:
    mapping = guess_mapping(
        sheet("Name", "Kontakt A", "Kontakt B", cells=("A", "a@b.example", "0151 2382 9745"))
    )
    assert mapping.columns == {0: Field.FULL_NAME, 1: Field.EMAIL, 2: Field.PHONE}


def test_what_nobody_knows_is_left_alone() -> None:
    assert guess_mapping(sheet("Name", "Emergency contact of the family doctor")).columns == {
        0: Field.FULL_NAME
    }


@pytest.mark.parametrize(
    ("given", "side"),
    [
        (sheet("Name", "Town", name="Ehrenamtliche"), Side.MENTORS),
        (sheet("Name", "Town", title="Liste Mentor*innen Stand Oktober"), Side.MENTORS),
        (sheet("Name", "DBS expires"), Side.MENTORS),
        (sheet("Name", "Needs", name="list"), Side.NEWCOMERS),
        (sheet("Nom", "Inscrit le"), Side.NEWCOMERS),
        (sheet("Name", "Town"), None),
    ],
)
def test_the_side_is_guessed_or_left_open(given: Sheet, side: Side | None) -> None:
    assert guess_mapping(given).side is side


@pytest.mark.parametrize(("heading", "language"), [("Vorname", "de"), ("Prénom", "fr"), ("First name", "en")])
def test_the_language_of_the_headings_decides_which_words_are_believed(heading: str, language: str) -> None:
    assert guess_mapping(sheet(heading, "E-Mail")).language == language
