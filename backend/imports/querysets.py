from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

from backend.core.actor import Actor
from backend.imports.enums import BatchState
from backend.organisations.enums import Role

if TYPE_CHECKING:
    from backend.imports.models import ImportBatch  # noqa: F401

KEPT = timedelta(days=14)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation__in=actor.organisations(Role.COORDINATOR))

    def kept(self) -> Self:
        """Without those that were thrown away."""
        return self.exclude(state=BatchState.DISCARDED)

    def uploaded_long_ago(self, *, now: datetime) -> Self:
        return self.filter(uploaded_at__lt=now - KEPT)
