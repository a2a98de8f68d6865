from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    UPLOADED = "uploaded", _("columns to check")
    MAPPED = "mapped", _("rows to check")
    COMMITTING = "committing", _("being taken in")
    COMMITTED = "committed", _("taken in")
    DISCARDED = "discarded", _("thrown away")


class SheetKind(TextChoices):
    MENTORS = "mentors", _("Volunteers")
    NEWCOMERS = "newcomers", _("Newcomers")
    PAIRINGS = "pairings", _("Mentorings that already run")
    NOTHING = "nothing", _("Leave this sheet out")


class Outcome(TextChoices):
    CREATED = "created", _("new")
    MATCHED = "matched", _("already here")
    SKIPPED = "skipped", _("not taken in")


class Skip(TextChoices):
    """Why a row was not taken in."""

    NO_NAME = "no_name", _("There is no name.")
    DUPLICATE = "duplicate", _("The same person is in an earlier row.")
    NOT_ANSWERED = "not_answered", _("A question about this row was not answered.")
    NOT_READABLE = "not_readable", _("Something in this row cannot be kept as it stands.")
    NOBODY_FOUND = "nobody_found", _("One of the two was not found in this programme.")
    BAD_DAY = "bad_day", _("The first day is missing or has not come yet.")
    REFUSED = "refused", _("This is not possible here, or no place is free.")


OPEN = (BatchState.UPLOADED, BatchState.MAPPED)
