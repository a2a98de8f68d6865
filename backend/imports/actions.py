"""An upload on its way in: read, columns agreed, doubts answered, taken in or thrown away."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit, jobs
from backend.core.actor import Actor
from backend.core.errors import BadInput, require
from backend.core.states import WrongState
from backend.core.text import clean_line
from backend.imports.deciding import decisions_as_text, decisions_from_text, merged
from backend.imports.dry_run import OpenBatch, dry_run
from backend.imports.enums import OPEN, BatchState, SheetKind
from backend.imports.fields import LISTS, Field
from backend.imports.models import ImportBatch
from backend.imports.pairings_sheet import PairingField
from backend.imports.rules import may_import
from backend.imports.sheets import Sheet, SheetError, SheetTooLarge, read_sheets
from backend.imports.storing import (
    SheetPlan,
    guess_plan,
    plan_as_json,
    plan_from_json,
    sheets_as_text,
    sheets_from_text,
)
from backend.imports.taking_in import Ticks, take_in
from backend.organisations.models import Organisation
from backend.organisations.queries import actor_for
from backend.people.enums import Channel
from backend.programmes.enrolments import ProgrammeClosed
from backend.programmes.models import Programme

MOST_BYTES = 5 * 2**20
MOST_FILES = 6
MOST_SHEETS = 20
AT_ONCE = 500  # about 10 ms a row; more is left to a worker


class NoFile(BadInput):
    code = "no_file"
    sentence = _("Choose at least one file, and at most 6.")


class FilesTooLarge(SheetError):
    code = "files_too_large"
    status = 413
    sentence = _("The files are larger than 5 MB together. Please take less at a time.")


class FileUnreadable(SheetError):
    """One of several files cannot be read; the sentence says which and why."""

    code = "file_unreadable"
    sentence = _("%(file)s: %(why)s")


class TwoColumnsForOne(BadInput):
    code = "two_columns_for_one"
    sentence = _("Two columns of a sheet mean the same. Choose another meaning for one of them.")


class NoNameColumn(BadInput):
    code = "no_name_column"
    sentence = _("A sheet of people needs a column with names. Choose which one it is.")


class NoPairingColumns(BadInput):
    code = "no_pairing_columns"
    sentence = _("A sheet of mentorings needs a column for the newcomer and one for the mentor.")


class NothingToTakeIn(BadInput):
    code = "nothing_to_take_in"
    sentence = _("All sheets are left out. Say what at least one of them is about.")


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


@transaction.atomic
def upload(
    *, programme: Programme, files: Sequence[File], actor: Actor, now: datetime, language: str = "en"
) -> ImportBatch:
    """Read the files and keep them, with a guessed meaning for each column; nobody is registered yet.

    Raises NotAllowed, ProgrammeClosed, NoFile, SheetError.
    """
    require(may_import(actor, programme))
    require(programme.closed_at is None, ProgrammeClosed)
    require(0 < len(files) <= MOST_FILES, NoFile)
    require(sum(len(file.data) for file in files) <= MOST_BYTES, FilesTooLarge)
    sheets = tuple(sheet for file in files for sheet in _read(file))
    require(len(sheets) <= MOST_SHEETS, SheetTooLarge)
    batch = ImportBatch.objects.create(
        organisation_id=programme.organisation_id,
        programme=programme,
        uploaded_by_id=actor.acting_person_id,
        uploaded_at=now,
        created_at=now,
        file_name=", ".join(clean_line(file.name) for file in files)[:200],
        file_hash=_hash(files),
        row_count=sum(len(sheet.rows) for sheet in sheets),
        language=language,
        sheets=sheets_as_text(sheets),
        mapping=[plan_as_json(guess_plan(sheet)) for sheet in sheets],
    )
    _log("import_uploaded", batch, actor=actor, now=now)
    return batch


@transaction.atomic
def set_mapping(*, batch_id: int, plans: Sequence[SheetPlan], actor: Actor, now: datetime) -> ImportBatch:
    """Agree on what each sheet and column means. Answers to doubts about changed columns are forgotten.

    Raises NotAllowed, WrongState, TwoColumnsForOne, NoNameColumn, NoPairingColumns, NothingToTakeIn.
    """
    batch = _open_batch(batch_id, actor)
    sheets = sheets_from_text(batch.sheets)
    require(len(plans) == len(sheets), BadInput)
    require(any(plan.kind != SheetKind.NOTHING for plan in plans), NothingToTakeIn)
    for sheet, plan in zip(sheets, plans, strict=True):
        _require_sound(sheet, plan)
    before = [plan_from_json(plain) for plain in batch.mapping]
    if any((a.kind, a.columns) != (b.kind, b.columns) for a, b in zip(before, plans, strict=True)):
        batch.decisions = ""
    batch.mapping = [plan_as_json(plan) for plan in plans]
    batch.state = BatchState.MAPPED
    _remember_towns(batch, now=now)
    batch.save(update_fields=["mapping", "state", "decisions", "towns"])
    return batch


@transaction.atomic
def decide(*, batch_id: int, said: Mapping[str, str], actor: Actor, now: datetime) -> ImportBatch:
    """Keep answers to doubtful cells (deciding.py says which there are). Raises NotAllowed, WrongState."""
    batch = _open_batch(batch_id, actor)
    require(batch.state == BatchState.MAPPED, WrongState)
    batch.decisions = decisions_as_text(merged(decisions_from_text(batch.decisions), said))
    _remember_towns(batch, now=now)
    batch.save(update_fields=["decisions", "towns"])
    return batch


@transaction.atomic
def commit(*, batch_id: int, ticks: Ticks, actor: Actor, now: datetime) -> ImportBatch:
    """Register everybody who is new; a long list is left to a worker. Doing it twice changes nothing.

    Raises NotAllowed, WrongState, ProgrammeClosed.
    """
    batch = _locked(batch_id, actor)
    if batch.state == BatchState.COMMITTED:
        return batch
    require(batch.state in (BatchState.MAPPED, BatchState.COMMITTING), WrongState)
    require(batch.programme.closed_at is None, ProgrammeClosed)
    batch.ticks, batch.committed_by_id = asdict(ticks), actor.acting_person_id
    if batch.row_count <= AT_ONCE:
        return _commit(batch, ticks, actor=actor, now=now)
    batch.state = BatchState.COMMITTING
    batch.save(update_fields=["ticks", "committed_by", "state"])
    jobs.later("imports.commit", batch.pk)
    return batch


@transaction.atomic
def finish_commit(*, batch_id: int, now: datetime) -> None:
    """Do what `commit` left to a worker, in the name of whoever asked for it. Safe to do twice."""
    asked = ImportBatch.objects.select_related("committed_by").get(pk=batch_id)
    actor = actor_for(asked.committed_by, now=now)
    batch = _locked(batch_id, actor)
    if batch.state != BatchState.COMMITTING:
        return
    ticks = Ticks(**batch.ticks | {"talks_channel": Channel(batch.ticks["talks_channel"])})
    _commit(batch, ticks, actor=actor, now=now)


@transaction.atomic
def give_up_commit(*, batch_id: int) -> None:
    """Open a batch again that a worker could not take in, so that somebody sees it."""
    ImportBatch.objects.filter(pk=batch_id, state=BatchState.COMMITTING).update(state=BatchState.MAPPED)


@transaction.atomic
def discard(*, batch_id: int, actor: Actor, now: datetime) -> None:
    """Throw an upload away before it was taken in; its rows are gone. Raises NotAllowed, WrongState."""
    batch = _open_batch(batch_id, actor)
    batch.state, batch.sheets, batch.decisions, batch.towns = BatchState.DISCARDED, "", "", {}
    batch.save(update_fields=["state", "sheets", "decisions", "towns"])
    _log("import_discarded", batch, actor=actor, now=now)


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """After 14 days an upload that was never taken in is deleted, and of the others the sheets."""
    old = ImportBatch.objects.uploaded_long_ago(now=now)
    deleted, _models = old.exclude(state=BatchState.COMMITTED).delete()
    old.exclude(sheets="").update(sheets="", decisions="", towns={})
    return deleted


def _commit(batch: ImportBatch, ticks: Ticks, *, actor: Actor, now: datetime) -> ImportBatch:
    take_in(OpenBatch.of(batch, now=now), ticks, actor=actor, now=now)
    batch.state, batch.committed_at = BatchState.COMMITTED, now
    batch.save(update_fields=["ticks", "committed_by", "state", "committed_at"])
    _log("import_committed", batch, actor=actor, now=now)
    return batch


def _read(file: File) -> tuple[Sheet, ...]:
    try:
        return read_sheets(file.data, filename=file.name)
    except SheetError as problem:
        raise FileUnreadable(file=clean_line(file.name)[:80], why=str(problem)) from problem


def _hash(files: Sequence[File]) -> str:
    running = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.data):
        running.update(hashlib.sha256(file.data).digest())
    return running.hexdigest()


def _require_sound(sheet: Sheet, plan: SheetPlan) -> None:
    known = {f.value for f in (PairingField if plan.kind == SheetKind.PAIRINGS else Field)}
    columns = list(plan.columns.values()) if plan.kind != SheetKind.NOTHING else []
    require(set(columns) <= known and all(at < len(sheet.header) for at in plan.columns), BadInput)
    single = [name for name in columns if name not in {field.value for field in LISTS}]
    require(len(single) == len(set(single)), TwoColumnsForOne)
    if plan.kind == SheetKind.PAIRINGS:
        require({PairingField.NEWCOMER, PairingField.MENTOR} <= set(columns), NoPairingColumns)
    elif plan.kind != SheetKind.NOTHING:
        require(bool({Field.FULL_NAME, Field.GIVEN_NAME, Field.FAMILY_NAME} & set(columns)), NoNameColumn)


def _remember_towns(batch: ImportBatch, *, now: datetime) -> None:
    opened = OpenBatch.of(batch, now=now)
    dry_run(opened)
    batch.towns = opened.book.pages


def _open_batch(batch_id: int, actor: Actor) -> ImportBatch:
    batch = _locked(batch_id, actor)
    require(batch.state in OPEN, WrongState)
    return batch


def _locked(batch_id: int, actor: Actor) -> ImportBatch:
    # Race: two uploads of one list are taken in at once. Both wait for the organisation first, so the second
    # finds the people of the first; the constraint on fingerprints stands behind it. NO KEY UPDATE, since
    # everything that is written refers to the organisation and must not wait.
    organisation_id = ImportBatch.objects.values_list("organisation_id", flat=True).get(pk=batch_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    rows = ImportBatch.objects.select_for_update(of=("self",))
    batch = rows.select_related("organisation", "programme__organisation").get(pk=batch_id)
    require(may_import(actor, batch.programme))
    return batch


def _log(act: str, batch: ImportBatch, *, actor: Actor, now: datetime) -> None:
    about = ("import", batch.public_id)
    audit.record(act, actor=actor, about=about, now=now, organisation_id=batch.organisation_id)
