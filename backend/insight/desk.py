"""What the suggestions desk lists: programmes, open suggestions by where they stand, who is left, offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.core.text import fold
from backend.organisations.enums import CASE_ROLES
from backend.pairings.enums import OPEN_SUGGESTION, Aside, RunState, SuggestionState
from backend.pairings.models import MatchRun, Offer, Suggestion, Unmatched
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment, Programme

# Decrypted on loading, and of no use in a list.
SEALED = ("born", "phone", "avoid", "notes")


def sealed(*paths: str) -> list[str]:
    """What a list of these profiles leaves shut."""
    return [f"{path}__{field}" for path in paths for field in SEALED]


class Section(StrEnum):
    """Where an open suggestion stands in the list."""

    LOOK = "look"
    CALL = "call"
    LATER = "later"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class DeskProgramme:
    """A programme on the desk, with what its latest run came to."""

    pk: int
    public_id: UUID
    organisation_id: int
    name: str
    is_open: bool
    suggestions: int
    run_state: str
    run_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.run_state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def has_failed(self) -> bool:
        return self.run_state == RunState.FAILED


@dataclass(frozen=True, slots=True)
class Left:
    """A newcomer whom the latest run found nobody for. `reasons` hold {refusal, excludes, alone}.

    `feasible` is None for somebody that run knows nothing of.
    """

    enrolment: Enrolment
    feasible: int | None
    reasons: tuple[dict[str, Any], ...]


def desk_programmes(actor: Actor) -> list[DeskProgramme]:
    """The programmes whose suggestions the actor may see, open ones first. One query."""
    runs = MatchRun.objects.filter(programme=OuterRef("pk")).order_by("-asked_at", "-id")
    waiting = Suggestion.objects.open().filter(programme=OuterRef("pk")).order_by().values("programme")
    rows = (
        Programme.objects.filter(organisation__in=actor.organisations(*CASE_ROLES))
        .annotate(
            suggestions_open=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
            run_state=Subquery(runs.values("state")[:1]),
            run_at=Subquery(runs.values("finished_at")[:1]),
        )
        .order_by(F("closed_at").desc(nulls_first=True), F("opened_at").asc(nulls_last=True), "name", "id")
    )
    fields = ("pk", "public_id", "organisation_id", "name", "opened_at", "closed_at")
    values = rows.values(*fields, "suggestions_open", "run_state", "run_at")
    return [
        DeskProgramme(
            pk=row["pk"],
            public_id=row["public_id"],
            organisation_id=row["organisation_id"],
            name=row["name"],
            is_open=row["opened_at"] is not None and row["closed_at"] is None,
            suggestions=row["suggestions_open"],
            run_state=row["run_state"] or "",
            run_at=row["run_at"],
        )
        for row in values
    ]


def suggestions_to_decide(actor: Actor, *, day: date) -> int:
    """How many suggestions wait for a decision, for the navigation. One query."""
    return Suggestion.objects.visible_to(actor).to_look_at(day).count()


def section_of(suggestion: Suggestion, *, day: date) -> Section | None:
    """Where it stands on `day`; None once it is decided. What was put off comes back by itself."""
    if suggestion.state == SuggestionState.STAGED:
        return Section.SEND
    if suggestion.state not in OPEN_SUGGESTION:
        return None
    if suggestion.aside == Aside.CALL:
        return Section.CALL
    until = suggestion.aside_until
    return Section.LATER if until is not None and until > day else Section.LOOK


def by_section(rows: Iterable[Suggestion], *, day: date) -> dict[Section, list[Suggestion]]:
    """Open suggestions by where they stand, each list in the order of `rows`."""
    found: dict[Section, list[Suggestion]] = {section: [] for section in Section}
    for row in rows:
        if section := section_of(row, day=day):
            found[section].append(row)
    return found


def named(rows: Iterable[Suggestion], text: str) -> list[Suggestion]:
    """Those in which the name of one of the two has every word of `text`, accents or not."""
    wanted = fold(text).split()
    return [row for row in rows if all(word in _names(row) for word in wanted)]


def _names(suggestion: Suggestion) -> str:
    people = (suggestion.newcomer.profile, suggestion.mentor.profile)
    return fold(" ".join(name for profile in people for name in (profile.full_name, profile.called)))


def open_suggestions(programme_id: int, *, actor: Actor) -> list[Suggestion]:
    """Those to decide, whoever has waited longest first. One query; languages come with `load_languages`."""
    rows = Suggestion.objects.visible_to(actor).open().filter(programme=programme_id)
    return list(
        rows.select_related("newcomer__profile", "mentor__profile")
        .defer(*sealed("newcomer__profile", "mentor__profile"), "parts", "alternatives")
        .order_by("newcomer__registered_on", "id")
    )


def load_languages(rows: Iterable[Suggestion], *more: Suggestion) -> None:
    """The languages of the newcomers in a list, and of both people of `more`. One query."""
    profiles = [row.newcomer.profile for row in rows]
    profiles += [side.profile for row in more for side in (row.newcomer, row.mentor)]
    prefetch_related_objects(profiles, "languages")


def left_over(programme: DeskProgramme) -> tuple[MatchRun | None, list[Left]]:
    """The latest run that was done, and who got nobody and still waits, the longest first. Two queries."""
    run = (
        MatchRun.objects.filter(programme=programme.pk, state=RunState.DONE)
        .order_by("-asked_at", "-id")
        .first()
    )
    if run is None:
        return None, []
    rows = Unmatched.objects.filter(
        run=run, newcomer__state=EnrolmentState.READY, newcomer__places_taken=0
    ).select_related("newcomer__profile")
    ordered = rows.defer(*sealed("newcomer__profile")).order_by("newcomer__registered_on", "id")
    return run, [Left(row.newcomer, row.feasible, tuple(row.reasons)) for row in ordered]


def people_to_pair(programme_id: int, *, side: Side) -> list[Enrolment]:
    """Those of one side who could be put together by hand, by name. One query."""
    rows = Enrolment.objects.filter(programme=programme_id, side=side).in_play().with_a_free_place()
    return list(
        rows.select_related("profile")
        .defer(*sealed("profile"))
        .order_by("profile__sort_key", "profile_id", "id")
    )


def open_offers(actor: Actor) -> QuerySet[Offer]:
    """The offers that somebody is asked about in the actor's organisations, the first to end first."""
    return (
        Offer.objects.open()
        .filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
        .select_related("programme", "mentor__profile", "newcomer__profile")
        .defer(*sealed("mentor__profile", "newcomer__profile"))
        .order_by("expires_at", "id")
    )


def access_offer_of_case(public_id: UUID, *, actor: Actor) -> Offer:
    """An offer, open or closed, of the actor's organisations. Raises Http404 for any other."""
    rows = Offer.objects.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
    people = rows.select_related("programme", "mentor__profile", "newcomer__profile")
    return get_object_or_404(people, public_id=public_id)


def is_open(suggestion: Suggestion) -> bool:
    return suggestion.state in OPEN_SUGGESTION
