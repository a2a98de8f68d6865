"""Phone numbers as people write them, in one international form."""

import phonenumbers
from django.conf import settings


def e164(text: str, *, country: str = "") -> str | None:
    """`text` as "+4915112345678", or None when it is no possible number.

    country: ISO code for numbers written without one; the site's when empty.
    """
    try:
        number = phonenumbers.parse(text, country or settings.COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def looks_like_phone(text: str) -> bool:
    """No letters and five digits or more: a user name never looks so (rules.py)."""
    return sum(c.isdigit() for c in text) >= 5 and not any(c.isalpha() for c in text)
