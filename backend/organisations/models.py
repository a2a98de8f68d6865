from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core import clock
from backend.core.classes import classes
from backend.core.models import Base
from backend.organisations.enums import OrganisationKind, Role, Standing
from backend.organisations.querysets import MembershipQuerySet, OrganisationQuerySet


class Organisation(Base):
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=OrganisationKind)
    territory = models.ForeignKey("territories.Territory", models.PROTECT, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    country = models.CharField(_("country"), max_length=2)
    verified_at = models.DateTimeField(null=True)
    learns = models.BooleanField(_("learns from decisions"), default=False)

    data_classes = classes(
        A="id public_id created_at name kind territory language time_zone country verified_at learns"
    )
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def today(self, now: datetime) -> date:
        """The calendar day that `now` is where it works."""
        return clock.today(now=now, time_zone=self.time_zone)


class Membership(Base):
    """A person's role in an organisation, from a day until another. `name` is what colleagues call them."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    data_classes = classes(A="id public_id created_at person organisation role starts_on ends_on", B="name")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ends_on=None),
                name="membership_role_is_held_once",
            ),
        ]

    def standing_on(self, day: date) -> Standing:
        if self.starts_on > day:
            return Standing.LATER
        return Standing.ENDED if self.ends_on is not None and self.ends_on < day else Standing.ACTIVE
