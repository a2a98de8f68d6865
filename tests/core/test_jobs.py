from datetime import timedelta

import pytest
from django.db import transaction

from backend.core import clock, jobs
from backend.core.jobs import Beat, Job, UnknownJob
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A job called "test.note" that writes down what it got."""
    seen: list[int] = []
    monkeypatch.setitem(jobs.HANDLERS, "test.note", seen.append)
    return seen


def test_a_job_is_done_once_and_says_so(done: list[int]) -> None:
    jobs.later("test.note", 7)
    jobs.drain()
    jobs.drain()
    assert done == [7]
    assert Job.objects.get().finished_at is not None
    assert Beat.objects.count() == 1


def test_a_job_of_a_rolled_back_transaction_never_was(done: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.later("test.note", 7)
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_an_unknown_job_is_refused_with_the_known_ones(done: list[int]) -> None:
    with pytest.raises(UnknownJob, match=r"Known are: .*test\.note"):
        jobs.later("test.nte", 7)


def test_a_job_that_fails_is_tried_again_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def fail(number: int) -> None:
        tries.append(number)
        raise OSError("no")

    monkeypatch.setitem(jobs.HANDLERS, "test.fail", fail)
    jobs.later("test.fail", 1)
    jobs.drain()
    first = Job.objects.get()
    assert (first.attempts, first.error, first.claimed_at) == (1, "OSError", None)
    assert first.due_at > clock.now()
    Job.objects.update(due_at=clock.now())
    jobs.drain()
    second = Job.objects.get()
    assert second.due_at - clock.now() > timedelta(seconds=50)
    Job.objects.update(due_at=clock.now(), attempts=jobs.MOST_ATTEMPTS)
    jobs.drain()
    assert tries == [1, 1]


def test_a_job_of_a_killed_worker_is_taken_up_again(done: list[int]) -> None:
    jobs.later("test.note", 7)
    Job.objects.update(claimed_at=clock.now() - timedelta(minutes=9), attempts=1)
    jobs.drain()
    assert done == []
    Job.objects.update(claimed_at=clock.now() - timedelta(minutes=11))
    jobs.drain()
    assert done == [7]


def test_workers_at_once_do_each_job_once(done: list[int]) -> None:
    for number in range(30):
        jobs.later("test.note", number)
    at_once([jobs.drain] * 6)
    assert sorted(done) == list(range(30))


def test_without_valkey_the_job_waits_for_the_sweep(done: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**options: object) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(jobs.drain, "apply_async", refuse)
    jobs.later("test.note", 7)
    assert Job.objects.get().finished_at is None
    jobs.drain()
    assert done == [7]


def test_finished_jobs_are_forgotten_after_two_weeks(done: list[int]) -> None:
    jobs.later("test.note", 7)
    jobs.later("test.note", 8)
    jobs.drain()
    old, _new = Job.objects.all()
    Job.objects.filter(pk=old.pk).update(finished_at=clock.now() - timedelta(days=15))
    jobs.forget_finished_jobs()
    assert [job.args for job in Job.objects.all()] == [[8]]
