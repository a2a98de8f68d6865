from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.states import Transitions


class RunState(TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class SuggestionState(TextChoices):
    PROPOSED = "proposed", _("to look at")
    STAGED = "staged", _("set aside to send")
    RELEASED = "released", _("sent")
    DECLINED = "declined", _("declined")
    SUPERSEDED = "superseded", _("replaced by a newer run")


class OfferState(TextChoices):
    ASKING_FIRST = "asking_first", _("waits for the first answer")
    ASKING_SECOND = "asking_second", _("waits for the second answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("ran out")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PairingState(TextChoices):
    ACTIVE = "active", _("running")
    PAUSED = "paused", _("paused")
    WINDING_DOWN = "winding_down", _("coming to an end")
    ENDED = "ended", _("ended")


class DeclineReason(TextChoices):
    """Why a coordinator turns a suggestion down."""

    LANGUAGE = "language", _("They would not understand each other")
    HOURS = "hours", _("The hours do not work")
    WAY = "way", _("The way is too far")
    TOPICS = "topics", _("Other help is needed")
    PERSONAL = "personal", _("They would not get on")
    OTHER = "other", _("Another reason")


class AnswerReason(TextChoices):
    """Why somebody says no to an offer; private, and without a price."""

    TIME = "time", _("I have no time now")
    WAY = "way", _("The way is too far")
    TOPICS = "topics", _("I need or offer something else")
    UNSURE = "unsure", _("It does not feel right")
    OTHER = "other", _("Another reason")


class EndReason(TextChoices):
    PLAN = "plan", _("as planned")
    WISH = "wish", _("somebody wished it")
    MOVED = "moved", _("moved to another town")
    WORK = "work", _("no more time because of work")
    UNREACHABLE = "unreachable", _("cannot be reached")


OPEN_OFFER = (OfferState.ASKING_FIRST, OfferState.ASKING_SECOND)
OPEN_SUGGESTION = (SuggestionState.PROPOSED, SuggestionState.STAGED)
RUNNING = (PairingState.ACTIVE, PairingState.PAUSED, PairingState.WINDING_DOWN)

S, O, P = SuggestionState, OfferState, PairingState

SUGGESTION_MOVES: Transitions = {
    "stage": {S.PROPOSED: S.STAGED},
    "unstage": {S.STAGED: S.PROPOSED},
    "release": {S.PROPOSED: S.RELEASED, S.STAGED: S.RELEASED},
    "decline": {S.PROPOSED: S.DECLINED, S.STAGED: S.DECLINED},
    "supersede": {S.PROPOSED: S.SUPERSEDED, S.STAGED: S.SUPERSEDED},
}
OFFER_MOVES: Transitions = {
    "accept_first": {O.ASKING_FIRST: O.ASKING_SECOND},
    "accept_second": {O.ASKING_SECOND: O.ACCEPTED},
    "decline": {O.ASKING_FIRST: O.DECLINED, O.ASKING_SECOND: O.DECLINED},
    "expire": {O.ASKING_FIRST: O.EXPIRED, O.ASKING_SECOND: O.EXPIRED},
    "withdraw": {O.ASKING_FIRST: O.WITHDRAWN, O.ASKING_SECOND: O.WITHDRAWN},
}
PAIRING_MOVES: Transitions = {
    "pause": {P.ACTIVE: P.PAUSED},
    "resume": {P.PAUSED: P.ACTIVE},
    "wind_down": {P.ACTIVE: P.WINDING_DOWN, P.PAUSED: P.WINDING_DOWN},
    "end": {P.ACTIVE: P.ENDED, P.PAUSED: P.ENDED, P.WINDING_DOWN: P.ENDED},
}
