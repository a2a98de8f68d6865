"""The mentors with a free place: what is suggested for each, and whom else they could meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from backend.core.actor import Actor
from backend.insight.desk import open_suggestions, sealed
from backend.insight.desk_detail import Choice, still_waits
from backend.pairings.enums import RunState
from backend.pairings.models import MatchRun, MentorChoice, Suggestion
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment


@dataclass(frozen=True, slots=True)
class FreeMentor:
    """A mentor with a free place, the open suggestions for them, and whom else they could meet."""

    enrolment: Enrolment
    suggestions: tuple[Suggestion, ...]
    choices: tuple[Choice, ...]


def free_mentors(programme_id: int) -> QuerySet[Enrolment]:
    """Those with a free place, by name; to be cut into pages."""
    rows = Enrolment.objects.filter(programme=programme_id, side=Side.MENTOR).in_play().with_a_free_place()
    light = rows.select_related("profile__town").defer(*sealed("profile"))
    return light.order_by("profile__sort_key", "profile_id", "id")


def with_choices(mentors: list[Enrolment], *, programme_id: int, actor: Actor) -> list[FreeMentor]:
    """What is suggested for these mentors, and whom else they could meet. Four queries."""
    rows = open_suggestions(programme_id, actor=actor)
    chosen = _chosen(programme_id, [mentor.pk for mentor in mentors])
    wanted = {row["newcomer"] for newcomers in chosen.values() for row in newcomers}
    found = Enrolment.objects.filter(pk__in=wanted, programme=programme_id).select_related("profile__town")
    people = found.defer(*sealed("profile")).in_bulk()
    given = {row.newcomer_id: row.mentor for row in rows}
    return [
        FreeMentor(
            enrolment=mentor,
            suggestions=tuple(row for row in rows if row.mentor_id == mentor.pk),
            choices=tuple(
                Choice(newcomer, float(row.get("share", 0)), _called(given.get(newcomer.pk)))
                for row in chosen.get(mentor.pk, ())
                if (newcomer := people.get(row["newcomer"])) is not None
                and still_waits(newcomer)
                and given.get(newcomer.pk) != mentor
            ),
        )
        for mentor in mentors
    ]


def _called(mentor: Enrolment | None) -> str:
    return mentor.profile.called if mentor else ""


def _chosen(programme_id: int, mentors: list[int]) -> Mapping[int, list[dict[str, Any]]]:
    """{mentor: [{newcomer, fit, share}]} of the latest run that was done."""
    latest = MatchRun.objects.filter(programme=programme_id, state=RunState.DONE)
    run = latest.order_by("-asked_at", "-id").values("pk")[:1]
    rows = MentorChoice.objects.filter(run__in=run, mentor__in=mentors).order_by("pk")
    return dict(rows.values_list("mentor", "newcomers"))
