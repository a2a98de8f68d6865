from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST = 15  # for any page with a list, however long


def queries_of(client: Client, page: str) -> int:
    """How many queries a page takes, once the sign-in has been noted in its session."""
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)
