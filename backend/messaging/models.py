from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.messaging.querysets import AnnouncementQuerySet, ConversationQuerySet, MessageQuerySet


class Conversation(Base):
    """What the members of a pairing write to each other. `last_seq` is counted under its row lock."""

    pairing = models.OneToOneField("pairings.Pairing", models.PROTECT, related_name="conversation")
    last_seq = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    data_classes = classes(A="id public_id created_at pairing last_seq last_at closed_at")
    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = [F("last_at").desc(nulls_last=True), "-id"]


class Participant(models.Model):
    """Who takes part, and up to which message they have read."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participants")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    read_seq = models.PositiveIntegerField(default=0)
    left_at = models.DateTimeField(null=True)

    data_classes = classes(A="id conversation person left_at", B="read_seq")

    class Meta:
        ordering = ["conversation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "person"], name="participant_takes_part_once")
        ]


class Message(Base):
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    sender = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    client_id = models.UUIDField()  # made by the sender's page: the same one twice is the same message
    body = EncryptedTextField()
    sent_at = models.DateTimeField()

    data_classes = classes(A="id public_id created_at conversation seq sender client_id sent_at", C="body")
    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_has_its_own_number"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="message_is_sent_once"),
            models.CheckConstraint(condition=~Q(body=""), name="message_says_something"),
        ]


class Announcement(Base):
    """The same words from an organisation to many of its people, each of whom reads them alone."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    client_id = models.UUIDField()
    text = EncryptedTextField(_("your message"))

    data_classes = classes(A="id public_id created_at organisation by at client_id", C="text")
    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["by", "client_id"], name="announcement_is_made_once")]


class Recipient(models.Model):
    """Who an announcement is for, and when they read it."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="recipients")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)

    data_classes = classes(A="id announcement person", B="read_at")

    class Meta:
        ordering = ["announcement", "id"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "person"], name="recipient_is_told_once")
        ]
