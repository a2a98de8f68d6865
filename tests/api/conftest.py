"""The API as the four people use it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask() -> Ask:
    """ask(person, "post", "me/", {...}): one request to /api/v1/ as `person` (None: nobody)."""

    def send(person: Any, method: str, path: str, data: Any = None, **headers: str) -> HttpResponse:
        client = Client()
        if person is not None:
            client.force_login(person)
        url = path if path.startswith("/") else f"/api/v1/{path}"
        if method == "get":
            return client.get(url, data or {}, headers=headers)
        body = data if isinstance(data, str) else json.dumps(data or {})
        return getattr(client, method)(url, body, content_type="application/json", headers=headers)

    return send
