"""The only door to `matching`: enrolments in, plain results out. Workers import it, web processes never.

scikit-learn would cost every web process 100 MiB.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import matching
from backend.pairings.enums import Refusal
from backend.pairings.queries import Pair
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme

# Kinds that are a priority, not a feature of the pair; they say nothing about how well two people suit.
PRIORITIES = ("waiting", "constant")


@dataclass(frozen=True)
class Proposal:
    """One pair by enrolment ids; `share` is 0 to 1; parts are plain dicts, ready to be stored."""

    mentor: int
    newcomer: int
    fit: float
    share: float
    parts: tuple[dict[str, Any], ...]
    alternatives: tuple[dict[str, Any], ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """A newcomer without anybody: how many suit but are taken, and what excludes the others, most first."""

    newcomer: int
    feasible: int
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Plan:
    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...]
    total: float
    upper_bound: float


def plan(
    programme: Programme,
    mentors: Sequence[Enrolment],
    newcomers: Sequence[Enrolment],
    refusals: Mapping[Refusal, Collection[int] | Collection[Pair]],
    *,
    day: date,
) -> Plan:
    """The best assignment over all these people within their free places, proved by its upper bound."""
    criteria = _criteria(programme, day)
    result = matching.match(
        _pool(mentors, Side.MENTOR),
        _pool(newcomers, Side.NEWCOMER),
        criteria,
        objective="fit" if programme.objective == "fit" else "coverage",
        refusals=_refusals(refusals, criteria),
    )
    others = {
        newcomer: tuple(
            {"mentor": int(p.mentor), "fit": p.fit, "share": _share(p.parts, criteria)} for p in pairs
        )
        for newcomer, pairs in result.alternatives.items()
    }
    return Plan(
        proposals=tuple(
            _proposal(p, criteria, alternatives=others.get(p.newcomer, ())) for p in result.pairs
        ),
        left=tuple(_left(u) for u in result.unmatched),
        total=result.total,
        upper_bound=result.upper_bound,
    )


def examine(
    programme: Programme,
    mentor: Enrolment,
    newcomer: Enrolment,
    everyone: tuple[Sequence[Enrolment], Sequence[Enrolment]],
    refusals: Mapping[Refusal, Collection[int] | Collection[Pair]],
    *,
    day: date,
) -> Proposal:
    """One pair as it is, refused or not. `everyone` (mentors, newcomers) says how rare each wish is."""
    criteria = _criteria(programme, day)
    mentors = {e.pk: e for e in (*everyone[0], mentor)}
    newcomers = {e.pk: e for e in (*everyone[1], newcomer)}
    scorer = matching.Scorer(criteria).fit(
        _pool(list(mentors.values()), Side.MENTOR), _pool(list(newcomers.values()), Side.NEWCOMER)
    )
    seen = matching.examine(
        _person(mentor, Side.MENTOR),
        _person(newcomer, Side.NEWCOMER),
        criteria,
        refusals=_refusals(refusals, criteria),
        scorer=scorer,
    )
    return _proposal(seen.pair, criteria, refusals=seen.refused_by)


def _criteria(programme: Programme, day: date) -> matching.Criteria:
    return matching.Criteria.from_dict(programme.criteria).as_of(day)


def _pool(enrolments: Sequence[Enrolment], side: Side) -> matching.Pool:
    return matching.Pool(tuple(_person(enrolment, side) for enrolment in enrolments))


def _person(enrolment: Enrolment, side: Side) -> matching.Person:
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


def _refusals(
    refusals: Mapping[Refusal, Collection[int] | Collection[Pair]], criteria: matching.Criteria
) -> dict[str, matching.Refusal]:
    """The caller's refusals in the engine's terms; one that a criterion makes itself is left to it."""
    own = {criterion.name for criterion in criteria.criteria}
    return {name.value: _refusal(who) for name, who in refusals.items() if name.value not in own}


def _refusal(who: Collection[int] | Collection[Pair]) -> matching.Refusal:
    ids = frozenset(str(w) for w in who if isinstance(w, int))
    pairs = frozenset((str(w[0]), str(w[1])) for w in who if isinstance(w, tuple))
    return matching.Refusal(pairs=pairs, mentors=ids, newcomers=ids)


def _proposal(
    pair: matching.Pair,
    criteria: matching.Criteria,
    *,
    alternatives: tuple[dict[str, Any], ...] = (),
    refusals: tuple[str, ...] = (),
) -> Proposal:
    return Proposal(
        mentor=int(pair.mentor),
        newcomer=int(pair.newcomer),
        fit=pair.fit,
        share=_share(pair.parts, criteria),
        parts=tuple(asdict(part) for part in pair.parts),
        alternatives=alternatives,
        refusals=refusals,
    )


def _share(parts: Sequence[matching.Part], criteria: matching.Criteria) -> float:
    """The fit without priorities, as a share of the best possible."""
    kinds = {criterion.name: criterion.kind for criterion in criteria.criteria}
    counted = [part for part in parts if kinds[part.name] not in PRIORITIES]
    best = sum(part.weight for part in counted)
    return min(1.0, sum(part.contribution for part in counted) / best) if best else 0.0


def _left(unmatched: matching.Unmatched) -> Left:
    lines = sorted(unmatched.excluded, key=lambda line: (-line.mentors, line.name))
    return Left(
        newcomer=int(unmatched.newcomer),
        feasible=unmatched.feasible,
        reasons=tuple({"refusal": x.name, "excludes": x.mentors, "alone": x.alone} for x in lines),
    )
