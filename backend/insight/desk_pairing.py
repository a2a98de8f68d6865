"""What is known to stand between two people before a worker has looked at them."""

from dataclasses import dataclass
from datetime import date

from backend.pairings.enums import Refusal
from backend.pairings.queries import PERSON, obstacles, open_offer_between, tried_before
from backend.programmes.models import Enrolment


@dataclass(frozen=True, slots=True)
class Against:
    """Two enrolments, and what refuses them as far as the engine is not needed to say it."""

    mentor: Enrolment
    newcomer: Enrolment
    refusals: tuple[Refusal, ...]
    is_asked: bool

    @property
    def is_final(self) -> bool:
        return self.is_asked or any(refusal.is_final for refusal in self.refusals)

    def lets_through(self, *, anyway: bool) -> bool:
        """Whether the two may be looked at; what a person may override only when they say so."""
        return not self.is_final and (anyway or not self.refusals)


def against(mentor: Enrolment, newcomer: Enrolment, *, day: date) -> Against:
    """Final refusals of `day`, and whether they were brought together before."""
    people = Enrolment.objects.filter(pk__in=[mentor.pk, newcomer.pk]).select_related(*PERSON, "programme")
    both = people.in_bulk()
    mentor, newcomer = both[mentor.pk], both[newcomer.pk]
    found = obstacles(mentor, newcomer, day=day)
    if (mentor.pk, newcomer.pk) in tried_before(newcomer.programme_id):
        found = (*found, Refusal.ALREADY_TRIED)
    return Against(mentor, newcomer, found, is_asked=open_offer_between(mentor.pk, newcomer.pk) is not None)
