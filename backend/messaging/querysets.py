from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.pairings.models import PairingMember

if TYPE_CHECKING:
    from backend.messaging.models import Announcement, Conversation, Message  # noqa: F401


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those who take part, and nobody else: staff read only what is reported to them."""
        if actor.person_id is None:
            return self.none()
        return self.filter(participants__person=actor.person_id, participants__left_at=None)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.person_id is None:
            return self.none()
        return self.filter(
            conversation__participants__person=actor.person_id, conversation__participants__left_at=None
        ).in_the_time_of(actor.person_id)

    def in_the_time_of(self, person: int | OuterRef | None) -> Self:
        """Those written while this person took part: whoever joins, or stands in, reads from that day on.

        What the others wrote to each other before was not written for them.
        """
        seats = PairingMember.objects.filter(
            Q(until_at=None) | Q(until_at__gte=OuterRef("sent_at")),
            pairing=OuterRef("conversation__pairing"),
            enrolment__profile__person=person,
            from_at__lte=OuterRef("sent_at"),
        )
        return self.filter(Exists(seats))


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those it is for, and the colleagues of whoever wrote it."""
        staff = Q(organisation__in=actor.organisations(*CASE_ROLES))
        if actor.person_id is None:
            return self.none()
        told = self.model._default_manager.filter(recipients__person=actor.person_id)
        return self.filter(staff | Q(pk__in=told.values("pk")))
