"""What happens around meetings: one verb, one transaction each."""

from backend.meetings.actions.answers import answer_meeting
from backend.meetings.actions.beginning import (
    allow_home,
    answer_go_on,
    confirm,
    remind_to_go_on,
    revoke_home,
)
from backend.meetings.actions.calendar import make_feed, revoke_feed
from backend.meetings.actions.changed import ask_again_where_members_changed
from backend.meetings.actions.elsewhere import ask_who_writes_elsewhere
from backend.meetings.actions.evenings import (
    cancel_evening,
    hold_evening,
    invite,
    note_likings,
    plan_evening,
)
from backend.meetings.actions.meetings import (
    arrange_meeting,
    cancel_meeting,
    change_meeting,
    propose_meeting,
)
from backend.meetings.actions.places import add_place, change_place, close_place
from backend.meetings.actions.went import cancel_meetings_that_are_over, hold_meeting, miss_meeting

__all__ = [
    "add_place",
    "allow_home",
    "answer_go_on",
    "answer_meeting",
    "arrange_meeting",
    "ask_again_where_members_changed",
    "ask_who_writes_elsewhere",
    "cancel_evening",
    "cancel_meeting",
    "cancel_meetings_that_are_over",
    "change_meeting",
    "change_place",
    "close_place",
    "confirm",
    "hold_evening",
    "hold_meeting",
    "invite",
    "make_feed",
    "miss_meeting",
    "note_likings",
    "plan_evening",
    "propose_meeting",
    "remind_to_go_on",
    "revoke_feed",
    "revoke_home",
]
