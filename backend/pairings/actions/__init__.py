"""What happens in pairings: one verb, one transaction each."""

from backend.pairings.actions.apart import keep_apart
from backend.pairings.actions.aside import bring_back, call_first, put_off
from backend.pairings.actions.clearances import (
    look_again_at,
    look_at_offer,
    look_at_proofs,
    suspend_uncleared,
)
from backend.pairings.actions.comments import comment_on_suggestion
from backend.pairings.actions.keeping import keep_what_if, throw_away_what_if
from backend.pairings.actions.learning import ask_to_learn, learn_from_decisions, switch_learning
from backend.pairings.actions.members import add_member, member_leaves, replace_mentor
from backend.pairings.actions.next_one import propose_next
from backend.pairings.actions.offer_time import expire_offers, extend_offer, remind_of_offers
from backend.pairings.actions.offers import (
    accept_offer,
    decline_offer,
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
from backend.pairings.actions.questions import answer_question, ask_question
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
from backend.pairings.actions.transfers import (
    agree_to_transfer,
    ask_to_transfer,
    refuse_transfer,
    take_transfer,
    withdraw_transfer,
)
from backend.pairings.actions.waiting import write_to_those_who_wait
from backend.pairings.actions.what_if import (
    answer_what_if,
    ask_what_if,
    forget_what_ifs,
    give_up_what_if,
)
from backend.pairings.actions.wishes import ask_to_end

__all__ = [
    "accept_offer",
    "add_member",
    "agree_to_transfer",
    "answer_question",
    "answer_what_if",
    "approve_suggestion",
    "ask_question",
    "ask_to_end",
    "ask_to_learn",
    "ask_to_transfer",
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
    "extend_offer",
    "forget_what_ifs",
    "give_up_run",
    "give_up_what_if",
    "keep_apart",
    "keep_what_if",
    "learn_from_decisions",
    "look_again_at",
    "look_at_offer",
    "look_at_proofs",
    "member_leaves",
    "pause_pairing",
    "propose_next",
    "put_off",
    "refuse_transfer",
    "release_staged",
    "remind_of_offers",
    "replace_mentor",
    "request_run",
    "resume_pairing",
    "run_matching",
    "send_offer",
    "stage_suggestion",
    "suggest_by_hand",
    "suspend_uncleared",
    "switch_learning",
    "take_transfer",
    "throw_away_what_if",
    "undo_decision",
    "undo_release",
    "unstage_suggestion",
    "withdraw_offer",
    "withdraw_transfer",
    "write_to_those_who_wait",
]
