"""What the suggestions desk shows: programmes, open suggestions, one of them with its facts, who is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.pairings.enums import RunState, SuggestionState
from backend.pairings.models import MatchRun, Offer, Suggestion, Unmatched
from backend.pairings.overlap import Overlap, overlap_of
from backend.programmes.criteria import require_of
from backend.programmes.enums import EnrolmentState, Side, Travels
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance

# Decrypted on loading, and of no use in a list.
SEALED = ("born", "phone", "avoid", "notes")


def _sealed(*paths: str) -> list[str]:
    return [f"{path}__{field}" for path in paths for field in SEALED]


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
class Alternative:
    """Another mentor for the same newcomer; `suggested_to` names who the plan gives them to, or is empty."""

    enrolment: Enrolment
    share: float
    suggested_to: str


@dataclass(frozen=True)
class Detail:
    """One suggestion with everything its page says about it."""

    suggestion: Suggestion
    overlap: Overlap
    police_check_until: date | None
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A newcomer whom the latest run found nobody for. `reasons` hold {refusal, excludes, alone}."""

    enrolment: Enrolment
    feasible: int
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


def suggestions_to_decide(actor: Actor) -> int:
    """How many suggestions wait for a decision, for the navigation. One query."""
    return Suggestion.objects.visible_to(actor).open().count()


def open_suggestions(programme_id: int, *, actor: Actor) -> list[Suggestion]:
    """Those to decide, whoever has waited longest first. One query; languages come with `load_languages`."""
    rows = Suggestion.objects.visible_to(actor).open().filter(programme=programme_id)
    return list(
        rows.select_related("newcomer__profile", "mentor__profile")
        .defer(*_sealed("newcomer__profile", "mentor__profile"), "parts", "alternatives")
        .order_by("newcomer__registered_on", "id")
    )


def load_languages(rows: Iterable[Suggestion], *more: Suggestion) -> None:
    """The languages of the newcomers in a list, and of both people of `more`. One query."""
    profiles = [row.newcomer.profile for row in rows]
    profiles += [side.profile for row in more for side in (row.newcomer, row.mentor)]
    prefetch_related_objects(profiles, "languages")


def access_suggestion(public_id: UUID, *, actor: Actor) -> Suggestion:
    """The suggestion with both people and their towns, if the actor may see it. Raises Http404 otherwise."""
    people = [f"{side}__profile__{of}" for side in ("mentor", "newcomer") for of in ("town", "person")]
    rows = Suggestion.objects.visible_to(actor).select_related("programme__organisation", *people)
    checks = Clearance.objects.filter(
        profile=OuterRef("mentor__profile"), kind=RequirementKind.POLICE_CHECK
    ).order_by(F("valid_until").desc(nulls_first=True))
    found = rows.annotate(checked_until=Subquery(checks.values("valid_until")[:1]))
    return get_object_or_404(found, public_id=public_id)


def detail_of(suggestion: Suggestion, *, among: Sequence[Suggestion]) -> Detail:
    """The facts of one suggestion whose languages are loaded; `among` are the open ones. One query."""
    given_to = {row.mentor_id: row.newcomer.profile.called for row in among if row.pk != suggestion.pk}
    return Detail(
        suggestion=suggestion,
        overlap=overlap_of(
            suggestion.mentor.profile,
            suggestion.newcomer.profile,
            both_travel=require_of(suggestion.programme.criteria).get("way") == Travels.BOTH,
        ),
        police_check_until=getattr(suggestion, "checked_until", None),
        alternatives=_alternatives(suggestion, given_to),
    )


def _alternatives(suggestion: Suggestion, given_to: dict[int, str]) -> tuple[Alternative, ...]:
    stored = [row for row in suggestion.alternatives if row["mentor"] != suggestion.mentor_id]
    found = (
        Enrolment.objects.filter(pk__in=[row["mentor"] for row in stored], programme=suggestion.programme_id)
        .select_related("profile__town")
        .defer(*_sealed("profile"))
        .in_bulk()
    )
    return tuple(
        Alternative(
            enrolment=found[row["mentor"]],
            share=float(row.get("share", 0)),
            suggested_to=given_to.get(row["mentor"], ""),
        )
        for row in stored
        if row["mentor"] in found
    )


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
    ordered = rows.defer(*_sealed("newcomer__profile")).order_by("newcomer__registered_on", "id")
    return run, [Left(row.newcomer, row.feasible, tuple(row.reasons)) for row in ordered]


def people_to_pair(programme_id: int, *, side: Side) -> list[Enrolment]:
    """Those of one side who could be put together by hand, by name. One query."""
    rows = Enrolment.objects.filter(programme=programme_id, side=side).in_play().with_a_free_place()
    return list(
        rows.select_related("profile")
        .defer(*_sealed("profile"))
        .order_by("profile__sort_key", "profile_id", "id")
    )


def open_offers(actor: Actor) -> QuerySet[Offer]:
    """The offers that somebody is asked about in the actor's organisations, the first to end first."""
    return (
        Offer.objects.open()
        .filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
        .select_related("programme", "mentor__profile", "newcomer__profile")
        .defer(*_sealed("mentor__profile", "newcomer__profile"))
        .order_by("expires_at", "id")
    )


def access_offer_of_case(public_id: UUID, *, actor: Actor) -> Offer:
    """An offer, open or closed, of the actor's organisations. Raises Http404 for any other."""
    rows = Offer.objects.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
    people = rows.select_related("programme", "mentor__profile", "newcomer__profile")
    return get_object_or_404(people, public_id=public_id)


def is_open(suggestion: Suggestion) -> bool:
    return suggestion.state in (SuggestionState.PROPOSED, SuggestionState.STAGED)
