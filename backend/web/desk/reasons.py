"""Words for how well two people fit, and why others do not. Every sentence is whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backend.pairings.enums import Refusal
from backend.pairings.overlap import Overlap
from backend.web.shell import words

PARTS: Mapping[str, words.Text] = {
    "languages": _("Languages"),
    "hours": _("Time"),
    "way": _("Way"),
    "topics": _("Wishes"),
    "gender": _("A woman or a man"),
    "waiting": _("Waiting time"),
    "learned": _("What was decided before"),
}


def way(overlap: Overlap) -> str:
    """The way between the two, for staff: exact kilometres."""
    km = overlap.kilometres
    if km is None:
        return gettext("They can meet online") if overlap.online else gettext("A town is not known")
    if km < 0.5:
        return gettext("Same town")
    if overlap.within_reach:
        return gettext("%(km)d km, within reach") % {"km": round(km)}
    if overlap.online:
        return gettext("%(km)d km, but they can meet online") % {"km": round(km)}
    return gettext("%(km)d km, farther than they can travel") % {"km": round(km)}


def given_up(overlap: Overlap, parts: Iterable[Mapping[str, Any]], *, called: str) -> str:
    """What this mentor does not bring, in at most two sentences."""
    sentences = []
    if missed := words.topics(overlap.topics_missed):
        said = {"name": called, "topics": words.listed(missed)}
        sentences.append(gettext("%(name)s does not offer: %(topics)s.") % said)
    if any(part["name"] == "gender" and not part["value"] and not part["unknown"] for part in parts):
        sentences.append(gettext("The wish for a woman or a man is not met."))
    return " ".join(sentences)


def part_name(name: str) -> words.Text:
    return PARTS.get(name, name.replace("_", " ").capitalize())


def part_words(part: Mapping[str, Any]) -> str:
    """One named part of the fit in words; the picture beside it shows the same value."""
    if part["unknown"]:
        return gettext("Not known, so it counts half")
    if part["name"] == "waiting":
        return gettext("Moves those forward who wait long")
    if part["name"] == "learned":
        return _learned(part["contribution"])
    value = min(100, max(0, round(100 * part["value"])))
    said = {"value": value, "points": formats.number_format(part["contribution"], 1), "most": _most(part)}
    return gettext("%(value)d of 100, counts %(points)s of %(most)s points") % said


def _learned(points: float) -> str:
    """The part that a learned model has in the fit; it may lower it."""
    said = {"points": formats.number_format(abs(points), 1)}
    return (
        gettext("Takes away %(points)s points") if points < 0 else gettext("Adds %(points)s points")
    ) % said


def _most(part: Mapping[str, Any]) -> str:
    return formats.number_format(part["weight"], 1)


def refusal(name: str) -> words.Text:
    """A refusal as a sentence about two people."""
    return _REFUSED.get(name, name.replace("_", " "))


_REFUSED: Mapping[str, words.Text] = {
    Refusal.NOT_CLEARED: _("The mentor is not cleared."),
    Refusal.NOT_READY: _("One of the two is not ready or pauses."),
    Refusal.UNDER_AGE: _("One of the two is under 18, or their age is not known."),
    Refusal.BLOCKED: _("One of the two has blocked the other."),
    Refusal.TO_AVOID: _("The two are to avoid each other."),
    Refusal.GENDER: _("A required wish for a woman or a man is not met."),
    Refusal.FULL: _("No place is free."),
    Refusal.OTHER_PROGRAMME: _("The two are not in one programme."),
    Refusal.LANGUAGES: _("They share no language well enough."),
    Refusal.HOURS: _("They share too few half-days."),
    Refusal.WAY: _("The way is too far, or a town is missing."),
    Refusal.ALREADY_TRIED: _("The two were brought together before."),
}


def excluded(reason: Mapping[str, Any]) -> list[str]:
    """Why so many mentors do not suit: a sentence, and another where it is the only reason for some."""
    count, alone = int(reason["excludes"]), int(reason["alone"])
    sentences = [_excluded(str(reason["refusal"]), count) % {"count": count}]
    if alone:
        only = ngettext(
            "For %(count)d of them this is the only reason.",
            "For %(count)d of them this is the only reason.",
            alone,
        )
        sentences.append(only % {"count": alone})
    return sentences


def _excluded(name: str, n: int) -> str:
    """The sentence for one refusal, with its plural forms; every form stands whole for the translators."""
    match name:
        case Refusal.LANGUAGES:
            return ngettext(
                "%(count)d mentor shares no language well enough.",
                "%(count)d mentors share no language well enough.",
                n,
            )
        case Refusal.HOURS:
            return ngettext(
                "%(count)d mentor shares too few half-days.", "%(count)d mentors share too few half-days.", n
            )
        case Refusal.WAY:
            return ngettext("%(count)d mentor lives too far away.", "%(count)d mentors live too far away.", n)
        case Refusal.NOT_CLEARED:
            return ngettext(
                "%(count)d mentor is not cleared yet.", "%(count)d mentors are not cleared yet.", n
            )
        case Refusal.FULL:
            return ngettext("%(count)d mentor has no free place.", "%(count)d mentors have no free place.", n)
        case Refusal.GENDER:
            return ngettext(
                "%(count)d mentor does not meet the required wish for a woman or a man.",
                "%(count)d mentors do not meet the required wish for a woman or a man.",
                n,
            )
        case Refusal.ALREADY_TRIED:
            return ngettext(
                "%(count)d mentor was suggested before.", "%(count)d mentors were suggested before.", n
            )
        case Refusal.TO_AVOID | Refusal.BLOCKED:
            return ngettext(
                "%(count)d mentor must not be brought together with them.",
                "%(count)d mentors must not be brought together with them.",
                n,
            )
        case Refusal.UNDER_AGE:
            return ngettext(
                "Age stands against %(count)d mentor: under 18, or not known.",
                "Age stands against %(count)d mentors: under 18, or not known.",
                n,
            )
        case _:
            return ngettext(
                "%(count)d mentor cannot take part now.", "%(count)d mentors cannot take part now.", n
            )


def feasible(count: int) -> str:
    if not count:
        return gettext("No mentor suits at the moment.")
    return ngettext(
        "%(count)d mentor would suit, but goes to someone else.",
        "%(count)d mentors would suit, but go to others.",
        count,
    ) % {"count": count}
