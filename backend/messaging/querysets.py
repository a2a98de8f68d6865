from typing import TYPE_CHECKING, Self

from django.db import models

from backend.core.actor import Actor

if TYPE_CHECKING:
    from backend.messaging.models import Conversation, Message  # noqa: F401


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
        )
