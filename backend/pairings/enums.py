from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.states import Transitions


class RunState(TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class WhatIfState(TextChoices):
    QUEUED = "queued", _("waiting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class WhatIfProblem(TextChoices):
    """Why a question could not be answered."""

    GONE = "gone", _("Somebody in this question is no longer in the matching. Ask again.")
    LOCKED = "locked", _("Two people cannot be put together: something refuses it, or no place is free.")
    BROKEN = "broken", _("This did not work. Please try again.")


class SuggestionState(TextChoices):
    PROPOSED = "proposed", _("to look at")
    STAGED = "staged", _("set aside to send")
    RELEASED = "released", _("sent")
    DECLINED = "declined", _("declined")
    SUPERSEDED = "superseded", _("replaced by a newer run")


class Aside(TextChoices):
    """Why a suggestion that waits is not among those to decide now."""

    CALL = "call", _("call first")
    LATER = "later", _("later")


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


class Refusal(TextChoices):
    """Why two people cannot be suggested to each other. The first eight are never overridden by hand."""

    NOT_CLEARED = "not_cleared", _("the mentor is not cleared")
    NOT_READY = "not_ready", _("one of the two is not ready or pauses")
    UNDER_AGE = "under_age", _("one of the two is under 18, or their age is not known")
    BLOCKED = "blocked", _("one of the two has blocked the other")
    TO_AVOID = "to_avoid", _("the two are to avoid each other")
    GENDER = "gender", _("a required wish for a woman or a man is not met")
    FULL = "full", _("no place is free")
    OTHER_PROGRAMME = "other_programme", _("the two are not in one programme")
    LANGUAGES = "languages", _("they share no language well enough")
    HOURS = "hours", _("they share too few half-days")
    WAY = "way", _("the way is too far, or a town is missing")
    ALREADY_TRIED = "already_tried", _("the two were brought together before")

    @property
    def is_final(self) -> bool:
        return self not in OVERRIDABLE


OVERRIDABLE = (Refusal.LANGUAGES, Refusal.HOURS, Refusal.WAY, Refusal.ALREADY_TRIED)


class EndReason(TextChoices):
    PLAN = "plan", _("as planned")
    WISH = "wish", _("somebody wished it")
    MOVED = "moved", _("moved to another town")
    WORK = "work", _("no more time because of work")
    UNREACHABLE = "unreachable", _("cannot be reached")
    LEFT_COUNTRY = "left_country", _("left the country")
    CLEARANCE = "clearance", _("a proof ran out")
    SAFETY = "safety", _("for somebody's safety")

    @property
    def days_to_say_goodbye(self) -> int:
        """For how long the two may still write to each other after it has ended."""
        return GOODBYE_DAYS[self]


GOODBYE_DAYS = {
    EndReason.PLAN: 30,
    EndReason.MOVED: 30,
    EndReason.LEFT_COUNTRY: 30,
    EndReason.WORK: 14,
    EndReason.UNREACHABLE: 14,
    EndReason.WISH: 7,
    EndReason.CLEARANCE: 0,
    EndReason.SAFETY: 0,
}


# Nothing about how these came to be is told, shown or asked of those who took part.
UNSPOKEN = (EndReason.CLEARANCE, EndReason.SAFETY)


class PauseReason(TextChoices):
    ASKED = "asked", _("somebody asked for it")
    CLEARANCE = "clearance", _("a proof ran out")


class MemberRole(TextChoices):
    """As what somebody takes part in a mentoring."""

    MEMBER = "member", _("takes part")
    STAND_IN = "stand_in", _("stands in")
    INTERPRETER = "interpreter", _("interprets")


class TransferState(TextChoices):
    """A person moves to another organisation: first they say yes, then the other takes them in."""

    ASKING = "asking", _("waits for the person")
    AGREED = "agreed", _("waits for the other organisation")
    TAKEN = "taken", _("taken over")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PassedOn(TextChoices):
    """What somebody who moves may pass on besides their answers, each by their own yes."""

    NAME = "name", _("my full name")
    REACH = "reach", _("my telephone number and e-mail address")
    BORN = "born", _("when I was born")


class Target(TextChoices):
    """What is learned, each apart. Whether they met ("met") can be learned once meetings are kept."""

    APPROVED = "approved", _("what coordinators decided")
    ACCEPTED = "accepted", _("what mentors and newcomers answered")


OPEN_OFFER = (OfferState.ASKING_FIRST, OfferState.ASKING_SECOND)
OPEN_SUGGESTION = (SuggestionState.PROPOSED, SuggestionState.STAGED)
RUNNING = (PairingState.ACTIVE, PairingState.PAUSED, PairingState.WINDING_DOWN)

OPEN_TRANSFER = (TransferState.ASKING, TransferState.AGREED)
# A running mentoring that has not been ended: it takes places.
LASTING = (PairingState.ACTIVE, PairingState.PAUSED)

OVER = (PairingState.WINDING_DOWN, PairingState.ENDED)

S, F, P, T = SuggestionState, OfferState, PairingState, TransferState

SUGGESTION_MOVES: Transitions = {
    "stage": {S.PROPOSED: S.STAGED},
    "unstage": {S.STAGED: S.PROPOSED},
    "release": {S.PROPOSED: S.RELEASED, S.STAGED: S.RELEASED},
    "decline": {S.PROPOSED: S.DECLINED, S.STAGED: S.DECLINED},
    "supersede": {S.PROPOSED: S.SUPERSEDED, S.STAGED: S.SUPERSEDED},
    # It stays among those to decide, and stands elsewhere: called first, later, or back in sight.
    "call_first": {S.PROPOSED: S.PROPOSED},
    "put_off": {S.PROPOSED: S.PROPOSED},
    "bring_back": {S.PROPOSED: S.PROPOSED},
    # Within half a minute, before anything was sent; "restage" where it had stood on the list to send.
    "undo": {S.RELEASED: S.PROPOSED, S.DECLINED: S.PROPOSED, S.STAGED: S.PROPOSED, S.PROPOSED: S.PROPOSED},
    "restage": {S.RELEASED: S.STAGED, S.DECLINED: S.STAGED, S.PROPOSED: S.STAGED},
}
OFFER_MOVES: Transitions = {
    "accept_first": {F.ASKING_FIRST: F.ASKING_SECOND},
    "accept_second": {F.ASKING_SECOND: F.ACCEPTED},
    "decline": {F.ASKING_FIRST: F.DECLINED, F.ASKING_SECOND: F.DECLINED},
    "expire": {F.ASKING_FIRST: F.EXPIRED, F.ASKING_SECOND: F.EXPIRED},
    "withdraw": {F.ASKING_FIRST: F.WITHDRAWN, F.ASKING_SECOND: F.WITHDRAWN},
}
PAIRING_MOVES: Transitions = {
    "pause": {P.ACTIVE: P.PAUSED},
    "resume": {P.PAUSED: P.ACTIVE},
    "wind_down": {P.ACTIVE: P.WINDING_DOWN, P.PAUSED: P.WINDING_DOWN},
    "end": {P.ACTIVE: P.ENDED, P.PAUSED: P.ENDED, P.WINDING_DOWN: P.ENDED},
}
TRANSFER_MOVES: Transitions = {
    "agree": {T.ASKING: T.AGREED},
    "take": {T.AGREED: T.TAKEN},
    "refuse": {T.ASKING: T.REFUSED, T.AGREED: T.REFUSED},
    "withdraw": {T.ASKING: T.WITHDRAWN, T.AGREED: T.WITHDRAWN},
}
