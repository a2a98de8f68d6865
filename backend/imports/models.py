"""A list that somebody uploaded, on its way in, and what became of each of its rows."""

from django.db import models
from django.db.models import Q

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.imports.enums import BatchState, Outcome, SheetKind, Skip
from backend.imports.querysets import ImportBatchQuerySet


class ImportBatch(Base):
    """One upload of one or more sheets, for one programme.

    sheets: the sheets as read (storing.py), emptied two weeks after the upload. mapping: one object per
    sheet. decisions: {"sheet:row:field": answer}, what the coordinator said about doubtful cells. towns: what
    the search for towns found, so that a page asks it nothing again. ticks: what was sworn at the end.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="+")
    uploaded_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=12)
    sheets = EncryptedTextField()
    mapping = models.JSONField(default=list)
    decisions = EncryptedTextField(blank=True, default="")
    towns = models.JSONField(default=dict)
    ticks = models.JSONField(default=dict)

    data_classes = classes(
        A="id public_id created_at organisation programme uploaded_by uploaded_at state committed_at "
        "committed_by file_hash row_count language mapping ticks",
        C="file_name sheets decisions towns",
    )
    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=BatchState.COMMITTED, committed_at__isnull=False)
                | ~Q(state=BatchState.COMMITTED) & Q(committed_at=None),
                name="import_committed_has_time",
            )
        ]


class ImportedRow(models.Model):
    """What became of one row. `fingerprint` is a blind index of the row inside its organisation."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    sheet = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=SheetKind)
    number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    # Erasing a person erases the trace of their row too.
    profile = models.ForeignKey("profiles.Profile", models.CASCADE, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=16, choices=Skip, blank=True, default="")

    data_classes = classes(
        A="id batch organisation sheet kind number profile outcome reason", C="fingerprint"
    )

    class Meta:
        ordering = ["batch", "sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="import_row_is_taken_in_once"),
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"],
                condition=Q(outcome=Outcome.CREATED, profile__isnull=False),
                name="import_row_creates_somebody_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.SKIPPED) ^ Q(reason=""), name="import_skipped_row_has_a_reason"
            ),
        ]
