"""A move in words: what is passed on, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from backend.core.languages import language_name
from backend.pairings.enums import TransferState
from backend.pairings.models import Transfer
from backend.pairings.passing_on import Passed, passed_on
from backend.profiles.enums import Gender
from backend.web.shell import words
from backend.web.shell.week import Text

TONES = {
    TransferState.ASKING: "action",
    TransferState.AGREED: "look",
    TransferState.TAKEN: "good",
    TransferState.REFUSED: "plain",
    TransferState.WITHDRAWN: "plain",
}


@dataclass(frozen=True, slots=True)
class Line:
    public_id: UUID
    title: str
    text: Text
    badge: Text
    tone: str


def line(transfer: Transfer, *, arriving: bool) -> Line:
    """One move in a list; those elsewhere are called by their first name alone."""
    passed = passed_on(transfer)
    if arriving:
        title, text = passed.called if passed else _("Somebody"), transfer.profile.organisation.name
    else:
        title, text = transfer.profile.full_name, transfer.to_organisation.name
    state = TransferState(transfer.state)
    return Line(transfer.public_id, title, text, state.label, TONES[state])


def facts(passed: Passed) -> list[tuple[Text, Text]]:
    """Exactly what is passed on, in the reader's words."""
    values = passed.values
    known: list[tuple[Text, Text]] = [
        (_("First name"), passed.called),
        (_("Full name"), values.get("full_name", "")),
        (_("Gender"), Gender(values["gender"]).label if values["gender"] else ""),
        (_("Born"), values.get("born", "")),
        (_("Telephone"), values.get("phone", "")),
        (_("E-mail"), values.get("email", "")),
        (_("Languages"), words.listed(_spoken(tag, level) for tag, level in passed.languages)),
        (_("Would like help with"), words.listed(words.topics(values["topics_wanted"]))),
        (_("Offers"), words.listed(words.topics(values["topics_offered"]))),
        (_("Can travel"), _("%(km)d km") % {"km": values["reach_km"]}),
        (_("Online"), _("yes") if values["meets_online"] else _("no")),
        (_("Waiting since"), _day(passed.registered_on)),
    ]
    return [(term, text) for term, text in known if text]


def _spoken(tag: str, level: str) -> str:
    if level in ("native", ""):
        return language_name(tag)
    return _("%(language)s %(level)s") % {"language": language_name(tag), "level": level}


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""
