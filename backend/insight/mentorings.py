"""The mentorings of the actor's organisations, and what happened in each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.insight.heard import with_heard
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership
from backend.pairings.enums import RUNNING
from backend.pairings.models import Pairing, PairingEvent, PairingMember
from backend.programmes.enums import Side

SEALED = [f"enrolment__profile__{field}" for field in ("born", "phone", "avoid", "notes")]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a mentoring, its offer or its suggestion. `by` is a name, or empty for the system."""

    about: str
    verb: str
    at: datetime
    by: str
    why: str
    first_side: str
    channel: str
    language: str


def mentorings_of(actor: Actor, *, ended: bool) -> QuerySet[Pairing]:
    """Running ones, those quiet longest first, or ended ones, the latest first. Two queries when read."""
    rows = _of_cases(actor)
    if ended:
        return rows.exclude(state__in=RUNNING).order_by("-ended_at", "-id")
    heard: QuerySet[Pairing] = with_heard(rows.filter(state__in=RUNNING)).order_by("heard_at", "id")
    return heard


def access_mentoring(public_id: UUID, *, actor: Actor) -> Pairing:
    """A mentoring of the actor's organisations. Raises Http404 for any other."""
    return get_object_or_404(_of_cases(actor).select_related("offer"), public_id=public_id)


def history_of(pairing: Pairing) -> list[Happening]:
    """What happened, the latest first, from the suggestion on. Two queries."""
    about = Q(pairing=pairing)
    if pairing.offer is not None:
        about |= Q(offer=pairing.offer_id) | Q(suggestion=pairing.offer.suggestion_id)
    events = list(PairingEvent.objects.filter(about).order_by("-at", "-id"))
    names = _names(pairing, {event.by_id for event in events if event.by_id is not None})
    return [
        Happening(
            about=_about(event),
            verb=event.verb,
            at=event.at,
            by=names.get(event.by_id or 0, ""),
            why=event.why,
            first_side=pairing.offer.first_side if pairing.offer else Side.MENTOR,
            channel=event.channel,
            language=event.language,
        )
        for event in events
    ]


def _of_cases(actor: Actor) -> QuerySet[Pairing]:
    members = (
        PairingMember.objects.select_related("enrolment__profile").defer(*SEALED).order_by("-side", "id")
    )
    # Never their own: a colleague who is or was a member reads no more of it than the other member.
    own = PairingMember.objects.filter(enrolment__profile__person=actor.person_id).order_by()
    return (
        Pairing.objects.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
        .exclude(pk__in=own.values("pairing"))
        .select_related("programme__organisation", "conversation")
        .prefetch_related(Prefetch("members", queryset=members.order_by("-side", "id")))
    )


def _about(event: PairingEvent) -> str:
    return "pairing" if event.pairing_id else "offer" if event.offer_id else "suggestion"


def _names(pairing: Pairing, person_ids: set[int]) -> dict[int, str]:
    """What to call those who acted: colleagues by their name there, the members by their first name."""
    rows = Membership.objects.filter(
        organisation=pairing.programme.organisation_id,
        person__in=person_ids,
    )
    names = dict(rows.order_by("id").values_list("person", "name"))
    for member in pairing.members.all():
        names[member.enrolment.profile.person_id] = member.enrolment.profile.called
    return names
