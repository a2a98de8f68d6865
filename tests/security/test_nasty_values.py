"""Whatever is sent, nobody ever gets a 500: nasty values in every form, every API write and every address."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.security.access import ACCESS, Access
from tests.security.routes import Route, all_routes
from tests.security.test_access import resolved
from tests.security.world import AMINA, BRUNO, CHLOE, NONE, World

pytestmark = pytest.mark.django_db
ROUTES = {route.name: route for route in all_routes()}

TEXTS = (
    "\x00",
    "a\x00b",
    "9" * 30,
    "-1",
    "1e400",
    "NaN",
    "0000-00-00",
    "9999-12-31",
    "not-a-uuid",
    "\ud800",
    "\u202e\u2066<script>alert(1)</script>",
    "' OR 1=1 --%00%s%(x)s{0}",
    "x" * 20_000,
    "",
)
THINGS: tuple[Any, ...] = (*TEXTS, None, True, 10**30, -1.5, [], {}, [[[]]], [None], [{}], {"a": {}}, ["\x00"])
QUERIES = (
    "page q programme side state need show before after up_to next kind newcomer mentor organisation open "
    "cursor page_size topic town run country profile format"
).split()
# A cursor of the API is base64 of a query: positions that are no time, offsets that are no number.
CURSORS = ("cD1mb28=", "cD0lMDA=", "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "cj0xJnA9MjAyNi0xMy00NQ==", "%%%", "cD05OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5")
FIELDS = (
    "answer believe body called capacity channel client_id code consent country email files full_name held_on "
    "interpreter kind language login name next note offer_days other password phone programme reason role "
    "seen_on side speaks theme time_zone town up_to username valid_until verb why call_back_on registered_on "
    "duration_weeks weight_topics mentor newcomer"
).split()


def asked(client: Client, route: Route, access: Access, world: World, method: str, **sent: Any) -> HttpResponse:
    """Ask, and take back whatever it changed."""
    url = reverse(route.name, args=[world.id_of(thing) for thing in access.of])
    with transaction.atomic():
        answer = getattr(client, method)(url, **sent)
        transaction.set_rollback(True)
    return answer


def browser(world: World, viewer: str) -> Client:
    # Never one of the world's own: some of these answers end a sign-in.
    return world.browser(viewer)


def queries() -> Iterator[dict[str, str]]:
    for text in TEXTS:
        if "\ud800" not in text and len(text) < 1000:
            yield dict.fromkeys(QUERIES, text)
    for cursor in CURSORS:
        yield {"cursor": cursor}


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if name in ACCESS and ACCESS[name].get))
def test_no_address_breaks_a_page(name: str, world: World) -> None:
    access, client = ACCESS[name], browser(world, CHLOE)
    broken = [
        str(query)[:120]
        for query in queries()
        if asked(client, ROUTES[name], access, world, "get", data=query).status_code >= 500
    ]
    assert broken == []


def writes() -> list[str]:
    return sorted(name for name in ROUTES if name in ACCESS and ACCESS[name].post)


@pytest.mark.parametrize("name", [name for name in writes() if not name.startswith("api:")])
def test_no_value_breaks_a_form(name: str, world: World) -> None:
    access = ACCESS[name]
    client = browser(world, sender(access))
    good = {key: resolved(value, world) for key, value in access.sends.items()}
    broken = []
    for text in TEXTS:
        sent = text.replace("\ud800", "?")
        bodies = [dict.fromkeys({*FIELDS, *good, *fields_of(client, name, access, world)}, sent)]
        bodies += [good | {key: sent} for key in good]
        for body in bodies:
            answer = asked(client, ROUTES[name], access, world, "post", data=body)
            if answer.status_code >= 500:
                broken.append((text[:20], answer.status_code))
    assert broken == []


@pytest.mark.parametrize("name", [name for name in writes() if name.startswith("api:")])
def test_no_value_breaks_the_api(name: str, world: World) -> None:
    access = ACCESS[name]
    client = browser(world, sender(access))
    good = {key: resolved(value, world) for key, value in access.sends.items()}
    fields = {*good, *API_FIELDS}
    bodies: list[Any] = [[], None, "text", 7, [1]]
    bodies += [good | {key: thing} for key, thing in product(sorted(fields), THINGS)]
    broken = []
    for body in bodies:
        answer = asked(
            client, ROUTES[name], access, world, access.method,
            data=json.dumps(body), content_type="application/json",
        )
        if answer.status_code >= 500:
            broken.append(str(body)[:160])
    for raw in (b"\x00", b"{", b'{"a": ' * 20_000, b"\xff\xfe"):
        answer = asked(client, ROUTES[name], access, world, access.method, data=raw, content_type="application/json")
        if answer.status_code >= 500:
            broken.append(str(raw)[:40])
    assert broken == []


API_FIELDS = ("told", "note", "reason", "language", "languages", "town", "territory", "weights", "slots", "born", "capacity", "registered_on", "seen_on", "valid_until", "held_on", "time_zone", "email", "phone")


def sender(access: Access) -> str:
    return next((who for who in (CHLOE, BRUNO, AMINA) if who in (access.post or NONE)), CHLOE)


def fields_of(client: Client, name: str, access: Access, world: World) -> set[str]:
    """The fields of the forms on the page itself."""
    if not access.get:
        return set()
    page = asked(client, ROUTES[name], access, world, "get")
    form = (page.context or {}).get("form") if page.context else None
    return set(form.fields) if form is not None and hasattr(form, "fields") else set()
