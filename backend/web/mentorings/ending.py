"""How it ends, who comes and goes, and what members said then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.meetings.evaluations import evaluations_of
from backend.meetings.models import Evaluation
from backend.pairings.enums import LASTING, UNSPOKEN, MemberRole, PairingState
from backend.pairings.models import Pairing, PairingMember
from backend.pairings.rules import may_change_members
from backend.programmes.enums import Side
from backend.web.shell import words
from backend.web.shell.request import Request
from backend.web.together.forms import AGAIN, FIVE


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one member said, or where it is recorded."""

    name: str
    facts: list[tuple[words.Text, words.Text]]
    text: str
    record: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A member now, and where they leave or get a stand-in."""

    name: str
    role: words.Text
    leave: str
    stand_in: str


def part(request: Request, found: Pairing) -> dict[str, Any]:
    """What `mentorings/_ending.html` shows."""
    lasts = found.state in LASTING
    may = may_change_members(request.actor, found)
    return {
        "open_until": found.closes_at if found.state == PairingState.WINDING_DOWN else None,
        "grace_until": found.grace_until,
        "reason": found.end_reason,
        "seats": [_seat(found, member) for member in _now(found)] if lasts and may else [],
        "opinions": _opinions(request, found),
    }


def _now(found: Pairing) -> list[PairingMember]:
    return [m for m in found.members.all() if m.until_at is None]


def _seat(found: Pairing, member: PairingMember) -> Seat:
    of = [found.public_id, member.enrolment.public_id]
    is_mentor = member.side == Side.MENTOR and member.role != MemberRole.INTERPRETER
    return Seat(
        name=member.enrolment.profile.full_name,
        role=MemberRole(member.role).label if member.role != MemberRole.MEMBER else "",
        leave=reverse("mentorings:leave", args=of),
        stand_in=reverse("mentorings:stand_in", args=of) if is_mentor else "",
    )


def _opinions(request: Request, found: Pairing) -> list[Opinion]:
    """Those whose part is over: what they said, in the order in which they joined."""
    said = {row.person_id: row for row in evaluations_of(found, actor=request.actor)}
    over = found.state not in LASTING
    gone = {m.enrolment_id: m for m in found.members.all() if over or m.until_at is not None}
    here = set() if over else {m.enrolment_id for m in _now(found)}
    return [
        _opinion(found, m, said.get(m.enrolment.profile.person_id))
        for pk, m in gone.items()
        if pk not in here
    ]


def _opinion(found: Pairing, member: PairingMember, said: Evaluation | None) -> Opinion:
    of, profile = [found.public_id, member.enrolment.public_id], member.enrolment.profile
    return Opinion(
        name=profile.full_name,
        facts=_facts(said) if said else [],
        text=said.text if said else "",
        record="" if said else reverse("mentorings:evaluation", args=of),
        certificate="" if found.end_reason in UNSPOKEN else reverse("mentorings:thanks", args=of),
    )


def _facts(said: Evaluation) -> list[tuple[words.Text, words.Text]]:
    five = dict(FIVE)
    again = {True: AGAIN[0][1], False: AGAIN[1][1], None: AGAIN[2][1]}[said.again]
    return [
        (_("Suited each other"), five[str(said.match)]),
        (_("The programme helped"), five[str(said.programme)]),
        (_("Would do it again"), again),
        (_("How"), said.get_channel_display()),
    ]
