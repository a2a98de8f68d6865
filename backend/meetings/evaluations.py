"""What members say at the end: who may say it, and who reads it. The other member never does."""

from dataclasses import dataclass

from backend.core.actor import Actor
from backend.meetings.models import Evaluation
from backend.organisations.enums import CASE_ROLES
from backend.pairings.models import Pairing
from backend.pairings.parts import Part
from backend.people.enums import Channel

LOWEST, HIGHEST = 1, 5
LONGEST = 2000


@dataclass(frozen=True)
class Said:
    """match, programme: 1 (not at all) to 5 (very). again: None where they do not know."""

    match: int
    programme: int
    again: bool | None = None
    text: str = ""


def may_evaluate(actor: Actor, part: Part, *, recorded: bool) -> bool:
    """Each for themselves; staff record what somebody else told them."""
    is_own = actor.person_id is not None and actor.person_id == part.member.enrolment.profile.person_id
    if recorded:
        return not is_own and actor.has_role(part.pairing.programme.organisation_id, CASE_ROLES)
    return is_own and not part.is_unspoken


def may_read_evaluations(actor: Actor, pairing: Pairing) -> bool:
    """Staff, and never in a mentoring in which they took part themselves, also after its end."""
    took_part = pairing.members.filter(enrolment__profile__person=actor.person_id)
    return actor.has_role(pairing.programme.organisation_id, CASE_ROLES) and not took_part.exists()


def has_evaluated(part: Part) -> bool:
    person = part.member.enrolment.profile.person_id
    return Evaluation.objects.filter(pairing=part.pairing, person=person).exists()


def evaluations_of(pairing: Pairing, *, actor: Actor) -> list[Evaluation]:
    """For staff; none for anybody else."""
    if not may_read_evaluations(actor, pairing):
        return []
    return list(Evaluation.objects.filter(pairing=pairing).order_by("id"))


def is_recorded(evaluation: Evaluation) -> bool:
    return evaluation.channel != Channel.SELF
