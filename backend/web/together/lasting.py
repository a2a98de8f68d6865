"""Meetings that were held, goals and expenses, as members see them."""

from __future__ import annotations

from typing import Any

from backend.insight.together import Together
from backend.web.shell.request import Request


def part(request: Request, seen: Together) -> dict[str, Any]:
    """What `together/_lasting.html` shows."""
    return {}
