"""What a form, a sheet or the API says of a person, checked and in one spelling before it is written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from backend.core.errors import BadInput, Sentence
from backend.core.text import clean_line
from backend.people.phones import e164
from backend.profiles.enums import SLOTS, Gender, GenderWish, Level, Topic

_FARTHEST_KM = 500
_OLDEST = 120
_YEAR_OR_DAY = re.compile(r"\d{4}(-\d{2}-\d{2})?")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class BadAnswers(BadInput):
    """`fields` maps the name of each answer that cannot stand to a sentence that says why."""

    code = "bad_answers"
    sentence = _("Some answers cannot be read. Look at the marked ones.")

    def __init__(self, fields: Mapping[str, Sentence]) -> None:
        super().__init__()
        self.fields = dict(fields)


@dataclass(frozen=True)
class LanguageAnswer:
    tag: str
    level: str = ""
    reads: bool | None = None
    variety: str = ""
    not_with_mentor: bool = False


@dataclass(frozen=True)
class ProfileAnswers:
    """Everything one organisation may note of a person; what is left out was not asked.

    born: "1989" or "1989-05-02". slots: "mon:evening". town_id: a municipality. languages: the best first.
    """

    full_name: str
    called: str = ""
    gender: str = ""
    born: str = ""
    phone: str = ""
    email: str = ""
    town_id: int | None = None
    town_text: str = ""
    reach_km: int = 10
    meets_online: bool = False
    slots: tuple[str, ...] = ()
    hours_vary: bool = False
    topics_offered: tuple[str, ...] = ()
    topics_wanted: tuple[str, ...] = ()
    wishes_gender: str = ""
    wish_is_required: bool = False
    interpreter_arranged: bool = False
    avoid: str = ""
    notes: str = ""
    external_id: str = ""
    languages: tuple[LanguageAnswer, ...] = ()


def checked(answers: ProfileAnswers, *, country: str, today: date) -> ProfileAnswers:
    """The answers in one spelling: lines trimmed, phone in E.164, slots and topics in the order of the week.

    country: ISO code for telephone numbers without one. Raises BadAnswers, naming every field at once.
    """
    full_name = clean_line(answers.full_name)
    tidy = replace(
        answers,
        full_name=full_name,
        called=clean_line(answers.called) or full_name.partition(" ")[0],
        born=answers.born.strip(),
        phone=_phone(answers.phone, country),
        email=answers.email.strip().lower(),
        town_text=clean_line(answers.town_text),
        external_id=clean_line(answers.external_id),
        slots=_in_order(answers.slots, SLOTS),
        topics_offered=_in_order(answers.topics_offered, Topic.values),
        topics_wanted=_in_order(answers.topics_wanted, Topic.values),
        avoid=answers.avoid.strip(),
        notes=answers.notes.strip(),
        languages=tuple(replace(one, variety=clean_line(one.variety)) for one in answers.languages),
    )
    if wrong := {name: say for name, (fits, say) in _CHECKS.items() if not fits(tidy, today)}:
        raise BadAnswers(wrong)
    return tidy


def _phone(text: str, country: str) -> str:
    text = text.strip()
    return (e164(text, country=country) or text) if text else ""


def _in_order(given: tuple[str, ...], known: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in the order of `known`; an unknown one stays at the end, to be refused by name."""
    return (*(one for one in known if one in given), *sorted(set(given) - set(known)))


def _is_birth(text: str, today: date) -> bool:
    if not _YEAR_OR_DAY.fullmatch(text):
        return False
    try:
        born = date.fromisoformat(text if len(text) == 10 else f"{text}-01-01")
    except ValueError:
        return False
    return today.year - _OLDEST <= born.year and born <= today


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _languages_fit(languages: tuple[LanguageAnswer, ...]) -> bool:
    tags = [one.tag for one in languages]
    return len(tags) == len(set(tags)) and all(
        _TAG.fullmatch(one.tag) and len(one.tag) <= 12 and one.level in ("", *Level.values)
        for one in languages
    )


Check = Callable[[ProfileAnswers, date], bool]
_CHECKS: dict[str, tuple[Check, Sentence]] = {
    "full_name": (lambda a, day: 0 < len(a.full_name) <= 160, _("Write the full name.")),
    "called": (lambda a, day: len(a.called) <= 80, _("Write a shorter name to call them.")),
    "gender": (lambda a, day: a.gender in Gender.values, _("Choose one of the answers.")),
    "born": (
        lambda a, day: not a.born or _is_birth(a.born, day),
        _("Write a year or a date, such as 1989 or 1989-05-02."),
    ),
    "phone": (
        lambda a, day: not a.phone or (a.phone.startswith("+") and e164(a.phone) == a.phone),
        _("This number cannot be read. Write it with the country code, such as +49 151 1234567."),
    ),
    "email": (
        lambda a, day: not a.email or _is_email(a.email),
        _("This address cannot be read. Write it like name@example.org."),
    ),
    "town_text": (lambda a, day: len(a.town_text) <= 120, _("Write the name of the town alone.")),
    "reach_km": (
        lambda a, day: 0 <= a.reach_km <= _FARTHEST_KM,
        _("Write a number of kilometres from 0 to 500."),
    ),
    "slots": (lambda a, day: set(a.slots) <= set(SLOTS), _("Choose half-days of the week.")),
    "topics_offered": (
        lambda a, day: set(a.topics_offered) <= set(Topic.values),
        _("Choose from the topics."),
    ),
    "topics_wanted": (lambda a, day: set(a.topics_wanted) <= set(Topic.values), _("Choose from the topics.")),
    "wishes_gender": (
        lambda a, day: (
            a.wishes_gender in GenderWish.values and (bool(a.wishes_gender) or not a.wish_is_required)
        ),
        _("Choose a woman or a man, or leave out that it must be so."),
    ),
    "external_id": (lambda a, day: len(a.external_id) <= 60, _("Write at most 60 letters or digits.")),
    "languages": (
        lambda a, day: _languages_fit(a.languages),
        _("Name each language once, with its level."),
    ),
}
