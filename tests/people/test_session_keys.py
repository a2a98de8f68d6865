"""A cookie that we never gave out opens nothing, and breaks nothing."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from backend.web.live import session_key

QUOTED_NUL = r'"\000aaaaaaaaaaaaaaaa"'


@pytest.mark.django_db
@pytest.mark.parametrize("value", [QUOTED_NUL, '"a b c d e f g h"', "x" * 5_000])
def test_a_key_we_never_gave_is_nobodys(value: str) -> None:
    client = Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={value}"})
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse("people")).status_code == 302


def test_a_socket_reads_no_such_key_either() -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={QUOTED_NUL}".encode()
    assert session_key({"headers": [(b"cookie", cookie)]}) == ""
