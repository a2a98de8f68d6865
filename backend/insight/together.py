"""A mentoring as one of its members sees it, while it runs and after its end."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from backend.core.actor import Actor
from backend.pairings.models import Pairing, PairingMember
from backend.pairings.visibility import Card, Stage, card
from backend.programmes.enums import Side


@dataclass(frozen=True)
class Together:
    """`own` is the side of the reader; `others` are the members now, or at the end."""

    pairing: Pairing
    own: Side
    others: tuple[Card, ...]


def access_own_pairing(public_id: UUID, *, actor: Actor, day: date) -> Together:
    """One in which the actor takes part, or took part to the end. Raises Http404. Three queries."""
    people = PairingMember.objects.to_the_end().select_related("enrolment__profile__town__parent")
    members = people.prefetch_related("enrolment__profile__languages").order_by("id")
    rows = Pairing.objects.taken_part_by(actor.person_id).select_related("programme__organisation")
    found = rows.prefetch_related(Prefetch("members", queryset=members)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    mine = [m for m in found.members.all() if m.enrolment.profile.person_id == actor.person_id]
    others = [m for m in found.members.all() if m.enrolment.profile.person_id != actor.person_id]
    return Together(
        pairing=found,
        own=Side(mine[0].side),
        others=tuple(
            card(m.enrolment.profile, of_side=Side(m.side), stage=Stage.TOGETHER, day=day) for m in others
        ),
    )
