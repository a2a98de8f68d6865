"""The policy allows nothing inline: no script, no style, no handler, in templates and in what they draw."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.security.access import ACCESS
from tests.security.routes import all_routes
from tests.security.world import CHLOE, World, make_world

ROOT = Path(__file__).resolve().parents[2]
# A mail has no style sheet to refer to; its clients know nothing of our policy.
MAILS = {"notifications/templates/notifications/mail.html"}
TEMPLATES = [
    path
    for path in sorted([*ROOT.glob("backend/**/templates/**/*.html"), *ROOT.glob("notifications/**/*.html")])
    if path.relative_to(ROOT).as_posix() not in MAILS
]
INLINE = {
    "a script without src": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I
    ),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^<>]*\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[^<>]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"=\s*[\"']?\s*javascript:", re.I),
}


def inline_in(html: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(html)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_has_nothing_inline(path: Path) -> None:
    found = inline_in(path.read_text())
    assert found == [], (
        "Put it in a file under backend/web/static and hook it on by a class or a data- attribute."
    )


def test_the_guard_sees_what_is_inline() -> None:
    assert inline_in('<p style="color:red" onclick="x()">') == ["a style attribute", "an event handler"]
    assert inline_in("<script>x()</script><style></style>") == ["a script without src", "a style element"]
    assert inline_in('<script src="a.js"></script><a href="/" data-on="x">') == []


@pytest.fixture
def world(db: None, settings: object) -> World:
    return make_world()


def test_drawn_pages_have_nothing_inline(world: World) -> None:
    browser: Client = world.clients[CHLOE]
    found = {}
    for route in all_routes():
        access = ACCESS.get(route.name)
        if access is None or CHLOE not in (access.get or ()) or access.moves_away:
            continue
        answer = browser.get(reverse(route.name, args=[world.id_of(thing) for thing in access.of]))
        if "text/html" in answer.headers.get("Content-Type", "") and (
            seen := inline_in(answer.content.decode())
        ):
            found[route.name] = seen
    assert found == {}
