"""What was asked becomes so, or is thrown away."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.errors import Expected, require
from backend.organisations.queries import names_in
from backend.pairings.actions.aside import DESK, drop_call
from backend.pairings.actions.locks import NotSuitable, lock_enrolments, lock_suggestion
from backend.pairings.actions.runs import request_run
from backend.pairings.actions.suggestions import (
    IN_SIGHT,
    decline_suggestion,
    suggest_by_hand,
)
from backend.pairings.changes import Change, plan_print
from backend.pairings.enums import SUGGESTION_MOVES, Aside, DeclineReason, SuggestionState, WhatIfState
from backend.pairings.events import move
from backend.pairings.models import Suggestion, WhatIf
from backend.pairings.queries import obstacles
from backend.pairings.rules import may_decide, may_run_matching
from backend.profiles.actions import WishIsRequired, drop_wishes, note_more
from backend.programmes.actions import set_weights
from backend.programmes.models import Enrolment

REPLACED = "what_if"  # why a suggestion gave way: its place is kept for somebody else


class NotAnsweredYet(Expected):
    code = "not_answered_yet"
    sentence = _("There is no answer to keep. Wait for it, or ask again.")


class PlanHasChanged(Expected):
    code = "plan_has_changed"
    sentence = _(
        "The plan has changed since you asked. Ask again, then keep what it says. Nothing was changed."
    )


class KeptAlready(Expected):
    """It has become so, and cannot be thrown away any more."""

    code = "kept_already"
    sentence = _("%(name)s kept this, %(at)s. Nothing was changed now.")


@transaction.atomic
def keep_what_if(*, what_if_id: int, actor: Actor, now: datetime) -> WhatIf:
    """Let it become so, and ask for a new run. Keeping twice changes nothing.

    Profiles can do more and lose the wishes given up, weights count, locked pairs are put together by hand
    and staged, forbidden ones declined. Raises NotAllowed, NotAnsweredYet, ProgrammeNotOpen, RunUnderWay,
    PlanHasChanged, NotSuitable.
    """
    # Race: two coordinators keep it, or one throws it away. The row decides who was first.
    what_if = _lock_what_if(what_if_id).get()
    require(may_run_matching(actor, what_if.programme))
    if what_if.kept_at is not None:
        return what_if
    require(what_if.state == WhatIfState.DONE, NotAnsweredYet)
    # The run first: none can then write suggestions beside us, and wait for ours while we wait for its own.
    request_run(programme_id=what_if.programme_id, actor=actor, now=now)
    change = Change.from_json(what_if.change)
    # Race: somebody approves, pauses or takes the place of one of these people at this moment. They wait.
    people = lock_enrolments(*change.people, *_promised(what_if))
    _require_unchanged(what_if, change, people)
    if change.weights:
        set_weights(programme_id=what_if.programme_id, weights=change.weights, actor=actor, now=now)
    _note_people(change, people, actor=actor, now=now)
    _set_pairs(change, people, actor=actor, now=now)
    what_if.kept_at, what_if.kept_by_id = now, actor.acting_person_id
    what_if.save(update_fields=["kept_at", "kept_by"])
    return what_if


@transaction.atomic
def throw_away_what_if(*, what_if_id: int, actor: Actor, now: datetime) -> None:
    """Forget a question; nothing of it was done. Throwing away twice changes nothing.

    Raises NotAllowed, KeptAlready.
    """
    # Race: a colleague keeps it at this moment, as above.
    what_if = _lock_what_if(what_if_id).first()
    if what_if is None:
        return
    require(may_run_matching(actor, what_if.programme))
    if what_if.kept_at is not None:
        raise _kept_already(what_if)
    what_if.delete()


def _lock_what_if(what_if_id: int) -> QuerySet[WhatIf]:
    rows = WhatIf.objects.select_for_update(of=("self",)).select_related("programme")
    return rows.filter(pk=what_if_id)


def _kept_already(what_if: WhatIf) -> KeptAlready:
    name = names_in(what_if.programme.organisation_id).get(what_if.kept_by_id or 0, "")
    at = formats.date_format(timezone.localtime(what_if.kept_at), "SHORT_DATETIME_FORMAT")
    return KeptAlready(name=name, at=at)


def _promised(what_if: WhatIf) -> set[int]:
    """The enrolments to which the answer gives somebody."""
    shifts = what_if.result.get("shifts", ())
    given = [shift for shift in shifts if shift["mentor_after"] is not None]
    return {shift[name] for shift in given for name in ("newcomer", "mentor_after")}


def _require_unchanged(what_if: WhatIf, change: Change, people: dict[int, Enrolment]) -> None:
    """Whether everybody is still there whom the answer names, with a place, and the same things count."""
    in_play = Enrolment.objects.filter(pk__in=people).in_play()
    there = set(in_play.values_list("pk", flat=True))
    free = {pk for pk, enrolment in people.items() if enrolment.places_free > 0}
    same = what_if.result.get("print") == plan_print(what_if.programme)
    require(same and change.people <= there and _promised(what_if) <= there & free, PlanHasChanged)


def _note_people(change: Change, people: dict[int, Enrolment], *, actor: Actor, now: datetime) -> None:
    # In one order, so that two questions about the same people never wait for each other.
    for more in sorted(change.more, key=lambda one: people[one.enrolment].profile_id):
        note_more(
            profile_id=people[more.enrolment].profile_id,
            reach_km=more.reach_km,
            slots=more.slots,
            meets_online=more.online,
            interpreter=more.interpreter,
            actor=actor,
            now=now,
        )
    for wish in sorted(change.wishes, key=lambda one: people[one.enrolment].profile_id):
        try:
            drop_wishes(
                profile_id=people[wish.enrolment].profile_id,
                gender=wish.gender,
                topics=wish.topics,
                actor=actor,
                now=now,
            )
        except WishIsRequired:  # it has become so since they said yes
            raise PlanHasChanged from None


def _set_pairs(change: Change, people: dict[int, Enrolment], *, actor: Actor, now: datetime) -> None:
    for mentor_id, newcomer_id in change.lock:
        suggestion = _by_hand(mentor_id, newcomer_id, actor=actor, now=now)
        day = today(now=now, time_zone=suggestion.programme.organisation.time_zone)
        if against := obstacles(suggestion.mentor, suggestion.newcomer, day=day):
            raise NotSuitable(against)
        if suggestion.state == SuggestionState.PROPOSED:
            move(suggestion, "stage", moves=SUGGESTION_MOVES, actor=actor, now=now, **IN_SIGHT)
    _make_room(change, people, actor=actor, now=now)
    # A pair that nobody suggested is remembered in the same way: as a suggestion by hand that was declined.
    # A restriction would say that the two are a danger to each other, and could not be overridden by hand.
    for mentor_id, newcomer_id in change.forbid:
        suggestion = _by_hand(mentor_id, newcomer_id, actor=actor, now=now)
        decline_suggestion(suggestion_id=suggestion.pk, reason=DeclineReason.OTHER, actor=actor, now=now)


def _by_hand(mentor_id: int, newcomer_id: int, *, actor: Actor, now: datetime) -> Suggestion:
    made = suggest_by_hand(mentor_id=mentor_id, newcomer_id=newcomer_id, actor=actor, now=now)
    suggestion = lock_suggestion(made.pk)
    require(may_decide(actor, suggestion))
    return suggestion


def _make_room(change: Change, people: dict[int, Enrolment], *, actor: Actor, now: datetime) -> None:
    """Other open suggestions give way where locked pairs take the last place of somebody."""
    taken = Counter(pk for pair in change.lock for pk in pair)
    full = [pk for pk, count in taken.items() if people[pk].places_free <= count]
    others = Suggestion.objects.select_for_update(no_key=True).open()
    for other in others.filter(Q(mentor__in=full) | Q(newcomer__in=full)).order_by("pk"):
        if (other.mentor_id, other.newcomer_id) in change.lock:
            continue
        was = other.aside
        move(other, "supersede", moves=SUGGESTION_MOVES, actor=actor, now=now, why=REPLACED, **IN_SIGHT)
        if was == Aside.CALL:
            drop_call(other, actor=DESK)
