import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.functional import lazystr
from kombu.exceptions import OperationalError

from notifications import tasks
from notifications.api import (
    Kind,
    KindTaken,
    Notice,
    NotInTransaction,
    UnfitData,
    UnknownKind,
    kinds,
    notify,
    register,
)
from notifications.enums import State
from notifications.models import Delivery
from tests.notifications.conftest import NOW, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_outside_a_transaction_it_is_refused(amina: int) -> None:
    with pytest.raises(NotInTransaction):
        notify("offer_made", to=[amina], about=("offer", uuid4()), data={"name": "Bruno"})
    assert Notice.objects.count() == 0


def test_each_person_gets_one_notice_and_one_delivery_per_path(
    amina: int, person: Callable[..., int]
) -> None:
    bruno = person("bruno", "bruno@example.org")
    about = uuid4()
    with transaction.atomic():
        notices = notify(
            "offer_made", to=[amina, bruno, amina], about=("offer", about), data={"name": "Chloé"}, now=NOW
        )
    assert [(n.person_id, n.kind, n.about_type, n.about_id, n.data, n.created_at) for n in notices] == [
        (amina, "offer_made", "offer", str(about), {"name": "Chloé"}, NOW),
        (bruno, "offer_made", "offer", str(about), {"name": "Chloé"}, NOW),
    ]
    assert list(Delivery.objects.values_list("notice_id", "path", "state", "next_try_at", "sent_at")) == [
        (notices[0].pk, "bell", "sent", None, NOW),
        (notices[0].pk, "email", "queued", NOW, None),
        (notices[1].pk, "bell", "sent", None, NOW),
        (notices[1].pk, "email", "queued", NOW, None),
    ]


def test_the_worker_is_woken_once_the_rows_are_there(amina: int, wakes: list[object]) -> None:
    with transaction.atomic():
        notify("offer_made", to=[amina], about=("offer", "7f"), data={"name": "Bruno"})
        assert wakes == []
    assert wakes == [{"retry": False}]


def test_a_rollback_leaves_nothing(amina: int, wakes: list[object]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify("offer_made", to=[amina], about=("offer", "7f"), data={"name": "Bruno"})
        raise ZeroDivisionError
    assert (Notice.objects.count(), Delivery.objects.count(), wakes) == (0, 0, [])


def test_without_a_broker_the_rows_stay_and_the_caller_goes_on(
    amina: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unreachable(**options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.deliver_due, "apply_async", unreachable)
    with caplog.at_level(logging.WARNING, logger="notifications"):
        tell(amina)
    assert Delivery.objects.filter(state=State.QUEUED).count() == 1
    assert [record.getMessage() for record in caplog.records] == [
        "notices wait for the sweep: no broker (OperationalError)"
    ]


def test_telling_nobody_writes_nothing_and_wakes_nobody(wakes: list[object]) -> None:
    assert tell() == []
    assert (Notice.objects.count(), wakes) == (0, [])


def test_an_unknown_kind_is_refused_and_the_known_are_named(amina: int) -> None:
    with pytest.raises(UnknownKind, match=r"'nothing'.*Known: messages_waiting, offer_made"):
        tell(amina, kind="nothing")


@pytest.mark.parametrize("data", [{"other": "x"}, {"name": "x" * 201}, {"name": 1.5}, {"name": None}])
def test_data_that_does_not_fit_is_refused(amina: int, data: dict[str, Any]) -> None:
    with pytest.raises(UnfitData):
        tell(amina, **data)


def test_a_code_belongs_to_one_kind(offer: Kind) -> None:
    assert register(offer) is offer
    with pytest.raises(KindTaken):
        register(Kind(code="offer_made", subject=lazystr("a"), line=lazystr("b"), body=lazystr("c")))
    assert [kind.code for kind in kinds()] == ["messages_waiting", "offer_made"]


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("delivery_queued_has_next_try", {"next_try_at": None}),
        ("delivery_queued_has_next_try", {"state": "sending", "claimed_at": NOW}),
        ("delivery_sending_has_claim", {"state": "sending", "next_try_at": None}),
        ("delivery_sent_has_time", {"state": "sent", "next_try_at": None}),
        ("delivery_sent_has_time", {"sent_at": NOW}),
        ("delivery_skipped_has_reason", {"state": "skipped", "next_try_at": None}),
        ("delivery_failed_has_error", {"state": "failed", "next_try_at": None}),
        ("delivery_path_is_known", {"path": "pigeon"}),
        ("delivery_state_is_known", {"state": "lost", "next_try_at": None}),
        ("delivery_travels_a_path_once", {"path": "bell"}),
    ],
)
def test_the_database_refuses_an_incoherent_delivery(
    amina: int, sentence: str, changes: dict[str, object]
) -> None:
    tell(amina)
    with pytest.raises(IntegrityError, match=sentence):
        Delivery.objects.filter(path="email").update(**changes)


def test_a_notice_is_not_seen_before_it_was_created(amina: int) -> None:
    tell(amina)
    with pytest.raises(IntegrityError, match="notice_is_seen_after_it_was_created"):
        Notice.objects.update(seen_at=NOW.replace(year=2025))


def test_each_column_has_its_class_of_data() -> None:
    for model in (Notice, Delivery):
        declared = [name for names in model.data_classes.values() for name in names.split()]
        assert sorted(declared) == sorted(field.name for field in model._meta.concrete_fields)


def test_due_deliveries_are_found_by_the_small_index(amina: int) -> None:
    tell(amina)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plan = Delivery.objects.due(NOW).explain()
    assert "delivery_due" in plan
