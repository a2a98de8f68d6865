"""Real threads on the real database: what two people may press at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.db.models import F

from backend.core.errors import Expected
from backend.programmes import enrolments as actions
from backend.programmes.models import Enrolment, EnrolmentEvent
from tests.factories import NOW, make_profile
from tests.factories.people import make_four_people

THREADS = 12


def at_once(act: Callable[[int], object]) -> list[object]:
    """Run `act` in many threads that start together; returns what each gave, or the error it met."""
    gate = Barrier(THREADS)

    def run(number: int) -> object:
        gate.wait()
        try:
            return act(number)
        except (Expected, IntegrityError) as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.mark.django_db(transaction=True)
def test_lowering_the_capacity_while_places_are_taken_never_exceeds_it() -> None:
    four = make_four_people()
    bruno = four.bruno.enrolment
    Enrolment.objects.filter(pk=bruno.pk).update(capacity=6)

    def act(number: int) -> object:
        if number % 2:
            return actions.set_capacity(
                enrolment_id=bruno.pk, capacity=2 + number // 4, actor=four.chloe.actor, now=NOW
            )
        # What the trigger of an offer does.
        Enrolment.objects.filter(pk=bruno.pk).update(places_taken=F("places_taken") + 1)
        return None

    results = at_once(act)
    bruno.refresh_from_db()
    taken = sum(result is None for result in results)
    assert bruno.places_taken == taken <= bruno.capacity
    assert all(
        isinstance(result, Enrolment | IntegrityError | actions.PlacesAreTaken | None) for result in results
    )


@pytest.mark.django_db(transaction=True)
def test_enrolling_somebody_many_times_at_once_enrols_once() -> None:
    four = make_four_people()
    profile = make_profile(organisation=four.organisation)
    results = at_once(
        lambda _number: actions.enrol(
            profile=profile, programme=four.programme, side="mentor", actor=four.chloe.actor, now=NOW
        )
    )
    assert sum(isinstance(result, Enrolment) for result in results) == 1
    assert sum(isinstance(result, actions.AlreadyEnrolled) for result in results) == THREADS - 1
    assert EnrolmentEvent.objects.filter(enrolment__profile=profile).count() == 1


@pytest.mark.django_db(transaction=True)
def test_pausing_many_times_at_once_pauses_once() -> None:
    four = make_four_people()
    bruno = four.bruno.enrolment
    results = at_once(lambda _number: actions.pause(enrolment_id=bruno.pk, actor=four.chloe.actor, now=NOW))
    assert sum(isinstance(result, Enrolment) for result in results) == 1
    assert EnrolmentEvent.objects.filter(enrolment=bruno).count() == 1
