"""Every change of a meeting or an evening goes through here: the table decides, one event row is kept."""

from datetime import datetime

from backend.core.actor import Actor
from backend.core.states import Transitions, WrongState, next_state
from backend.meetings.enums import EVENING_MOVES, MEETING_MOVES
from backend.meetings.models import Evening, Meeting, MeetingEvent
from backend.meetings.overtaken import Thing, kind_of, overtaken


def move_meeting(meeting: Meeting, verb: str, *, actor: Actor, now: datetime, **fields: object) -> None:
    """Walk a meeting that the caller has locked along `verb`; write state, `fields` and one event row.

    Raises WrongState; for staff as Overtaken, which says who was faster.
    """
    _move(meeting, verb, moves=MEETING_MOVES, actor=actor, now=now, fields=fields)


def move_evening(evening: Evening, verb: str, *, actor: Actor, now: datetime, **fields: object) -> None:
    """The same for a group evening. Raises WrongState, Overtaken."""
    _move(evening, verb, moves=EVENING_MOVES, actor=actor, now=now, fields=fields)


def _move(
    thing: Thing, verb: str, *, moves: Transitions, actor: Actor, now: datetime, fields: dict[str, object]
) -> None:
    before = thing.state
    try:
        thing.state = next_state(moves, verb=verb, state=before)
    except WrongState:
        raise overtaken(thing, actor=actor) from None
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save(update_fields=["state", *fields])
    note(thing, verb, actor=actor, now=now, before=before)


def note(thing: Thing, verb: str, *, actor: Actor, now: datetime, before: str = "") -> None:
    """Write the event row of a change that happened."""
    MeetingEvent.objects.create(
        **{kind_of(thing): thing},
        at=now,
        by_id=actor.person_id,
        system=actor.name,
        verb=verb,
        from_state=before,
        to_state=thing.state,
    )
