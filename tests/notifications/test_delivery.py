import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from notifications import delivery, kinds, tasks
from notifications.api import Contact
from notifications.enums import State
from notifications.models import Delivery
from tests.notifications.conftest import NOW, tell
from tests.support.smtp import Sink

pytestmark = pytest.mark.django_db(transaction=True)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def the_mail() -> Delivery:
    return Delivery.objects.get(path="email")


def in_threads(*works: Callable[[], object]) -> None:
    """Run side by side, each with a database connection of its own, all from the same start."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_what_is_due_is_sent_over_one_connection_and_settled(
    amina: int, person: Callable[..., int], sink: Sink
) -> None:
    tell(amina, person("bruno", "bruno@example.org"))
    assert delivery.deliver(clock=at(NOW)) == 2
    assert [mail["To"] for mail in sink.mails] == ["amina@example.org", "bruno@example.org"]
    assert sink.connections == 1
    assert set(Delivery.objects.values_list("state", "sent_at", "attempts")) == {
        ("sent", NOW, 0),
        ("sent", NOW, 1),
    }


def test_what_is_not_due_waits(amina: int, sink: Sink) -> None:
    tell(amina, now=NOW + timedelta(minutes=1))
    assert delivery.deliver(clock=at(NOW)) == 0
    assert sink.mails == []


def test_sending_again_sends_nothing(amina: int, sink: Sink) -> None:
    tell(amina)
    tasks.deliver_due()
    tasks.deliver_due()
    tasks.sweep()
    assert len(sink.mails) == 1


def test_two_workers_send_each_mail_once(person: Callable[..., int], sink: Sink) -> None:
    tell(*(person(f"p{n}", f"p{n}@example.org") for n in range(120)))
    in_threads(*[lambda: delivery.deliver(clock=at(NOW))] * 2)
    assert sorted(mail["To"] for mail in sink.mails) == sorted(f"p{n}@example.org" for n in range(120))
    assert Delivery.objects.filter(path="email", state=State.SENT, attempts=1).count() == 120


def test_a_worker_passes_over_what_another_is_taking(amina: int) -> None:
    tell(amina)
    taken: list[list[Delivery]] = []
    with transaction.atomic():
        list(Delivery.objects.select_for_update().filter(path="email"))
        in_threads(lambda: taken.append(delivery.claim(now=NOW)))
    assert taken == [[]]


def test_a_crash_between_claim_and_sending_is_recovered_by_the_sweep(amina: int, sink: Sink) -> None:
    tell(amina)
    delivery.claim(now=NOW)  # and here the worker dies
    delivery.deliver(clock=at(NOW + timedelta(minutes=1)))
    assert sink.mails == []
    tasks.sweep()
    assert len(sink.mails) == 1
    assert (the_mail().state, the_mail().attempts) == ("sent", 2)


def test_a_running_worker_keeps_its_claim(amina: int) -> None:
    tell(amina)
    delivery.claim(now=NOW)
    assert delivery.release_abandoned(now=NOW + delivery.CLAIM_HOLDS) == 0
    assert the_mail().state == "sending"


def test_a_slow_worker_that_lost_its_claim_sends_nothing(amina: int, sink: Sink) -> None:
    tell(amina)
    batch = delivery.claim(now=NOW)
    late = NOW + delivery.CLAIM_HOLDS + timedelta(seconds=1)
    assert delivery.release_abandoned(now=late) == 1
    delivery.send(batch, clock=at(late))
    assert (sink.mails, the_mail().state) == ([], "queued")


def test_a_mail_sent_twice_by_a_crash_carries_the_same_id(amina: int, sink: Sink, monkeypatch: Any) -> None:
    tell(amina)
    with monkeypatch.context() as crash:
        crash.setattr(delivery, "_settle", lambda *args, **kwargs: None)  # the worker dies before it settles
        delivery.send(delivery.claim(now=NOW), clock=at(NOW))
    tasks.sweep()
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{the_mail().public_id}@town.example.org>"] * 2


def test_a_refused_mail_waits_longer_each_time_and_then_fails_for_good(amina: int, sink: Sink) -> None:
    tell(amina)
    sink.answers["RCPT"] = "450 try later"
    moment, waits = NOW, []
    for _attempt in range(delivery.MOST_ATTEMPTS - 1):
        assert delivery.deliver(clock=at(moment)) == 1
        row = the_mail()
        assert (row.state, row.last_error, row.next_try_at is not None) == (
            "queued",
            "SMTPRecipientsRefused",
            True,
        )
        assert row.next_try_at is not None
        waits.append(row.next_try_at - moment)
        moment = row.next_try_at
    assert delivery.deliver(clock=at(moment)) == 1
    assert (the_mail().state, the_mail().attempts) == ("failed", delivery.MOST_ATTEMPTS)
    assert delivery.deliver(clock=at(moment + timedelta(days=9))) == 0
    assert waits[:5] == sorted(waits[:5])
    assert waits == [
        delivery.wait_after(the_mail().pk, attempt) for attempt in range(1, delivery.MOST_ATTEMPTS)
    ]
    assert sink.mails == []


def test_waits_grow_up_to_a_ceiling_and_are_spread() -> None:
    for delivery_id in range(400):
        waits = [delivery.wait_after(delivery_id, attempt) for attempt in range(1, 6)]
        assert waits == sorted(waits)
        assert timedelta(seconds=45) <= waits[0] <= timedelta(seconds=75)
        assert delivery.wait_after(delivery_id, delivery.MOST_ATTEMPTS) <= delivery.LONGEST_WAIT * 1.25
    assert len({delivery.wait_after(delivery_id, 1) for delivery_id in range(400)}) == 400


def test_an_address_that_does_not_exist_fails_at_once(amina: int, sink: Sink) -> None:
    tell(amina)
    sink.answers["RCPT"] = "550 no such person"
    delivery.deliver(clock=at(NOW))
    assert (the_mail().state, the_mail().attempts, the_mail().last_error) == (
        "failed",
        1,
        "SMTPRecipientsRefused",
    )


def test_a_server_that_is_away_costs_an_attempt_and_names_no_content(
    amina: int, sink: Sink, settings: Any
) -> None:
    tell(amina)
    settings.EMAIL_PORT = 1
    delivery.deliver(clock=at(NOW))
    assert (the_mail().state, the_mail().last_error) == ("queued", "ConnectionRefusedError")


def test_one_bad_mail_does_not_hold_up_the_others(amina: int, person: Callable[..., int], sink: Sink) -> None:
    kinds.register(kinds.Kind(code="soon_retired", subject="a", line="b", body="c"))
    tell(amina, kind="soon_retired", name="x")
    tell(person("bruno", "bruno@example.org"))
    del kinds._kinds["soon_retired"]
    delivery.deliver(clock=at(NOW))
    assert [mail["To"] for mail in sink.mails] == ["bruno@example.org"]
    assert Delivery.objects.get(state=State.QUEUED).last_error == "UnknownKind"


def test_without_an_address_it_is_skipped_and_says_why(
    person: Callable[..., int], directory: dict[int, Contact], sink: Sink
) -> None:
    stranger = person("stranger")
    tell(person("amina"), stranger)
    del directory[stranger]
    assert delivery.deliver(clock=at(NOW)) == 2
    rows = Delivery.objects.filter(path="email").values_list("state", "skipped_why")
    assert (list(rows), sink.connections) == ([("skipped", "no address")] * 2, 0)


def test_nothing_is_claimed_inside_a_transaction_that_could_roll_back(amina: int) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        delivery.claim(now=NOW)
