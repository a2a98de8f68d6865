"""One suggestion with everything its page says: facts, others for each of the two, what was said and done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime

from backend.core.actor import Actor
from backend.insight.desk import sealed
from backend.organisations.models import Membership
from backend.pairings.models import MentorChoice, PairingEvent, Suggestion, SuggestionComment
from backend.pairings.overlap import Overlap, overlap_of
from backend.pairings.rules import may_comment
from backend.programmes.criteria import require_of
from backend.programmes.enums import EnrolmentState, Travels
from backend.programmes.models import Enrolment
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance

STEP = ("offer_id", "verb", "at", "name", "why")


@dataclass(frozen=True, slots=True)
class Regret:
    """What choosing somebody else would cost the whole plan, at least."""

    newcomers: int
    fit: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another mentor for the same newcomer; `suggested_to` names who the plan gives them to, or is empty."""

    enrolment: Enrolment
    share: float
    suggested_to: str
    regret: Regret | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Another newcomer for the same mentor; `suggested` names whom the plan gives them, or is empty."""

    enrolment: Enrolment
    share: float
    suggested: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of a colleague."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a suggestion or its offer. `by` is a name, or empty for the system."""

    about: str
    verb: str
    at: datetime
    by: str
    why: str


@dataclass(frozen=True)
class Detail:
    """`changes`: how often the suggestion has changed, so that an old page is known as one."""

    suggestion: Suggestion
    overlap: Overlap
    police_check_until: date | None
    alternatives: tuple[Alternative, ...]
    choices: tuple[Choice, ...]
    comments: tuple[Said, ...]
    steps: tuple[Step, ...]
    changes: int


@dataclass(frozen=True)
class LastStep:
    """The last thing that happened to a suggestion, and how often it has changed."""

    suggestion: Suggestion
    event: PairingEvent
    changes: int


def access_suggestion(public_id: UUID, *, actor: Actor) -> Suggestion:
    """The suggestion with both people, their towns and all that happened, if the actor may see it. One query.

    Raises Http404 otherwise.
    """
    people = [f"{side}__profile__{of}" for side in ("mentor", "newcomer") for of in ("town", "person")]
    rows = Suggestion.objects.visible_to(actor).select_related("programme__organisation", *people)
    checks = Clearance.objects.filter(
        profile=OuterRef("mentor__profile"), kind=RequirementKind.POLICE_CHECK
    ).order_by(F("valid_until").desc(nulls_first=True))
    chosen = MentorChoice.objects.filter(mentor=OuterRef("mentor")).order_by(
        "-run__asked_at", "-run_id", "-id"
    )
    found = rows.annotate(
        checked_until=Subquery(checks.values("valid_until")[:1]),
        chosen=Subquery(chosen.values("newcomers")[:1]),
        steps=ArraySubquery(_steps().values(json=JSONObject(**{name: name for name in STEP}))),
    )
    return get_object_or_404(found, public_id=public_id)


def detail_of(suggestion: Suggestion, *, among: Sequence[Suggestion], actor: Actor) -> Detail:
    """The facts of one from `access_suggestion`, languages loaded; `among` are the open ones. Two queries."""
    chosen: list[dict[str, Any]] = getattr(suggestion, "chosen", None) or []
    people = _people(
        suggestion, [row["mentor"] for row in suggestion.alternatives], [row["newcomer"] for row in chosen]
    )
    steps = tuple(_step(row) for row in getattr(suggestion, "steps", ()))
    return Detail(
        suggestion=suggestion,
        overlap=overlap_of(
            suggestion.mentor.profile,
            suggestion.newcomer.profile,
            both_travel=require_of(suggestion.programme.criteria).get("way") == Travels.BOTH,
        ),
        police_check_until=getattr(suggestion, "checked_until", None),
        alternatives=tuple(_alternatives(suggestion, people, among)),
        choices=tuple(_choices(suggestion, chosen, people, among)),
        comments=tuple(_comments(suggestion)) if may_comment(actor, suggestion) else (),
        steps=steps,
        changes=sum(step.about == "suggestion" for step in steps),
    )


