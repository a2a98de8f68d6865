"""Who read or did what with data of class C and D: opaque ids, insert-only, sealed each minute.

A history package would copy sensitive values into rows that erasure and key rotation cannot reach; this log
holds ids alone. A trigger refuses UPDATE, DELETE and TRUNCATE; the seal chains the rows, so a gap shows.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pgtrigger
from celery import shared_task
from django.db import models, transaction

from backend.core import clock
from backend.core.actor import Actor
from backend.core.classes import classes


def _insert_only(name: str) -> pgtrigger.Trigger:
    # Per statement, since PostgreSQL knows no TRUNCATE trigger per row; it refuses before a row is touched.
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func="RAISE EXCEPTION 'rows of % are added, never changed', TG_TABLE_NAME;",
    )


class AuditEntry(models.Model):
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    system = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=40)
    about_type = models.CharField(max_length=40)
    about_id = models.UUIDField()
    organisation_id = models.BigIntegerField(null=True)

    data_classes = classes(A="id at person_id system act about_type about_id organisation_id")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["about_type", "about_id", "id"], name="audit_about")]
        triggers = [_insert_only("audit_is_insert_only")]


class AuditSeal(models.Model):
    """The chained hash over all entries up to `last_id`."""

    at = models.DateTimeField()
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    data_classes = classes(A="id at last_id count digest")

    class Meta:
        ordering = ["id"]
        triggers = [_insert_only("seal_is_insert_only")]


def record(
    act: str, *, actor: Actor, about: tuple[str, UUID], now: datetime, organisation_id: int | None = None
) -> None:
    """Write one entry in the caller's transaction. `about` is (type, public id), never a name."""
    record_each(act, actor=actor, about=[about], now=now, organisation_id=organisation_id)


def record_each(
    act: str,
    *,
    actor: Actor,
    about: Iterable[tuple[str, UUID]],
    now: datetime,
    organisation_id: int | None = None,
) -> None:
    """The same act on several things, an entry for each, in one query."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            person_id=actor.person_id,
            system=actor.name,
            act=act,
            about_type=kind,
            about_id=public_id,
            organisation_id=organisation_id,
        )
        for kind, public_id in about
    )


def record_about(act: str, thing: Any, *, actor: Actor, now: datetime) -> None:
    """Write one entry about `thing`, a row with a public id that belongs to one organisation."""
    about = (thing._meta.model_name, thing.public_id)
    record(act, actor=actor, about=about, now=now, organisation_id=thing.organisation_id)


def digest_of(before: str, entries: list[AuditEntry]) -> str:
    """SHA-256 over the previous digest and the entries in order, as 64 hex digits."""
    running = hashlib.sha256(before.encode())
    for e in entries:
        parts = (
            e.pk,
            e.at.isoformat(),
            e.person_id,
            e.system,
            e.act,
            e.about_type,
            e.about_id,
            e.organisation_id,
        )
        running.update("\x1f".join(map(str, parts)).encode() + b"\x1e")
    return running.hexdigest()


@shared_task(name="core.seal_audit", ignore_result=True)
def seal_audit() -> None:
    """Seal the entries written since the last seal, up to a minute ago.

    Ids become visible out of commit order; the minute is longer than any transaction may live
    (`idle_in_transaction_session_timeout`), so nothing slips in below a seal.
    """
    settled = clock.now() - timedelta(seconds=60)
    with transaction.atomic():
        # Race: two beats at once would chain two seals to one predecessor; the lock makes them follow.
        last = AuditSeal.objects.select_for_update().order_by("-id").first()
        entries = list(
            AuditEntry.objects.filter(pk__gt=last.last_id if last else 0, at__lt=settled).order_by("id")
        )
        if entries:
            AuditSeal.objects.create(
                at=clock.now(),
                last_id=entries[-1].pk,
                count=len(entries),
                digest=digest_of(last.digest if last else "", entries),
            )
