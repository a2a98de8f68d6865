"""What a move to another organisation passes on of a person: class B, and what they add by their own yes.

It is kept with the move as they read it, so that nothing else than that can arrive.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.pairings.enums import PassedOn
from backend.pairings.models import Transfer
from backend.profiles.answers import LanguageAnswer, ProfileAnswers
from backend.profiles.models import Profile
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment

ORDINARY = (
    "called",
    "gender",
    "reach_km",
    "meets_online",
    "slots",
    "hours_vary",
    "topics_offered",
    "topics_wanted",
)
BY_OWN_YES = {
    PassedOn.NAME: ("full_name",),
    PassedOn.REACH: ("phone", "email"),
    PassedOn.BORN: ("born",),
}


@dataclass(frozen=True)
class Passed:
    """What is, or was, passed on. Not the town: they move. `registered_on`: since when they wait."""

    values: dict[str, Any]
    languages: tuple[tuple[str, str], ...]
    sides: tuple[str, ...]
    registered_on: date | None

    @property
    def called(self) -> str:
        return str(self.values.get("called", ""))

    def answers(self) -> ProfileAnswers:
        """As the answers of a new file; whose full name stays back is called there as they are called."""
        kept = self.values.items()
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in kept}
        values.setdefault("full_name", self.called)
        spoken = tuple(LanguageAnswer(tag, level) for tag, level in self.languages)
        return ProfileAnswers(**values, languages=spoken)


def packed(profile: Profile) -> str:
    """Class B of the file today."""
    current = Enrolment.objects.filter(profile=profile).exclude(state=EnrolmentState.ENDED)
    waits = [e.registered_on for e in current if e.side == Side.NEWCOMER]
    kept = {
        "values": {name: getattr(profile, name) for name in ORDINARY},
        "languages": [[row.tag, row.level] for row in profile.languages.order_by("id")],
        "sides": sorted({e.side for e in current}),
        "registered_on": min(waits).isoformat() if waits else "",
    }
    return json.dumps(kept)


def with_more(answers: str, profile: Profile, more: Iterable[PassedOn]) -> str:
    """The same with what the person adds, as it stands in the file today."""
    kept = json.loads(answers)
    for which in more:
        kept["values"] |= {name: getattr(profile, name) for name in BY_OWN_YES[PassedOn(which)]}
    return json.dumps(kept)


def passed_on(transfer: Transfer) -> Passed | None:
    """What it says; None once it came to nothing, when it was wiped."""
    if not transfer.answers:
        return None
    kept = json.loads(transfer.answers)
    return Passed(
        values=kept["values"],
        languages=tuple((tag, level) for tag, level in kept["languages"]),
        sides=tuple(kept["sides"]),
        registered_on=date.fromisoformat(kept["registered_on"]) if kept["registered_on"] else None,
    )
