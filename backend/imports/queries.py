"""What the pages and the export read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from backend.core.actor import Actor
from backend.imports.answers import certificate_until
from backend.imports.dry_run import OpenBatch, PlannedRow
from backend.imports.enums import BatchState, Outcome, SheetKind
from backend.imports.models import ImportBatch, ImportedRow
from backend.organisations.enums import Role
from backend.programmes.models import Programme
from backend.safeguarding.models import Requirement

_LATEST = 20


@dataclass(frozen=True)
class Standing:
    """How a dry run stands: how many come in, and whom the boxes at its end would be about."""

    outcomes: Counter[tuple[SheetKind, Outcome]]
    checks_valid: int
    checks_missing: int
    newcomers: int
    not_matchable_yet: int

    def count(self, outcome: Outcome, *kinds: SheetKind) -> int:
        return sum(self.outcomes[kind, outcome] for kind in kinds or SheetKind)


def access_batch(actor: Actor, public_id: UUID) -> ImportBatch:
    """Raises Http404 where the actor may not see it, or it was thrown away."""
    rows = ImportBatch.objects.visible_to(actor).kept()
    found = rows.select_related("organisation", "programme").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def latest_batches(actor: Actor) -> list[ImportBatch]:
    """The last 20, without their sheets, which are large and encrypted."""
    rows = ImportBatch.objects.visible_to(actor).kept().defer("sheets", "decisions", "towns")
    return list(rows.select_related("programme").order_by("-uploaded_at", "-id")[:_LATEST])


def programmes_to_fill(actor: Actor) -> "QuerySet[Programme]":
    """Programmes that are not closed, of organisations where the actor coordinates."""
    rows = Programme.objects.filter(organisation__in=actor.organisations(Role.COORDINATOR), closed_at=None)
    return rows.select_related("organisation").order_by("name", "id")


def programmes_to_export(actor: Actor) -> "QuerySet[Programme]":
    """Closed ones too."""
    rows = Programme.objects.filter(organisation__in=actor.organisations(Role.COORDINATOR))
    return rows.select_related("organisation").order_by("name", "id")


def open_batch(batch: ImportBatch, *, now: datetime) -> OpenBatch:
    return OpenBatch.of(batch, now=now)


def standing_of(opened: OpenBatch, planned: Sequence[PlannedRow]) -> Standing:
    coming = [row for row in planned if row.outcome != Outcome.SKIPPED]
    mentors = [row for row in coming if row.kind == SheetKind.MENTORS]
    valid = sum(
        (until := certificate_until(row.row)) is not None and until >= opened.today for row in mentors
    )
    return Standing(
        outcomes=Counter((row.kind, row.outcome) for row in planned),
        checks_valid=valid,
        checks_missing=len(mentors) - valid,
        newcomers=sum(row.kind == SheetKind.NEWCOMERS for row in coming),
        not_matchable_yet=sum(not row.is_adult_on(opened.today) for row in coming),
    )


def asked_of_mentors(programme: Programme) -> list[str]:
    """Kinds of requirement, sorted."""
    rows = Requirement.objects.filter(programme=programme, side="mentor").order_by("kind")
    return list(rows.values_list("kind", flat=True))


def result_of(batch: ImportBatch) -> Counter[tuple[str, str]]:
    """{(kind, outcome): rows}."""
    return Counter(ImportedRow.objects.filter(batch=batch).order_by().values_list("kind", "outcome"))


def left_out(batch: ImportBatch) -> list[ImportedRow]:
    rows = ImportedRow.objects.filter(batch=batch, outcome=Outcome.SKIPPED)
    return list(rows.order_by("sheet", "number"))


def is_under_way(batch: ImportBatch) -> bool:
    return batch.state == BatchState.COMMITTING
