"""Every change of state goes through `move`: the table decides, the row is written, the event is kept."""

from datetime import datetime

from backend.core.actor import Actor
from backend.core.states import Transitions, WrongState, next_state
from backend.pairings.models import PairingEvent, Suggestion
from backend.pairings.overtaken import Thing, overtaken
from backend.people.told import Told

__all__ = ["Told", "move", "note", "require_unchanged"]


def move(
    thing: Thing,
    verb: str,
    *,
    moves: Transitions,
    actor: Actor,
    now: datetime,
    why: str = "",
    told: Told | None = None,
    **fields: object,
) -> None:
    """Walk `thing`, which the caller has locked, along `verb`; write state, `fields` and one event row.

    Raises WrongState; for staff as Overtaken, which says who was faster.
    """
    before = thing.state
    try:
        thing.state = next_state(moves, verb=verb, state=before)
    except WrongState:
        raise overtaken(thing, actor=actor) from None
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save(update_fields=["state", *fields])
    note(thing, verb, actor=actor, now=now, before=before, why=why, told=told)


def note(
    thing: Thing,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: str = "",
    why: str = "",
    told: Told | None = None,
) -> None:
    """Write the event row of a change that happened."""
    PairingEvent.objects.create(
        **{type(thing).__name__.lower(): thing},
        at=now,
        by_id=actor.person_id,
        system=actor.name,
        verb=verb,
        from_state=before,
        to_state=thing.state,
        why=why,
        channel=told.channel if told else "",
        language=told.language if told else "",
        interpreter=told.interpreter if told else "",
    )


def require_unchanged(suggestion: Suggestion, *, seen: int | None, actor: Actor) -> None:
    """Raise Overtaken where more has happened than the `seen` changes that the actor's page showed.

    None: the caller goes by the state alone. The suggestion is locked, so nothing can happen in between.
    """
    if seen is not None and suggestion.events.count() != seen:
        raise overtaken(suggestion, actor=actor)
