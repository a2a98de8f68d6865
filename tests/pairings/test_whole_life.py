"""The whole life of pairings in any order: short here, ten thousand steps in `make prove`."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.pairings.whole_life import WholeLife

STEPS = 50


def live(lives: int) -> None:
    run_state_machine_as_test(
        WholeLife,
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_whatever_happens_places_states_and_events_agree() -> None:
    live(12)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_ten_thousand_steps() -> None:
    live(200)
