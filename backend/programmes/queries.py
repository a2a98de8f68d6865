from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.profiles.models import Profile
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment, Programme


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme and how many are in it: {(side, state): number}."""

    programme: Programme
    numbers: Counter[tuple[str, str]]

    @property
    def mentors(self) -> int:
        return self._current(Side.MENTOR)

    @property
    def newcomers(self) -> int:
        return self._current(Side.NEWCOMER)

    def _current(self, side: str) -> int:
        ended = EnrolmentState.ENDED
        return sum(n for (of, state), n in self.numbers.items() if of == side and state != ended)


def programme_lines(actor: Actor) -> list[ProgrammeLine]:
    """The programmes of the actor's organisations, by name; the closed last. Two queries."""
    programmes = Programme.objects.visible_to(actor).select_related("organisation")
    found = sorted(programmes.order_by("name", "pk"), key=lambda programme: programme.closed_at is not None)
    numbers = _numbers(found)
    return [ProgrammeLine(programme, numbers[programme.pk]) for programme in found]


def programmes_of(organisation_id: int, *, actor: Actor) -> list[Programme]:
    """What one organisation runs, or ran, by name; the closed last."""
    found = Programme.objects.visible_to(actor).filter(organisation=organisation_id).order_by("name", "pk")
    return sorted(found, key=lambda programme: programme.closed_at is not None)


def access_programme(public_id: UUID, *, actor: Actor) -> ProgrammeLine:
    """Raises Http404 when the actor has no role where it is run."""
    programmes = Programme.objects.visible_to(actor).select_related("organisation", "territory")
    programme = get_object_or_404(programmes, public_id=public_id)
    return ProgrammeLine(programme, _numbers([programme])[programme.pk])


def access_enrolment(public_id: UUID, *, profile: Profile) -> Enrolment:
    """One of this person's enrolments. Raises Http404."""
    rows = Enrolment.objects.select_related("programme__organisation", "profile__person")
    return get_object_or_404(rows, profile=profile, public_id=public_id)


def programmes_taking_in(actor: Actor) -> list[Programme]:
    """Programmes, not closed, into which the actor may enrol people, by name."""
    here = Programme.objects.filter(organisation__in=actor.organisations(*CASE_ROLES), closed_at=None)
    return list(here.select_related("organisation").order_by("name", "pk"))


def _numbers(programmes: list[Programme]) -> dict[int, Counter[tuple[str, str]]]:
    counted: dict[int, Counter[tuple[str, str]]] = {programme.pk: Counter() for programme in programmes}
    rows = Enrolment.objects.filter(programme__in=programmes).order_by()
    for row in rows.values("programme_id", "side", "state").annotate(number=Count("pk")):
        counted[row["programme_id"]][row["side"], row["state"]] = row["number"]
    return counted
