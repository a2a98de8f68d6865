"""What the page of a mentoring shows of its beginning, for staff and for members."""

from __future__ import annotations

from typing import Any

from backend.core import clock
from backend.insight.meetings import Start, start_of
from backend.meetings.enums import Confirmed, GoOnAnswer, MeetingState
from backend.meetings.rules import may_allow_home, may_record_for_members
from backend.pairings.models import Pairing
from backend.web.meetings import drawing
from backend.web.meetings.drawing import Seen
from backend.web.shell.request import Request

MOST_PAST = 8
ICONS = {GoOnAnswer.YES: "check", GoOnAnswer.UNSURE: "phone", GoOnAnswer.NO: "people"}
GO_ON_TONES = {GoOnAnswer.YES: "good", GoOnAnswer.UNSURE: "look", GoOnAnswer.NO: "look"}


def for_staff(request: Request, found: Pairing) -> dict[str, Any]:
    now = clock.now()
    start = start_of(found, now=now)
    seen = _drawn(start, own=None, zone=start.time_zone)
    return {
        "open": [one for one in seen if one.is_open],
        "past": [one for one in seen if not one.is_open][:MOST_PAST],
        "may": may_record_for_members(request.actor, found),
        "may_propose": may_record_for_members(request.actor, found) and start.may_propose,
        "needs_first": start.needs_first,
        "people": [_person(start, member.person_id, member.called) for member in start.asked],
        "asks_to_go_on": start.asks_to_go_on,
        "somebody_says_no": any(row.answer == GoOnAnswer.NO for row in start.go_on.values()),
        "home": start.home,
        "may_allow_home": may_allow_home(request.actor, found),
        "is_hosted": found.programme.hosts_first_meeting,
    }


def _person(start: Start, person_id: int, called: str) -> dict[str, Any]:
    """One member's row: what they have confirmed, and whether they want to go on."""
    lacks = start.missing.get(person_id, [])
    row = start.go_on.get(person_id)
    answer = GoOnAnswer(row.answer) if row else None
    return {
        "id": start.public_id_of(person_id),
        "name": called,
        "confirmed": [what.label for what in Confirmed if what not in lacks],
        "missing": [what.label for what in lacks],
        "go_on": answer.label if answer else "",
        "tone": GO_ON_TONES[answer] if answer else "plain",
        "may_note": bool(lacks or start.asks_to_go_on or _is_proposed(start)),
    }


def _is_proposed(start: Start) -> bool:
    return any(meeting.state == MeetingState.PROPOSED for meeting in start.meetings)


def for_members(request: Request, found: Pairing) -> dict[str, Any]:
    """Nothing once it has ended, or for somebody who no longer takes part."""
    start, own = start_of(found, now=clock.now()), request.actor.person_id
    if own not in {member.person_id for member in start.members} or not start.lasts:
        return {}
    is_asked = own in {member.person_id for member in start.asked}
    seen = _drawn(start, own=own, zone="")
    answer = start.go_on.get(own) if own is not None else None
    return {
        "is_asked": is_asked,
        "open": [(one, "action" if is_asked and one.asks else "plain") for one in seen if one.is_open],
        "past": [one for one in seen if not one.is_open][:3],
        # Whoever joins later hears and agrees to the same.
        "missing": start.missing.get(own, []) if own and (start.first_is_open or start.asks_to_go_on) else [],
        "may_propose": is_asked and start.members_may_propose,
        "is_hosted_soon": start.needs_first and start.is_hosted and not start.first_is_open,
        "asks_to_go_on": start.asks(own),
        "answers": [(answer.value, answer.label, ICONS[answer]) for answer in GoOnAnswer],
        "answered": GoOnAnswer(answer.answer).label if answer else "",
        "answer": answer.answer if answer else "",
    }


def _drawn(start: Start, *, own: int | None, zone: str) -> list[Seen]:
    return [
        drawing.draw(
            meeting,
            now=start.now,
            members=start.members,
            missing=start.missing.keys(),
            hosts=start.hosts,
            own=own,
            zone=zone,
        )
        for meeting in start.meetings
    ]
