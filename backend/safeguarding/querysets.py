from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES

if TYPE_CHECKING:
    from backend.safeguarding.models import Clearance, Restriction  # noqa: F401


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def visible_to(self, actor: Actor) -> Self:
        own = Q(profile__person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | Q(profile__organisation__in=actor.organisations(*CASE_ROLES)))

    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), seen_on__lte=day)


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation__in=actor.organisations(*CASE_ROLES))
