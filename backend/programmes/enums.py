from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.states import Transitions


class ProgrammeKind(TextChoices):
    MENTORING = "mentoring", _("One-to-one mentoring")
    TANDEM = "tandem", _("Language tandem")
    JOB = "job", _("Job mentoring")
    FAMILY = "family", _("Family buddy")
    SPONSORSHIP = "sponsorship", _("Community sponsorship")
    TASK = "task", _("Volunteer task")


class Cadence(TextChoices):
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month")


class Side(TextChoices):
    MENTOR = "mentor", _("Mentor")
    NEWCOMER = "newcomer", _("Newcomer")

    @property
    def other(self) -> "Side":
        return Side.NEWCOMER if self is Side.MENTOR else Side.MENTOR


class Travels(TextChoices):
    """Who must be able to travel to the other."""

    EITHER = "either", _("One of the two is enough")
    BOTH = "both", _("Both of them")


class Objective(TextChoices):
    COVERAGE = "coverage", _("As many people as possible, then the best fit")
    FIT = "fit", _("The best fit in all")


class EnrolmentState(TextChoices):
    # A newcomer's. Only "ready" is matchable.
    REGISTERED = "registered", _("registered")
    READY = "ready", _("ready")
    OTHER_HELP_FIRST = "other_help_first", _("other help first")
    NOT_NOW = "not_now", _("not now")
    # A volunteer's. Whether they are cleared follows from the clearances, today.
    APPLIED = "applied", _("applied")
    PAUSED = "paused", _("paused")
    # Either's.
    ENDED = "ended", _("ended")


S = EnrolmentState
NEWCOMER_STATES = (S.REGISTERED, S.READY, S.OTHER_HELP_FIRST, S.NOT_NOW, S.ENDED)
MENTOR_STATES = (S.APPLIED, S.PAUSED, S.ENDED)

ENROLMENT_MOVES: Transitions = {
    "make_ready": {S.REGISTERED: S.READY, S.OTHER_HELP_FIRST: S.READY, S.NOT_NOW: S.READY},
    "refer": {S.REGISTERED: S.OTHER_HELP_FIRST, S.READY: S.OTHER_HELP_FIRST, S.NOT_NOW: S.OTHER_HELP_FIRST},
    "postpone": {S.REGISTERED: S.NOT_NOW, S.READY: S.NOT_NOW, S.OTHER_HELP_FIRST: S.NOT_NOW},
    "pause": {S.APPLIED: S.PAUSED},
    "resume": {S.PAUSED: S.APPLIED},
    "end": {state: S.ENDED for state in S if state != S.ENDED},
    # Somebody who left may come back, and begins anew: with a talk, or with valid proofs.
    "register_again": {S.ENDED: S.REGISTERED},
    "apply_again": {S.ENDED: S.APPLIED},
}
