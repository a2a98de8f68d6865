"""What the pages about questions to a plan read: a question, its answer, and who is named in either."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.insight.desk import SEALED
from backend.organisations.queries import names_in
from backend.pairings.changes import Change
from backend.pairings.models import WhatIf
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment


@dataclass(frozen=True)
class Question:
    """One question with whoever it or its answer names, by enrolment id; who is gone since is missing."""

    what_if: WhatIf
    change: Change
    people: Mapping[int, Enrolment]
    kept_by: str


def access_question(public_id: UUID, *, actor: Actor) -> Question:
    """A question of the actor's organisations. Raises Http404 for any other. Three queries at most."""
    rows = WhatIf.objects.visible_to(actor).select_related("programme__organisation")
    what_if = get_object_or_404(rows, public_id=public_id)
    change = Change.from_json(what_if.change)
    people = Enrolment.objects.looked_after_by(actor).filter(pk__in=change.people | _named_in(what_if))
    names = names_in(what_if.programme.organisation_id) if what_if.kept_by_id else {}
    return Question(
        what_if=what_if,
        change=change,
        people=people.select_related("profile").defer(*(f"profile__{field}" for field in SEALED)).in_bulk(),
        kept_by=names.get(what_if.kept_by_id or 0, ""),
    )


def _named_in(what_if: WhatIf) -> set[int]:
    """Whose mentor changes; who stays as they are is not named on the page."""
    shifts, against = what_if.result.get("shifts", ()), what_if.result.get("against", ())
    named = {shift[name] for shift in shifts for name in ("newcomer", "mentor_before", "mentor_after")}
    return (named | {row[name] for row in against for name in ("newcomer", "mentor")}) - {None}


def mentors_of(programme_id: int) -> list[Enrolment]:
    """All mentors of a programme by name, whether or not they could take somebody now. One query."""
    rows = Enrolment.objects.filter(programme=programme_id, side=Side.MENTOR).select_related("profile")
    names = rows.defer(*(f"profile__{field}" for field in SEALED))
    return list(names.order_by("profile__sort_key", "profile_id", "id"))
