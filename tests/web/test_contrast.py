"""Every pair of colours that meet is far enough apart, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "backend/web/static/css/app.css").read_text()
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")
BLOCKS = {
    "light": r"^:root \{(.*?)^\}",
    "dark": r"^\[data-theme=\"dark\"\] \{(.*?)^\}",
    "dark by device": r":root:not\(\[data-theme=\"light\"\]\) \{(.*?)^  \}",
}

GROUNDS = ("paper", "card")
TEXT = [
    *[(ink, ground) for ground in GROUNDS for ink in ("ink", "muted", "action", "danger", "look", "good")],
    *[("ink", fill) for fill in ("action-soft", "look-soft", "danger-soft", "good-soft", "line")],
    *[("ink", fill) for fill in ("a", "b", "a-wash", "b-wash")],
    *[("muted", fill) for fill in ("action-soft", "look-soft", "a-wash", "b-wash")],
    ("action", "action-soft"),
    ("action-ink", "action"),
    ("action-ink", "action-hover"),
    ("danger-ink", "danger"),
    ("exit-ink", "exit"),
]
SHAPES = [
    *[(shape, ground) for ground in GROUNDS for shape in ("edge", "action", "danger", "exit")],
    *[(shape, "card") for shape in ("a-edge", "b-edge", "ab-edge")],
    ("action", "line"),
    ("action", "action-soft"),
    ("good", "good-soft"),
    ("look", "look-soft"),
    ("danger", "danger-soft"),
    ("card", "ab-edge"),
]


def tokens(theme: str) -> dict[str, str]:
    block = re.search(BLOCKS[theme], CSS, re.DOTALL | re.MULTILINE)
    assert block, f"No tokens found for {theme}"
    return dict(TOKEN.findall(block.group(1)))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_close(theme: str, pairs: list[tuple[str, str]], least: float) -> dict[tuple[str, str], float]:
    colours = tokens(theme)
    measured = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    return {pair: round(value, 2) for pair, value in measured.items() if value < least}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    assert too_close(theme, TEXT, 4.5) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_can_be_seen(theme: str) -> None:
    assert too_close(theme, SHAPES, 3.0) == {}


def test_both_dark_themes_are_the_same() -> None:
    assert tokens("dark") == tokens("dark by device")


def test_black_on_white_measures_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
