"""The challenger: gradient boosted trees, kept as plain numbers, so that a stored model is never code."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from matching.arrays import Floats
from matching.learning.logistic import MIDDLE, SCALE, PriorLogistic

# A leaf is its log-odds; a branch is (column, threshold, tree up to it, tree above it).
Tree = Any

# A hundred shallow, slow trees, not tuned. On made-up tastes that no part tells, over 4 seeds, the AUC within
# newcomers was 0.720 after 3,000 decisions (the programme's own 0.626); after 300 the logistic was ahead.
TREES = 100
DEPTH = 3
RATE = 0.05
# Rows at a time: some 35 columns of 128 kB each, about what a processor's own memory holds.
CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Boosting:
    """Trees whose log-odds are added up, then calibrated: slope x sum + offset, slope 0 or more."""

    baseline: float
    trees: tuple[Tree, ...]
    slope: float = 1.0
    offset: float = 0.0

    def odds(self, X: Floats) -> Floats:
        """Log-odds (pairs,) of X (pairs, columns)."""
        columns = np.ascontiguousarray(X.T)
        total = np.full(len(X), self.baseline)
        for tree in self.trees:
            total += _walk(tree, columns)
        return self.slope * total + self.offset


def _walk(tree: Tree, columns: Floats) -> Any:
    """Both sides of each branch are worked out: with so few leaves that is faster than following each row."""
    if isinstance(tree, float):
        return tree
    column, threshold, low, high = tree
    return np.where(columns[column] <= threshold, _walk(low, columns), _walk(high, columns))


def boost(X: Floats, yes: Floats, rising: int, seed: int) -> Boosting:
    """Learn from X (pairs, columns) and yes (pairs,), 0 or 1; p never falls in the first `rising` columns."""
    if yes.min() == yes.max():
        # One outcome alone, as can happen in a fold: a rank for nobody, at odds of 1 to the number of pairs.
        return Boosting(float(np.log(len(yes)) * (2 * yes[0] - 1)), ())
    # Several threads waiting for each other on a busy machine took 100 s for what one does in 2.
    with threadpool_limits(limits=1):
        model = HistGradientBoostingClassifier(
            learning_rate=RATE,
            max_iter=TREES,
            max_depth=DEPTH,
            l2_regularization=1.0,
            early_stopping=False,
            monotonic_cst=[1] * rising + [0] * (X.shape[1] - rising),
            random_state=seed,
        ).fit(X, yes)
    # scikit-learn has no public way to its trees; a test compares ours with its own decision function.
    trees = tuple(_tree(stage[0].nodes, 0) for stage in model._predictors)
    return Boosting(float(model._baseline_prediction.item()), trees)


def _tree(nodes: NDArray[Any], place: int) -> Tree:
    node = nodes[place]
    if node["is_leaf"]:
        return float(node["value"])
    branches = (_tree(nodes, int(node[side])) for side in ("left", "right"))
    return (int(node["feature_idx"]), float(node["num_threshold"]), *branches)


def calibrated(model: Boosting, odds: Floats, yes: Floats) -> Boosting:
    """Calibrate with log-odds (pairs,) that the model gave to pairs it had not seen (Platt 1999).

    A sigmoid at any size: the steps of an isotonic curve would tie the mentors it should rank. The prior of
    the logistic model is here "as it is": at its mode the slope is 1 and the offset 0.
    """
    platt = PriorLogistic(positive=True).fit((odds / SCALE + MIDDLE)[:, None], yes)
    slope = float(platt.coef_[0]) / SCALE
    return Boosting(model.baseline, model.trees, slope, platt.intercept_ + MIDDLE * SCALE * slope)
