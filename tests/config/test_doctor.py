"""One line for each thing the server needs; an exit status that a watcher can use."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from backend.config.management.commands import doctor
from backend.core import clock
from backend.core.jobs import Beat
from tests import factories as make

NAMES = ["database", "extensions", "migrations", "Valkey", "keys", "worker", "mail", "towns", "disk"]


def look() -> tuple[dict[str, str], str]:
    """{name: the line about it}, and what was said at the end."""
    said, end = StringIO(), ""
    try:
        call_command("doctor", stdout=said)
    except CommandError as wrong:
        end = str(wrong)
    lines = said.getvalue().splitlines()
    return dict(zip(NAMES, lines, strict=True)), end


@pytest.fixture
def well(towns: None, settings: Any) -> Any:
    """A server on which nothing is wrong."""
    Beat.objects.update_or_create(pk=1, defaults={"at": clock.now()})
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    return settings


def test_all_is_well(well: Any) -> None:
    lines, end = look()
    assert end == ""
    assert all(line.startswith("ok") and name in line for name, line in lines.items())


def silent_worker(settings: Any) -> None:
    Beat.objects.update(at=clock.now() - timedelta(hours=3))


def no_worker(settings: Any) -> None:
    Beat.objects.all().delete()


def no_valkey(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def broken_key(settings: Any) -> None:
    settings.FIELD_KEYS = ["too short"]


def other_key(settings: Any) -> None:
    make.make_profile(born="1990", town=None)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]


def no_mail(settings: Any) -> None:
    settings.DEBUG = settings.DEMO = False


def deaf_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.mark.parametrize(
    ("name", "spoil", "says"),
    [
        ("worker", silent_worker, "Silent for 3 hours. Start the worker"),
        ("worker", no_worker, "No worker was ever here."),
        ("Valkey", no_valkey, "correct REDIS_URL"),
        ("keys", broken_key, "FIELD_KEYS holds no usable key."),
        ("keys", other_key, "The keys do not open what is stored."),
        ("mail", no_mail, "Set EMAIL_URL"),
        ("mail", deaf_mail, "127.0.0.1:1 does not take mail."),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    well: Any, name: str, spoil: Callable[[Any], None], says: str
) -> None:
    spoil(well)
    lines, end = look()
    assert lines[name].startswith("look here") and says in lines[name]
    assert end == "Something is wrong in 1 of 9 places."


def test_missing_towns_are_named(db: None, settings: Any) -> None:
    lines, _end = look()
    assert "import_places" in lines["towns"]


def test_a_full_disk_is_named(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    lines, _end = look()
    assert "Make room" in lines["disk"]


def test_an_old_database_is_named(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_DATABASE", 99)
    lines, _end = look()
    assert "Move to PostgreSQL 99 or newer." in lines["database"]


def test_a_missing_extension_is_named(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXTENSIONS", ("pg_trgm", "postgis"))
    lines, _end = look()
    assert "CREATE EXTENSION postgis;" in lines["extensions"]
