"""How well a model ranks the mentors of one newcomer, and whether another does so by more than chance."""

from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints, Mask
from matching.scoring.pooled import PRIOR_ANSWERS

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Ranking:
    """Area under the curve of each newcomer who had both outcomes, with their number of decided pairs."""

    auc: Floats
    pairs: Ints

    @property
    def mean(self) -> float:
        """The mean over newcomers, weighted by their pairs."""
        return float(np.average(self.auc, weights=self.pairs))

    def lead_over(self, other: "Ranking") -> tuple[float, float]:
        """By how much the mean is higher than `other`'s on the same pairs, and its standard error.

        Paired by newcomer: what makes one newcomer hard makes both models worse, and cancels.
        """
        ahead = self.auc - other.auc
        mean = float(np.average(ahead, weights=self.pairs))
        spread = np.sqrt(((self.pairs * (ahead - mean)) ** 2).sum()) / self.pairs.sum()
        return mean, float(spread * np.sqrt(len(ahead) / max(len(ahead) - 1, 1)))


def both_outcomes(newcomer: Ints, outcome: Mask) -> int:
    """How many newcomers have pairs (pairs,) of either outcome."""
    return len(np.intersect1d(newcomer[outcome], newcomer[~outcome]))


def within_newcomer(newcomer: Ints, outcome: Mask, score: Floats) -> Ranking:
    """Rank each newcomer's pairs by `score`, all (pairs,); newcomers with one outcome alone say nothing."""
    order = np.lexsort((score, newcomer))
    newcomer, outcome, score = newcomer[order], outcome[order], score[order]
    # Ranks count from 1 within each newcomer; equal scores share the mean of theirs.
    tie = np.cumsum(np.r_[True, (np.diff(newcomer) != 0) | (np.diff(score) != 0)][: len(order)]) - 1
    place = np.arange(len(order)) - np.searchsorted(newcomer, newcomer) + 1
    rank = (np.bincount(tie, weights=place) / np.bincount(tie))[tie]
    pairs, wins = np.bincount(newcomer), np.bincount(newcomer, weights=outcome)
    won = np.bincount(newcomer, weights=rank * outcome) - wins * (wins + 1) / 2
    both = (wins > 0) & (wins < pairs)
    return Ranking(won[both] / (wins * (pairs - wins))[both], pairs[both])


def folds(newcomer: Ints, seed: int) -> Ints:
    """Deal newcomers, each with all their pairs, to `FOLDS` folds of about equal numbers of newcomers."""
    dealt = np.random.default_rng(seed).permutation(newcomer.max(initial=-1) + 1) % FOLDS
    return dealt[newcomer]


def shares(mentor: Ints, outcome: Mask, mentors: int) -> Floats:
    """Each mentor's share of yes, (mentors,), shrunken: (yes + 5 x overall share) / (decided + 5)."""
    decided = np.bincount(mentor, minlength=mentors)
    overall = outcome.mean() if len(outcome) else 0.5
    yes = np.bincount(mentor, weights=outcome, minlength=mentors)
    share: Floats = (yes + PRIOR_ANSWERS * overall) / (decided + PRIOR_ANSWERS)
    return share


def shares_apart(mentor: Ints, outcome: Mask, fold: Ints) -> Floats:
    """For each pair its mentor's share as the other folds know it, (pairs,): no outcome sees itself."""
    mentors = int(mentor.max(initial=-1)) + 1
    share = np.empty(len(mentor))
    for one in np.unique(fold):
        here = fold == one
        share[here] = shares(mentor[~here], outcome[~here], mentors)[mentor[here]]
    return share
