"""Pictures of numbers: measured here, drawn by the templates as SVG with attributes, with a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.web.shell.week import Text

WIDTH, HEIGHT = 300, 90
GAP = 0.35  # of the room of one bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; the measures are SVG units, written with a point in every language."""

    label: Text
    value: float
    x: str
    y: str
    width: str
    height: str


def bars(items: Sequence[tuple[Text, float]]) -> list[Bar]:
    """Measure one bar per (label, value), from 0 up to the greatest value. Negative values count as 0."""
    greatest = max((value for _label, value in items), default=0) or 1
    room = WIDTH / max(len(items), 1)
    return [
        _bar(label, value, at * room, room, max(value, 0) / greatest)
        for at, (label, value) in enumerate(items)
    ]


def _bar(label: Text, value: float, start: float, room: float, share: float) -> Bar:
    height = max(2.0, share * HEIGHT)
    measures = (start + room * GAP / 2, HEIGHT - height, room * (1 - GAP), height)
    return Bar(label, value, *(f"{measure:.1f}" for measure in measures))
