from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from backend.core import clock
from backend.core.actor import Actor
from backend.core.audit import AuditEntry, AuditSeal, digest_of, record, seal_audit

pytestmark = pytest.mark.django_db

AN_HOUR_AGO = timedelta(hours=1)


def note(act: str = "profile_read") -> None:
    record(act, actor=Actor(person_id=1), about=("profile", uuid4()), now=clock.now() - AN_HOUR_AGO)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET act = 'nothing'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
        "UPDATE core_auditseal SET digest = ''",
    ],
)
def test_what_was_written_down_stays(statement: str) -> None:
    note()
    seal_audit()
    with pytest.raises(ProgrammingError, match="added, never changed"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditEntry.objects.count() == AuditSeal.objects.count() == 1


def test_each_seal_covers_what_came_since_the_last() -> None:
    note("profile_read")
    seal_audit()
    note("export")
    note("profile_read")
    seal_audit()
    seal_audit()
    first, second = AuditSeal.objects.all()
    entries = list(AuditEntry.objects.order_by("id"))
    assert (first.count, second.count) == (1, 2)
    assert first.digest == digest_of("", entries[:1])
    assert second.digest == digest_of(first.digest, entries[1:])


def test_a_seal_shows_what_was_changed() -> None:
    note()
    seal_audit()
    entry = AuditEntry.objects.get()
    entry.act = "nothing"
    assert AuditSeal.objects.get().digest != digest_of("", [entry])


def test_what_is_younger_than_a_transaction_may_live_is_sealed_later() -> None:
    record("profile_read", actor=Actor.system("test"), about=("profile", uuid4()), now=clock.now())
    seal_audit()
    assert not AuditSeal.objects.exists()
