"""What two people share, in facts of class B: the same for both of them and for their coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.profiles.enums import SLOTS, Level
from backend.profiles.models import Profile
from backend.territories.distance import distance_km


@dataclass(frozen=True)
class SharedLanguage:
    tag: str
    mentor_level: str
    newcomer_level: str


@dataclass(frozen=True)
class Overlap:
    """Languages best first, half-days in the order of the week, the way in kilometres (None: not known)."""

    languages: tuple[SharedLanguage, ...]
    mentor_slots: tuple[str, ...]
    newcomer_slots: tuple[str, ...]
    mentor_varies: bool
    newcomer_varies: bool
    kilometres: float | None
    within_reach: bool
    online: bool
    topics_met: tuple[str, ...]
    topics_missed: tuple[str, ...]


def overlap_of(mentor: Profile, newcomer: Profile, *, both_travel: bool = False) -> Overlap:
    """The facts behind a suggestion. No query when languages and towns are loaded.

    both_travel: whether the programme asks it of both, or either is enough.
    """
    km = kilometres_between(mentor, newcomer)
    reach = (min if both_travel else max)(mentor.reach_km, newcomer.reach_km)
    offered = set(mentor.topics_offered)
    return Overlap(
        languages=_shared_languages(mentor, newcomer),
        mentor_slots=_in_order(mentor.slots),
        newcomer_slots=_in_order(newcomer.slots),
        mentor_varies=mentor.hours_vary,
        newcomer_varies=newcomer.hours_vary,
        kilometres=km,
        within_reach=km is not None and km <= reach,
        online=mentor.meets_online and newcomer.meets_online,
        topics_met=tuple(topic for topic in newcomer.topics_wanted if topic in offered),
        topics_missed=tuple(topic for topic in newcomer.topics_wanted if topic not in offered),
    )


def kilometres_between(one: Profile, other: Profile) -> float | None:
    """The distance of their towns in kilometres, or None when a town is missing."""
    return distance_km(one.town, other.town) if one.town and other.town else None


def _in_order(slots: Sequence[str]) -> tuple[str, ...]:
    return tuple(slot for slot in SLOTS if slot in set(slots))


def _shared_languages(mentor: Profile, newcomer: Profile) -> tuple[SharedLanguage, ...]:
    levels = {row.tag: row.level for row in mentor.languages.all() if not row.not_with_mentor}
    shared = [
        SharedLanguage(row.tag, levels[row.tag], row.level)
        for row in newcomer.languages.all()
        if row.tag in levels and not row.not_with_mentor
    ]
    return tuple(sorted(shared, key=lambda s: (-_common(s), s.tag)))


def _common(shared: SharedLanguage) -> int:
    """The lower of the two levels, as a rank; a level not known counts as the least."""
    return min(
        Level.values.index(level) if level else 0 for level in (shared.mentor_level, shared.newcomer_level)
    )
