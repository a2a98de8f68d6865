"""Learn from decisions: the champion starts at the programme's order, a challenger must earn its place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from matching.arrays import Floats, Ints, Mask
from matching.criteria import Criteria
from matching.errors import InputError, listing
from matching.learning.boosting import Boosting, boost, calibrated
from matching.learning.evaluation import (
    Ranking,
    both_outcomes,
    folds,
    shares,
    shares_apart,
    within_newcomer,
)
from matching.learning.logistic import MIDDLE, SCALE, PriorLogistic
from matching.learning.model import TARGETS, Answer, LearnedModel, Terms, columns, features_of
from matching.learning.profiles import Projection, learn_projection, profiles
from matching.people import Pool

# Fewer decided pairs than this never carry a profile learned from them.
FEWEST_FOR_CHALLENGER = 300
# A mean over fewer newcomers has no standard error worth the name.
FEWEST_NEWCOMERS = 10
# From so many answers of each side on, each is modelled by itself: 0.763 against 0.739 on public data. On
# made-up data the two logistic models came out alike.
FEWEST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pair, for one target: "approved", "accepted" or "met".

    `outcome` is the coordinator's decision, both answers being yes, or meetings held after eight weeks.
    The answers are None where nobody was asked or nothing was recorded.
    """

    newcomer: str
    mentor: str
    outcome: bool
    mentor_answer: bool | None = None
    newcomer_answer: bool | None = None
    target: str = "accepted"

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise InputError(f"The target is {self.target!r}; accepted: {listing(TARGETS)}.")
        if self.target == "accepted" and self.outcome and False in (self.mentor_answer, self.newcomer_answer):
            raise InputError(f"{self.newcomer} and {self.mentor}: accepted, though one of them said no.")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Decided pairs as arrays: `parts` (pairs, features), profiles `theirs` and `ours` (pairs, numbers).

    Newcomers are numbered by what they said and were answered, mentors by identifier. `fold` keeps each
    newcomer in one fold; `labels` are by side, 1, 0 or NaN where not recorded.
    """

    newcomer: Ints
    mentor: Ints
    parts: Floats
    theirs: Floats
    ours: Floats
    fold: Ints
    history: Floats
    labels: Mapping[str, Floats]

    @property
    def outcome(self) -> Mask:
        return np.asarray(self.labels["outcome"] == 1)

    def take(self, rows: Mask | Ints) -> "_Rows":
        fields = ("newcomer", "mentor", "parts", "theirs", "ours", "fold", "history")
        labels = {side: label[rows] for side, label in self.labels.items()}
        return replace(self, labels=labels, **{field: getattr(self, field)[rows] for field in fields})


Odds = Callable[[_Rows], Floats]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What stays the same while learning: the criteria in use, which features are history, who answers."""

    terms: Terms
    past: Mask
    sides: tuple[str, ...]
    seed: int

    def remembered(self, rows: _Rows, share: Floats) -> _Rows:
        """The rows with the mentors' history as known apart from their own outcomes."""
        parts = np.where(self.past, share[:, None], rows.parts)
        return replace(rows, parts=parts, history=share)

    def own_past(self, rows: _Rows) -> _Rows:
        return self.remembered(rows, shares_apart(rows.mentor, rows.outcome, rows.fold))

    def logistic(self, rows: _Rows, side: str) -> Answer:
        """The champion's model of one side's answer; without a recorded answer it is the prior itself."""
        label = rows.labels[side]
        known = ~np.isnan(label)
        if not known.any():
            nothing = np.zeros(len(self.past))
            return Answer(side, -MIDDLE * SCALE * float(self.terms.direction.sum()), SCALE, tuple(nothing))
        model = PriorLogistic(weights=self.terms.direction, maximum=1.0, positive=True)
        model.fit(rows.parts[known], label[known])
        return Answer(side, model.intercept_, model.scale_, tuple(model.deviation_.tolist()))

    def trees(self, rows: _Rows, side: str) -> Boosting:
        """The challenger's, not yet calibrated."""
        known = ~np.isnan(rows.labels[side])
        taken = rows.take(known)
        return boost(self.columns(taken, side), taken.labels[side], len(self.past) + 1, self.seed)

    def columns(self, rows: _Rows, side: str) -> Floats:
        return columns(side, rows.parts, self.terms.direction, rows.theirs, rows.ours, rows.history)

    def by_logistic(self, rows: _Rows, side: str) -> Odds:
        answer = self.logistic(rows, side)
        coefficients = answer.coefficients(self.terms.direction)
        return lambda seen: seen.parts @ coefficients + answer.intercept

    def by_trees(self, rows: _Rows, side: str) -> Odds:
        trees = self.trees(rows, side)
        return lambda seen: trees.odds(self.columns(seen, side))

    def by_programme(self, rows: _Rows, side: str) -> Odds:
        return lambda seen: seen.parts @ self.terms.direction

    def apart(self, rows: _Rows, fit: Callable[[_Rows, str], Odds]) -> Mapping[str, Floats]:
        """By side, the log-odds (pairs,) of each pair from a model that saw none of its newcomer's pairs."""
        odds = {side: np.empty(len(rows.fold)) for side in self.sides}
        for one in np.unique(rows.fold):
            here = rows.fold == one
            known, asked = rows.take(~here), rows.take(here)
            past = shares(known.mentor, known.outcome, int(rows.mentor.max()) + 1)
            known, asked = self.own_past(known), self.remembered(asked, past[asked.mentor])
            for side in self.sides:
                odds[side][here] = fit(known, side)(asked)
        return odds


