from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.database import refusing
from backend.core.errors import Expected, require
from backend.pairings.actions.aside import drop_call, plan_call
from backend.pairings.actions.learning import lessons_in_use
from backend.pairings.actions.locks import NotSuitable, PlaceTaken, lock_both_sides, lock_suggestion
from backend.pairings.actions.runs import ProgrammeNotOpen
from backend.pairings.enums import (
    OPEN_SUGGESTION,
    SUGGESTION_MOVES,
    Aside,
    DeclineReason,
    Refusal,
    SuggestionState,
)
from backend.pairings.events import move, note, require_unchanged
from backend.pairings.models import Offer, Suggestion
from backend.pairings.overtaken import overtaken
from backend.pairings.queries import (
    final_refusals,
    in_play,
    obstacles,
    open_offer_between,
    tried_before,
)
from backend.pairings.rules import UNDO, can_undo, may_decide, may_pair_by_hand
from backend.pairings.standing import TAKING_BACK, Standing, before_the_last
from backend.programmes.enums import Side


class NotExaminedYet(Expected):
    code = "not_examined_yet"
    sentence = _("This suggestion is still being looked at. Try again in a moment.")


class AskedAlready(Expected):
    code = "asked_already"
    sentence = _("These two have an open offer already. Wait for the answer, or take the offer back.")


class TooLateToUndo(Expected):
    code = "too_late_to_undo"
    sentence = _("The half minute is over. Take the offer back instead, or suggest the two by hand.")


class SuggestedAnew(Expected):
    code = "suggested_anew"
    sentence = _("These two have been suggested again meanwhile. Decide on the newer suggestion.")


# A suggestion that is decided is no longer put aside.
IN_SIGHT: dict[str, Any] = {"aside": "", "aside_until": None}


@transaction.atomic
def approve_suggestion(*, suggestion_id: int, actor: Actor, now: datetime, seen: int | None = None) -> Offer:
    """Release a suggestion as an offer; it takes one place on each side at once.

    It is sent half a minute later (`send_offer`), and can be undone until then (`undo_decision`).
    seen: how many changes the page showed; with more, somebody was faster.
    Raises NotAllowed, Overtaken, ProgrammeNotOpen, NotExaminedYet, AskedAlready, PlaceTaken, NotSuitable.
    """
    # Race: two coordinators approve, or many suggestions want one mentor's last place. Both enrolments are
    # locked first, so the second comer sees what the first left; the database's own count stands behind it.
    suggestion = lock_suggestion(suggestion_id)
    require(may_decide(actor, suggestion))
    require_unchanged(suggestion, seen=seen, actor=actor)
    require_can_go(suggestion, actor=actor, now=now)
    move(
        suggestion,
        "release",
        moves=SUGGESTION_MOVES,
        actor=actor,
        now=now,
        decided_by_id=actor.person_id,
        decided_at=now,
        **IN_SIGHT,
    )
    return _release(suggestion, actor=actor, now=now)


def require_can_go(suggestion: Suggestion, *, actor: Actor, now: datetime) -> None:
    """Raise whatever stands in the way of an offer to these two today; both are locked."""
    if suggestion.state not in OPEN_SUGGESTION:
        raise overtaken(suggestion, actor=actor)
    require(suggestion.programme.is_open, ProgrammeNotOpen)
    require(suggestion.examined_at is not None, NotExaminedYet)
    require(open_offer_between(suggestion.mentor_id, suggestion.newcomer_id) is None, AskedAlready)
    _require_suitable(suggestion, now=now)


def _require_suitable(suggestion: Suggestion, *, now: datetime) -> None:
    day = today(now=now, time_zone=suggestion.programme.organisation.time_zone)
    against = obstacles(suggestion.mentor, suggestion.newcomer, day=day)
    if against == (Refusal.FULL,):
        raise PlaceTaken
    if against:
        raise NotSuitable(against)


def _release(suggestion: Suggestion, *, actor: Actor, now: datetime) -> Offer:
    programme = suggestion.programme
    offer = Offer.objects.create(
        suggestion=suggestion,
        programme=programme,
        mentor=suggestion.mentor,
        newcomer=suggestion.newcomer,
        first_side=programme.asks_first,
        released_by_id=actor.acting_person_id,
        released_at=now,
        expires_at=now + timedelta(days=programme.offer_days),
    )
    note(offer, "release", actor=actor, now=now)
    jobs.later("pairings.send_offer", offer.pk, due_at=now + UNDO)
    return offer


