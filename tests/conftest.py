"""The stack for every test. What one area alone needs lives in that area's own conftest."""

import pytest

from deploy.process import Refused
from tests.support import stack

_ending = pytest.StashKey[object]()


@pytest.hookimpl(tryfirst=True)  # before pytest-django reads the settings
def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly or config.option.help or config.option.version:
        pass
    try:
        config.stash[_ending] = stack.start(is_worker=hasattr(config, "workerinput"))
    except Refused as sentence:
        pytest.exit(str(sentence), returncode=3)


def pytest_unconfigure(config: pytest.Config) -> None:
    if ending := config.stash.get(_ending, None):
        ending.close()
