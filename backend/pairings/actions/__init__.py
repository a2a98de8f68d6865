"""What happens in pairings: one verb, one transaction each."""

from backend.pairings.actions.apart import keep_apart
from backend.pairings.actions.aside import bring_back, call_first, put_off
from backend.pairings.actions.comments import comment_on_suggestion
from backend.pairings.actions.learning import ask_to_learn, learn_from_decisions, switch_learning
from backend.pairings.actions.offers import (
    accept_offer,
    decline_offer,
    expire_offers,
    send_offer,
    withdraw_offer,
)
from backend.pairings.actions.pairings import (
    bring_in_pairing,
    close_wound_down,
    end_pairing,
    pause_pairing,
    resume_pairing,
)
from backend.pairings.actions.runs import give_up_run, request_run, run_matching
from backend.pairings.actions.staging import (
    release_staged,
    stage_suggestion,
    undo_release,
    unstage_suggestion,
)
from backend.pairings.actions.suggestions import (
    approve_suggestion,
    decline_suggestion,
    examine_suggestion,
    suggest_by_hand,
    undo_decision,
)
from backend.pairings.actions.what_if import (
    answer_what_if,
    ask_what_if,
    forget_what_ifs,
    give_up_what_if,
)

__all__ = [
    "accept_offer",
    "answer_what_if",
    "approve_suggestion",
    "ask_to_learn",
    "ask_what_if",
    "bring_back",
    "bring_in_pairing",
    "call_first",
    "close_wound_down",
    "comment_on_suggestion",
    "decline_offer",
    "decline_suggestion",
    "end_pairing",
    "examine_suggestion",
    "expire_offers",
    "forget_what_ifs",
    "give_up_run",
    "give_up_what_if",
    "keep_apart",
    "learn_from_decisions",
    "pause_pairing",
    "put_off",
    "release_staged",
    "request_run",
    "resume_pairing",
    "run_matching",
    "send_offer",
    "stage_suggestion",
    "suggest_by_hand",
    "switch_learning",
    "undo_decision",
    "undo_release",
    "unstage_suggestion",
    "withdraw_offer",
]
