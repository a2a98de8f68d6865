"""One person's part in a mentoring: from when until when, and why it ended; also after they left."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from backend.core.actor import Actor
from backend.pairings.enums import OVER, UNSPOKEN, PairingState
from backend.pairings.models import Pairing, PairingEvent, PairingMember


@dataclass(frozen=True)
class Part:
    """`member` is their last seat; `since` the day of their first. `reason` is "" while they take part."""

    pairing: Pairing
    member: PairingMember
    since: datetime
    until: datetime | None
    reason: str

    @property
    def is_over(self) -> bool:
        return self.until is not None

    @property
    def is_unspoken(self) -> bool:
        """Ended so that nothing is asked of them and nothing printed for them."""
        return self.reason in UNSPOKEN


def part_of(pairing: Pairing, *, person_id: int) -> Part | None:
    """Their part in it, or None. Two queries."""
    seats = PairingMember.objects.filter(pairing=pairing, enrolment__profile__person=person_id)
    rows = list(seats.select_related("enrolment__profile").order_by("from_at", "id"))
    if not rows:
        return None
    until, reason = _end_of(pairing, rows[-1])
    return Part(pairing=pairing, member=rows[-1], since=rows[0].from_at, until=until, reason=reason)


def access_own_part(public_id: UUID, *, actor: Actor) -> Part:
    """The actor's own part in a mentoring, also one they left. Raises Http404."""
    rows = Pairing.objects.filter(public_id=public_id).select_related("programme__organisation")
    pairing = rows.first()
    part = part_of(pairing, person_id=actor.person_id) if pairing and actor.person_id else None
    if part is None:
        raise Http404
    return part


def _end_of(pairing: Pairing, last: PairingMember) -> tuple[datetime | None, str]:
    events = PairingEvent.objects.filter(pairing=pairing).order_by("-id")
    if last.until_at is not None and (pairing.ended_at is None or last.until_at < pairing.ended_at):
        left = events.filter(verb="leave", at=last.until_at).first()
        return last.until_at, left.why if left else ""
    if pairing.state not in OVER:
        return None, ""
    # They were told on the day it began to end; the days to say goodbye are no part of it.
    told = events.filter(verb="wind_down").first()
    at = told.at if told else pairing.ended_at
    assert at is not None or pairing.state != PairingState.ENDED, "an ended pairing says when"
    return at, pairing.end_reason
