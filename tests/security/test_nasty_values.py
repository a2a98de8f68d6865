"""Whatever is sent, nobody gets a 500: nasty values in every address, form and write of the API."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.security.access import ACCESS
from tests.security.routes import all_routes
from tests.security.test_access import resolved
from tests.security.world import AMINA, BRUNO, CHLOE, NONE, World

pytestmark = pytest.mark.django_db
ROUTES = {route.name: route for route in all_routes() if route.name in ACCESS}
PAGES = sorted(name for name in ROUTES if ACCESS[name].get and name != "readyz")  # that says 503 itself
WRITES = sorted(name for name in ROUTES if ACCESS[name].post)

NUL = "a\x00b"
# The worst first: `make test` takes a few of each, `make prove` all.
TEXTS = (
    NUL,
    "9" * 30,
    "\u202e<script>%(x)s{0}</script>",
    "-1",
    "NaN",
    "9999-12-31",
    "0000-00-00",
    "x" * 6_000,
)
SHAPES = ("\ud800", NUL, 10**30, [None], {}, None, True, -1.5, [], [{}], [[NUL]], {"a": {}}, *TEXTS[1:])
BODIES: tuple[bytes, ...] = (b"\x00", b"{", b"[]", b"null", b"7", b'{"a":' * 5_000, b"\xff\xfe", b'{"a":NaN}')
QUERY = (
    *("page", "q", "programme", "side", "state", "need", "show", "before", "after", "next", "kind", "open"),
    *("newcomer", "mentor", "organisation", "country", "page_size", "topic", "town", "run", "profile"),
    *("format", "cursor", "search"),
)
FIELDS = ("next", "theme", "language", "verb", "why", "up_to", "body", "consent", "programme", "files")
# A cursor of the API is a query in base64: here its position is no time, or its offset no number.
CURSORS = ("cD1mb28=", "cD0yMDI2LTEzLTQ1", "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "cD0lMDA=", "%%%", "w7w=")

Some = Callable[[Sequence[Any]], Sequence[Any]]


@pytest.fixture(params=["few", pytest.param("all", marks=pytest.mark.prove)])
def some(request: pytest.FixtureRequest) -> Some:
    return (lambda values: values[:3]) if request.param == "few" else (lambda values: values)


@pytest.mark.parametrize("name", PAGES)
def test_no_address_breaks_a_page(name: str, world: World, some: Some) -> None:
    queries = [dict.fromkeys(QUERY, text) for text in some(TEXTS)]
    queries += [{"cursor": cursor} for cursor in some(CURSORS)]
    client = world.browser(CHLOE)
    assert broken(ask(client, name, world, "get", data=query) for query in queries) == set()


@pytest.mark.parametrize("name", [name for name in WRITES if not name.startswith("api:")])
def test_no_value_breaks_a_form(name: str, world: World, some: Some) -> None:
    client, good = sender(name, world), good_values(name, world)
    fields = {*good, *fields_of(client, name, world), *FIELDS}
    bodies = [dict.fromkeys(fields, text) for text in some(TEXTS)]
    bodies += [good | {key: text} for key in good for text in some(TEXTS)]
    assert broken(ask(client, name, world, "post", data=body) for body in bodies) == set()


@pytest.mark.parametrize("name", [name for name in WRITES if name.startswith("api:")])
def test_no_value_breaks_the_api(name: str, world: World, some: Some) -> None:
    client, good, method = sender(name, world), good_values(name, world), ACCESS[name].method
    known = known_here(ask(client, name, world, method, data={"?": 1}, content_type="application/json"))
    bodies = [json.dumps(good | {key: thing}).encode() for key in {*known, *good} for thing in some(SHAPES)]
    answers = (
        ask(client, name, world, method, data=body, content_type="application/json")
        for body in (*BODIES, *bodies)
    )
    assert broken(answers) == set()


def ask(client: Client, name: str, world: World, method: str, **sent: Any) -> HttpResponse:
    """Ask, and take back whatever it changed."""
    url = reverse(name, args=[world.id_of(thing) for thing in ACCESS[name].of])
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method)(url, **sent)
        transaction.set_rollback(True)
    return answer


def broken(answers: Iterable[HttpResponse]) -> set[str]:
    """What went wrong where a 500 was answered."""
    return {repr(answer.exc_info[1])[:200] for answer in answers if answer.status_code >= 500}  # type: ignore[attr-defined]


def sender(name: str, world: World) -> Client:
    """A new browser, since some of these answers end a sign-in."""
    posts = ACCESS[name].post or NONE
    return world.browser(next((who for who in (CHLOE, BRUNO, AMINA) if who in posts), CHLOE))


def good_values(name: str, world: World) -> dict[str, Any]:
    return {key: resolved(value, world) for key, value in ACCESS[name].sends.items()}


def fields_of(client: Client, name: str, world: World) -> set[str]:
    """The fields of the form on the page itself."""
    if not ACCESS[name].get:
        return set()
    context = ask(client, name, world, "get").context
    form = context.get("form") if context else None
    return set(getattr(form, "fields", ()))


def known_here(answer: HttpResponse) -> set[str]:
    """What a write of the API takes; it names that itself where an unknown name is sent."""
    found = re.search(r"Known here: ([\w, ]+)\.", answer.content.decode())
    return set(found[1].split(", ")) - {"nothing"} if found else set()
