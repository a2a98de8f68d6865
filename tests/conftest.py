"""The stack for every test. What one area alone needs lives in that area's own conftest."""

import os
from collections.abc import Iterator
from typing import Any

import django
import pytest

from deploy.process import Refused
from tests.support import stack, unordered

# Now, not in `pytest_configure`: the conftests of the folders below import models before that hook is called.
try:
    STACK = stack.start(is_worker="PYTEST_XDIST_WORKER" in os.environ)
except Refused as sentence:
    pytest.exit(str(sentence), returncode=3)
django.setup()

pytest_plugins = ["tests.factories.people", "tests.factories.talks"]


def pytest_configure(config: pytest.Config) -> None:
    config.add_cleanup(STACK.close)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker that finds the settings named would read them before it has started a Valkey of its own.

    All workers would then share one cache: rate limits counted, and were emptied, across tests.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.fixture(autouse=True, scope="session")
def _audit_log_is_emptied_between_tests() -> Iterator[None]:
    """Its trigger refuses the TRUNCATE with which a test of real transactions cleans up."""
    import pgtrigger
    from django.test import TransactionTestCase

    clean_up = TransactionTestCase._fixture_teardown

    def clean_up_all(case: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            clean_up(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clean_up_all)
        yield


@pytest.fixture(autouse=True, scope="session")
def _lists_without_an_order_are_shuffled() -> Iterator[None]:
    with unordered.shuffled():
        yield


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages in tests link to plain static files: nobody has collected and hashed them."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    settings.WHITENOISE_AUTOREFRESH = True  # no folder of collected files is looked for
