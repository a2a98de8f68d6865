"""Group evenings: who can be invited, who is there, and whom each got on with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.meetings.models import Evening, Guest, Liking
from backend.organisations.enums import CASE_ROLES, Role
from backend.people.enums import Purpose
from backend.people.queries import took_back
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.queries import missing_requirements, restrictions_among


@dataclass(frozen=True)
class Match:
    """A newcomer and a mentor of whom at least one noted that they got on. `both`: each did."""

    newcomer: Enrolment
    mentor: Enrolment
    both: bool


@dataclass(frozen=True)
class Other:
    """Somebody who was there, as another guest may know them."""

    guest_id: int
    enrolment: UUID
    called: str


def may_be_invited(programme: Programme, *, day: date) -> list[Enrolment]:
    """Those in play on `day`: of age, their consent not taken back, and mentors cleared. Four queries."""
    rows = Enrolment.objects.filter(programme=programme).in_play().select_related("profile")
    people = list(rows.order_by("-side", "profile__sort_key", "id"))
    missing = missing_requirements(people, day=day)
    unwilling = took_back(Purpose.PROFILE, person_ids=[e.profile.person_id for e in people])
    return [
        e
        for e in people
        if not missing[e.pk]
        and e.profile.is_adult_on(day)
        and (e.profile.person_id, e.profile.organisation_id) not in unwilling
    ]


def programmes_to_plan_for(actor: Actor) -> list[Programme]:
    """Open programmes for which the actor plans evenings, by name. One query."""
    rows = Programme.objects.open().filter(organisation__in=actor.organisations(Role.COORDINATOR))
    return list(rows.order_by("name", "id"))


def those_who_must_not_meet(enrolment_ids: Iterable[int]) -> set[str]:
    """The names of those among them between whom a restriction stands. Two queries."""
    people = Enrolment.objects.filter(pk__in=set(enrolment_ids)).select_related("profile").order_by("pk")
    names = {enrolment.profile_id: enrolment.profile.full_name for enrolment in people}
    return {names[one] for pair in restrictions_among(names) for one in pair}


def evenings_of(actor: Actor) -> QuerySet[Evening]:
    """Evenings of the organisations whose cases the actor works on, the latest first, with their guests."""
    rows = Evening.objects.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
    rows = rows.select_related("programme__organisation", "place")
    there = Q(guests__came=True)
    counted = rows.annotate(invited=Count("guests"), came=Count("guests", filter=there))
    return counted.order_by("-starts_at", "-id")


def access_evening(public_id: UUID, *, actor: Actor) -> Evening:
    """One that the actor may see, as staff or as a guest. Raises Http404."""
    rows = Evening.objects.visible_to(actor).select_related("programme__organisation", "place")
    return get_object_or_404(rows, public_id=public_id)


def guests_of(evening: Evening) -> list[Guest]:
    """Newcomers first, by name. One query."""
    rows = evening.guests.select_related("enrolment__profile")
    return list(rows.order_by("-enrolment__side", "enrolment__profile__sort_key", "id"))


def own_guest(evening: Evening, *, actor: Actor) -> Guest | None:
    """The actor's own place among the guests."""
    rows = evening.guests.filter(enrolment__profile__person=actor.person_id)
    return rows.select_related("enrolment").order_by("id").first()


def others_who_came(guest: Guest) -> list[Other]:
    """Those of the other side who came. They have met, so first names are known."""
    other = Side(guest.enrolment.side).other
    rows = Guest.objects.filter(evening=guest.evening_id, came=True, enrolment__side=other)
    rows = rows.order_by("enrolment__profile__called", "id")
    named = rows.values_list("pk", "enrolment__public_id", "enrolment__profile__called")
    return [Other(*row) for row in named]


def liked_by(guest: Guest) -> set[int]:
    """Ids of the guests whom this one noted."""
    return set(Liking.objects.filter(who=guest).order_by().values_list("whom_id", flat=True))


def likings_of(evening: Evening) -> list[Match]:
    """Who got on with whom, those first of whom both said so. One query."""
    rows = Liking.objects.filter(evening=evening, who__came=True, whom__came=True)
    rows = rows.select_related("who__enrolment__profile", "whom__enrolment__profile").order_by("id")
    said: dict[tuple[int, int], tuple[Enrolment, Enrolment, int]] = {}
    for row in rows:
        one, other = row.who.enrolment, row.whom.enrolment
        newcomer, mentor = (one, other) if one.side == Side.NEWCOMER else (other, one)
        times = said[newcomer.pk, mentor.pk][2] if (newcomer.pk, mentor.pk) in said else 0
        said[newcomer.pk, mentor.pk] = (newcomer, mentor, times + 1)
    found = [Match(newcomer, mentor, times > 1) for newcomer, mentor, times in said.values()]
    return sorted(found, key=lambda match: not match.both)


def invitable_ids(evening: Evening, enrolments: Collection[UUID]) -> list[int]:
    """The ids of these enrolments of its programme; one that is not there counts as 0, which nobody has."""
    rows = Enrolment.objects.filter(programme=evening.programme_id, public_id__in=enrolments)
    return _padded(list(rows.order_by("pk").values_list("pk", flat=True)), enrolments)


def guest_ids(evening: Evening, enrolments: Collection[UUID]) -> list[int]:
    """The ids of its guests with these enrolments; one who is none counts as 0, which nobody has."""
    rows = evening.guests.filter(enrolment__public_id__in=enrolments)
    return _padded(list(rows.order_by("pk").values_list("pk", flat=True)), enrolments)


def _padded(found: list[int], asked: Collection[UUID]) -> list[int]:
    return found if len(found) == len(asked) else [*found, 0]
