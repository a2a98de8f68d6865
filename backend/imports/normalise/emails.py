"""E-mail addresses: found, lower-cased in the domain, doubted where no mail server would take them."""

import re

from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, unread

_ADDRESS = re.compile(r"[^\s@<>;,:\"()\[\]]{1,64}@[\w-]+(?:\.[\w-]+)+")
_USUAL = re.compile(
    r"(?!\.)(?!.*\.\.)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+(?<!\.)@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)


def normalise_email(text: str) -> Reading[str]:
    """The first address of `text`."""
    found = [match.group() for match in _ADDRESS.finditer(text)]
    if not found:
        return unread("no_email", text.strip())
    local, _, domain = found[0].rpartition("@")
    address = f"{local}@{domain.lower()}"
    others = tuple(Flag("second_value", other) for other in found[1:])
    if not _USUAL.fullmatch(address):
        return Reading(address, DOUBTFUL, (Flag("email_unusual", address), *others))
    return Reading(address, LIKELY if others else SURE, others)
