"""Uploading, answering and taking in, as a coordinator does it."""

from collections.abc import Mapping
from typing import Any

from backend.imports import actions
from backend.imports.actions import File, Ticks
from backend.imports.dry_run import OpenBatch, PlannedRow, dry_run
from backend.imports.models import ImportBatch
from backend.imports.storing import SheetPlan, plan_from_json
from tests.factories import NOW

_PERSON = "ID,Full name,Phone,Year of birth,Town,Languages,Availability"
MENTORS = f"{_PERSON},Can help with,Max matches,Police check until"
NEWCOMERS = f"{_PERSON},Needs,Registered"
PAIRINGS = "Newcomer,Mentor,Since,Last contact"
BRUNO = "7,Bruno Keller,0151 23456781,1961,Roding,German native,Tue evening,paperwork,2,2027-03-01"
AMINA = "3,Amina Haddad,0151 23456782,1994,Roding,Arabic native; German A2,Tue evening,paperwork,2026-10-01"
ALL_TICKS = Ticks(police_checks_seen=True, in_order=("code_of_conduct",), talks_held=True)


def csv_file(header: str, *lines: str, name: str = "list.csv") -> File:
    return File(name, "\n".join((header, *lines)).encode("utf-8-sig"))


def upload(group: Any, *files: File, **plan: Any) -> ImportBatch:
    """Uploaded with the guessed columns agreed to."""
    batch = actions.upload(programme=group.programme, files=files, actor=group.chloe, now=NOW)
    plans = [SheetPlan(**vars(plan_from_json(plain)) | plan) for plain in batch.mapping]
    return actions.set_mapping(batch_id=batch.pk, plans=plans, actor=group.chloe, now=NOW)


def rows_of(batch: ImportBatch) -> tuple[PlannedRow, ...]:
    batch.refresh_from_db()
    return dry_run(OpenBatch.of(batch, now=NOW))


def decide(group: Any, batch: ImportBatch, said: Mapping[str, str]) -> tuple[PlannedRow, ...]:
    actions.decide(batch_id=batch.pk, said=said, actor=group.chloe, now=NOW)
    return rows_of(batch)


def commit(group: Any, batch: ImportBatch, ticks: Ticks = ALL_TICKS) -> ImportBatch:
    return actions.commit(batch_id=batch.pk, ticks=ticks, actor=group.chloe, now=NOW)


def outcomes(batch: ImportBatch) -> list[tuple[str, int, str, str]]:
    """(kind, row, outcome, reason) of every row, in order."""
    rows = batch.rows.order_by("sheet", "number")
    return list(rows.values_list("kind", "number", "outcome", "reason"))
