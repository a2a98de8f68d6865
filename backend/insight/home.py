"""What a newcomer or a mentor finds at home: offers to answer, mentorings, and what is still missing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from backend.core.actor import Actor
from backend.messaging.announcements import unread_announcements
from backend.organisations.enums import Role
from backend.organisations.models import Membership
from backend.pairings.enums import PairingState, TransferState
from backend.pairings.models import Offer, Pairing, PairingMember, Transfer
from backend.pairings.overlap import Overlap, overlap_of
from backend.pairings.rules import own_side
from backend.pairings.visibility import Card, Stage, card, stage_of
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment
from backend.safeguarding.queries import missing_requirements
from backend.territories.distance import Band, band

PEOPLE = ("programme", "mentor__profile__town__parent", "newcomer__profile__town__parent")


@dataclass(frozen=True, slots=True)
class Mentoring:
    """A running mentoring, as one of its members sees it."""

    public_id: UUID
    others: tuple[Card, ...]
    is_paused: bool
    open_until: datetime | None = None  # while it comes to an end: so long they may write


@dataclass(frozen=True, slots=True)
class Place:
    """One's own place in a programme; `missing` are kinds of requirement, which staff record."""

    side: Side
    state: str
    organisation: str
    programme: str
    missing: tuple[str, ...]
    coordinators: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not self.missing and self.state in (EnrolmentState.READY, EnrolmentState.APPLIED)


@dataclass(frozen=True, slots=True)
class Home:
    called: str
    offers: tuple[UUID, ...]
    mentorings: tuple[Mentoring, ...]
    places: tuple[Place, ...]
    messages: tuple[tuple[UUID, str], ...]  # unread ones to many: (public id, the organisation's name)
    moves: tuple[UUID, ...] = ()  # to read and to answer


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An offer as one of the two may see it. `overlap.kilometres` is for staff; here only `way` is shown."""

    offer: Offer
    own: Side
    card: Card
    own_card: Card
    overlap: Overlap
    way: Band | None
    pairing: UUID | None


def home_of(*, actor: Actor, day: date) -> Home:
    """The home of a person with a place in some programme. Nine queries, however many there are."""
    # The moves come along with the enrolments: one question less on the page that everybody opens most.
    moves = _moves_to_answer(actor)
    enrolments: list[Any] = list(
        Enrolment.objects.filter(profile__person=actor.person_id)
        .annotate(moves=ArraySubquery(moves))
        .exclude(state=EnrolmentState.ENDED)
        .select_related("profile", "programme__organisation")
        .order_by("id")
    )
    called = enrolments[0].profile.called if enrolments else ""
    waiting = Offer.objects.open().awaiting(actor.person_id).order_by("expires_at", "id")
    return Home(
        called=called,
        offers=tuple(waiting.values_list("public_id", flat=True)),
        mentorings=_mentorings(actor, day),
        places=_places(enrolments, day),
        messages=tuple(unread_announcements(actor).values_list("public_id", "organisation__name")),
        moves=tuple(enrolments[0].moves if enrolments else moves),
    )


def _mentorings(actor: Actor, day: date) -> tuple[Mentoring, ...]:
    running = Pairing.objects.of_person(actor.person_id).running().order_by()
    members = (
        PairingMember.objects.filter(pairing__in=running.values("pk"), until_at=None)
        .exclude(enrolment__profile__person=actor.person_id)
        .select_related("pairing", "enrolment__profile__town__parent")
        .prefetch_related("enrolment__profile__languages")
        .order_by("-pairing__started_at", "-pairing_id", "id")
    )
    others: dict[Pairing, list[Card]] = {}
    for member in members:
        seen = card(member.enrolment.profile, of_side=Side(member.side), stage=Stage.TOGETHER, day=day)
        others.setdefault(member.pairing, []).append(seen)
    return tuple(
        Mentoring(
            row.public_id,
            tuple(cards),
            row.state == PairingState.PAUSED,
            row.closes_at if row.state == PairingState.WINDING_DOWN else None,
        )
        for row, cards in others.items()
    )


def _moves_to_answer(actor: Actor) -> QuerySet[Transfer, UUID]:
    own = Transfer.objects.filter(profile__person=actor.person_id, state=TransferState.ASKING)
    return own.order_by("id").values_list("public_id", flat=True)


def _places(enrolments: list[Enrolment], day: date) -> tuple[Place, ...]:
    missing = missing_requirements(enrolments, day=day)
    staff: dict[int, list[str]] = {}
    rows = Membership.objects.filter(
        organisation__in={e.programme.organisation_id for e in enrolments}, role=Role.COORDINATOR
    ).active_on(day)
    for organisation_id, name in rows.order_by("id").values_list("organisation", "name"):
        staff.setdefault(organisation_id, []).append(name)
    return tuple(
        Place(
            side=Side(e.side),
            state=e.state,
            organisation=e.programme.organisation.name,
            programme=e.programme.name,
            missing=missing[e.pk],
            coordinators=tuple(staff.get(e.programme.organisation_id, ())),
        )
        for e in enrolments
    )


def offer_seen_by(offer: Offer, *, actor: Actor, day: date) -> OfferSeen | None:
    """The offer as the actor, one of the two, may see it today; None for anybody else.

    `offer` is one of those visible to the actor, with `PEOPLE` loaded.
    """
    side = own_side(actor, offer)
    if side is None:
        return None
    mentor, newcomer = offer.mentor.profile, offer.newcomer.profile
    own, other = (mentor, newcomer) if side == Side.MENTOR else (newcomer, mentor)
    stage = stage_of(offer, actor=actor)
    seen = card(other, of_side=side.other, stage=stage, day=day)
    way = band(own.town, other.town) if own.town and other.town else None
    # Where the card hides the town, "same town" would tell it.
    is_hidden = other.town is not None and seen.area != other.town.name
    if is_hidden and way is Band.SAME_TOWN:
        way = Band.UP_TO_5
    return OfferSeen(
        offer=offer,
        own=side,
        card=seen,
        own_card=card(own, of_side=side, stage=Stage.TOGETHER, day=day),
        overlap=overlap_of(mentor, newcomer),
        way=way,
        pairing=offer.pairing.public_id if stage is Stage.TOGETHER else None,
    )
