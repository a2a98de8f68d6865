"""A learned model: what decisions taught about a programme's criteria, for the pairs of any two pools."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit

from matching.arrays import Floats, Ints
from matching.criteria import PRIORITIES, Criteria
from matching.errors import InputError, listing
from matching.learning.boosting import CHUNK, Boosting
from matching.learning.evaluation import shares
from matching.learning.profiles import Projection, profiles
from matching.people import Pool

TARGETS = ("approved", "accepted", "met")


@dataclass(frozen=True, slots=True)
class Feature:
    """What makes a criterion the same question as the one a model was taught with."""

    name: str
    kind: str
    mentor: tuple[str, ...] = ()
    newcomer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """A programme's criteria in use, for the features of a model, in the model's order.

    `places` says where each stands among all criteria, `greatest` what its part reaches at most, `direction`
    its weight times that as a share of the maximum.
    """

    places: Ints
    greatest: Floats
    direction: Floats

    @classmethod
    def of(cls, criteria: Criteria, names: Sequence[str]) -> "Terms":
        """Look the features up by name."""
        place = {c.name: index for index, c in enumerate(criteria.criteria)}
        places = np.array([place[name] for name in names], dtype=np.int64)
        chosen = [criteria.criteria[index] for index in places]
        # Points that are never above 0 are no share of anything; they are left as they are.
        greatest = np.array([c.greatest if c.greatest > 0 else 1.0 for c in chosen])
        weights = np.array([c.weight for c in chosen]) * greatest
        return cls(places, greatest, weights / (criteria.maximum if criteria.maximum > 0 else 1.0))

    def scaled(self, parts: Floats) -> Floats:
        """(pairs, criteria) to (pairs, features), each reaching 1 at most."""
        scaled: Floats = parts[:, self.places] / self.greatest
        return scaled


def features_of(criteria: Criteria) -> tuple[Feature, ...]:
    """The criteria that say something of a pair, in their order."""
    pairwise = (c for c in criteria.criteria if c.kind not in PRIORITIES)
    return tuple(Feature(c.name, c.kind, c.mentor, c.newcomer) for c in pairwise)


@dataclass(frozen=True, slots=True)
class Answer:
    """One learned probability: of the "outcome", or that the "mentor" or the "newcomer" would accept."""

    side: str
    intercept: float
    scale: float
    deviation: tuple[float, ...]
    boosting: Boosting | None = None

    def coefficients(self, direction: Floats) -> Floats:
        """(features,), never below 0, so that more of a part never lowers p, whatever the weights are now."""
        coefficients: Floats = np.maximum(self.scale * direction + np.array(self.deviation), 0.0)
        return coefficients


def columns(
    answer: str, X: Floats, direction: Floats, theirs: Floats, ours: Floats, history: Floats
) -> Floats:
    """What the trees see: parts, the programme's own sum, profiles, their products, the mentor's history.

    X is (pairs, features), the profiles (pairs, numbers), `history` (pairs,). Of the newcomer the model of a
    mentor's answer sees the parts alone: what mentors decline is never held against a profile.
    """
    pair = [] if answer == "mentor" else [ours, theirs * ours]
    return np.column_stack([X, X @ direction, theirs, *pair, history])


@dataclass(frozen=True, slots=True)
class LearnedModel:
    """What was learned, from how much, and how well it ranked what it had not seen.

    `within_newcomer_auc` holds "programme", "logistic" and, if considered, "boosting"; `lead` is by how much
    boosting was ahead of logistic there and `standard_error` the error of that. The model names nobody.
    """

    target: str
    features: tuple[Feature, ...]
    answers: tuple[Answer, ...]
    champion: str = "logistic"
    challenger: str | None = None
    decided: int = 0
    positive: int = 0
    within_newcomer_auc: Mapping[str, float] = field(default_factory=dict)
    lead: float | None = None
    standard_error: float | None = None
    projection: Projection | None = None

    def bind(
        self,
        mentors: Pool,
        newcomers: Pool,
        criteria: Criteria,
        decisions: Iterable[tuple[str, str, bool]] = (),
    ) -> "BoundModel":
        """Make ready for these people; `decisions` (newcomer, mentor, accepted) are the mentors' history.

        The weights are the programme's and may have changed since: the prior is then the new weights, and
        what was learned stays a deviation from it. Raises InputError where the criteria ask something else.
        """
        self._check(criteria)
        terms = Terms.of(criteria, [feature.name for feature in self.features])
        nobody = np.zeros((0, 0))
        if self.projection is None:
            return BoundModel(self.answers, terms, nobody, nobody, np.zeros(0))
        theirs = self.projection.project(profiles(mentors, criteria, "mentor"))
        ours = self.projection.project(profiles(newcomers, criteria, "newcomer"))
        return BoundModel(self.answers, terms, theirs, ours, self._history(mentors, decisions))

    def _history(self, mentors: Pool, decisions: Iterable[tuple[str, str, bool]]) -> Floats:
        """Each mentor's share of acceptance (mentors,); without decisions everybody's, as learned."""
        decisions = list(decisions)
        if not decisions:
            return np.full(len(mentors), self.positive / max(self.decided, 1))
        place = [mentors.index(mentor) if mentor in mentors else len(mentors) for _, mentor, _ in decisions]
        accepted = np.array([accepted for _, _, accepted in decisions], dtype=bool)
        return shares(np.array(place, dtype=np.int64), accepted, len(mentors) + 1)[:-1]

    def _check(self, criteria: Criteria) -> None:
        ours = {feature.name: feature for feature in self.features}
        theirs = {feature.name: feature for feature in features_of(criteria)}
        if missing := ours.keys() - theirs.keys():
            raise InputError(
                f"The model was learned with criteria that are gone: {listing(missing)}. Learn again."
            )
        if added := theirs.keys() - ours.keys():
            raise InputError(f"The model was learned without the criteria: {listing(added)}. Learn again.")
        for name, feature in ours.items():
            if feature != theirs[name]:
                raise InputError(
                    f"The model was learned with {_words(feature)}; "
                    f"the criteria now say {_words(theirs[name])}. Learn again."
                )


def _words(feature: Feature) -> str:
    mentor, newcomer = ", ".join(feature.mentor), ", ".join(feature.newcomer)
    return f"{feature.name!r} of kind {feature.kind} (mentor: {mentor or '-'}; newcomer: {newcomer or '-'})"


@dataclass(frozen=True, slots=True)
class BoundModel:
    """A model for two pools; profiles are (mentors, numbers) and (newcomers, numbers), history (mentors,)."""

    answers: tuple[Answer, ...]
    terms: Terms
    theirs: Floats
    ours: Floats
    history: Floats

    def probability(self, parts: Floats, i: Ints, j: Ints) -> Floats:
        """p of each pair, (pairs,): `parts` is (pairs, criteria) in the criteria's order, unscaled.

        Newcomers `i` and mentors `j` (pairs,) are places in the pools. Without trees each answer takes
        one product of matrices; trees take chunks, so that memory stays bounded however many pairs there are.
        """
        p = np.ones(len(parts))
        for answer in self.answers:
            trees = answer.boosting
            odds = self._odds(answer, parts) if trees is None else self._walked(answer, trees, parts, i, j)
            p *= expit(odds)
        return p

    def _odds(self, answer: Answer, parts: Floats) -> Floats:
        coefficients = np.zeros(parts.shape[1])
        coefficients[self.terms.places] = answer.coefficients(self.terms.direction) / self.terms.greatest
        odds: Floats = parts @ coefficients + answer.intercept
        return odds

    def _walked(self, answer: Answer, trees: Boosting, parts: Floats, i: Ints, j: Ints) -> Floats:
        odds = np.empty(len(parts))
        for start in range(0, len(parts), CHUNK):
            rows = slice(start, start + CHUNK)
            ours, theirs = self.ours[i[rows]], self.theirs[j[rows]]
            X, history = self.terms.scaled(parts[rows]), self.history[j[rows]]
            odds[rows] = trees.odds(columns(answer.side, X, self.terms.direction, theirs, ours, history))
        return odds
