"""Who sees what of whom, at which stage. The only place that decides it (the table in SECURITY.md).

Pages, API answers, socket events and mails take a `Card` from here and never a profile of the other side.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from backend.core.actor import Actor
from backend.pairings.enums import LASTING
from backend.pairings.models import Offer
from backend.pairings.rules import is_member
from backend.profiles.models import Profile, ProfileLanguage
from backend.programmes.enums import Side


class Stage(Enum):
    OFFERED = "offered"  # before both agree
    TOGETHER = "together"  # after both agreed, until the mentoring ends


@dataclass(frozen=True)
class Card:
    """What one of the two may know of the other. "" and None mean: not shown at this stage."""

    side: Side
    called: str
    gender: str
    age_decade: int | None
    languages: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    slots: tuple[str, ...]
    hours_vary: bool
    area: str


# A town where fewer than this many people of the organisation speak a language could give somebody away.
FEW = 5


def stage_of(offer: Offer, *, actor: Actor) -> Stage:
    """TOGETHER as long as the actor is in the mentoring that came of the offer; not before, and not after it.

    Who left, or was left, learns nothing more of the other: not where they live now, nor when they are free.
    """
    pairing = getattr(offer, "pairing", None)
    is_on = pairing is not None and pairing.state in LASTING and is_member(actor, pairing)
    return Stage.TOGETHER if is_on else Stage.OFFERED


def card(profile: Profile, *, of_side: Side, stage: Stage, day: date) -> Card:
    """What the other side may know of `profile`, which is on `of_side`.

    Before both agree a newcomer knows the mentor's first name; the mentor does not know the newcomer's.
    """
    named = stage is Stage.TOGETHER or of_side is Side.MENTOR
    age = profile.age_on(day)
    topics = profile.topics_offered if of_side is Side.MENTOR else profile.topics_wanted
    languages = [row for row in profile.languages.all() if not row.not_with_mentor]
    return Card(
        side=of_side,
        called=profile.called if named else "",
        gender=profile.gender,
        age_decade=None if age is None else age // 10 * 10,
        languages=tuple((row.tag, row.level) for row in languages),
        topics=tuple(topics),
        slots=tuple(profile.slots),
        hours_vary=profile.hours_vary,
        area=_area(profile, hide_rare=of_side is Side.NEWCOMER and stage is Stage.OFFERED),
    )


def _area(profile: Profile, *, hide_rare: bool) -> str:
    """The town, or the region around it where the town would say who somebody is."""
    town = profile.town
    if town is None:
        return ""
    if hide_rare and _is_rare_there(profile):
        return town.parent.name if town.parent else ""
    return town.name


def _is_rare_there(profile: Profile) -> bool:
    own = [row.tag for row in profile.languages.all() if row.level == "native"] or [
        row.tag for row in profile.languages.all()
    ]
    for tag in own:
        speakers = ProfileLanguage.objects.filter(
            tag=tag, profile__town=profile.town_id, profile__organisation=profile.organisation_id
        )
        if speakers.count() < FEW:
            return True
    return False
