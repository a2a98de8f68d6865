"""Meetings that were held, goals and expenses, as staff see them."""

from __future__ import annotations

from typing import Any

from backend.pairings.models import Pairing
from backend.web.shell.request import Request


def part(request: Request, found: Pairing) -> dict[str, Any]:
    """What `mentorings/_lasting.html` shows."""
    return {}
