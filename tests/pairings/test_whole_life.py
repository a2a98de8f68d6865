"""The whole life of pairings in any order: short here, ten thousand steps in `make prove`."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.pairings.whole_life import WholeLife

STEPS = 50
# What two thousand steps have reached; a long run that does not is worth nothing.
HAPPENS = {
    *("run", "by hand", "approve", "decline", "undo", "unstage", "release", "undo release", "put_off"),
    *("send", "look further", "end", "join", "leave", "stand in", "capacity", "step back"),
    *("propose", "answer", "we met", "night", "proof"),
}


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


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_whatever_happens_places_states_and_events_agree() -> None:
    live(8)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_ten_thousand_steps() -> None:
    WholeLife.done.clear()
    live(200)
    print(dict(sorted(WholeLife.done.items())))
    happened = {what for what in WholeLife.done if not what.endswith(" refused")}
    assert happened >= HAPPENS, "Something never happened in ten thousand steps, so nothing is said of it."
