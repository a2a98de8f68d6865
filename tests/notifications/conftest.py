from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.functional import lazy, lazystr
from django.utils.translation import get_language, ngettext_lazy

from notifications import kinds, tasks
from notifications.api import Contact, Kind, Notice, notify, register
from tests.notifications import doors
from tests.support.smtp import Sink

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def in_language(**texts: str) -> Any:
    """A lazy text with its translations at hand, so that no catalogue is needed."""
    return lazy(lambda: texts.get(get_language() or "en", texts["en"]), str)()


@pytest.fixture(autouse=True)
def offer(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """A registry of this test's own, with two kinds in it."""
    monkeypatch.setattr(kinds, "_kinds", {})
    register(
        Kind(
            code="messages_waiting",
            subject=lazystr("Somebody wrote to you"),
            line=ngettext_lazy("%(count)d message", "%(count)d messages", "count"),
            body=ngettext_lazy("%(count)d message waits.", "%(count)d messages wait.", "count"),
            paths=("bell",),
        )
    )
    return register(
        Kind(
            code="offer_made",
            subject=in_language(en="There is news for you", ar="لديك خبر جديد"),
            line=in_language(en="%(name)s could be your mentor.", ar="يمكن أن يكون %(name)s مرافقك."),
            body=in_language(
                en="%(name)s could be your mentor. Have a look.", ar="يمكن أن يكون %(name)s مرافقك."
            ),
        )
    )


@pytest.fixture(autouse=True)
def wakes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was asked of the broker; the workers are called by the tests themselves."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.deliver_due, "apply_async", lambda **options: asked.append(options))
    return asked


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.host, running.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "Softlanding <notices@town.example.org>"
        yield running


@pytest.fixture(autouse=True)
def directory(settings: Any) -> Iterator[dict[int, Contact]]:
    settings.NOTIFICATIONS_DIRECTORY = "tests.notifications.doors.contacts"
    settings.NOTIFICATIONS_LINK = "tests.notifications.doors.link"
    yield doors.address_book
    doors.address_book.clear()


@pytest.fixture
def person(directory: dict[int, Contact]) -> Callable[..., int]:
    """Make a person; returns the id. Without `email` there is no address."""

    def make(username: str, email: str | None = None, language: str = "en") -> int:
        person_id = get_user_model()._default_manager.create(username=username).pk
        directory[person_id] = Contact(
            email=email, language=language, time_zone="Europe/Berlin", name=username.title()
        )
        return int(person_id)

    return make


@pytest.fixture
def amina(person: Callable[..., int]) -> int:
    return person("amina", "amina@example.org")


def tell(*person_ids: int, kind: str = "offer_made", now: datetime = NOW, **data: str | int) -> list[Notice]:
    """Notify in a transaction of its own, as an action would."""
    with transaction.atomic():
        return notify(kind, to=person_ids, about=("offer", "7f"), data=data or {"name": "Bruno"}, now=now)
