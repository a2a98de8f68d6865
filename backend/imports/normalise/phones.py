"""Telephone numbers in any shape to E.164."""

import re

import phonenumbers

from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, unread

_BETWEEN = re.compile(r"\s*(?:[;,|\n]|\s/\s|\bor\b|\boder\b|\bou\b)\s*")
_ENOUGH_DIGITS = 6


def normalise_phone(text: str, *, region: str) -> Reading[str]:
    """The first number of `text` in E.164; `region` (ISO 3166) is meant where no country is dialled."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    found = [(part, number) for part in parts if (number := _parse(part, region))]
    if not found:
        return unread("no_number", text.strip())
    (said, number), *_ = found
    others = tuple(Flag("second_value", part) for part in parts if part != said)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        return Reading(e164, DOUBTFUL, (Flag("number_unusual", said), *others))
    return Reading(e164, LIKELY if others else SURE, others)


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    digits = [c for c in text if c.isdigit()]
    if len(digits) < _ENOUGH_DIGITS or len(set(digits)) == 1:
        return None
    for candidate in (text, f"+{text.lstrip()}"):  # a sheet that eats "+" leaves 49151...
        try:
            number = phonenumbers.parse(candidate, region.upper())
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return number
    return None
