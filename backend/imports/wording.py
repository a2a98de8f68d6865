"""Values in words, as a person reads them on the page and in an export, and as an import reads them again."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from backend.core.languages import language_name
from backend.profiles.enums import SLOTS, Day, DayPart, Topic


def languages_in_words(spoken: Iterable[tuple[str, str]]) -> str:
    """ "Arabic: native, German: A2"; a language without a level stands alone."""
    return ", ".join(_language(tag, level) for tag, level in spoken)


def slots_in_words(slots: Iterable[str]) -> str:
    """ "Tuesday, Thursday: evening; Friday: morning, evening": days with the same parts stand together."""
    parts_of: dict[str, list[str]] = {}
    for slot in sorted(set(slots) & set(SLOTS), key=SLOTS.index):
        day, part = slot.split(":")
        parts_of.setdefault(day, []).append(str(DayPart(part).label))
    days_with: dict[str, list[str]] = {}
    for day, parts in parts_of.items():
        days_with.setdefault(", ".join(parts), []).append(str(Day(day).label))
    return "; ".join(f"{', '.join(days)}: {parts}" for parts, days in days_with.items())


def topics_in_words(topics: Iterable[str]) -> str:
    labels: Mapping[str, object] = dict(Topic.choices)
    return ", ".join(str(labels[topic]) for topic in topics if topic in labels)


def _language(tag: str, level: str) -> str:
    if not level:
        return language_name(tag)
    said = _("native") if level == "native" else level
    return f"{language_name(tag)}: {said}"
