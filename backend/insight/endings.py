"""How mentorings end, across apps: who could stand in or join, and what a certificate of thanks says."""

from dataclasses import dataclass
from datetime import date, datetime

from backend.core.actor import Actor
from backend.meetings.enums import MeetingState
from backend.meetings.models import Meeting
from backend.organisations.enums import CASE_ROLES
from backend.pairings.models import Pairing
from backend.pairings.overlap import Overlap, overlap_of
from backend.pairings.parts import Part
from backend.pairings.proofs import members_now
from backend.pairings.queries import final_refusals, in_play
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.safeguarding.queries import restrictions_among


@dataclass(frozen=True)
class StandIn:
    """Somebody who could come today, and what they share with the first of those who stay."""

    enrolment: Enrolment
    overlap: Overlap


@dataclass(frozen=True)
class Thanks:
    """What a certificate says of one member; nobody else is named. `since` and `until` are days."""

    name: str
    programme: str
    organisation: str
    since: date
    until: date
    meetings: int
    is_mentor: bool


def stand_ins_for(pairing: Pairing, *, leaving_id: int, day: date) -> list[StandIn]:
    """Cleared mentors with a free place whom nothing keeps from those who stay, best first.

    leaving_id: the enrolment whose place they would take. The queries do not grow with the mentors.
    """
    staying = [m for m in members_now(pairing) if m.enrolment_id != leaving_id]
    newcomers = [m.enrolment for m in staying if m.side == Side.NEWCOMER]
    inside = {m.enrolment_id for m in staying} | {leaving_id}
    mentors = [
        e for e in in_play(pairing.programme_id, Side.MENTOR) if e.pk not in inside and e.places_free > 0
    ]
    refused = _refused(mentors, newcomers, staying=[m.enrolment for m in staying], day=day)
    first = _with_languages(newcomers)
    found = [StandIn(e, overlap_of(e.profile, first)) for e in mentors if e.pk not in refused]
    return sorted(found, key=lambda s: (*_worse(s.overlap), s.enrolment.registered_on, s.enrolment.pk))


def _refused(
    mentors: list[Enrolment], newcomers: list[Enrolment], *, staying: list[Enrolment], day: date
) -> set[int]:
    theirs = {e.pk for e in newcomers}
    refused: set[int] = set()
    for who in final_refusals(mentors, newcomers, day=day).values():
        for one in who:
            # Those who stay hold their places already: "full" says nothing of them.
            refused.add(one[0] if isinstance(one, tuple) else one)
    apart = restrictions_among([e.profile_id for e in (*mentors, *staying)])
    beside = {e.profile_id for e in staying}
    refused |= {e.pk for e in mentors if any((e.profile_id, other) in apart for other in beside)}
    return refused - theirs


def _with_languages(newcomers: list[Enrolment]) -> Profile:
    rows = Profile.objects.select_related("town").prefetch_related("languages")
    return rows.get(pk=newcomers[0].profile_id)


def _worse(overlap: Overlap) -> tuple[int, int, int, float]:
    """The fewer shared, the later: languages, half-days, topics, then the way."""
    slots = set(overlap.mentor_slots) & set(overlap.newcomer_slots)
    km = overlap.kilometres if overlap.kilometres is not None else float("inf")
    return -len(overlap.languages[:1]), -len(slots), -len(overlap.topics_met), km


def people_to_join(pairing: Pairing, *, actor: Actor) -> list[Enrolment]:
    """Those of its programme with a free place who do not take part; those of one household first."""
    here = members_now(pairing)
    rows = Enrolment.objects.looked_after_by(actor).filter(programme=pairing.programme_id).in_play()
    others = rows.with_a_free_place().exclude(pk__in=[m.enrolment_id for m in here])
    homes = {m.enrolment.profile.household_id for m in here} - {None}
    people = others.exclude(profile__person=actor.person_id).select_related("profile")
    return sorted(
        people.order_by("profile__sort_key", "pk"), key=lambda e: e.profile.household_id not in homes
    )


def thanks_for(part: Part, *, now: datetime) -> Thanks | None:
    """None while they take part, and where it ended so that nothing is printed."""
    if part.until is None or part.is_unspoken:
        return None
    profile, programme = part.member.enrolment.profile, part.pairing.programme
    met = Meeting.objects.filter(pairing=part.pairing, state=MeetingState.HELD)
    office = programme.organisation
    return Thanks(
        name=profile.full_name,
        programme=programme.name,
        organisation=office.name,
        since=office.today(part.since),
        until=office.today(part.until),
        meetings=met.filter(starts_at__lte=now).count(),
        is_mentor=part.member.side == Side.MENTOR,
    )


def may_print_thanks(actor: Actor, part: Part) -> bool:
    """Whoever it is for, and staff."""
    own = actor.person_id == part.member.enrolment.profile.person_id
    return own or actor.has_role(part.pairing.programme.organisation_id, CASE_ROLES)
