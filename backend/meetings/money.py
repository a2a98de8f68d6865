"""Amounts of money: read from what people write, and shown as they are used to. Whole cents in between."""

import re
import unicodedata

from babel.core import get_global
from babel.numbers import format_currency, get_territory_currencies

from backend.core.languages import current_locale

EURO = "EUR"
MOST_CENTS = 1_000_000  # 10,000: a mentoring costs tickets and coffee
_SIGNS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "’": "'", "\u202f": " ", "\xa0": " "})
_AMOUNT = re.compile(
    r"(?P<whole>\d{1,3}(?P<gap>[.,' ])\d{3}(?:(?P=gap)\d{3})*|\d{1,9})(?:(?!(?P=gap))[.,](?P<part>\d{1,2}))?"
)
# "€", "EUR", "Euro" or "zł" before or behind.
_CURRENCY = re.compile(r"^(?:[^\W\d_]{2,5}|[^\w\s.,'-])\s*|\s*(?:[^\W\d_]{2,5}|[^\w\s.,'-])$")


class NotAnAmount(ValueError):
    """The text is no amount of money."""


def cents_of(text: str) -> int:
    """ "12,50", "12.50 €", "1.234,5" or "١٢٫٥٠" as cents, whatever the language. Raises NotAnAmount.

    A last group of one or two digits is the cents; groups of three are thousands in every language.
    """
    plain = "".join(_digit(sign) for sign in text.translate(_SIGNS)).strip()
    bare = _CURRENCY.sub("", plain)
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        raise NotAnAmount(text)
    return int(re.sub(r"\D", "", found["whole"])) * 100 + int((found["part"] or "0").ljust(2, "0"))


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def money(cents: int, currency: str) -> str:
    """Cents as an amount in the reader's language: "€12.50", "12,50 €"."""
    return format_currency(cents / 100, currency, locale=current_locale())


def currency_of(country: str) -> str:
    """What is paid with in a country today; the euro where the country is not known."""
    if country.upper() not in get_global("territory_currencies"):
        return EURO
    return next(iter(get_territory_currencies(country.upper())), EURO)
