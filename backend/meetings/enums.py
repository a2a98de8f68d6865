from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.states import Transitions


class MeetingKind(TextChoices):
    FIRST = "first", _("first meeting")
    USUAL = "usual", _("meeting")
    # One tap a month by those who write elsewhere: they met, nobody says when and where.
    MONTH = "month", _("met this month")


class MeetingState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    AGREED = "agreed", pgettext_lazy("meeting", "agreed")
    HELD = "held", _("they met")
    MISSED = "missed", _("did not take place")
    CANCELLED = "cancelled", _("cancelled")


class Interpreter(TextChoices):
    NONE = "", _("nobody is needed")
    WANTED = "wanted", _("still to be found")
    BOOKED = "booked", _("booked")


class Confirmed(TextChoices):
    """What each must have heard or agreed to before they first meet."""

    BRIEFING = "briefing", _("What mentoring is and is not, and that you are insured")
    AGREEMENT = "agreement", _("Our agreement")


class GoOnAnswer(TextChoices):
    """After the first meeting: shall we go on?"""

    YES = "yes", _("Yes, we go on")
    UNSURE = "unsure", _("I would like to talk first")
    NO = "no", _("No, I would like somebody else")


class EveningState(TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("took place")
    CANCELLED = "cancelled", _("cancelled")


class GoalState(TextChoices):
    OPEN = "open", _("on the way")
    REACHED = "reached", _("reached")
    DROPPED = "dropped", _("no longer wanted")


class Mood(TextChoices):
    """How it goes, as the coordinator understood it."""

    GOOD = "good", _("good")
    MIXED = "mixed", _("so-so")
    HARD = "hard", _("hard")


class ExpenseState(TextChoices):
    SENT = "sent", _("waits for the office")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not paid")
    EXPORTED = "exported", _("handed on to be paid")


class PauseWish(TextChoices):
    """Why a member asks for a pause."""

    TIME = "time", _("I have no time now")
    AWAY = "away", _("I am away for a while")
    OTHER = "other", _("Another reason")


M, E, G, X = MeetingState, EveningState, GoalState, ExpenseState

MEETING_MOVES: Transitions = {
    "agree": {M.PROPOSED: M.AGREED},
    # Another time or place: everybody is asked again.
    "move": {M.PROPOSED: M.PROPOSED, M.AGREED: M.PROPOSED},
    # Whoever said yes on one side has left: who stands in is asked.
    "ask_again": {M.AGREED: M.PROPOSED},
    "hold": {M.PROPOSED: M.HELD, M.AGREED: M.HELD, M.MISSED: M.HELD},
    "miss": {M.PROPOSED: M.MISSED, M.AGREED: M.MISSED},
    "cancel": {M.PROPOSED: M.CANCELLED, M.AGREED: M.CANCELLED},
    # Noted by mistake: one that was agreed is so again, one that was only noted is gone.
    "unhold": {M.HELD: M.AGREED},
    "unlog": {M.HELD: M.CANCELLED},
}
EVENING_MOVES: Transitions = {
    "hold": {E.PLANNED: E.HELD},
    "cancel": {E.PLANNED: E.CANCELLED},
}
GOAL_MOVES: Transitions = {
    "reach": {G.OPEN: G.REACHED},
    "drop": {G.OPEN: G.DROPPED},
    "reopen": {G.REACHED: G.OPEN, G.DROPPED: G.OPEN},
}
EXPENSE_MOVES: Transitions = {
    "approve": {X.SENT: X.APPROVED},
    "refuse": {X.SENT: X.REFUSED},
    "export": {X.APPROVED: X.EXPORTED},
}
OPEN_MEETING = (MeetingState.PROPOSED, MeetingState.AGREED)
