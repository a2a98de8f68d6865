"""Suggestions gathered on a list, and sent together: what cannot go stays, and says why."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.core.actor import Actor
from backend.core.errors import Expected, require
from backend.pairings.actions.locks import lock_enrolments, lock_suggestion
from backend.pairings.actions.suggestions import (
    IN_SIGHT,
    approve_suggestion,
    require_can_go,
    undo_decision,
)
from backend.pairings.enums import SUGGESTION_MOVES, SuggestionState
from backend.pairings.events import move, require_unchanged
from backend.pairings.models import Suggestion
from backend.pairings.overtaken import overtaken
from backend.pairings.rules import may_decide, may_run_matching
from backend.programmes.models import Programme


@dataclass(frozen=True)
class Kept:
    """One that did not go along, and why."""

    suggestion: Suggestion
    why: Expected


@dataclass(frozen=True)
class Batch:
    """What came of many at once, each by itself."""

    done: tuple[Suggestion, ...]
    kept: tuple[Kept, ...]


@transaction.atomic
def stage_suggestion(
    *, suggestion_id: int, actor: Actor, now: datetime, seen: int | None = None
) -> Suggestion:
    """Put it on the list to send; nobody is asked and no place is taken yet. Twice changes nothing.

    Raises NotAllowed, Overtaken, and what stands in the way of approving it today.
    """
    # Race: a colleague decides at this moment. The lock and the table of states let one of the two through.
    suggestion = lock_suggestion(suggestion_id)
    require(may_decide(actor, suggestion))
    if suggestion.state == SuggestionState.STAGED:
        return suggestion
    require_unchanged(suggestion, seen=seen, actor=actor)
    require_can_go(suggestion, actor=actor, now=now)
    move(suggestion, "stage", moves=SUGGESTION_MOVES, actor=actor, now=now, **IN_SIGHT)
    return suggestion


@transaction.atomic
def unstage_suggestion(
    *, suggestion_id: int, actor: Actor, now: datetime, seen: int | None = None
) -> Suggestion:
    """Take it off the list to send, back among those to look at. Twice changes nothing.

    Raises NotAllowed, Overtaken.
    """
    suggestion = lock_suggestion(suggestion_id)
    require(may_decide(actor, suggestion))
    if suggestion.state == SuggestionState.PROPOSED:
        return suggestion
    require_unchanged(suggestion, seen=seen, actor=actor)
    move(suggestion, "unstage", moves=SUGGESTION_MOVES, actor=actor, now=now)
    return suggestion


@transaction.atomic
def release_staged(
    *, programme_id: int, actor: Actor, now: datetime, only: Collection[UUID] | None = None
) -> Batch:
    """Approve all that are on the list to send, whoever has waited longest first, each by itself.

    only: public ids of those that the page showed; what a colleague added since then stays on the list.
    Raises NotAllowed.
    """
    require(may_run_matching(actor, Programme.objects.get(pk=programme_id)))
    rows = Suggestion.objects.filter(programme=programme_id)
    wanted = rows.staged() if only is None else rows.filter(public_id__in=only)
    # Race: two coordinators press at once. The second waits for the locks, and finds each one sent.
    found = _locked(wanted.values_list("pk", flat=True))

    def release(suggestion: Suggestion) -> None:
        if suggestion.state != SuggestionState.STAGED:
            raise overtaken(suggestion, actor=actor)
        approve_suggestion(suggestion_id=suggestion.pk, actor=actor, now=now)

    return _each(found, release)


@transaction.atomic
def undo_release(*, programme_id: int, released_at: datetime, actor: Actor, now: datetime) -> Batch:
    """Take back all that were sent together at a moment, each by itself, within half a minute.

    They are on the list to send again. Raises NotAllowed.
    """
    require(may_run_matching(actor, Programme.objects.get(pk=programme_id)))
    sent = Suggestion.objects.filter(
        programme=programme_id, decided_at=released_at, state=SuggestionState.RELEASED
    )

    def undo(suggestion: Suggestion) -> None:
        undo_decision(suggestion_id=suggestion.pk, actor=actor, now=now)

    return _each(_locked(sent.values_list("pk", flat=True)), undo)


def _locked(ids: Iterable[int]) -> list[Suggestion]:
    """Many suggestions with the enrolments of all, locked in the order of `locks`; longest wait first.

    Locked one after the other, two batches could each hold what the other waits for.
    """
    ids = list(ids)
    rows = Suggestion.objects.filter(pk__in=ids)
    lock_enrolments(*(pk for pair in rows.values_list("mentor_id", "newcomer_id") for pk in pair))
    locked = rows.select_for_update(of=("self",), no_key=True).select_related("programme").order_by("pk")
    pks = [row.pk for row in locked]
    order = Suggestion.objects.filter(pk__in=pks).select_related("programme", "mentor", "newcomer")
    return list(order.order_by("newcomer__registered_on", "pk"))


def _each(rows: Iterable[Suggestion], act: Callable[[Suggestion], None]) -> Batch:
    """Do `act` to each in a savepoint of its own: one that cannot go holds up nobody."""
    done: list[Suggestion] = []
    kept: list[Kept] = []
    for suggestion in rows:
        try:
            with transaction.atomic():
                act(suggestion)
            done.append(suggestion)
        except Expected as why:
            kept.append(Kept(suggestion, why))
    return Batch(tuple(done), tuple(kept))
