"""Somebody takes a seat in a mentoring that the caller has locked, or leaves it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from backend.core.actor import Actor
from backend.core.live import publish_on_commit
from backend.pairings import joining
from backend.pairings.actions.locks import NotSuitable, PlaceTaken
from backend.pairings.enums import UNSPOKEN, EndReason, MemberRole, Refusal
from backend.pairings.events import note
from backend.pairings.models import Pairing, PairingMember
from backend.pairings.proofs import members_now
from backend.pairings.queries import obstacles
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.safeguarding.enums import RestrictionKind
from backend.safeguarding.queries import restrictions_among

APART = {RestrictionKind.BLOCK: Refusal.BLOCKED, RestrictionKind.AVOID: Refusal.TO_AVOID}


def require_suitable(newly: Enrolment, members: list[PairingMember], *, now: datetime) -> None:
    """Ask again what stands between `newly` and each of `members`. Raises NotSuitable.

    With those of their own side nothing must match, but two who must never meet do not meet here either.
    """
    day = newly.programme.organisation.today(now)
    against: set[Refusal] = set()
    for member in members:
        if member.side == newly.side:
            continue
        both = {newly.side: newly, member.side: member.enrolment}
        against |= set(obstacles(both[Side.MENTOR], both[Side.NEWCOMER], day=day))
    beside = {m.enrolment.profile_id for m in members} | {newly.profile_id}
    for (one, _other), kind in restrictions_among(beside).items():
        if one == newly.profile_id:
            against.add(APART[kind])
    # Whether a place is free is said by the database alone; members hold theirs already.
    if against := against - {Refusal.FULL}:
        raise NotSuitable(sorted(against, key=list(Refusal).index))


def take_seat(pairing: Pairing, newly: Enrolment, *, role: MemberRole, now: datetime) -> PairingMember:
    """Raises PlaceTaken."""
    # Race: the last free place of this person is taken by an offer or another mentoring at this moment. The
    # trigger counts, and its constraint lets one through.
    try:
        with transaction.atomic():
            return PairingMember.objects.create(
                pairing=pairing, enrolment=newly, side=newly.side, role=role, from_at=now
            )
    except IntegrityError as refused:
        raise PlaceTaken from refused


def leave_seat(member: PairingMember, *, now: datetime) -> None:
    member.until_at = now
    member.save(update_fields=["until_at"])


def leave(pairing: Pairing, member: PairingMember, *, reason: EndReason, actor: Actor, now: datetime) -> None:
    """Take one of several out of the pairing; they and those who stay are told."""
    leave_seat(member, now=now)
    note(pairing, "leave", actor=actor, now=now, before=pairing.state, why=reason)
    joining.somebody_left(
        pairing,
        name=member.enrolment.profile.called,
        who=member.enrolment.profile.person_id,
        others=persons_in(members_now(pairing)),
        may_evaluate=reason not in UNSPOKEN,
    )


def is_last_of_side(member: PairingMember, members: list[PairingMember]) -> bool:
    """Whether nobody of their side would be left; interpreters alone are no mentoring."""
    carry_on = {m.pk for m in members if m.side == member.side and m.role != MemberRole.INTERPRETER}
    return member.role != MemberRole.INTERPRETER and carry_on == {member.pk}


def names_in(members: list[PairingMember]) -> list[str]:
    return [m.enrolment.profile.called for m in members]


def persons_in(members: list[PairingMember]) -> list[int]:
    return [m.enrolment.profile.person_id for m in members]


def tell_pages(pairing: Pairing, people: list[int]) -> None:
    for person_id in people:
        publish_on_commit(person_id=person_id, event={"type": "pairing", "id": str(pairing.public_id)})
