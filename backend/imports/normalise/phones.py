"""Telephone numbers in any shape to E.164."""

import re

import phonenumbers

from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, unread

_BETWEEN = re.compile(r"\s*(?:[;,|\n]|\s/\s|\bor\b|\boder\b|\bou\b)\s*")
_ENOUGH_DIGITS = 6
_LABELS = {"tel", "phone", "mobile", "mobil", "handy", "fon", "t", "m"}


def normalise_phone(text: str, *, region: str) -> Reading[str]:
    """The first number of `text` in E.164; `region` (ISO 3166) is meant where no country is dialled."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    found = [(part, number) for part in parts if (number := _parse(part, region.upper()))]
    if not found:
        return unread("no_number", text.strip())
    (said, number), *_ = found
    others = tuple(Flag("second_value", part) for part in parts if part != said) + _words_in(said)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        return Reading(e164, DOUBTFUL, (Flag("number_unusual", said), *others))
    return Reading(e164, LIKELY if others else SURE, others)


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) < _ENOUGH_DIGITS or len(set(digits)) == 1:
        return None
    return _eaten_plus(text, digits, region) or _possible(text, region) or _inside(text, region)


def _eaten_plus(text: str, digits: str, region: str) -> phonenumbers.PhoneNumber | None:
    """A spreadsheet that takes +49 151... for a sum leaves 49151..., which dials elsewhere."""
    if not text.strip().isdigit() or not digits.startswith(str(phonenumbers.country_code_for_region(region))):
        return None
    number = _possible(f"+{digits}", region)
    return number if number and phonenumbers.is_valid_number(number) else None


def _possible(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _inside(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    """The number in "0151 23829745 (mother)"."""
    found = phonenumbers.PhoneNumberMatcher(text, region)
    return next((match.number for match in found), None)


def _words_in(text: str) -> tuple[Flag, ...]:
    """Words beside a number often say whose it is: "(mother)"."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.casefold() not in _LABELS]
    return (Flag("partly_understood", text),) if words else ()
