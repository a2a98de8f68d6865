"""How it ends, and what members say then."""

from __future__ import annotations

from typing import Any

from backend.core import clock
from backend.insight.together import Together
from backend.meetings.evaluations import has_evaluated
from backend.pairings.enums import LASTING, PairingState, PauseReason
from backend.pairings.parts import Part, part_of
from backend.pairings.queries import asked_to_end_at
from backend.web.shell.request import Request


def part(request: Request, seen: Together) -> dict[str, Any]:
    """What `together/_ending.html` shows."""
    pairing = seen.pairing
    if pairing.state in LASTING:
        asked_at = asked_to_end_at(pairing, person_id=request.actor.person_id, now=clock.now())
        return {
            "goes_on": True,
            "rests": pairing.pause_reason == PauseReason.CLEARANCE,
            "asked_at": asked_at,
        }
    own = part_of(pairing, person_id=request.actor.acting_person_id)
    open_until = pairing.closes_at if pairing.state == PairingState.WINDING_DOWN else None
    return {"open_until": open_until, **(after(own) if own else {})}


def after(own: Part) -> dict[str, bool]:
    """What somebody may do once their part is over."""
    is_asked = own.is_over and not own.is_unspoken
    return {"is_asked": is_asked and not has_evaluated(own), "may_print": is_asked}
