"""Learn what makes a pairing last, from decisions, starting at the programme's own order."""

from matching.learning.learn import Outcome, learn
from matching.learning.logistic import PriorLogistic
from matching.learning.model import TARGETS, BoundModel, LearnedModel
from matching.learning.store import from_json, to_json

__all__ = [
    "TARGETS",
    "BoundModel",
    "LearnedModel",
    "Outcome",
    "PriorLogistic",
    "from_json",
    "learn",
    "to_json",
]
