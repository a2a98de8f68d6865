"""The week as this product counts it: seven days, three parts of the day, a slot is “mon:evening”."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

Text: TypeAlias = str | Promise

DAYS: tuple[tuple[str, Text, Text], ...] = (
    ("mon", _("Monday"), pgettext_lazy("short day name", "Mo")),
    ("tue", _("Tuesday"), pgettext_lazy("short day name", "Tu")),
    ("wed", _("Wednesday"), pgettext_lazy("short day name", "We")),
    ("thu", _("Thursday"), pgettext_lazy("short day name", "Th")),
    ("fri", _("Friday"), pgettext_lazy("short day name", "Fr")),
    ("sat", _("Saturday"), pgettext_lazy("short day name", "Sa")),
    ("sun", _("Sunday"), pgettext_lazy("short day name", "Su")),
)
PARTS: tuple[tuple[str, Text], ...] = (
    ("morning", _("morning")),
    ("afternoon", _("afternoon")),
    ("evening", _("evening")),
)
SLOTS = tuple(f"{day}:{part}" for day, _name, _short in DAYS for part, _label in PARTS)


@dataclass(frozen=True, slots=True)
class Cell:
    """One half-day: who has it (“ab”, “a”, “b” or “”) and the words for it."""

    who: str
    words: Text


@dataclass(frozen=True, slots=True)
class Week:
    """The picture of two weeks laid over each other: a row per part of the day, a cell per day."""

    days: tuple[tuple[Text, Text], ...]
    rows: tuple[tuple[Text, tuple[Cell, ...]], ...]
    name_a: str
    name_b: str
    shared: int

    @property
    def summary(self) -> str:
        return ngettext("%(count)d half-day a week", "%(count)d half-days a week", self.shared) % {
            "count": self.shared
        }


def compare(*, a: Collection[str], b: Collection[str], name_a: str, name_b: str) -> Week:
    """Lay the slots of two people over each other, or show one's own when `name_b` is empty."""
    words: dict[str, Text] = {"ab": _("both"), "a": name_a, "b": name_b, "": _("nobody")}
    counted = set(a) & set(b) if name_b else set(a)

    def cell(slot: str) -> Cell:
        who = ("a" if slot in a else "") + ("b" if slot in b else "")
        return Cell(who, words[who])

    return Week(
        days=tuple((name, short) for _key, name, short in DAYS),
        rows=tuple((label, tuple(cell(f"{day}:{part}") for day, _n, _s in DAYS)) for part, label in PARTS),
        name_a=name_a,
        name_b=name_b,
        shared=len(counted & set(SLOTS)),
    )
