"""Every template compiles, so that a slip in a rarely seen page is found here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parents[2]


def names() -> Iterator[str]:
    for folder in sorted(ROOT.glob("backend/**/templates")) + sorted(ROOT.glob("notifications/**/templates")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".html", ".txt", ".svg", ".webmanifest", ".js"}:
                yield path.relative_to(folder).as_posix()


@pytest.mark.parametrize("name", [*names()])
def test_a_template_compiles(name: str) -> None:
    engines["django"].get_template(name)
