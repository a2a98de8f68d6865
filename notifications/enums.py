from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Path(TextChoices):
    """A way a notice travels to a person."""

    BELL = "bell", _("bell")
    EMAIL = "email", _("e-mail")


class State(TextChoices):
    """Where a delivery stands. Only `sending` may become `sent`, `failed` or `skipped`."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed for good")
    SKIPPED = "skipped", _("not sent")


class Skipped(TextChoices):
    """Why a delivery was not sent, though nothing went wrong."""

    NO_ADDRESS = "no address", _("no address")
