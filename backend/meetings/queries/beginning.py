"""How far two people are on their way to a first meeting, and what each of them still has to say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.meetings.enums import Confirmed, MeetingKind, MeetingState
from backend.meetings.models import (
    Confirmation,
    GoOn,
    HomeConsent,
    Meeting,
    MeetingEvent,
    MeetingPlace,
    MeetingReply,
)
from backend.meetings.times import LONGEST
from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.models import Membership
from backend.organisations.queries import people_with_role
from backend.pairings.enums import LASTING, MemberRole
from backend.pairings.models import Pairing, PairingMember
from backend.programmes.enums import Side


@dataclass(frozen=True)
class Member:
    """Somebody who takes part now. `is_asked`: their yes counts, which an interpreter's does not."""

    person_id: int
    person: UUID
    called: str
    side: Side
    is_asked: bool
    language: str
    is_adult: bool
    profile_id: int
    since: datetime


def members_now(pairing: Pairing, *, now: datetime) -> list[Member]:
    """Those who take part now, newcomers first. One query."""
    rows = PairingMember.objects.filter(pairing=pairing, until_at=None)
    rows = rows.select_related("enrolment__profile__person", "enrolment__profile__organisation")
    return [_member(row, now) for row in rows.order_by("-side", "id")]


def _member(row: PairingMember, now: datetime) -> Member:
    profile = row.enrolment.profile
    return Member(
        person_id=profile.person_id,
        person=profile.person.public_id,
        called=profile.called,
        side=Side(row.side),
        is_asked=row.role != MemberRole.INTERPRETER,
        language=profile.person.language,
        is_adult=profile.is_adult_on(profile.organisation.today(now)),
        profile_id=profile.pk,
        since=row.from_at,
    )


def has_met(pairing: Pairing) -> bool:
    """Whether some meeting of theirs took place."""
    return Meeting.objects.filter(pairing=pairing, state=MeetingState.HELD).exists()


def needs_a_first_meeting(pairing: Pairing) -> bool:
    """A mentoring that began here with an offer, and whose members have not met; others met long ago."""
    return pairing.offer_id is not None and not has_met(pairing)


def first_meeting_of(pairing: Pairing) -> Meeting | None:
    """Their first meeting, unless it was cancelled or did not take place."""
    gone = (MeetingState.CANCELLED, MeetingState.MISSED)
    return Meeting.objects.filter(pairing=pairing, kind=MeetingKind.FIRST).exclude(state__in=gone).first()


def missing_confirmations(pairing: Pairing, members: Iterable[Member]) -> dict[int, list[Confirmed]]:
    """{person id: what they have not confirmed}, of those who are asked and lack something. One query."""
    rows = Confirmation.objects.filter(pairing=pairing)
    have = set(rows.order_by().values_list("person_id", "what"))
    lacks = {
        member.person_id: [what for what in Confirmed if (member.person_id, what) not in have]
        for member in members
        if member.is_asked
    }
    return {person_id: what for person_id, what in lacks.items() if what}


def replies_to(meeting: Meeting) -> dict[int, bool]:
    """{person id: whether the time suits}, to the meeting as it stands now. One query."""
    rows = MeetingReply.objects.filter(meeting=meeting, sequence=meeting.sequence)
    return dict(rows.order_by().values_list("person_id", "suits"))


def both_sides_said_yes(members: Iterable[Member], replies: dict[int, bool]) -> bool:
    """Whether somebody on each side said yes. A mentoring without one side waits."""
    said_yes = {member.side for member in members if member.is_asked and replies.get(member.person_id)}
    return said_yes == set(Side)


def engaged(
    person_ids: Collection[int], *, starts_at: datetime, minutes: int, besides: int | None = None
) -> set[int]:
    """Those who have another agreed meeting at that time, as a member or as its host. Two queries."""
    until = starts_at + timedelta(minutes=minutes)
    rows = Meeting.objects.filter(
        state=MeetingState.AGREED,
        pairing__state__in=LASTING,
        starts_at__lt=until,
        starts_at__gt=starts_at - LONGEST,
    )
    if besides is not None:
        rows = rows.exclude(pk=besides)
    mine = Q(hosted_by__in=person_ids) | Q(
        pairing__in=PairingMember.objects.filter(
            until_at=None, enrolment__profile__person__in=person_ids
        ).values("pairing")
    )
    at_once = [
        row
        for row in rows.filter(mine).order_by("id")
        if row.starts_at + timedelta(minutes=row.minutes) > starts_at
    ]
    busy = set(
        PairingMember.objects.filter(pairing__in={row.pairing_id for row in at_once}, until_at=None)
        .order_by()
        .values_list("enrolment__profile__person_id", flat=True)
    )
    return (busy | {row.hosted_by_id for row in at_once if row.hosted_by_id}) & set(person_ids)