def learn(
    criteria: Criteria,
    mentors: Pool,
    newcomers: Pool,
    outcomes: Sequence[Outcome],
    *,
    parts: ArrayLike,
    target: str = "accepted",
    seed: int = 0,
) -> LearnedModel:
    """Learn one target from `outcomes` and their `parts` (outcomes, criteria), unscaled.

    Nothing decided gives the prior itself. What is promised about declines: no feature carries who a newcomer
    is, nor their history; newcomers who said the same are taught the same by any decision, whoever it was
    about, and renaming them changes nothing. Raises InputError.
    """
    features = features_of(criteria)
    if not features:
        raise InputError(
            "The criteria say nothing of a pair, only who comes first; there is nothing to learn."
        )
    terms = Terms.of(criteria, [feature.name for feature in features])
    scaled = terms.scaled(_checked(parts, len(outcomes), len(criteria.criteria)))
    _check(outcomes, target, mentors, newcomers)
    past = np.array([feature.kind == "history" for feature in features], dtype=bool)
    # The engine's history of a decided pair has seen the decision; it is told anew without it.
    scaled[:, past] = 0.0
    bags = [profiles(mentors, criteria, "mentor"), profiles(newcomers, criteria, "newcomer")]
    projection = learn_projection([*bags[0], *bags[1]])
    rows = _rows(outcomes, scaled, (mentors, newcomers), bags, projection, seed)
    lesson = _Lesson(terms, past, _sides(rows, target), seed)
    told = lesson.own_past(rows)
    answers = tuple(lesson.logistic(told, side) for side in lesson.sides)
    positive = int(rows.outcome.sum())
    model = LearnedModel(target, features, answers, decided=len(outcomes), positive=positive)
    return _challenged(lesson, rows, model, projection)


def _checked(parts: ArrayLike, pairs: int, criteria: int) -> Floats:
    array = np.array(parts, dtype=np.float64)
    fits = array.shape == (pairs, criteria) or not (pairs or array.size)
    if not fits or not np.isfinite(array).all():
        raise InputError(
            f"The parts have the shape {array.shape}; expected ({pairs}, {criteria}), all finite."
        )
    return array.reshape(pairs, criteria)


def _check(outcomes: Sequence[Outcome], target: str, mentors: Pool, newcomers: Pool) -> None:
    if target not in TARGETS:
        raise InputError(f"The target is {target!r}; accepted: {listing(TARGETS)}.")
    for o in outcomes:
        if o.target != target:
            raise InputError(
                f"{o.newcomer} and {o.mentor}: the outcome is of {o.target!r}, the model of {target!r}; "
                "the targets are never mixed."
            )
        if o.newcomer not in newcomers or o.mentor not in mentors:
            raise InputError(f"{o.newcomer} and {o.mentor} were decided, but are not both among the people.")


