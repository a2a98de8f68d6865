from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from backend.core.actor import Actor

if TYPE_CHECKING:
    from backend.organisations.models import Membership, Organisation  # noqa: F401


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those in which the actor has a role; nobody learns that another exists."""
        return self.filter(pk__in=actor.organisations())


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation__in=actor.organisations())
