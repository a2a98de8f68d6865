"""The stack for every test. What one area alone needs lives in that area's own conftest."""

import pytest

from deploy.process import Refused
from tests.support import stack


@pytest.hookimpl(tryfirst=True)  # before pytest-django reads the settings
def pytest_configure(config: pytest.Config) -> None:
    try:
        ending = stack.start(is_worker=hasattr(config, "workerinput"))
    except Refused as sentence:
        pytest.exit(str(sentence), returncode=3)
    config.add_cleanup(ending.close)
