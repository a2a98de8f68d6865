"""Pages turn round for Arabic and Persian, so style sheets name start and end, never left and right."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "backend" / "web" / "static"
PHYSICAL = re.compile(r"(?<![\w-])(?:[\w-]*-)?(?:left|right)(?![\w])")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def physical_lines(css: str) -> list[str]:
    bare = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), css)
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(bare.splitlines(), 1)
        if PHYSICAL.search(line)
    ]


def test_style_sheets_use_logical_properties_only() -> None:
    sheets = sorted(STATIC.rglob("*.css"))
    assert sheets
    found = {sheet.name: lines for sheet in sheets if (lines := physical_lines(sheet.read_text()))}
    assert found == {}, "Write inline-start and inline-end (or start and end) instead."


def test_the_guard_sees_a_physical_property() -> None:
    assert physical_lines("a {\n margin-left: 1px; text-align: right }") == [
        "2: margin-left: 1px; text-align: right }"
    ]
    assert physical_lines("/* left */ a { margin-inline-start: 1px; color: brightness }") == []
