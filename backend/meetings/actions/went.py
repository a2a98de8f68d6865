"""How a meeting went: held, or missed. After the first each is asked whether to go on."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.errors import Expected, require
from backend.meetings.actions.locks import lock_meeting
from backend.meetings.actions.meetings import FirstComesFirst, cancel
from backend.meetings.enums import OPEN_MEETING, MeetingKind, MeetingState
from backend.meetings.events import move_meeting
from backend.meetings.models import Meeting
from backend.meetings.notices import beginning as notices
from backend.meetings.queries.beginning import (
    members_now,
)
from backend.meetings.rules import (
    may_arrange_meetings,
)
from backend.pairings.enums import LASTING, OVER, PauseReason
from backend.pairings.rules import rests

# "Shall we go on?" is asked again once, after so long.
REMIND_AFTER = timedelta(days=3)


class NotYet(Expected):
    code = "not_yet"
    sentence = _("This meeting has not begun yet. Say afterwards how it went.")


@transaction.atomic
def hold_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> Meeting:
    """Note that they met; after the first time each is asked whether to go on. Twice changes nothing.

    Raises NotAllowed, NotYet, FirstComesFirst, WrongState, Overtaken.
    """
    meeting = lock_meeting(meeting_id)
    require(may_arrange_meetings(actor, meeting.pairing))
    if meeting.state == MeetingState.HELD:
        return meeting
    require(meeting.starts_at <= now, NotYet)
    try:
        with transaction.atomic():
            move_meeting(meeting, "hold", actor=actor, now=now)
    except IntegrityError as refused:  # it was missed, and another first meeting took its place
        raise FirstComesFirst from refused
    if meeting.kind == MeetingKind.FIRST:
        ask_to_go_on(meeting, now=now)
    return meeting


def ask_to_go_on(meeting: Meeting, *, now: datetime) -> None:
    """Ask each member after the first meeting; who says nothing is reminded once."""
    asked = [m.person_id for m in members_now(meeting.pairing, now=now) if m.is_asked]
    notices.to_members(notices.GO_ON_ASKED, meeting.pairing, to=asked)
    jobs.later("meetings.remind_to_go_on", meeting.pk, due_at=now + REMIND_AFTER)


@transaction.atomic
def miss_meeting(*, meeting_id: int, actor: Actor, now: datetime) -> Meeting:
    """Note that it did not take place, without saying why. Twice changes nothing.

    Raises NotAllowed, NotYet, WrongState, Overtaken.
    """
    meeting = lock_meeting(meeting_id)
    require(may_arrange_meetings(actor, meeting.pairing))
    if meeting.state == MeetingState.MISSED:
        return meeting
    require(meeting.starts_at <= now, NotYet)
    move_meeting(meeting, "miss", actor=actor, now=now)
    return meeting


def cancel_meetings_that_are_over(*, now: datetime) -> int:
    """Cancel open meetings of mentorings that have ended, or rest until a proof is there.

    Their members were told of that itself. Nobody meets a child without a proof, agreed or not.
    """
    over = Q(pairing__state__in=OVER) | Q(pairing__pause_reason=PauseReason.CLEARANCE)
    due = Meeting.objects.open().filter(over).order_by("pk")
    return sum(_cancel_if_over(meeting_id, now=now) for meeting_id in due.values_list("pk", flat=True))


@transaction.atomic
def _cancel_if_over(meeting_id: int, *, now: datetime) -> bool:
    meeting = lock_meeting(meeting_id)
    goes_on = meeting.pairing.state in LASTING and not rests(meeting.pairing)
    if meeting.state not in OPEN_MEETING or goes_on:
        return False
    cancel(meeting, actor=Actor.system("ending"), now=now, tell=False)
    return True
