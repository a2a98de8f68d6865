"""A logistic model that starts at the programme's own weights and leaves them only where data insist."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from matching.arrays import Floats

# Without data p = expit(4 (sum / maximum - 1/2)), whose slope in the middle is 1: maximum x p then rises just
# as the criteria sum does, so that priorities such as waiting keep the weight that the programme gave them.
SCALE = 4.0
# s ~ Gamma(SHAPE, (SHAPE - 1) / SCALE): mode 4, never 0, and convex as the log of s alone would not be.
SHAPE = 5.0
# a, the log-odds of a middling pair, ~ normal(0, 2.5): from 1 in 150 to 150 in 151 within two deviations.
LEVEL_DEVIATION = 2.5
MIDDLE = 0.5
# Ridge of the deviations: the noise it lets into one coefficient is 1 / (2 sqrt(ALPHA)) = 0.11 at worst, and
# six equal weights give each 4 / 6. Seen over 16 seeds, AUC within newcomers after 100 and 300 decisions:
# weights right, 0.675 and 0.681 (their own 0.677 and 0.682, ridge towards zero 0.628 and 0.671, and with
# ALPHA 5 0.667 after 100); weights off by 1 each, 0.684 and 0.710 (their own 0.666 and 0.675,
# ridge towards zero 0.693 and 0.721: where weights are that wrong, trusting them costs some of the gain).
ALPHA = 20.0


class PriorLogistic(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Binary classifier: logit p = intercept + X @ (scale x weights / maximum + deviation).

    Only the deviation is shrunk (ridge); scale and level have weak priors, so on separable data they
    stay finite and the scale positive. Where data hold one class alone, only the level is learned: the order
    stays exactly that of X @ weights.

    Parameters: `weights` (parts,), None for all equal; `maximum`, what X @ weights reaches at most, None for
    the sum of the weights; `alpha`, the ridge; `positive` holds every coefficient at 0 or above, so that more
    of a part never lowers p.

    Learned: `coef_` (parts,), `intercept_`, `scale_`, `deviation_` (parts,), `classes_`, `n_features_in_`,
    `n_iter_`.
    """

    def __init__(
        self,
        *,
        weights: ArrayLike | None = None,
        maximum: float | None = None,
        alpha: float = ALPHA,
        positive: bool = False,
    ) -> None:
        self.weights = weights
        self.maximum = maximum
        self.alpha = alpha
        self.positive = positive

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from X (pairs, parts), y (pairs,) and perhaps weights (pairs,). Raises ValueError."""
        X, y = map(np.asarray, validate_data(self, X, y, dtype=np.float64))
        check_classification_targets(y)
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        self.classes_, code = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(
                f"Only binary classification is supported; y holds {len(self.classes_)} classes."
            )
        # One class alone does not say whether it is the yes; 0, False and "" are taken for no.
        yes = code if len(self.classes_) == 2 else np.full(len(code), bool(self.classes_[0]), dtype=int)
        self._solve(X, yes.astype(np.float64), weight)
        return self

    def _solve(self, X: Floats, yes: Floats, weight: Floats) -> None:
        direction = self._direction()
        start = np.concatenate([[0.0, SCALE], SCALE * direction])
        least = 0.0 if self.positive else None
        bounds = [(None, None), (1e-9, None)] + [(least, None)] * len(direction)
        if not weight[yes == 0].any() or not weight[yes == 1].any():
            bounds[1:] = [(value, value) for value in start[1:]]
        found = minimize(
            _loss,
            start,
            args=(X - MIDDLE, yes, weight, direction, self.alpha),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 10_000, "maxfun": 20_000, "maxcor": 30, "ftol": 0.0, "gtol": 1e-9},
        )
        level, self.scale_ = float(found.x[0]), float(found.x[1])
        self.coef_ = found.x[2:]
        self.deviation_ = self.coef_ - self.scale_ * direction
        self.intercept_ = level - MIDDLE * float(self.coef_.sum())
        self.n_iter_ = int(found.nit)

    def _direction(self) -> Floats:
        """The weights as shares of the maximum, (parts,)."""
        parts = self.n_features_in_
        weights = np.ones(parts) if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        if weights.shape != (parts,):
            raise ValueError(f"weights has the shape {weights.shape}; X has {parts} parts.")
        maximum = float(weights.sum() if self.maximum is None else self.maximum)
        return weights / maximum if maximum > 0 else np.zeros(parts)

    def decision_function(self, X: ArrayLike) -> Floats:
        """Log-odds of the second class (of the yes, where only one class was seen), (pairs,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        odds: Floats = X @ self.coef_ + self.intercept_
        return odds

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probability of each class, (pairs, classes)."""
        odds = self.decision_function(X)
        return (
            np.column_stack([expit(-odds), expit(odds)])
            if len(self.classes_) == 2
            else np.ones((len(odds), 1))
        )

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likelier class, (pairs,)."""
        likelier = self.predict_proba(X).argmax(axis=1)
        chosen: NDArray[Any] = self.classes_[likelier]
        return chosen

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def _loss(
    values: Floats, X: Floats, yes: Floats, weight: Floats, direction: Floats, alpha: float
) -> tuple[float, Floats]:
    """Negative log posterior of (level, scale, coefficients) and its gradient; convex in all of them."""
    level, scale, coef = values[0], values[1], values[2:]
    odds = level + X @ coef
    away = coef - scale * direction
    rate = (SHAPE - 1) / SCALE
    loss = weight @ (np.logaddexp(0.0, odds) - yes * odds) + alpha / 2 * (away @ away)
    loss += (level / LEVEL_DEVIATION) ** 2 / 2 + rate * scale - (SHAPE - 1) * np.log(scale)
    residual = weight * (expit(odds) - yes)
    gradient = np.empty_like(values)
    gradient[0] = residual.sum() + level / LEVEL_DEVIATION**2
    gradient[1] = -alpha * (away @ direction) + rate - (SHAPE - 1) / scale
    gradient[2:] = X.T @ residual + alpha * away
    return float(loss), gradient
