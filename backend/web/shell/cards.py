"""Values that pages hand to components: frozen, already in words, free of models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from backend.web.shell.week import Text, Week, compare


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two people on an overlap card, as far as the reader may see them."""

    initials: str
    name: str
    facts: Text = ""  # "34, two children, Roding"
    text: Text = ""  # what this person wants, or offers, in a sentence
    asked: Text = ""  # "Asked for: a woman or a man, in person"
    href: str = ""


@dataclass(frozen=True, slots=True)
class SharedLanguage:
    """A language both speak: its name, and the level of each ("A1", "native")."""

    name: Text
    level_a: Text
    level_b: Text


@dataclass(frozen=True)
class OverlapCard:
    """What two people share, and outside of it what was given up.

    `a` is the newcomer, `b` the mentor. `slots_*` hold strings such as "mon:evening". `wishes_met` lists the
    wishes met in words; `wishes_total` counts all. `label` says how well it fits ("fits well"), `value` the
    same from 0 to 1. `heading` is for a reader who is one of the two ("What you share").
    """

    a: Side
    b: Side
    languages: Sequence[SharedLanguage] = ()
    slots_a: frozenset[str] = frozenset()
    slots_b: frozenset[str] = frozenset()
    way: Text = ""  # "6 km, both within reach"
    wishes_met: Sequence[Text] = ()
    wishes_total: int = 0
    given_up: Text = ""
    label: Text = ""
    value: float | None = None
    heading: Text = ""

    @cached_property
    def week(self) -> Week:
        return compare(a=self.slots_a, b=self.slots_b, name_a=self.a.name, name_b=self.b.name)


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the component `tabs`."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the component `timeline`; `at` is already written for the reader."""

    at: Text
    title: Text
    note: Text = ""
    icon: str = ""