def last_step(public_id: UUID, *, actor: Actor) -> LastStep | None:
    """What happened last to a suggestion, if the actor may see it. Two queries."""
    rows = Suggestion.objects.visible_to(actor).filter(public_id=public_id)
    people = rows.select_related("programme", "mentor__profile", "newcomer__profile")
    suggestion = people.defer(*sealed("mentor__profile", "newcomer__profile")).first()
    events = list(suggestion.events.order_by("id")) if suggestion else []
    if suggestion is None or not events:
        return None
    return LastStep(suggestion, events[-1], len(events))


def _people(suggestion: Suggestion, mentors: list[int], newcomers: list[int]) -> dict[int, Enrolment]:
    """Those of the programme by id, with their towns."""
    rows = Enrolment.objects.filter(pk__in=[*mentors, *newcomers], programme=suggestion.programme_id)
    return rows.select_related("profile__town").defer(*sealed("profile")).in_bulk()


def _alternatives(
    suggestion: Suggestion, people: Mapping[int, Enrolment], among: Sequence[Suggestion]
) -> Iterable[Alternative]:
    given_to = {row.mentor_id: row.newcomer.profile.called for row in among if row.pk != suggestion.pk}
    for row in suggestion.alternatives:
        mentor = people.get(row["mentor"])
        if mentor is not None and mentor.pk != suggestion.mentor_id:
            regret = row.get("regret")
            yield Alternative(
                enrolment=mentor,
                share=float(row.get("share", 0)),
                suggested_to=given_to.get(mentor.pk, ""),
                regret=Regret(int(regret["newcomers"]), float(regret["fit"])) if regret else None,
            )


def _choices(
    suggestion: Suggestion,
    chosen: Sequence[Mapping[str, Any]],
    people: Mapping[int, Enrolment],
    among: Sequence[Suggestion],
) -> Iterable[Choice]:
    given = {row.newcomer_id: row.mentor.profile.called for row in among if row.pk != suggestion.pk}
    for row in chosen:
        newcomer = people.get(row["newcomer"])
        if newcomer is not None and newcomer.pk != suggestion.newcomer_id and still_waits(newcomer):
            yield Choice(newcomer, float(row.get("share", 0)), given.get(newcomer.pk, ""))


def still_waits(newcomer: Enrolment) -> bool:
    return newcomer.state == EnrolmentState.READY and newcomer.places_free > 0


def _comments(suggestion: Suggestion) -> Iterable[Said]:
    rows = SuggestionComment.objects.filter(suggestion=suggestion)
    named = rows.annotate(name=_name_of("by", suggestion.programme.organisation_id))
    return (Said(row.name or "", row.at, row.text) for row in named.order_by("at", "id"))


def _steps() -> QuerySet[PairingEvent]:
    """What happened to the suggestion of the outer query and to the offer that came of it, oldest first."""
    about = Q(suggestion=OuterRef("pk")) | Q(offer__suggestion=OuterRef("pk"))
    roles = Membership.objects.filter(
        person=OuterRef("by"), organisation=OuterRef(OuterRef("programme__organisation"))
    )
    named = Subquery(roles.order_by("-id").values("name")[:1])
    return PairingEvent.objects.filter(about).annotate(name=named).order_by("at", "id")


def _step(row: Mapping[str, Any]) -> Step:
    at = parse_datetime(row["at"])
    assert at is not None, "PostgreSQL writes moments as ISO 8601"
    about = "offer" if row["offer_id"] else "suggestion"
    return Step(about, row["verb"], at, row["name"] or "", row["why"])


def _name_of(field: str, organisation_id: int) -> Subquery:
    """What colleagues there call the person of a row."""
    roles = Membership.objects.filter(person=OuterRef(field), organisation=organisation_id)
    return Subquery(roles.order_by("-id").values("name")[:1])
