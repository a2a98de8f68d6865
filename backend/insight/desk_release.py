"""What a coordinator looks at before a batch goes out: who is in it, who is left, and what would help."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from backend.core.actor import Actor
from backend.insight.desk import DeskProgramme, Left, sealed
from backend.pairings.enums import Refusal, RunState, SuggestionState
from backend.pairings.models import MatchRun, Offer, Suggestion, Unmatched
from backend.pairings.queries import PERSON, final_refusals, waiting_days
from backend.profiles.models import ProfileLanguage
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment


@dataclass(frozen=True, slots=True)
class Staged:
    """One on the list to send; `against` is what stands in the way today."""

    suggestion: Suggestion
    against: tuple[Refusal, ...]
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Of those who wait and share a key: on the list to send, suggested and not decided yet, nobody found."""

    key: str
    to_send: int
    to_decide: int
    nobody: int


@dataclass(frozen=True)
class BeforeRelease:
    """`share` (the mean fit, 0 to 1) and `longest` (days) are of the batch, `longest_left` of the others."""

    staged: tuple[Staged, ...]
    waiting: int
    share: float | None
    longest: int | None
    longest_left: int | None
    left: tuple[Left, ...]
    by_language: tuple[Tally, ...]
    by_wish: tuple[Tally, ...]
    by_town: tuple[Tally, ...]
    advice: tuple[Mapping[str, Any], ...]


def before_release(programme: DeskProgramme, *, day: date) -> BeforeRelease:
    """Everything of the page before a batch is sent. The queries do not grow with the people."""
    staged = _staged(programme.pk)
    waiting = _waiting(programme.pk)
    to_send = {row.newcomer_id for row in staged}
    suggested = {e.pk for e in waiting if getattr(e, "is_suggested", False)} - to_send
    left = [e for e in waiting if e.pk not in to_send]

    def tallied(keys: Callable[[Enrolment], Iterable[str]]) -> tuple[Tally, ...]:
        return _tallied(waiting, keys, to_send, suggested)

    return BeforeRelease(
        staged=tuple(_with_obstacles(staged, day=day)),
        waiting=len(waiting),
        share=sum(row.share for row in staged) / len(staged) if staged else None,
        longest=max((waiting_days(row.newcomer, day=day) for row in staged), default=None),
        longest_left=max((waiting_days(e, day=day) for e in left), default=None),
        left=tuple(_left(e) for e in left if e.pk not in suggested),
        by_language=tallied(_languages),
        by_wish=tallied(lambda e: [_wish(e)]),
        by_town=tallied(lambda e: [e.profile.town.name if e.profile.town else ""]),
        advice=next((tuple(said["advice"]) for e in waiting if (said := _said_of(e))), ()),
    )


def released_at(programme_id: int, at: datetime, *, actor: Actor) -> list[Suggestion]:
    """Those that were sent together at a moment and not taken back since. One query."""
    rows = Suggestion.objects.visible_to(actor).filter(
        programme=programme_id, decided_at=at, state=SuggestionState.RELEASED
    )
    people = rows.select_related("offer", "newcomer__profile", "mentor__profile")
    return list(
        people.defer(*sealed("newcomer__profile", "mentor__profile")).order_by(
            "newcomer__registered_on", "id"
        )
    )


def _staged(programme_id: int) -> list[Suggestion]:
    """Those on the list to send, whoever has waited longest first, with what can refuse them. One query."""
    asked = Offer.objects.open().filter(mentor=OuterRef("mentor"), newcomer=OuterRef("newcomer"))
    people = [f"{side}__{path}" for side in ("mentor", "newcomer") for path in PERSON]
    rows = Suggestion.objects.filter(programme=programme_id).staged().select_related(*people)
    return list(rows.annotate(is_asked=Exists(asked)).order_by("newcomer__registered_on", "id"))


def _with_obstacles(staged: list[Suggestion], *, day: date) -> Iterable[Staged]:
    """What stands in the way of each today, asked once for all."""
    found = final_refusals([row.mentor for row in staged], [row.newcomer for row in staged], day=day)
    for row in staged:
        pair, either = (row.mentor_id, row.newcomer_id), {row.mentor_id, row.newcomer_id}
        against = tuple(refusal for refusal, who in found.items() if pair in who or either & who)
        yield Staged(row, against, is_asked=bool(getattr(row, "is_asked", False)))


def _waiting(programme_id: int) -> list[Enrolment]:
    """The newcomers who wait for somebody, the longest first: town, languages, what is found. One query.

    What the latest run says of somebody it left alone comes with the advice of that run: with nobody left
    alone there is none.
    """
    done = MatchRun.objects.filter(programme=programme_id, state=RunState.DONE)
    latest = done.order_by("-asked_at", "-id").values("pk")[:1]
    said = Unmatched.objects.filter(newcomer=OuterRef("pk"), run=Subquery(latest))
    spoken = ProfileLanguage.objects.filter(profile=OuterRef("profile")).order_by("pk")
    told = JSONObject(feasible="feasible", reasons="reasons", advice="run__advice")
    rows = Enrolment.objects.filter(programme=programme_id, side=Side.NEWCOMER).in_play().with_a_free_place()
    annotated = rows.annotate(
        is_suggested=Exists(Suggestion.objects.open().filter(newcomer=OuterRef("pk"))),
        said=ArraySubquery(said.values(json=told)[:1]),
        spoken=ArraySubquery(spoken.values(json=JSONObject(tag="tag", level="level"))),
    )
    people = annotated.select_related("profile__town").defer(*sealed("profile"))
    return list(people.order_by("registered_on", "id"))


def _said_of(newcomer: Enrolment) -> Mapping[str, Any] | None:
    """What the latest run says of a newcomer it left alone: {feasible, reasons, advice}."""
    return next(iter(getattr(newcomer, "said", ())), None)


def _left(newcomer: Enrolment) -> Left:
    said = _said_of(newcomer)
    if said is None:  # came after the run, or their suggestion was declined
        return Left(newcomer, None, ())
    return Left(newcomer, said["feasible"], tuple(said["reasons"]))


def _tallied(
    waiting: Iterable[Enrolment],
    keys: Callable[[Enrolment], Iterable[str]],
    to_send: set[int],
    suggested: set[int],
) -> tuple[Tally, ...]:
    """Most people first; who has two keys counts in both."""
    counts: dict[str, Counter[str]] = {}
    for e in waiting:
        stands = "to_send" if e.pk in to_send else "to_decide" if e.pk in suggested else "nobody"
        for key in keys(e):
            counts.setdefault(key, Counter())[stands] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return tuple(Tally(key, c["to_send"], c["to_decide"], c["nobody"]) for key, c in ordered)


def _languages(newcomer: Enrolment) -> Iterable[str]:
    """Mother tongues; all languages where none is named as one."""
    rows: list[Mapping[str, str]] = getattr(newcomer, "spoken", [])
    return [row["tag"] for row in rows if row["level"] == "native"] or [row["tag"] for row in rows] or [""]


def _wish(newcomer: Enrolment) -> str:
    """ "f", "f!" where it is required, or "" for no wish."""
    profile = newcomer.profile
    return profile.wishes_gender + ("!" if profile.wish_is_required else "")
