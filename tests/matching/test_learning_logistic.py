"""A model that begins with the programme's own order and leaves it only for good reason."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import approx_fprime
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from matching.arrays import Floats
from matching.learning import PriorLogistic
from matching.learning.evaluation import within_newcomer
from matching.learning.logistic import SCALE, _loss

WEIGHTS = np.array([2.0, 1.0, 1.5, 3.0, 1.0, 2.0])


@parametrize_with_checks([PriorLogistic(), PriorLogistic(alpha=1.0)])
def test_scikit_learns_contract_is_kept(estimator: Any, check: Any) -> None:
    check(estimator)


def pairs(random: np.random.Generator, count: int) -> Floats:
    """Parts (count, 6) as criteria give them: levels, slots, distances, shares, wishes."""
    return np.column_stack(
        [
            random.integers(1, 8, count) / 7,
            random.integers(0, 4, count) / 3,
            np.exp(-3 * random.random(count)),
            random.integers(0, 4, count) / 3,
            random.random(count) < 0.6,
            random.random(count),
        ]
    ).astype(np.float64)


def decided(
    random: np.random.Generator, count: int, truth: Floats
) -> tuple[Floats, NDArray[np.int64], NDArray[np.bool_]]:
    """Pairs of newcomers with six mentors each; every newcomer has a level of their own."""
    X, newcomer = pairs(random, count), np.arange(count) // 6
    level = random.normal(-0.3, 0.7, newcomer[-1] + 1)[newcomer]
    return X, newcomer, random.random(count) < expit((X - 0.5) @ truth + level)


@pytest.mark.parametrize("label", [True, False])
def test_one_outcome_alone_leaves_the_programmes_order(label: bool) -> None:
    X = pairs(np.random.default_rng(1), 50)
    model = PriorLogistic(weights=WEIGHTS).fit(X, np.full(50, label))
    assert np.array_equal(model.deviation_, np.zeros(6))
    assert model.scale_ == SCALE
    assert np.array_equal(np.argsort(model.decision_function(X)), np.argsort(X @ (WEIGHTS / WEIGHTS.sum())))
    assert (expit(model.decision_function(X)).mean() > 0.5) == label
    assert np.array_equal(model.predict(X), np.full(50, label))
    assert np.array_equal(model.predict_proba(X), np.ones((50, 1)))


def test_separable_outcomes_stay_finite() -> None:
    X = np.array([[0.0], [0.1], [0.9], [1.0]] * 200)
    model = PriorLogistic().fit(X, X[:, 0] > 0.5)
    assert np.isfinite(model.coef_).all() and 4 < model.coef_[0] < 100
    turned = PriorLogistic().fit(X, X[:, 0] < 0.5)
    assert turned.scale_ > 0 and turned.coef_[0] < 0
    held = PriorLogistic(positive=True).fit(X, X[:, 0] < 0.5)
    assert held.scale_ > 0 and held.coef_[0] == 0


def test_without_weights_above_zero_only_deviations_are_learned() -> None:
    X = pairs(np.random.default_rng(2), 400)
    model = PriorLogistic(weights=np.zeros(6)).fit(X, X[:, 0] > 0.5)
    assert np.array_equal(model.coef_, model.deviation_) and model.coef_[0] > 1


def test_weights_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="X has 2 parts"):
        PriorLogistic(weights=[1.0]).fit(np.eye(2), [0, 1])


def test_the_gradient_is_exact() -> None:
    random = np.random.default_rng(3)
    X, _, yes = decided(random, 60, np.ones(6))
    arguments = (X, yes.astype(float), random.random(60), WEIGHTS / WEIGHTS.sum(), 20.0)
    values = np.concatenate([[0.3, 2.0], random.normal(size=6)])
    numeric = approx_fprime(values, lambda v: _loss(v, *arguments)[0], 1e-7)
    assert _loss(values, *arguments)[1] == pytest.approx(numeric, abs=1e-4)


def test_the_solution_is_the_same_whatever_the_order_of_rows() -> None:
    random = np.random.default_rng(4)
    X, _, yes = decided(random, 500, np.ones(6))
    mixed = random.permutation(500)
    one = PriorLogistic(weights=WEIGHTS).fit(X, yes)
    other = PriorLogistic(weights=WEIGHTS).fit(X[mixed], yes[mixed])
    assert one.coef_ == pytest.approx(other.coef_, rel=1e-6)


def ranked(seed: int, count: int, apart: float) -> tuple[float, float, float]:
    """AUC within newcomers, on 6,000 new pairs: the programme's, the learned and a ridge towards zero."""
    random = np.random.default_rng(seed)
    truth = np.maximum(5 * WEIGHTS / WEIGHTS.sum() + random.normal(0, apart, 6), 0)
    X, _, yes = decided(random, count, truth)
    unseen, newcomer, outcome = decided(random, 6_000, truth)
    models = (PriorLogistic(weights=WEIGHTS, positive=True), LogisticRegression())
    scores = [unseen @ WEIGHTS, *(model.fit(X, yes).decision_function(unseen) for model in models)]
    own, learned, ridge = (within_newcomer(newcomer, outcome, score).mean for score in scores)
    return own, learned, ridge


@pytest.mark.parametrize("count", [30, 100, 300, 1_000])
def test_where_the_weights_are_right_learning_loses_next_to_nothing(count: int) -> None:
    own, learned, ridge = np.mean([ranked(seed, count, 0.0) for seed in range(12)], axis=0)
    assert learned > own - 0.006
    assert learned > ridge


@pytest.mark.parametrize(("count", "gain"), [(30, -0.002), (100, 0.005), (300, 0.015), (1_000, 0.02)])
def test_where_the_weights_are_wrong_learning_gains_with_each_decision(count: int, gain: float) -> None:
    own, learned, _ = np.mean([ranked(seed, count, 1.0) for seed in range(12)], axis=0)
    assert learned > own + gain
