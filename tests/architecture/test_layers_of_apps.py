"""Inside an app, modules import downwards: tasks > actions > notices > queries > rules > models > enums."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[2] / "backend"
# From the top to the bottom. A module with another name may stand anywhere, also a folder of actions.
ORDER = ("tasks", "actions", "notices", "queries", "rules", "models", "enums")
HEIGHT = {name: -level for level, name in enumerate(ORDER)}
APPS = sorted(path.parent for path in BACKEND.glob("*/apps.py"))


def upward_imports(app: Path) -> Iterator[str]:
    """Each import, also one inside a function, by which a module knows one that stands above it."""
    for path in sorted(app.rglob("*.py")):
        here = path.relative_to(app).parts[0].removesuffix(".py")
        if here not in HEIGHT:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            for there in modules_of(node, package=f"backend.{app.name}"):
                if HEIGHT.get(there, HEIGHT[here]) > HEIGHT[here]:
                    yield f"{path.relative_to(BACKEND)}:{node.lineno} imports {there}"


def modules_of(node: ast.AST, *, package: str) -> list[str]:
    """The modules of `package` that an import statement names."""
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        return []
    if node.module == package:
        return [alias.name for alias in node.names]
    return [node.module.split(".")[2]] if node.module.startswith(f"{package}.") else []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_modules_of_an_app_import_downwards(app: Path) -> None:
    assert list(upward_imports(app)) == [], "Move what both need down, or the caller up."


def test_the_guard_sees_an_upward_import() -> None:
    def names(code: str) -> list[str]:
        return modules_of(ast.parse(code).body[0], package="backend.pairings")

    assert names("from backend.pairings import actions, rules") == ["actions", "rules"]
    assert names("from backend.pairings.actions.locks import lock") == ["actions"]
    assert names("from backend.people.actions import record_consent") == []
