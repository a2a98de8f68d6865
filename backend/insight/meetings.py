"""Where a mentoring stands at its beginning, and what lies ahead for one person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from backend.core.actor import Actor
from backend.meetings.actions.evenings import TO_ANSWER
from backend.meetings.enums import OPEN_MEETING, Confirmed, EveningState, MeetingKind, MeetingState
from backend.meetings.models import (
    Confirmation,
    Evening,
    GoOn,
    Guest,
    HomeConsent,
    Liking,
    Meeting,
    MeetingEvent,
    MeetingReply,
)
from backend.meetings.queries.beginning import (
    Member,
    answers_to_go_on,
    first_noted_at,
    home_consent_of,
    meetings_of,
    members_now,
    missing_confirmations,
    were_there,
)
from backend.meetings.times import shared_slots, times_for
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership
from backend.organisations.queries import names_in
from backend.pairings.enums import LASTING, MemberRole
from backend.pairings.models import Pairing, PairingMember
from backend.pairings.rules import rests
from backend.profiles.models import Profile


@dataclass(frozen=True)
class Start:
    """A mentoring as far as it concerns its meetings."""

    now: datetime
    lasts: bool
    time_zone: str
    members: list[Member]
    meetings: list[Meeting]
    missing: dict[int, list[Confirmed]]
    go_on: dict[int, GoOn]
    home: HomeConsent | None
    hosts: dict[int, str]
    began_here: bool
    is_hosted: bool
    first_noted_at: datetime | None

    @property
    def asked(self) -> list[Member]:
        return [member for member in self.members if member.is_asked]

    def public_id_of(self, person_id: int) -> UUID:
        return next(member.person for member in self.members if member.person_id == person_id)

    @property
    def needs_first(self) -> bool:
        return self.began_here and not any(row.state == MeetingState.HELD for row in self.meetings)

    @property
    def first_is_open(self) -> bool:
        return any(row.kind == MeetingKind.FIRST and row.state in OPEN_MEETING for row in self.meetings)

    @property
    def may_propose(self) -> bool:
        return self.lasts and not self.first_is_open

    @property
    def members_may_propose(self) -> bool:
        return self.may_propose and not (self.needs_first and self.is_hosted)

    def asks(self, person_id: int | None) -> bool:
        """Whether this member is asked to go on; whoever joined after the first meeting is not."""
        there = {member.person_id for member in were_there(self.members, self.first_noted_at)}
        return self.asks_to_go_on and person_id in there

    @property
    def asks_to_go_on(self) -> bool:
        return any(row.kind == MeetingKind.FIRST and row.state == MeetingState.HELD for row in self.meetings)


def start_of(pairing: Pairing, *, now: datetime) -> Start:
    """Nine queries, however many meetings there are."""
    members = members_now(pairing, now=now)
    return Start(
        now=now,
        lasts=pairing.state in LASTING and not rests(pairing),
        time_zone=pairing.programme.organisation.time_zone,
        members=members,
        meetings=meetings_of(pairing),
        missing=missing_confirmations(pairing, members),
        go_on=answers_to_go_on(pairing),
        home=home_consent_of(pairing),
        hosts=names_in(pairing.programme.organisation_id),
        began_here=pairing.offer_id is not None,
        is_hosted=pairing.programme.hosts_first_meeting,
        first_noted_at=first_noted_at(pairing),
    )


def access_pairing(public_id: UUID, *, actor: Actor) -> Pairing:
    """One that the actor takes part in or looks after. Raises Http404."""
    rows = Pairing.objects.visible_to(actor).select_related("programme__organisation")
    found = rows.prefetch_related("members__enrolment__profile").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def times_for_both(pairing: Pairing, *, now: datetime) -> list[datetime]:
    """The beginnings of the half-days that everybody has who must be there, in the next three weeks."""
    rows = PairingMember.objects.filter(pairing=pairing, until_at=None).exclude(role=MemberRole.INTERPRETER)
    profiles = Profile.objects.filter(pk__in=rows.order_by().values("enrolment__profile"))
    slots: list[str] | None = None
    for theirs in profiles.order_by("pk").values_list("slots", flat=True):
        slots = list(theirs) if slots is None else shared_slots(slots, theirs)
    return times_for(slots or [], time_zone=pairing.programme.organisation.time_zone, now=now)


def colleagues_of(organisation_id: int, *, now: datetime) -> list[tuple[int, str]]:
    """(person id, name) of those who work on cases there today, by name. One query."""
    rows = Membership.objects.filter(organisation=organisation_id, role__in=CASE_ROLES)
    named = rows.active_on(now.date()).order_by("name", "id").values_list("person_id", "name")
    return list(dict(named).items())


@dataclass(frozen=True)
class Ahead:
    """What lies ahead for one person: meetings with their own answer, evenings, and open questions."""

    meetings: tuple[Meeting, ...]
    evenings: tuple[Evening, ...]
    evenings_to_answer: tuple[Evening, ...]
    go_on: tuple[UUID, ...]


def ahead_of(actor: Actor, *, now: datetime) -> Ahead:
    """Two queries, however much there is. A meeting carries `own` and `confirmed` of the actor."""
    evenings, meetings = _evenings(actor, now), _meetings(actor, now)
    return Ahead(
        meetings=tuple(row for row in meetings if row.state in OPEN_MEETING),
        evenings=tuple(row for row in evenings if row.state == EveningState.PLANNED),
        evenings_to_answer=tuple(row for row in evenings if row.state == EveningState.HELD),
        go_on=tuple(row.pairing.public_id for row in meetings if row.state == MeetingState.HELD),
    )


def _meetings(actor: Actor, now: datetime) -> list[Meeting]:
    """Those to come, and first ones that were held, while the actor has not said whether to go on."""
    reply = MeetingReply.objects.filter(
        meeting=OuterRef("pk"), sequence=OuterRef("sequence"), person=actor.person_id
    )
    confirmed = (
        Confirmation.objects.filter(pairing=OuterRef("pairing"), person=actor.person_id)
        .order_by()
        .values("pairing")
        .annotate(number=Count("pk"))
    )
    mine = PairingMember.objects.filter(until_at=None, enrolment__profile__person=actor.person_id).order_by()
    asked = mine.exclude(role=MemberRole.INTERPRETER)
    said = GoOn.objects.filter(pairing=OuterRef("pairing"), person=actor.person_id)
    to_come = Q(
        state__in=OPEN_MEETING, starts_at__gte=now - timedelta(hours=12), pairing__in=mine.values("pairing")
    )
    # Whoever joined after the first meeting was not there.
    noted = MeetingEvent.objects.filter(meeting=OuterRef("pk"), to_state=MeetingState.HELD).order_by()
    there = asked.filter(pairing=OuterRef("pairing"), from_at__lte=OuterRef("noted_at"))
    first = Q(state=MeetingState.HELD, kind=MeetingKind.FIRST, pairing__in=asked.values("pairing"))
    to_answer = first & Q(Exists(there)) & ~Q(Exists(said))
    last = noted.values("meeting").annotate(at_=Max("at")).values("at_")
    rows = Meeting.objects.annotate(noted_at=Coalesce(Subquery(last), Value(now)))
    rows = rows.filter(to_come | to_answer, pairing__state__in=LASTING)
    rows = rows.select_related("place", "pairing").annotate(
        own=Subquery(reply.values("suits")[:1], output_field=BooleanField(null=True)),
        confirmed=Subquery(confirmed.values("number")),
    )
    return list(rows.order_by("starts_at", "id"))


def _evenings(actor: Actor, now: datetime) -> list[Evening]:
    """Those to come, and those at which the actor was and has not said anything yet."""
    mine = Guest.objects.filter(evening=OuterRef("pk"), enrolment__profile__person=actor.person_id)
    said = Liking.objects.filter(evening=OuterRef("pk"), who__enrolment__profile__person=actor.person_id)
    to_come = Q(state=EveningState.PLANNED, starts_at__gte=now - timedelta(hours=12)) & Q(Exists(mine))
    to_answer = (
        Q(state=EveningState.HELD, starts_at__gte=now - TO_ANSWER)
        & Q(Exists(mine.filter(came=True)))
        & ~Q(Exists(said))
    )
    rows = Evening.objects.filter(to_come | to_answer).select_related("place")
    return list(rows.order_by("starts_at", "id"))
