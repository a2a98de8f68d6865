"""Learn what makes a pairing last, from decisions, starting at the programme's own order.

Promised: without decisions the order is the programme's; more of a part never lowers p; nothing that is read
or kept says who somebody is, so one decline teaches the same about all who said the same, and renaming
newcomers changes nothing. Not promised: that a decline teaches nothing at all; what it says of the parts is
said of everybody's. A model is JSON: numbers, the criteria's names, and values that five people or more hold.
"""

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
