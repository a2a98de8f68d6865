import pytest

from backend.core import clock
from tests.factories import NOW


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages live at the moment the rows were made for."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
