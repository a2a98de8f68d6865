"""The first meeting and what comes before and just after it, as members see it."""

from __future__ import annotations

from typing import Any

from backend.insight.together import Together
from backend.web.meetings import parts
from backend.web.shell.request import Request


def part(request: Request, seen: Together) -> dict[str, Any]:
    """What `together/_beginning.html` shows."""
    return parts.for_members(request, seen.pairing)