def _rows(
    outcomes: Sequence[Outcome],
    parts: Floats,
    pools: tuple[Pool, Pool],
    bags: Sequence[Sequence[list[str]]],
    projection: Projection,
    seed: int,
) -> _Rows:
    mentors, newcomers = pools
    j = np.array([mentors.index(o.mentor) for o in outcomes], dtype=np.int64)
    i = np.array([newcomers.index(o.newcomer) for o in outcomes], dtype=np.int64)
    numbers, order = _ordered(outcomes, parts, [bags[1][row] for row in i])
    newcomer = np.array(numbers, dtype=np.int64)
    labels = {
        "outcome": _label(o.outcome for o in outcomes),
        "mentor": _label(o.mentor_answer for o in outcomes),
        "newcomer": _label(o.newcomer_answer for o in outcomes),
    }
    theirs, ours = projection.project(bags[0])[j], projection.project(bags[1])[i]
    rows = _Rows(newcomer, j, parts, theirs, ours, folds(newcomer, seed), np.zeros(len(j)), labels)
    return rows.take(np.array(order, dtype=np.int64))


def _label(answers: Iterable[bool | None]) -> Floats:
    return np.array([np.nan if answer is None else float(answer) for answer in answers], dtype=np.float64)


def _ordered(
    outcomes: Sequence[Outcome], parts: Floats, bags: Sequence[list[str]]
) -> tuple[list[int], list[int]]:
    """A number for the newcomer of each pair, and the order of the pairs, from everything but their names."""
    said = [
        (o.mentor, o.outcome, str(o.mentor_answer), str(o.newcomer_answer), row)
        for o, row in zip(outcomes, parts.tolist(), strict=True)
    ]
    told: dict[str, tuple[list[str], list[object]]] = {}
    for o, bag, line in sorted(zip(outcomes, bags, said, strict=True), key=lambda row: row[2]):
        told.setdefault(o.newcomer, (bag, []))[1].append(line)
    number = {newcomer: rank for rank, newcomer in enumerate(sorted(told, key=lambda name: told[name]))}
    numbers = [number[o.newcomer] for o in outcomes]
    return numbers, sorted(range(len(outcomes)), key=lambda row: (numbers[row], said[row]))


def _sides(rows: _Rows, target: str) -> tuple[str, ...]:
    """Each side's answer by itself where enough of both kinds of either are recorded, else the outcome."""
    sides = ("mentor", "newcomer")
    enough = target == "accepted" and all(_answered(rows.labels[side]) for side in sides)
    recorded = ~np.isnan(rows.labels["mentor"]) | ~np.isnan(rows.labels["newcomer"])
    return sides if enough and recorded.mean() >= 0.5 else ("outcome",)


def _answered(label: Floats) -> bool:
    known = label[~np.isnan(label)]
    return len(known) >= FEWEST_ANSWERS and bool(known.min() < known.max())


def _challenged(lesson: _Lesson, rows: _Rows, model: LearnedModel, projection: Projection) -> LearnedModel:
    """Say how well the model ranks what it has not seen, and let the trees try where there is enough."""
    if both_outcomes(rows.newcomer, rows.outcome) < FEWEST_NEWCOMERS:
        return model

    def ranked(odds: Mapping[str, Floats]) -> Ranking:
        product = np.prod([expit(odds[side]) for side in lesson.sides], axis=0)
        return within_newcomer(rows.newcomer, rows.outcome, product)

    programme = ranked(lesson.apart(rows, lesson.by_programme))
    logistic = ranked(lesson.apart(rows, lesson.by_logistic))
    auc = {"programme": programme.mean, "logistic": logistic.mean}
    if len(rows.newcomer) < FEWEST_FOR_CHALLENGER:
        return replace(model, within_newcomer_auc=auc)
    odds = lesson.apart(rows, lesson.by_trees)
    boosting = ranked(odds)
    lead, error = boosting.lead_over(logistic)
    auc["boosting"] = boosting.mean
    model = replace(model, within_newcomer_auc=auc, challenger="boosting", lead=lead, standard_error=error)
    if lead <= error:
        return model
    told = lesson.own_past(rows)
    answers = tuple(
        replace(answer, boosting=_trees(lesson, told, answer.side, odds)) for answer in model.answers
    )
    return replace(model, champion="boosting", challenger="logistic", answers=answers, projection=projection)


def _trees(lesson: _Lesson, rows: _Rows, side: str, odds: Mapping[str, Floats]) -> Boosting:
    known = ~np.isnan(rows.labels[side])
    return calibrated(lesson.trees(rows, side), odds[side][known], rows.labels[side][known])
