import uuid

from django.db import models
from django.utils import timezone


class Base(models.Model):
    """What every row that a URL can name has: a public id. The primary key stays inside."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


from backend.core.audit import AuditEntry, AuditSeal  # noqa: E402
from backend.core.jobs import Beat, Job  # noqa: E402

__all__ = ["AuditEntry", "AuditSeal", "Base", "Beat", "Job"]
