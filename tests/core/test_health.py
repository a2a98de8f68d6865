import pytest
from django.test import Client

from backend.core import clock
from backend.core.jobs import Beat


def test_the_process_says_it_lives(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_needs_a_worker_that_beats(client: Client) -> None:
    quiet = client.get("/readyz")
    assert (quiet.status_code, quiet.json()) == (
        503,
        {"database": True, "valkey": True, "migrations": True, "worker": False},
    )
    Beat.objects.create(at=clock.now())
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_without_valkey_it_is_not_ready(client: Client, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").json()["valkey"] is False
