"""The first meeting and what comes before and just after it, as staff see it."""

from __future__ import annotations

from typing import Any

from backend.pairings.models import Pairing
from backend.web.meetings import parts
from backend.web.shell.request import Request


def part(request: Request, found: Pairing) -> dict[str, Any]:
    """What `mentorings/_beginning.html` shows."""
    return parts.for_staff(request, found)
