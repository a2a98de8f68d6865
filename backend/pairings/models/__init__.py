"""From a match run to a pairing. States and their moves are in enums.py, who may do what in rules.py."""

from backend.pairings.models.learned import LearnedModel
from backend.pairings.models.offers import Offer
from backend.pairings.models.pairings import Pairing, PairingEvent, PairingMember
from backend.pairings.models.runs import MatchRun, Unmatched, WhatIf
from backend.pairings.models.suggestions import Suggestion

__all__ = [
    "LearnedModel",
    "MatchRun",
    "Offer",
    "Pairing",
    "PairingEvent",
    "PairingMember",
    "Suggestion",
    "Unmatched",
    "WhatIf",
]
