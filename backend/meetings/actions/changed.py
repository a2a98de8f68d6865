"""Who takes part has changed: a meeting that was agreed waits again for the yes of whoever is there now."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from backend.core.actor import Actor
from backend.meetings.actions.answers import tell_pages
from backend.meetings.actions.locks import lock_meeting
from backend.meetings.enums import MeetingState
from backend.meetings.events import move_meeting
from backend.meetings.models import Meeting
from backend.meetings.notices import beginning as notices
from backend.meetings.queries.beginning import both_sides_said_yes, members_now, replies_to
from backend.pairings.enums import LASTING
from backend.pairings.models import PairingMember


def ask_again_where_members_changed(*, now: datetime) -> int:
    """Ask a stand-in whether the time suits that others agreed to before; returns how many meetings.

    Safe to do twice: one that was asked about again is no longer agreed.
    """
    left = PairingMember.objects.filter(pairing=OuterRef("pairing"), until_at__isnull=False)
    due = Meeting.objects.filter(
        Exists(left), state=MeetingState.AGREED, starts_at__gt=now, pairing__state__in=LASTING
    )
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(_ask_again(meeting_id, now=now) for meeting_id in ids)


@transaction.atomic
def _ask_again(meeting_id: int, *, now: datetime) -> bool:
    # Race: the meeting is moved or cancelled while the job looks. The lock decides.
    meeting = lock_meeting(meeting_id)
    members, replies = members_now(meeting.pairing, now=now), replies_to(meeting)
    if meeting.state != MeetingState.AGREED or meeting.pairing.state not in LASTING:
        return False
    if both_sides_said_yes(members, replies):
        return False
    move_meeting(meeting, "ask_again", actor=Actor.system("asking"), now=now)
    silent = [member.person_id for member in members if member.is_asked and member.person_id not in replies]
    notices.proposed(meeting, to=silent)
    tell_pages(meeting, members)
    return True
