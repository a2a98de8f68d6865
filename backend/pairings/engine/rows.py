"""From enrolments, settings and refusals to what the engine reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import matching
from backend.pairings.enums import Refusal
from backend.pairings.queries import Pair
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme

Refusals = Mapping[Refusal, Collection[int] | Collection[Pair]]


def criteria_of(programme: Programme, day: date) -> matching.Criteria:
    return matching.Criteria.from_dict(programme.criteria).as_of(day)


def pool_of(enrolments: Sequence[Enrolment], side: Side) -> matching.Pool:
    return matching.Pool(tuple(person_of(enrolment, side) for enrolment in enrolments))


def person_of(enrolment: Enrolment, side: Side) -> matching.Person:
    profile = enrolment.profile
    row = {
        "languages": _languages(profile),
        "slots": "flexible" if profile.hours_vary else profile.slots,
        "latitude": profile.town.latitude if profile.town else None,
        "longitude": profile.town.longitude if profile.town else None,
        "reach_km": profile.reach_km,
        "online": profile.meets_online,
        "gender": profile.gender,
        "topics": profile.topics_offered if side == Side.MENTOR else profile.topics_wanted,
        "wishes_gender": profile.wishes_gender + ("!" if profile.wish_is_required else ""),
        "registered_on": enrolment.registered_on,
        "interpreter": profile.interpreter_arranged,
    }
    return matching.Person(str(enrolment.pk), row, max(0, enrolment.places_free))


def _languages(profile: Profile) -> dict[str, str]:
    """Language to level. A language without a level counts as a few words, the least it can be."""
    return {row.tag: row.level or "A1" for row in profile.languages.all() if not row.not_with_mentor}


def refusals_of(refusals: Refusals, criteria: matching.Criteria) -> dict[str, matching.Refusal]:
    """The caller's refusals in the engine's terms; one that a criterion makes itself is left to it."""
    own = {criterion.name for criterion in criteria.criteria}
    return {name.value: _refusal(who) for name, who in refusals.items() if name.value not in own}


def _refusal(who: Collection[int] | Collection[Pair]) -> matching.Refusal:
    ids = frozenset(str(w) for w in who if isinstance(w, int))
    pairs = frozenset((str(w[0]), str(w[1])) for w in who if isinstance(w, tuple))
    return matching.Refusal(pairs=pairs, mentors=ids, newcomers=ids)
