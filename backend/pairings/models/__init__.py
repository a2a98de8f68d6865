"""From a match run to a pairing. States and their moves are in enums.py, who may do what in rules.py."""

from backend.pairings.models.learned import LearnedModel
from backend.pairings.models.offers import Offer, OfferQuestion
from backend.pairings.models.pairings import Pairing, PairingEvent, PairingMember, Transfer
from backend.pairings.models.runs import MatchRun, MentorChoice, Unmatched, WhatIf
from backend.pairings.models.suggestions import Suggestion, SuggestionComment

__all__ = [
    "LearnedModel",
    "MatchRun",
    "MentorChoice",
    "Offer",
    "OfferQuestion",
    "Pairing",
    "PairingEvent",
    "PairingMember",
    "Suggestion",
    "SuggestionComment",
    "Transfer",
    "Unmatched",
    "WhatIf",
]
