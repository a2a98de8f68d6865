"""The access table against the real views: every person, every route, a real thing of each kind."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.security.access import ACCESS, PUBLIC, SOCKETS, Access
from tests.security.routes import Route, all_routes, socket_paths
from tests.security.world import DARIO, EMMA, EVERYONE, NOBODY, NONE, Who, World

pytestmark = pytest.mark.django_db
ROUTES = {route.name: route for route in all_routes()}
KNOWN = sorted(ACCESS.keys() & ROUTES.keys())


def test_every_route_says_who_may_open_it() -> None:
    missing = [
        f"{route.name or '(no name)'}  {route.path}" for route in all_routes() if route.name not in ACCESS
    ]
    assert missing == [], (
        "Add a row for each to ACCESS in tests/security/access.py: who may GET, who may POST."
    )


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(ACCESS.keys() - ROUTES.keys()) == [], "Take these rows out of ACCESS."


def test_every_route_has_a_name_of_its_own() -> None:
    names = [route.name for route in all_routes()]
    assert sorted({n for n in names if names.count(n) > 1 or not n}) == [], "Name each route, once."


def test_every_socket_says_who_may_listen() -> None:
    assert sorted(socket_paths()) == sorted(SOCKETS), "Add the socket to SOCKETS in tests/security/access.py."


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_view_states_its_door(name: str) -> None:
    """The decorator on the view and the table agree on whether one must sign in."""
    view = ROUTES[name].view
    door = getattr(view, "access", None) or getattr(getattr(view, "cls", None), "access", None)
    if name in {"healthz", "readyz"}:
        return
    assert door in {"public", "signed_in", "staff", "operator"}, (
        f"Decorate the view of {name!r} with one of backend/web/shell/access.py."
    )
    assert (door == "public") == (name in PUBLIC), f"{name!r} is {door}, which the table does not say."


@pytest.mark.parametrize("name", KNOWN)
def test_get_opens_for_those_and_nobody_else(name: str, world: World) -> None:
    access = ACCESS[name]
    if access.get is None:
        assert_refuses_get(name, access, world)
        return
    wrong = {}
    for viewer in sorted(EVERYONE):
        answer = undone(name, access, world, viewer, "get")
        expected = expected_of(viewer, access.get, access)
        if verdict(answer, access) not in expected:
            wrong[viewer] = describe(answer)
    assert wrong == {}, f"GET {name}: open to {sorted(access.get)} alone"


@pytest.mark.parametrize("name", [name for name in KNOWN if ACCESS[name].post is not None])
def test_post_does_it_for_those_and_nobody_else(name: str, world: World) -> None:
    access = ACCESS[name]
    wrong = {}
    for viewer in sorted(EVERYONE):
        answer = undone(name, access, world, viewer, access.method)
        expected = expected_of(viewer, access.post or NONE, access)
        if verdict(answer, access) not in expected:
            wrong[viewer] = f"{describe(answer)}, not {expected}"
    assert wrong == {}, f"POST {name}: for {sorted(access.post or NONE)} alone"


@pytest.mark.parametrize("name", [name for name in KNOWN if ACCESS[name].of])
def test_no_row_opens_a_thing_to_another_organisation(name: str) -> None:
    access = ACCESS[name]
    if NOBODY in (access.get or NONE):
        return
    assert not {DARIO, EMMA} & ((access.get or NONE) | (access.post or NONE) | access.forbidden)


@pytest.mark.parametrize("name", [name for name in KNOWN if ACCESS[name].post is None])
def test_a_page_to_read_refuses_to_be_written(name: str, world: World) -> None:
    access = ACCESS[name]
    for viewer in sorted(access.get or NONE):
        assert undone(name, access, world, viewer, "post").status_code == 405, (
            f"Let the view of {name!r} take GET alone (require_safe)."
        )
        break


def assert_refuses_get(name: str, access: Access, world: World) -> None:
    for viewer in sorted((access.post or NONE) | access.forbidden):
        answer = undone(name, access, world, viewer, "get")
        assert answer.status_code == 405, f"Let the view of {name!r} take POST alone (require_POST)."


def undone(name: str, access: Access, world: World, viewer: str, method: str) -> HttpResponse:
    """Ask, and take back whatever it changed."""
    with transaction.atomic():
        client = world.browser(viewer) if access.moves_away else world.clients[viewer]
        answer = ask(client, ROUTES[name], access, world, method)
        transaction.set_rollback(True)
    return answer


def ask(client: Client, route: Route, access: Access, world: World, method: str) -> HttpResponse:
    url = reverse(route.name, args=[world.id_of(thing) for thing in access.of])
    if method == "get" and access.post is not None:
        return client.get(url)  # what is sent belongs to the POST, and may name what is not there yet
    values = {key: resolved(value, world) for key, value in access.sends.items()}
    if method == "get":
        return client.get(url, values)
    if route.name.startswith("api:"):
        send = getattr(client, method)
        return send(url, json.dumps(values), content_type="application/json")
    return client.post(url, values)


def resolved(value: Any, world: World) -> Any:
    if isinstance(value, list):
        return [resolved(each, world) for each in value]
    if isinstance(value, str) and value.startswith("@"):
        return str(world.id_of(value[1:]))
    return value


def verdict(answer: HttpResponse, access: Access) -> str:
    status = answer.status_code
    location = answer.headers.get("Location", "")
    if status == 401 or (status in {302, 303} and location.startswith(reverse("account_login"))):
        return "opens" if access.moves_away else "sign_in"
    # 400 and 409: let in, and told what is missing or has changed. 410: what the link opened is gone.
    if status < 400 or status in {409, 410}:
        return "opens"
    if status == 400:
        return "unknown" if b"You can see nothing with this id" in answer.content else "opens"
    return {403: "forbidden", 404: "hidden"}.get(status, str(status))


def expected_of(viewer: str, allowed: Who, access: Access) -> set[str]:
    if viewer in allowed:
        return {"opens"}
    return {"forbidden"} if viewer in access.forbidden else closed_to(viewer, access)


def closed_to(viewer: str, access: Access) -> set[str]:
    """What somebody hears who is not named. An id that is sent may be unknown to them, as any other is."""
    if viewer == NOBODY:
        return {"sign_in", "hidden"} if access.public else {"sign_in"}
    named = any(isinstance(value, str) and value.startswith("@") for value in access.sends.values())
    return {access.closed, "unknown"} if named else {access.closed}


def describe(answer: HttpResponse) -> str:
    return f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
