"""What stands in somebody's calendar: meetings that are agreed or proposed, and group evenings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.core.crypto import blind_index
from backend.meetings.enums import OPEN_MEETING, EveningState, MeetingKind, MeetingState
from backend.meetings.models import CalendarFeed, Evening, Meeting
from backend.pairings.enums import LASTING, PauseReason
from backend.pairings.models import PairingMember
from backend.people.models import Person

PAST = timedelta(days=30)


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar, without names: phones are shared, and calendars are shown to others."""

    uid: str
    is_evening: bool
    starts_at: datetime
    minutes: int
    time_zone: str
    sequence: int
    status: str  # CONFIRMED, TENTATIVE or CANCELLED
    place: str
    is_online: bool


def hash_of(key: str) -> str:
    return blind_index(key, scope="calendar")


def feed_of(person_id: int) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person_id, revoked_at=None).first()


def owner_of(key: str) -> Person | None:
    """Whose calendar this key opens. A hash and one query, whether it is known, revoked or made up."""
    found = CalendarFeed.objects.filter(key_hash=hash_of(key), revoked_at=None, person__is_active=True)
    feed = found.select_related("person").first()
    return feed.person if feed else None


def entries_of(person_id: int, *, now: datetime) -> list[Entry]:
    """A month back and everything ahead, the earliest first. Two queries."""
    meetings = meetings_ahead(person_id, since=now - PAST)
    evenings = evenings_ahead(person_id, since=now - PAST)
    found = [entry_of_meeting(row) for row in meetings] + [entry_of_evening(row) for row in evenings]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.uid))


def meetings_ahead(person_id: int, *, since: datetime) -> list[Meeting]:
    """Open meetings of mentorings that last, in which the person takes part or which they host. One query."""
    member = PairingMember.objects.filter(enrolment__profile__person=person_id, until_at=None)
    rows = Meeting.objects.filter(
        Q(pairing__in=member.order_by().values("pairing")) | Q(hosted_by=person_id),
        state__in=OPEN_MEETING,
        pairing__state__in=LASTING,
        starts_at__gte=since,
    ).exclude(Q(kind=MeetingKind.MONTH) | Q(pairing__pause_reason=PauseReason.CLEARANCE))
    rows = rows.select_related("place", "pairing__programme__organisation")
    return list(rows.order_by("starts_at", "id"))


def evenings_ahead(person_id: int, *, since: datetime) -> list[Evening]:
    """Planned evenings to which the person is invited, or which they planned. One query."""
    invited = Evening.objects.filter(guests__enrolment__profile__person=person_id)
    rows = Evening.objects.filter(
        Q(pk__in=invited.order_by().values("pk")) | Q(made_by=person_id),
        state=EveningState.PLANNED,
        starts_at__gte=since,
    )
    return list(rows.select_related("place", "programme__organisation").order_by("starts_at", "id"))


def entry_of_meeting(meeting: Meeting) -> Entry:
    status = {
        MeetingState.PROPOSED: "TENTATIVE",
        MeetingState.CANCELLED: "CANCELLED",
        MeetingState.MISSED: "CANCELLED",
    }
    return Entry(
        uid=f"meeting-{meeting.public_id}@softlanding",
        is_evening=False,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        time_zone=meeting.pairing.programme.organisation.time_zone,
        sequence=meeting.sequence,
        status=status.get(MeetingState(meeting.state), "CONFIRMED"),
        place=f"{meeting.place.name}, {meeting.place.address}" if meeting.place else "",
        is_online=meeting.is_online,
    )


def entry_of_evening(evening: Evening) -> Entry:
    return Entry(
        uid=f"evening-{evening.public_id}@softlanding",
        is_evening=True,
        starts_at=evening.starts_at,
        minutes=evening.minutes,
        time_zone=evening.programme.organisation.time_zone,
        sequence=evening.sequence,
        status="CANCELLED" if evening.state == EveningState.CANCELLED else "CONFIRMED",
        place=f"{evening.place.name}, {evening.place.address}",
        is_online=False,
    )


def access_meeting_entry(public_id: UUID, *, actor: Actor) -> Entry:
    """Raises Http404."""
    rows = Meeting.objects.visible_to(actor).select_related("place", "pairing__programme__organisation")
    return entry_of_meeting(get_object_or_404(rows, public_id=public_id))


def access_evening_entry(public_id: UUID, *, actor: Actor) -> Entry:
    """Raises Http404."""
    rows = Evening.objects.visible_to(actor).select_related("place", "programme__organisation")
    return entry_of_evening(get_object_or_404(rows, public_id=public_id))
