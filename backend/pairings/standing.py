"""Where a suggestion stood before its last change, read from its events: what an undo goes back to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend.pairings.enums import Aside, SuggestionState
from backend.pairings.models import PairingEvent

# What takes the last change away, and is none itself.
TAKING_BACK = frozenset({"undo", "restage"})


@dataclass(frozen=True, slots=True)
class Standing:
    state: str = SuggestionState.PROPOSED
    aside: str = ""
    until: date | None = None


def before_the_last(events: Iterable[PairingEvent]) -> Standing:
    """Where it stood before the last of `events`, which come oldest first."""
    stood = [Standing()]
    for event in events:
        if event.verb not in TAKING_BACK:
            stood.append(_after(event))
        elif len(stood) > 1:
            stood.pop()
    return stood[-2] if len(stood) > 1 else stood[-1]


def _after(event: PairingEvent) -> Standing:
    if event.verb == "call_first":
        return Standing(aside=Aside.CALL)
    if event.verb == "put_off":
        return Standing(aside=Aside.LATER, until=date.fromisoformat(event.why))
    return Standing(state=event.to_state)
