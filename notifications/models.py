from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notifications.enums import Path, Skipped, State


def _exactly_when(state: State, holds: Q) -> Q:
    """In `state` if and only if `holds`."""
    return (Q(state=state) & holds) | (~Q(state=state) & ~holds)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def in_bell_of(self, person_id: int) -> Self:
        return self.filter(person_id=person_id, deliveries__path=Path.BELL)

    def unseen(self) -> Self:
        return self.filter(seen_at=None)


class Notice(models.Model):
    """One thing one person is told. What it is about is (type, id); the texts are made when it is shown."""

    data_classes: ClassVar[dict[str, str]] = {
        "A": "id public_id person kind about_type about_id created_at",
        "B": "data seen_at",
    }

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    about_type = models.CharField(max_length=64)
    about_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="notice_is_seen_after_it_was_created",
                condition=Q(seen_at=None) | Q(seen_at__gte=F("created_at")),
            ),
            models.CheckConstraint(
                name="notice_names_its_kind_and_subject",
                condition=~Q(kind="") & ~Q(about_type="") & ~Q(about_id=""),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notice_by_person"),
            models.Index(fields=["person"], condition=Q(seen_at=None), name="notice_unseen_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> Self:
        return self.filter(state=State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")

    def claimed_before(self, moment: datetime) -> Self:
        return self.filter(state=State.SENDING, claimed_at__lt=moment).order_by("id")


class Delivery(models.Model):
    """One notice on one path. `attempts` counts claims; `last_error` holds a type, never content."""

    data_classes: ClassVar[dict[str, str]] = {
        "A": "id public_id notice path state attempts next_try_at claimed_at sent_at last_error",
        "B": "skipped_why",
    }

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    path = models.CharField(max_length=16, choices=Path.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True)
    skipped_why = models.CharField(max_length=32, choices=Skipped.choices, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint("notice", "path", name="delivery_travels_a_path_once"),
            models.CheckConstraint(name="delivery_path_is_known", condition=Q(path__in=Path.values)),
            models.CheckConstraint(name="delivery_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="delivery_queued_has_next_try",
                condition=_exactly_when(State.QUEUED, Q(next_try_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="delivery_sending_has_claim",
                condition=_exactly_when(State.SENDING, Q(claimed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=_exactly_when(State.SENT, Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="delivery_skipped_has_reason",
                condition=_exactly_when(State.SKIPPED, ~Q(skipped_why="")),
            ),
            models.CheckConstraint(
                name="delivery_failed_has_error",
                condition=~Q(state=State.FAILED) | ~Q(last_error=""),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state=State.QUEUED), name="delivery_due"),
            models.Index(fields=["claimed_at"], condition=Q(state=State.SENDING), name="delivery_claimed"),
            models.Index(fields=["id"], condition=Q(state=State.FAILED), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.state} {self.public_id}"