def home_consent_of(pairing: Pairing) -> HomeConsent | None:
    """The consent that stands, if any."""
    return HomeConsent.objects.filter(pairing=pairing, revoked_at=None).first()


def answers_to_go_on(pairing: Pairing) -> dict[int, GoOn]:
    """{person id: what they said}. One query."""
    return {row.person_id: row for row in GoOn.objects.filter(pairing=pairing).order_by("id")}


def is_asked_to_go_on(pairing: Pairing) -> bool:
    """Whether their first meeting took place, so that each is asked."""
    return Meeting.objects.filter(pairing=pairing, kind=MeetingKind.FIRST, state=MeetingState.HELD).exists()


def first_noted_at(pairing: Pairing) -> datetime | None:
    """When it was noted that they first met; whoever joined later was not there, and is not asked."""
    rows = MeetingEvent.objects.filter(
        meeting__pairing=pairing, meeting__kind=MeetingKind.FIRST, meeting__state=MeetingState.HELD
    )
    held = rows.filter(to_state=MeetingState.HELD).order_by("id")
    return held.values_list("at", flat=True).last()


def were_there(members: Iterable[Member], noted_at: datetime | None) -> list[Member]:
    """Of the members now, those who are asked whether to go on."""
    return [m for m in members if m.is_asked and (noted_at is None or m.since <= noted_at)]


def meetings_of(pairing: Pairing) -> list[Meeting]:
    """Those that are open, the next first; then what was, the latest first. Two queries."""
    rows = Meeting.objects.filter(pairing=pairing).exclude(kind=MeetingKind.MONTH)
    rows = rows.select_related("place").prefetch_related("replies")
    found = list(rows.order_by("starts_at", "id"))
    still = [row for row in found if row.state in (MeetingState.PROPOSED, MeetingState.AGREED)]
    return still + [row for row in reversed(found) if row not in still]


def access_meeting(public_id: UUID, *, actor: Actor) -> Meeting:
    """One that the actor may see. Raises Http404."""
    rows = Meeting.objects.visible_to(actor).select_related("place", "pairing__programme__organisation")
    return get_object_or_404(rows, public_id=public_id)


def places_open(organisation_id: int) -> list[MeetingPlace]:
    """Where people can meet, by name."""
    return list(MeetingPlace.objects.filter(organisation=organisation_id).open().order_by("name", "id"))


def places_of(organisation_id: int) -> list[MeetingPlace]:
    """All places of an organisation, the closed ones last."""
    found = MeetingPlace.objects.filter(organisation=organisation_id).order_by("name", "id")
    return sorted(found, key=lambda place: place.closed_at is not None)


def access_place(public_id: UUID, *, organisation_id: int) -> MeetingPlace:
    """Raises Http404."""
    return get_object_or_404(MeetingPlace, organisation=organisation_id, public_id=public_id)


def in_charge_of(pairing: Pairing, *, now: datetime) -> list[int]:
    """The colleagues who look after its members; all coordinators there where nobody does. Three queries."""
    office = pairing.programme.organisation_id
    rows = PairingMember.objects.filter(pairing=pairing, until_at=None)
    theirs = set(rows.order_by().values_list("enrolment__profile__coordinator_id", flat=True))
    here = theirs.intersection(people_with_role(office, *CASE_ROLES, now=now))
    return sorted(here) or people_with_role(office, Role.COORDINATOR, now=now)


def was_noted(meeting: Meeting, verb: str) -> bool:
    return MeetingEvent.objects.filter(meeting=meeting, verb=verb).exists()


UNKNOWN = 0  # the id of nothing: what is named outside and is not there is refused like any other


def open_place_id(public_id: UUID, *, organisation_id: int) -> int:
    """The id of an open place of an organisation, or UNKNOWN."""
    rows = MeetingPlace.objects.open().filter(organisation=organisation_id, public_id=public_id)
    return rows.values_list("pk", flat=True).first() or UNKNOWN


def colleague_id(public_id: UUID, *, organisation_id: int) -> int:
    """The id of somebody who has, had or will have a role there, or UNKNOWN."""
    rows = Membership.objects.filter(organisation=organisation_id, person__public_id=public_id)
    return rows.order_by("id").values_list("person_id", flat=True).first() or UNKNOWN


def member_id(public_id: UUID | None, *, pairing: Pairing, now: datetime) -> int:
    """The id of somebody who takes part now, or UNKNOWN."""
    found = (m.person_id for m in members_now(pairing, now=now) if m.person == public_id)
    return next(found, UNKNOWN)
