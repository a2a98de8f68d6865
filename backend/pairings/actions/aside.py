"""A suggestion put aside while it is open: somebody is called first, or it comes back on a day."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.errors import BadInput, require
from backend.pairings.actions.locks import lock_suggestion
from backend.pairings.enums import SUGGESTION_MOVES, Aside, SuggestionState
from backend.pairings.events import move, require_unchanged
from backend.pairings.models import PairingEvent, Suggestion
from backend.pairings.rules import may_decide
from backend.pairings.standing import TAKING_BACK
from backend.profiles.actions import promise_call, take_back_call

# What can plan a call: it was put aside, or it stands aside again.
PLANS_A_CALL = ("call_first", *TAKING_BACK)
DESK = Actor.system("desk")


class ComesBackTooEarly(BadInput):
    code = "comes_back_too_early"
    sentence = _("Choose a day from tomorrow on.")


@transaction.atomic
def call_first(*, suggestion_id: int, actor: Actor, now: datetime, seen: int | None = None) -> Suggestion:
    """Put it aside until the newcomer was called; the call stands on Today as promised for today.

    Pressing twice changes nothing. Raises NotAllowed, Overtaken.
    """
    # Race: a colleague approves or declines at this moment. Both lock the enrolments and then the row;
    # whoever is second finds another state, or with an old page (`seen`) one change more.
    suggestion = _locked(suggestion_id, actor=actor)
    if suggestion.aside == Aside.CALL:
        return suggestion
    require_unchanged(suggestion, seen=seen, actor=actor)
    _put(suggestion, "call_first", actor=actor, now=now, aside=Aside.CALL)
    plan_call(suggestion, actor=actor, now=now)
    return suggestion


@transaction.atomic
def put_off(
    *, suggestion_id: int, until: date, actor: Actor, now: datetime, seen: int | None = None
) -> Suggestion:
    """Put it aside until a day, when it is among those to look at again by itself.

    Pressing twice changes nothing. Raises NotAllowed, ComesBackTooEarly, Overtaken.
    """
    suggestion = _locked(suggestion_id, actor=actor)
    if (suggestion.aside, suggestion.aside_until) == (Aside.LATER, until):
        return suggestion
    day = today(now=now, time_zone=suggestion.programme.organisation.time_zone)
    require(until > day, ComesBackTooEarly)
    require_unchanged(suggestion, seen=seen, actor=actor)
    _put(suggestion, "put_off", actor=actor, now=now, aside=Aside.LATER, until=until)
    return suggestion


@transaction.atomic
def bring_back(*, suggestion_id: int, actor: Actor, now: datetime, seen: int | None = None) -> Suggestion:
    """Let it stand among those to look at again; a call planned for it alone is planned no more.

    Pressing twice changes nothing. Raises NotAllowed, Overtaken.
    """
    suggestion = _locked(suggestion_id, actor=actor)
    was = suggestion.aside
    if suggestion.state == SuggestionState.PROPOSED and not was:
        return suggestion
    require_unchanged(suggestion, seen=seen, actor=actor)
    _put(suggestion, "bring_back", actor=actor, now=now)
    if was == Aside.CALL:
        drop_call(suggestion, actor=actor)
    return suggestion


def plan_call(suggestion: Suggestion, *, actor: Actor, now: datetime) -> None:
    profile = suggestion.newcomer.profile
    promise_call(profile=profile, on=profile.organisation.today(now), actor=actor, now=now)


def drop_call(suggestion: Suggestion, *, actor: Actor, planned_at: datetime | None = None) -> None:
    """Forget the calls planned from the desk, or the one of a moment, unless another suggestion waits for it.

    A call that was promised to the newcomer otherwise is kept, whatever becomes of a suggestion.
    """
    profile = suggestion.newcomer.profile
    waiting = Suggestion.objects.called_first().filter(newcomer__profile=profile).exclude(pk=suggestion.pk)
    if waiting.exists():
        return
    planned = PairingEvent.objects.filter(suggestion__newcomer__profile=profile, verb__in=PLANS_A_CALL)
    moments = list(planned.order_by().values_list("at", flat=True)) if planned_at is None else [planned_at]
    take_back_call(profile=profile, actor=actor, planned_at=moments)


def _locked(suggestion_id: int, *, actor: Actor) -> Suggestion:
    suggestion = lock_suggestion(suggestion_id)
    require(may_decide(actor, suggestion))
    return suggestion


def _put(
    suggestion: Suggestion,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    aside: str = "",
    until: date | None = None,
) -> None:
    move(
        suggestion,
        verb,
        moves=SUGGESTION_MOVES,
        actor=actor,
        now=now,
        why=until.isoformat() if until else "",
        aside=aside,
        aside_until=until,
    )
