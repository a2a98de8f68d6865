"""A read row as the answers of a profile; what no field can hold goes into the notes, with its heading."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from backend.imports.enums import SheetKind
from backend.imports.fields import Field
from backend.imports.normalise.gender import GenderWish
from backend.imports.normalise.slots import FLEXIBLE
from backend.imports.normalise.towns import TownMatch
from backend.imports.problems import WHOLE_ROW
from backend.imports.readrow import ReadRow
from backend.profiles.answers import LanguageAnswer, ProfileAnswers

# Their raw text is kept elsewhere, or their sentence repeats nothing that was lost.
_KEPT_ELSEWHERE = {
    Field.FULL_NAME,
    Field.TOWN,
    Field.NOTES,
    Field.CERTIFICATE_EXPIRES_ON,
    Field.REGISTERED_ON,
    WHOLE_ROW,
}
_NOTHING_LOST = {
    "formula",
    "spelling_guessed",
    "number_unusual",
    "email_unusual",
    "year_guessed",
    "letters_lost",
}
_USUAL_REACH = 10
_WRITTEN_TO = ("native", "C2", "C1")


@dataclass(frozen=True)
class Headings:
    """What the sheet calls each field, for the notes."""

    by_field: Mapping[str, str]

    @classmethod
    def of(cls, header: tuple[str, ...], columns: Mapping[int, Field]) -> "Headings":
        named = {field.value: header[at] for at, field in columns.items() if at < len(header)}
        return cls(named)

    def note(self, field: str, raw: str) -> str:
        heading = self.by_field.get(field, "")
        return f"{heading}: {raw}" if heading else raw


def answers_of(row: ReadRow, *, kind: SheetKind, headings: Headings) -> ProfileAnswers:
    """What the profile of this row would say. The certificate and the day of registration are not in it."""
    town = cast(TownMatch | None, row.normalised(Field.TOWN))
    slots = cast(tuple[str, ...], row.normalised(Field.SLOTS) or ())
    topics = cast(tuple[str, ...], row.normalised(Field.TOPICS) or ())
    wish = cast(GenderWish | None, row.normalised(Field.WISHES_GENDER))
    year, reach = row.normalised(Field.BIRTH_YEAR), row.normalised(Field.REACH)
    is_mentor = kind == SheetKind.MENTORS
    return ProfileAnswers(
        full_name=_text(row, Field.FULL_NAME),
        called=_text(row, Field.GIVEN_NAME),
        gender=_text(row, Field.GENDER),
        born="" if year is None else str(year),
        phone=_text(row, Field.PHONE),
        email=_text(row, Field.EMAIL),
        town_id=town.territory_id if town else None,
        town_text=row.values[Field.TOWN].raw.strip()[:120] if Field.TOWN in row.values else "",
        reach_km=reach if isinstance(reach, int) else _USUAL_REACH,
        slots=() if slots == (FLEXIBLE,) else slots,
        hours_vary=slots == (FLEXIBLE,),
        topics_offered=topics if is_mentor else (),
        topics_wanted=() if is_mentor else topics,
        wishes_gender=wish.gender if wish else "",
        wish_is_required=bool(wish and wish.gender and wish.required),
        notes="\n".join(_notes(row, headings)),
        external_id=_text(row, Field.EXTERNAL_ID)[:60],
        languages=_languages(row),
    )


def written_to_in(row: ReadRow, *, spoken_here: Iterable[str]) -> str:
    """The language to write to them in: the first of ours that they speak like a mother tongue, or ""."""
    ours = set(spoken_here)
    return next((a.tag for a in _languages(row) if a.tag in ours and a.level in _WRITTEN_TO), "")


def registered_on(row: ReadRow, *, today: date) -> date | None:
    """The day the sheet says, unless it lies ahead."""
    day = row.normalised(Field.REGISTERED_ON)
    return day if isinstance(day, date) and day <= today else None


def certificate_until(row: ReadRow) -> date | None:
    day = row.normalised(Field.CERTIFICATE_EXPIRES_ON)
    return day if isinstance(day, date) else None


def capacity(row: ReadRow) -> int:
    number = row.normalised(Field.CAPACITY)
    return number if isinstance(number, int) else 1


def _text(row: ReadRow, field: Field) -> str:
    return str(row.normalised(field) or "")


def _languages(row: ReadRow) -> tuple[LanguageAnswer, ...]:
    spoken = cast(Mapping[str, str], row.normalised(Field.LANGUAGES) or {})
    return tuple(LanguageAnswer(tag=tag, level=level) for tag, level in spoken.items())


def _notes(row: ReadRow, headings: Headings) -> Iterator[str]:
    if said := _text(row, Field.NOTES):
        yield said
    for kept in row.kept_text:
        yield f"{kept.heading}: {kept.text}" if kept.heading else kept.text
    doubted = {p.field for p in row.problems if p.code not in _NOTHING_LOST}
    for field, value in row.values.items():
        was_lost = value.normalised is None or field in doubted
        if was_lost and value.raw.strip() and field not in _KEPT_ELSEWHERE:
            yield headings.note(field, value.raw.strip())
