from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.programmes.enums import Side
from backend.safeguarding.enums import RequirementKind, RestrictionKind
from backend.safeguarding.querysets import ClearanceQuerySet, RestrictionQuerySet


class Requirement(models.Model):
    """What must be in order before someone on one side of a programme is matched."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="requirements")
    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=20, choices=RequirementKind)

    data_classes = classes(A="id programme side kind")

    class Meta:
        ordering = ["programme", "side", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "side", "kind"], name="requirement_is_named_once")
        ]


class Clearance(Base):
    """The proof that a requirement is met: seen on, by whom, valid until. No scan is ever kept."""

    profile = models.ForeignKey("profiles.Profile", models.CASCADE, related_name="clearances")
    kind = models.CharField(_("what"), max_length=20, choices=RequirementKind)
    seen_on = models.DateField(_("seen on"))
    seen_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    data_classes = classes(A="id public_id created_at profile kind seen_on seen_by", C="valid_until")
    objects = ClearanceQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("seen_on")),
                name="clearance_was_valid_when_seen",
                violation_error_message=_("This proof had run out before it was seen. Ask for a new one."),
            )
        ]
        indexes = [models.Index(fields=["profile", "kind", "valid_until"], name="clearance_by_profile")]


class Restriction(Base):
    """These two must never meet. Known to staff of the organisation only; neither of the two is told."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    first = models.ForeignKey("profiles.Profile", models.CASCADE, related_name="+")
    second = models.ForeignKey("profiles.Profile", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=RestrictionKind, default=RestrictionKind.AVOID)
    why = EncryptedTextField(blank=True, default="")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    since = models.DateTimeField()

    data_classes = classes(A="id public_id created_at organisation first second kind by since", D="why")
    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # The two are stored in one order, so the same pair cannot be written twice the other way round.
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="restriction_is_between_two"),
            models.UniqueConstraint(fields=["first", "second", "kind"], name="restriction_is_made_once"),
        ]
