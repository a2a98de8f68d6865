"""Members join and leave a mentoring that goes on: a couple, siblings, an interpreter, a stand-in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, require
from backend.pairings import joining
from backend.pairings.actions.clearances import settle_proofs
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.actions.pairings import finish
from backend.pairings.actions.seats import (
    is_last_of_side,
    leave,
    leave_seat,
    names_in,
    persons_in,
    require_suitable,
    take_seat,
    tell_pages,
)
from backend.pairings.enums import LASTING, UNSPOKEN, EndReason, MemberRole
from backend.pairings.events import Told, note
from backend.pairings.models import Pairing, PairingMember
from backend.pairings.overtaken import overtaken
from backend.pairings.proofs import members_now
from backend.pairings.rules import may_change_members
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment


class NotAMember(BadInput):
    code = "not_a_member"
    sentence = _("This person does not take part here. Reload the page to see who does.")


class OnlyForMentors(BadInput):
    code = "only_for_mentors"
    sentence = _("A stand-in takes the place of a mentor. Choose a mentor for a mentor.")


@transaction.atomic
def add_member(
    *,
    pairing_id: int,
    enrolment_id: int,
    role: MemberRole = MemberRole.MEMBER,
    told: Told,
    others_told: Told,
    actor: Actor,
    now: datetime,
) -> PairingMember:
    """Let somebody of the programme join, on their own side, with everybody's yes as staff heard it.

    `told` is how whoever joins said yes, `others_told` how those who are there did. They take a place like
    anybody else. Joining twice changes nothing.
    Raises NotAllowed, NotSuitable, PlaceTaken, Overtaken.
    """
    pairing = lock_pairing(pairing_id, enrolment_id)
    newly = _joining(pairing, enrolment_id, actor=actor)
    here = members_now(pairing)
    if known := _seat_of(enrolment_id, here):
        return known
    if pairing.state not in LASTING:
        raise overtaken(pairing, actor=actor)
    require_suitable(newly, here, now=now)
    member = take_seat(pairing, newly, role=role, now=now)
    _note_yes(pairing, "join", told=told, others_told=others_told, actor=actor, now=now)
    joining.somebody_joined(
        pairing,
        name=newly.profile.called,
        names=names_in(here),
        who=newly.profile.person_id,
        others=persons_in(here),
    )
    _afterwards(pairing, [*here, member], now=now)
    return member


@transaction.atomic
def member_leaves(
    *, pairing_id: int, member_id: int, reason: EndReason, actor: Actor, now: datetime
) -> Pairing:
    """Somebody takes part no longer; the mentoring ends when nobody of their side is left.

    Leaving twice changes nothing. Raises NotAllowed, NotAMember, Overtaken.
    """
    pairing = lock_pairing(pairing_id)
    require(may_change_members(actor, pairing))
    member, here = _member(pairing, member_id), members_now(pairing)
    if member.until_at is not None:
        return pairing
    if pairing.state not in LASTING:
        raise overtaken(pairing, actor=actor)
    if is_last_of_side(member, here):
        finish(pairing, reason=reason, actor=actor, now=now)
        return pairing
    leave(pairing, member, reason=reason, actor=actor, now=now)
    _afterwards(pairing, here, now=now)
    return pairing


@transaction.atomic
def replace_mentor(
    *,
    pairing_id: int,
    member_id: int,
    enrolment_id: int,
    reason: EndReason,
    role: MemberRole = MemberRole.STAND_IN,
    told: Told,
    others_told: Told,
    actor: Actor,
    now: datetime,
) -> PairingMember:
    """A mentor leaves and another comes the same day: in one step, so that nobody is alone in between.

    The same stand-in twice changes nothing.
    Raises NotAllowed, NotAMember, OnlyForMentors, NotSuitable, PlaceTaken, Overtaken.
    """
    # Race: two colleagues find two stand-ins for the one who leaves. The second finds the seat empty.
    pairing = lock_pairing(pairing_id, enrolment_id)
    newly = _joining(pairing, enrolment_id, actor=actor)
    leaving, here = _member(pairing, member_id), members_now(pairing)
    # An interpreter in a mentor's place would leave a mentoring without a mentor.
    is_mentor = MemberRole.INTERPRETER not in (leaving.role, role)
    require(is_mentor and leaving.side == newly.side == Side.MENTOR, OnlyForMentors)
    if leaving.until_at is not None and (known := _seat_of(enrolment_id, here)):
        return known
    if pairing.state not in LASTING or leaving.until_at is not None or _seat_of(enrolment_id, here):
        raise overtaken(pairing, actor=actor)
    staying = [m for m in here if m.pk != leaving.pk]
    require_suitable(newly, staying, now=now)
    leave_seat(leaving, now=now)
    note(pairing, "leave", actor=actor, now=now, before=pairing.state, why=reason)
    member = take_seat(pairing, newly, role=role, now=now)
    _note_yes(pairing, "stand_in", told=told, others_told=others_told, actor=actor, now=now)
    before = leaving.enrolment.profile
    joining.somebody_stands_in(
        pairing, name=newly.profile.called, before=before.called, to=persons_in(staying)
    )
    joining.you_joined(pairing, names=names_in(staying), who=newly.profile.person_id)
    joining.you_left(pairing, who=before.person_id, may_evaluate=reason not in UNSPOKEN)
    _afterwards(pairing, [*here, member], now=now)
    return member


def _joining(pairing: Pairing, enrolment_id: int, *, actor: Actor) -> Enrolment:
    """Whoever is to join. Raises NotAllowed, also for colleagues who would join themselves."""
    rows = Enrolment.objects.select_related("profile", "programme__organisation")
    newly = rows.get(pk=enrolment_id)
    require(may_change_members(actor, pairing) and newly.profile.person_id != actor.person_id)
    return newly


def _member(pairing: Pairing, member_id: int) -> PairingMember:
    rows = PairingMember.objects.filter(pairing=pairing).select_related("enrolment__profile")
    member = rows.filter(pk=member_id).first()
    if member is None:
        raise NotAMember
    return member


def _seat_of(enrolment_id: int, members: list[PairingMember]) -> PairingMember | None:
    return next((m for m in members if m.enrolment_id == enrolment_id), None)


def _note_yes(
    pairing: Pairing, verb: str, *, told: Told, others_told: Told, actor: Actor, now: datetime
) -> None:
    """Two rows: how those who are there said yes, and how the new one did."""
    state = pairing.state
    note(pairing, "others_agree", actor=actor, now=now, before=state, told=others_told)
    note(pairing, verb, actor=actor, now=now, before=state, told=told)


def _afterwards(pairing: Pairing, members: list[PairingMember], *, now: datetime) -> None:
    settle_proofs(pairing, now=now, says_thanks=False)
    tell_pages(pairing, persons_in(members))
