from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from backend.core.actor import Actor
from backend.meetings.enums import OPEN_MEETING
from backend.organisations.enums import CASE_ROLES
from backend.pairings.models import Pairing

if TYPE_CHECKING:
    from backend.meetings.models import Evening, Expense, Meeting, MeetingPlace  # noqa: F401


class MeetingPlaceQuerySet(models.QuerySet["MeetingPlace"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everyone who works there; members see the place of their own meetings with the meeting."""
        return self.filter(organisation__in=actor.organisations())

    def open(self) -> Self:
        return self.filter(closed_at=None)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: Actor) -> Self:
        """Members of the pairing now, and staff of its organisation."""
        return self.filter(pairing__in=Pairing.objects.visible_to(actor).order_by().values("pk"))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_MEETING)


class EveningQuerySet(models.QuerySet["Evening"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff of its organisation, and whoever is invited."""
        staff = Q(programme__organisation__in=actor.organisations(*CASE_ROLES))
        if actor.person_id is None:
            return self.none()
        invited = self.model._default_manager.filter(guests__enrolment__profile__person=actor.person_id)
        return self.filter(staff | Q(pk__in=invited.values("pk")))


class ExpenseQuerySet(models.QuerySet["Expense"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever paid, and staff of the organisation."""
        staff = Q(pairing__programme__organisation__in=actor.organisations(*CASE_ROLES))
        own = Q(person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | staff)
