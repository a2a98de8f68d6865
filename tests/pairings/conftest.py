from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.factories.people import FourPeople


@dataclass(frozen=True)
class Matched:
    people: "FourPeople"
    now: datetime


@pytest.fixture
def matched(four_people: "FourPeople") -> Matched:
    """Chloé has run the matching, and it suggests Amina and Bruno to each other."""
    # Imported late: settings are read only after the stack of the tests has started.
    from backend.pairings import actions
    from tests.factories import NOW

    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    return Matched(four_people, NOW)
