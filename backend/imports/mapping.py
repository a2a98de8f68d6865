"""Which column is which field, and whom a sheet is about: guessed from word lists, corrected by a person."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from backend.core.text import fold
from backend.imports.fields import LISTS, Field, Side
from backend.imports.sheets import Cell, Sheet, text_of
from backend.imports.words import Words, words_for

_SLIP = 85  # of 100; "Telphone" is 94 of "Telephone"
_ASIDE = re.compile(r"\([^)]*\)?")  # "Availability (please tick)"
_SAMPLE = 40  # rows whose cells may tell what an unnamed column holds
_MOST = 0.6
_PHONE_LIKE = re.compile(r"\+?[\d\s/().-]{8,20}")
_ONE_SIDED = {
    Field.CAPACITY: Side.MENTORS,
    Field.CERTIFICATE_EXPIRES_ON: Side.MENTORS,
    Field.REGISTERED_ON: Side.NEWCOMERS,
    Field.WISHES_GENDER: Side.NEWCOMERS,
}


@dataclass(frozen=True)
class SheetMapping:
    """`columns`: column index -> field; columns that are absent are kept as text. `unsure`: please look."""

    columns: Mapping[int, Field]
    side: Side | None
    language: str
    unsure: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Guess:
    column: int
    field: Field
    score: float  # 1.0: the heading is listed as it stands


def guess_mapping(sheet: Sheet) -> SheetMapping:
    """The likeliest mapping; a field that stands for one thing is given to one column, the best."""
    words = words_for(sheet.header)
    guesses = sorted(_guesses(sheet, words), key=lambda guess: (-guess.score, guess.column))
    taken: set[Field] = set()
    columns: dict[int, Field] = {}
    for guess in guesses:
        if guess.field not in taken or guess.field in LISTS:
            columns[guess.column] = guess.field
            taken.add(guess.field)
    _split_names(columns)
    unsure = frozenset(guess.column for guess in guesses if guess.score < 1 and guess.column in columns)
    ordered = dict(sorted(columns.items()))
    return SheetMapping(ordered, _side(sheet, ordered.values(), words), words.languages[0], unsure)


def _guesses(sheet: Sheet, words: Words) -> Iterable[_Guess]:
    for column, heading in enumerate(sheet.header):
        guess = _by_heading(heading, words) or _by_cells(sheet, column)
        if guess:
            yield _Guess(column, *guess)


def _by_heading(heading: str, words: Words) -> tuple[Field, float] | None:
    lexicon = words.lexicon("columns", forgiving=False)
    if whole := lexicon.whole(heading):
        return Field(whole[1]), 1.0
    scan = lexicon.scan(_ASIDE.sub(" ", heading))
    if scan.hits and len(scan.rest) <= len(scan.hits[0].text.split()):
        return Field(scan.hits[0].entry), 0.8
    listed = {" ".join(phrase): key for phrase, key in lexicon.phrases.items() if len(" ".join(phrase)) > 4}
    near = process.extractOne(fold(heading), listed.keys(), scorer=fuzz.ratio, score_cutoff=_SLIP)
    return (Field(listed[near[0]][1]), 0.7) if near else None


def _by_cells(sheet: Sheet, column: int) -> tuple[Field, float] | None:
    """A column without a useful heading shows by its cells when it holds addresses or numbers."""
    cells = [text for row in sheet.rows[:_SAMPLE] if (text := text_of(row.cells[column]).strip())]
    if not cells:
        return None
    if sum("@" in text for text in cells) > _MOST * len(cells):
        return Field.EMAIL, 0.6
    if sum(bool(_PHONE_LIKE.fullmatch(text)) for text in cells) > _MOST * len(cells):
        return Field.PHONE, 0.6
    return None


def _split_names(columns: dict[int, Field]) -> None:
    """Beside a column of given names, a column headed "Name" holds family names."""
    if Field.GIVEN_NAME in columns.values() and Field.FAMILY_NAME not in columns.values():
        for column, field in columns.items():
            if field is Field.FULL_NAME:
                columns[column] = Field.FAMILY_NAME


def _side(sheet: Sheet, fields: Iterable[Field], words: Words) -> Side | None:
    lexicon = words.lexicon("sides", forgiving=False)
    votes = Counter(_ONE_SIDED[field] for field in fields if field in _ONE_SIDED)
    for text, weight in ((sheet.name, 3), (sheet.title, 2), *((heading, 1) for heading in sheet.header)):
        votes.update({Side(hit.entry): weight for hit in lexicon.scan(text).hits})
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def cells_of(cells: tuple[Cell, ...], columns: Mapping[int, Field], field: Field) -> tuple[Cell, ...]:
    """The cells of one row that belong to `field`, without empty ones, in the order of the columns."""
    return tuple(
        cells[column]
        for column, meant in sorted(columns.items())
        if meant is field and column < len(cells) and text_of(cells[column]).strip()
    )
