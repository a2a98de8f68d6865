from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.security.world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator["World"]:
    """One world for all tests of a module; whoever changes it takes it back (`undone`)."""
    # Imported late: settings are read only after the stack of the tests has started.
    from django.db import transaction

    from tests.security.world import make_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def plain_static_files() -> Iterator[None]:
    """Nobody has collected static files for a test, and nobody is held up."""
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patch:
        storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        patch.setattr(settings, "STORAGES", settings.STORAGES | {"staticfiles": storage})
        patch.setattr("backend.api.throttling.REQUESTS", 10**9)  # a whole matrix in a minute
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True, raising=False)
        yield
