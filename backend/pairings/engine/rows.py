"""From enrolments, settings and refusals to what the engine reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

import matching
from backend.pairings.changes import Dropped, More, Pair
from backend.pairings.decisions import Lessons
from backend.pairings.queries import Refusals
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from matching.learning import LearnedModel, from_json


class Taught(TypedDict, total=False):
    """Arguments of `matching.solve` and `matching.Scorer`."""

    model: LearnedModel
    decisions: tuple[tuple[str, str, bool], ...]


def learned(lessons: Lessons | None) -> Taught:
    """What the engine is told besides the criteria: nothing, or a model and each mentor's history."""
    return {} if lessons is None else {"model": from_json(lessons.body), "decisions": lessons.history}


def criteria_of(stored: Mapping[str, Any], day: date) -> matching.Criteria:
    return matching.Criteria.from_dict(stored).as_of(day)


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


def wishing_less(person: matching.Person, dropped: Dropped) -> matching.Person:
    """The same newcomer without wishes that they gave up. A required one stays, whatever was asked."""
    row = dict(person.row)
    if dropped.gender and not row["wishes_gender"].endswith("!"):
        row["wishes_gender"] = ""
    row["topics"] = [topic for topic in row["topics"] if topic not in dropped.topics]
    return matching.Person(person.id, row, person.capacity)


def widened(person: matching.Person, more: More) -> matching.Person:
    """The same person who could do more; never less."""
    row = dict(person.row)
    row["reach_km"] = max(row["reach_km"], more.reach_km or 0)
    row["online"] = row["online"] or more.online
    row["interpreter"] = row["interpreter"] or more.interpreter
    fixed = [row["slots"]] if isinstance(row["slots"], str) else row["slots"]
    row["slots"] = [*fixed, *more.slots]
    return matching.Person(person.id, row, person.capacity)


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
