"""The real PostgreSQL and Valkey under the tests, started once and ended with the session.

One PostgreSQL for all xdist workers, each with a database of its own (pytest-django names it). One
Valkey for each worker, since its publications know no databases: two workers' `person.1` would meet.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.postgres import FAST, Postgres
from deploy.valkey import Valkey

SETTINGS_MODULE = "backend.config.settings"


def start(*, is_worker: bool) -> ExitStack:
    """Start what is missing, set the environment Django's settings read, return what ends it all.

    A DATABASE_URL or REDIS_URL that was already set is used as it is. Raises deploy.process.Refused.
    """
    ending = ExitStack()
    folder = Path(tempfile.mkdtemp(prefix="softlanding-tests-"))
    ending.callback(shutil.rmtree, folder, ignore_errors=True)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _start(
            Postgres(folder / "postgres", log=folder / "postgres.log", settings=FAST), ending
        )
    if "REDIS_URL" not in os.environ or (is_worker and "SOFTLANDING_TEST_VALKEY" in os.environ):
        os.environ["REDIS_URL"] = _start(Valkey(folder / "valkey", log=folder / "valkey.log"), ending)
        os.environ["SOFTLANDING_TEST_VALKEY"] = "1"
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
    os.environ.setdefault("FIELD_KEYS", Fernet.generate_key().decode())
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    return ending


def _start(server: Postgres | Valkey, ending: ExitStack) -> str:
    server.prepare()
    server.start()
    ending.callback(server.stop)
    server.wait()
    return server.url