@transaction.atomic
def undo_decision(*, suggestion_id: int, actor: Actor, now: datetime, seen: int | None = None) -> Suggestion:
    """Take the last thing that was done to it back within half a minute, as if it had never been.

    It stands where it stood before, also aside or on the list to send. Twice changes nothing.
    Raises NotAllowed, Overtaken, TooLateToUndo, SuggestedAnew.
    """
    # Race: the job sends the offer at this moment. Both lock the enrolments first; whoever is second finds
    # the offer gone, or sent.
    suggestion = lock_suggestion(suggestion_id)
    require(may_decide(actor, suggestion))
    events = list(suggestion.events.order_by("id"))
    if events and events[-1].verb in TAKING_BACK:
        return suggestion
    require_unchanged(suggestion, seen=seen, actor=actor)
    require(bool(events) and can_undo(events[-1], now=now), TooLateToUndo)
    if suggestion.state == SuggestionState.RELEASED:
        taken_back, _by_model = _unsent(suggestion).delete()
        require(taken_back > 0, TooLateToUndo)
    before, was = before_the_last(events), suggestion.aside
    _go_back(suggestion, before, actor=actor, now=now)
    if before.aside == Aside.CALL:
        plan_call(suggestion, actor=actor, now=now)
    elif was == Aside.CALL:
        drop_call(suggestion, actor=actor, planned_at=events[-1].at)
    return suggestion


def _unsent(suggestion: Suggestion) -> QuerySet[Offer]:
    return Offer.objects.filter(suggestion=suggestion).open().filter(sent_at=None)


def _go_back(suggestion: Suggestion, before: Standing, *, actor: Actor, now: datetime) -> None:
    # Race: a match run has suggested the two again meanwhile; then that one stands.
    with refusing(SuggestedAnew, constraint="suggestion_is_open_once"):
        move(
            suggestion,
            "restage" if before.state == SuggestionState.STAGED else "undo",
            moves=SUGGESTION_MOVES,
            actor=actor,
            now=now,
            decided_by_id=None,
            decided_at=None,
            decline_reason="",
            aside=before.aside,
            aside_until=before.until,
        )


@transaction.atomic
def decline_suggestion(
    *, suggestion_id: int, reason: DeclineReason, actor: Actor, now: datetime, seen: int | None = None
) -> Suggestion:
    """Turn a suggestion down for a reason; neither of the two is told, nobody loses a place.

    Raises NotAllowed, Overtaken.
    """
    suggestion = lock_suggestion(suggestion_id)
    require(may_decide(actor, suggestion))
    require_unchanged(suggestion, seen=seen, actor=actor)
    was = suggestion.aside
    move(
        suggestion,
        "decline",
        moves=SUGGESTION_MOVES,
        actor=actor,
        now=now,
        why=reason,
        decided_by_id=actor.person_id,
        decided_at=now,
        decline_reason=reason,
        **IN_SIGHT,
    )
    if was == Aside.CALL:
        drop_call(suggestion, actor=actor)
    return suggestion


@transaction.atomic
def suggest_by_hand(*, mentor_id: int, newcomer_id: int, actor: Actor, now: datetime) -> Suggestion:
    """Put two people together by hand; a worker then says how they fit and what stands against it.

    The same two again give the open suggestion there is. Raises NotBothSides, NotAllowed, ProgrammeNotOpen.
    """
    mentor, newcomer = lock_both_sides(mentor_id=mentor_id, newcomer_id=newcomer_id)
    require(may_pair_by_hand(actor, mentor, newcomer))
    require(newcomer.programme.is_open, ProgrammeNotOpen)
    # Race: a match run may suggest the same two at this moment. Whoever is second takes what is there.
    suggestion, made = Suggestion.objects.open().get_or_create(
        mentor=mentor, newcomer=newcomer, defaults={"programme": newcomer.programme, "by_hand": True}
    )
    if not made:
        return suggestion
    note(suggestion, "propose", actor=actor, now=now)
    jobs.later("pairings.examine_suggestion", suggestion.pk)
    return suggestion


@transaction.atomic
def examine_suggestion(*, suggestion_id: int, now: datetime) -> None:
    """Store the fit, its parts and the refusals of a pair put together by hand. Safe to do twice."""
    suggestion = lock_suggestion(suggestion_id)
    if suggestion.state not in OPEN_SUGGESTION:
        return
    look_closely(suggestion, now=now)
    suggestion.save(update_fields=["fit", "share", "parts", "refusals", "examined_at"])


def look_closely(suggestion: Suggestion, *, now: datetime) -> None:
    """Fill in how the two fit and what refuses them, as of `now`; the caller saves it."""
    from backend.pairings import engine  # loads scikit-learn: only a worker comes here

    programme = suggestion.programme
    day = today(now=now, time_zone=programme.organisation.time_zone)
    mentor, newcomer = suggestion.mentor, suggestion.newcomer
    refusals = {
        **final_refusals([mentor], [newcomer], day=day),
        Refusal.ALREADY_TRIED: tried_before(programme.pk),
    }
    everyone = (in_play(programme.pk, Side.MENTOR), in_play(programme.pk, Side.NEWCOMER))
    lessons = lessons_in_use(programme=programme, day=day, now=now)
    seen = engine.examine(programme, mentor, newcomer, everyone, refusals, day=day, lessons=lessons)
    suggestion.fit, suggestion.share, suggestion.parts = seen.fit, seen.share, list(seen.parts)
    suggestion.refusals, suggestion.examined_at = list(seen.refusals), now
