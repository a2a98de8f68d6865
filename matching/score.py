"""All pairs of two pools at once: named parts, what is only assumed, and refusals kept apart from scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.criteria import Criteria
from matching.errors import InputError
from matching.kinds import PARTS, Cells, Context, Floats, Mask, learn_history, learn_rarity, learn_words
from matching.people import Pool

Decision = tuple[str, str, bool]
Table = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who is refused for one reason known to the caller alone; people outside the pools are ignored."""

    pairs: frozenset[tuple[str, str]] = frozenset()
    """(mentor, newcomer) identifiers."""
    mentors: frozenset[str] = frozenset()
    newcomers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scores:
    """Every pair, (n, m): rows newcomers, columns mentors, both by identifier."""

    cells: Mapping[str, Cells]
    refusals: Mapping[str, Mask]
    fit: Floats
    feasible: Mask


class Scorer(BaseEstimator):  # type: ignore[misc]
    """Scores pairs by criteria; `fit` learns only what a whole pool can tell (rarity, words, history).

    Parameters: `criteria`; `decisions` as (newcomer, mentor, accepted) for `history`; `tables` by the
    criterion's name, (newcomer, mentor) -> value, for `table`.
    Learned: `learned_`, by criterion name.
    """

    def __init__(
        self,
        criteria: Criteria,
        *,
        decisions: Iterable[Decision] = (),
        tables: Mapping[str, Table] | None = None,
    ) -> None:
        self.criteria = criteria
        self.decisions = decisions
        self.tables = tables

    def fit(self, mentors: Pool, newcomers: Pool) -> Self:
        """Learn from both pools. Raises InputError for a column or a cell that cannot be read."""
        learned: dict[str, Any] = {}
        for c in self.criteria.criteria:
            if c.kind == "coverage" and c.rarity:
                learned[c.name] = learn_rarity(c, mentors.people, newcomers.people)
            elif c.kind == "text":
                learned[c.name] = learn_words(c, mentors.people, newcomers.people)
            elif c.kind == "history":
                learned[c.name] = learn_history(self.decisions)
        self.learned_ = learned
        return self

    def score(self, mentors: Pool, newcomers: Pool, refusals: Mapping[str, Refusal] | None = None) -> Scores:
        """Score every pair; fit = sum of weight x part, never rescaled. Needs `fit` first."""
        check_is_fitted(self, "learned_")
        cells: dict[str, Cells] = {}
        fit = np.zeros((len(newcomers), len(mentors)))
        for c in self.criteria.criteria:
            mentors.check(c.columns("mentor"), "mentor")
            newcomers.check(c.columns("newcomer"), "newcomer")
            context = Context(self.learned_.get(c.name), (self.tables or {}).get(c.name))
            cells[c.name] = PARTS[c.kind](c, mentors.people, newcomers.people, context)
            fit += c.weight * cells[c.name].part
        masks = {name: cell.refused for name, cell in cells.items()}
        for name, refusal in (refusals or {}).items():
            if name in masks:
                raise InputError(f"The refusal {name!r} has the name of a criterion; each needs its own.")
            masks[name] = refusal_mask(refusal, mentors, newcomers)
        refused = np.zeros(fit.shape, dtype=bool)
        for mask in masks.values():
            refused |= mask
        return Scores(cells, masks, fit, ~refused)


def refusal_mask(refusal: Refusal, mentors: Pool, newcomers: Pool) -> Mask:
    """(n, m): True where `refusal` forbids the pair."""
    mask = np.zeros((len(newcomers), len(mentors)), dtype=bool)
    for mentor, newcomer in refusal.pairs:
        if newcomer in newcomers and mentor in mentors:
            mask[newcomers.index(newcomer), mentors.index(mentor)] = True
    mask[[newcomers.index(person) for person in refusal.newcomers if person in newcomers], :] = True
    mask[:, [mentors.index(person) for person in refusal.mentors if person in mentors]] = True
    return mask
