from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership

if TYPE_CHECKING:
    from backend.profiles.models import Contact, Handover, Household, Profile  # noqa: F401


def _coordinator_at_work(day: date) -> "models.QuerySet[Membership]":
    return Membership.objects.active_on(day).filter(
        organisation=OuterRef("organisation"), person=OuterRef("coordinator"), role__in=CASE_ROLES
    )


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, actor: Actor) -> Self:
        """A person sees their own profiles, staff who work on cases those of their organisations."""
        own = Q(person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | Q(organisation__in=actor.organisations(*CASE_ROLES)))

    def looked_after_by(self, actor: Actor) -> Self:
        """The cases the actor works on; never their own profile, with what colleagues wrote of them."""
        cases = self.filter(organisation__in=actor.organisations(*CASE_ROLES))
        return cases.exclude(person=actor.person_id) if actor.person_id else cases

    def of_nobody(self, day: date) -> Self:
        """Those whom nobody looks after on `day`: no colleague was named, or theirs works here no more."""
        return self.filter(~Exists(_coordinator_at_work(day)))

    def with_coordinator(self, day: date) -> Self:
        """Adds `coordinator_name`: what colleagues call whoever looks after them on `day`, or ""."""
        name = _coordinator_at_work(day).order_by("id").values("name")[:1]
        return self.annotate(coordinator_name=Coalesce(Subquery(name), Value("")))


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation__in=actor.organisations(*CASE_ROLES))


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(profile__organisation__in=actor.organisations(*CASE_ROLES))

    def held(self) -> Self:
        """Those in which somebody was spoken to."""
        return self.exclude(channel="")

    def promised(self) -> Self:
        """Calls that were promised and not yet made."""
        return self.filter(called_back_at=None).exclude(call_back_on=None)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff who work on cases there, and none of the people it is about."""
        if actor.person_id is None:
            return self.none()
        own = self.model._default_manager.filter(profiles__person=actor.person_id)
        return self.filter(organisation__in=actor.organisations(*CASE_ROLES)).exclude(pk__in=own.values("pk"))
