"""The kinds of notices: registered by the apps, rendered when shown or sent, never stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.utils import translation
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    # `gettext_lazy`, or `ngettext_lazy(one, many, "count")` where a number decides the form.
    Text: TypeAlias = str | _StrPromise

Data = Mapping[str, str | int]


class UnknownKind(LookupError):
    """No kind of this code is registered."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"No notice of kind {code!r} is registered. Known: {', '.join(sorted(_kinds)) or 'none'}."
        )


class KindTaken(ValueError):
    """Two kinds claim the same code."""


OPEN: Text = _("Open the page")


@dataclass(frozen=True)
class Kind:
    """A sort of notice and its texts.

    `line` stands in the bell, `body` in a mail, `action` on its button; all three may hold named
    placeholders (`%(name)s`) filled from the notice's data. `subject` is shown on lock screens and in
    lists of mails: it is never filled, so no name or content can get into it.
    """

    code: str
    subject: Text
    line: Text
    body: Text
    paths: tuple[str, ...] = ("bell", "email")
    action: Text = OPEN


@dataclass(frozen=True)
class Words:
    """The texts of one notice in one language."""

    subject: str
    line: str
    body: str
    action: str


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make `kind` known under its code; the same object twice changes nothing. Raises KindTaken."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise KindTaken(f"The kind {kind.code!r} is registered twice; give one of the two another code.")
    return kind


def kind_of(code_or_kind: str | Kind) -> Kind:
    """The registered kind. Raises UnknownKind."""
    code = code_or_kind if isinstance(code_or_kind, str) else code_or_kind.code
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(code) from None


def kinds() -> tuple[Kind, ...]:
    """All registered kinds, by code: for guards that read the texts in every language."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def words(kind: Kind, data: Data) -> Words:
    """The texts of `kind` in the active language, filled with `data`. Raises KeyError for a missing value."""
    values = {name: _isolated(value) for name, value in data.items()}
    return Words(
        subject=str(kind.subject),
        line=str(kind.line % values),
        body=str(kind.body % values),
        action=str(kind.action % values),
    )


# Characters that steer direction would let a name reorder the sentence around it.
_STEERING = dict.fromkeys(
    map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_RIGHT_TO_LEFT = {"R", "AL"}


def _isolated(value: str | int) -> str | int:
    """A value that runs against the sentence is isolated (U+2068, U+2069), else neighbours change places."""
    if isinstance(value, int):
        return value
    plain = value.translate(_STEERING)
    strong = next((d for d in map(unicodedata.bidirectional, plain) if d in _RIGHT_TO_LEFT | {"L"}), None)
    against = strong is not None and (strong in _RIGHT_TO_LEFT) != translation.get_language_bidi()
    return f"\u2068{plain}\u2069" if against else plain
