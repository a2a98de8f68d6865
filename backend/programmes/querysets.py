from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.programmes.enums import EnrolmentState, Side

if TYPE_CHECKING:
    from backend.programmes.models import Enrolment, Programme  # noqa: F401


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everyone with a role in the organisation sees its programmes."""
        return self.filter(organisation__in=actor.organisations())

    def open(self) -> Self:
        return self.filter(opened_at__isnull=False, closed_at=None)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, actor: Actor) -> Self:
        own = Q(profile__person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | Q(programme__organisation__in=actor.organisations(*CASE_ROLES)))

    def looked_after_by(self, actor: Actor) -> Self:
        return self.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))

    def mentors(self) -> Self:
        return self.filter(side=Side.MENTOR)

    def newcomers(self) -> Self:
        return self.filter(side=Side.NEWCOMER)

    def with_a_free_place(self) -> Self:
        return self.filter(places_taken__lt=F("capacity"))

    def in_play(self) -> Self:
        """Newcomers who are ready and volunteers who neither pause nor have ended."""
        return self.filter(state__in=[EnrolmentState.READY, EnrolmentState.APPLIED])
