from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.meetings.lasting import Lasting


@pytest.fixture
def lasting(db: None) -> "Lasting":
    # Imported late: settings are read only after the stack of the tests has started.
    from tests.meetings.lasting import make_lasting

    return make_lasting()
