"""Words for what an import shows: fields, values, and what can be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backend.imports.deciding import LEAVE, NEW, OTHER, SAME, YES, Question, QuestionKind
from backend.imports.fields import Field
from backend.imports.normalise.gender import GenderWish
from backend.imports.normalise.slots import FLEXIBLE
from backend.imports.normalise.towns import TownMatch
from backend.imports.pairings_sheet import PairingField
from backend.imports.wording import languages_in_words, slots_in_words, topics_in_words
from backend.profiles.enums import Gender
from backend.web.shell.words import Text

PERSON_FIELDS: Mapping[str, Text] = {
    Field.EXTERNAL_ID: gettext_lazy("Number in your list"),
    Field.FULL_NAME: gettext_lazy("Full name"),
    Field.GIVEN_NAME: gettext_lazy("First name"),
    Field.FAMILY_NAME: gettext_lazy("Family name"),
    Field.PHONE: gettext_lazy("Phone"),
    Field.EMAIL: gettext_lazy("E-mail"),
    Field.GENDER: gettext_lazy("Gender"),
    Field.BIRTH_YEAR: gettext_lazy("Year of birth"),
    Field.TOWN: gettext_lazy("Town"),
    Field.LANGUAGES: gettext_lazy("Languages"),
    Field.SLOTS: gettext_lazy("When they have time"),
    Field.TOPICS: gettext_lazy("Topics offered or wanted"),
    Field.CAPACITY: gettext_lazy("How many people at a time"),
    Field.REACH: gettext_lazy("How far, in km"),
    Field.CERTIFICATE_EXPIRES_ON: gettext_lazy("Police check valid until"),
    Field.REGISTERED_ON: gettext_lazy("Registered on"),
    Field.WISHES_GENDER: gettext_lazy("Would like a woman or a man"),
    Field.NOTES: gettext_lazy("Notes"),
}
PAIRING_FIELDS: Mapping[str, Text] = {
    PairingField.NEWCOMER: gettext_lazy("Newcomer"),
    PairingField.MENTOR: gettext_lazy("Mentor"),
    PairingField.SINCE: gettext_lazy("Since"),
    PairingField.LAST_CONTACT: gettext_lazy("Last contact"),
}
ALL_FIELDS = {**PERSON_FIELDS, **PAIRING_FIELDS}


def value_in_words(field: str, value: Any) -> str:
    """A normalised value as a person reads it; "" where there is none."""
    if value is None:
        return ""
    write = _WORDS.get(field)
    return write(value) if write else str(value)


def _town(town: TownMatch) -> str:
    return f"{town.name}, {town.region}" if town.region else town.name


def _slots(slots: tuple[str, ...]) -> str:
    return _("changes weekly") if slots == (FLEXIBLE,) else slots_in_words(slots)


def _wish(wish: GenderWish) -> str:
    words = {
        ("f", True): _("only a woman"),
        ("m", True): _("only a man"),
        ("f", False): _("rather a woman"),
        ("m", False): _("rather a man"),
    }
    return words.get((wish.gender, wish.required), _("a woman or a man"))


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _people(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


_WORDS: dict[str, Callable[[Any], str]] = {
    Field.GENDER: lambda value: str(Gender(value).label),
    Field.TOWN: _town,
    Field.LANGUAGES: lambda spoken: languages_in_words(spoken.items()),
    Field.SLOTS: _slots,
    Field.TOPICS: topics_in_words,
    Field.CAPACITY: _people,
    Field.REACH: lambda km: _("%(km)d km") % {"km": km},
    Field.CERTIFICATE_EXPIRES_ON: _day,
    Field.REGISTERED_ON: _day,
    Field.WISHES_GENDER: _wish,
}


def choices_for(question: Question, value: Any) -> list[tuple[str, str]]:
    """(answer, words) of every answer that can be ticked."""
    if question.kind == QuestionKind.DUPLICATE:
        return [
            (SAME, _("The same person. Leave this row out.")),
            (OTHER, _("Another person. Take the row in.")),
        ]
    if question.kind == QuestionKind.MATCH:
        known = question.options[0]
        return [
            (known.value, _("This is %(name)s, who is here already.") % {"name": known.label}),
            (NEW, _("This is somebody else of that name.")),
        ]
    if question.kind == QuestionKind.PERSON:
        return [(option.value, option.label) for option in question.options]
    return [*_readings(question, value), (LEAVE, _("Leave it empty. Keep the words as a note."))]


def _readings(question: Question, value: Any) -> list[tuple[str, str]]:
    if question.options:
        return [(option.value, option.label) for option in question.options]
    if question.kind == QuestionKind.UNREAD or value is None:
        return []
    return [(YES, _("Yes: %(words)s") % {"words": value_in_words(question.field, value)})]


def title_of(question: Question) -> str:
    titles = {
        QuestionKind.DUPLICATE: _("Perhaps twice in the list"),
        QuestionKind.MATCH: _("Perhaps here already"),
    }
    return titles.get(question.kind) or str(ALL_FIELDS.get(question.field, question.field))
