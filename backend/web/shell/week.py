"""The week as this product counts it: seven days, three parts of the day, a slot is “mon:evening”."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backend.profiles.enums import SLOTS, Day, DayPart

Text: TypeAlias = str | Promise

SHORT: tuple[Text, ...] = (
    pgettext_lazy("short day name", "Mo"),
    pgettext_lazy("short day name", "Tu"),
    pgettext_lazy("short day name", "We"),
    pgettext_lazy("short day name", "Th"),
    pgettext_lazy("short day name", "Fr"),
    pgettext_lazy("short day name", "Sa"),
    pgettext_lazy("short day name", "Su"),
)
DAYS: tuple[tuple[str, Text, Text], ...] = tuple(
    (day.value, day.label, short) for day, short in zip(Day, SHORT, strict=True)
)
PARTS: tuple[tuple[str, Text], ...] = tuple((part.value, part.label) for part in DayPart)


def slot_words(slot: str) -> str:
    """The slot "mon:evening" as "Monday evening"."""
    day, _colon, part = slot.partition(":")
    return gettext("%(day)s %(part)s") % {"day": Day(day).label, "part": DayPart(part).label}


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
