"""Fifty hands on one suggestion, two on one batch: one outcome, told to the others, every place adds up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.core.actor import Actor
from backend.core.errors import Expected
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.enums import DeclineReason
from backend.pairings.models import Offer, PairingEvent, Suggestion
from backend.pairings.overtaken import Overtaken
from backend.profiles.models import Contact
from backend.programmes.models import Enrolment
from tests.factories import NOW, TODAY, make_enrolment, make_membership
from tests.factories.people import FourPeople, make_four_people
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def suggestion_of(people: FourPeople) -> Suggestion:
    return Suggestion.objects.create(
        programme=people.programme,
        mentor=people.bruno.enrolment,
        newcomer=people.amina.enrolment,
        examined_at=NOW,
    )


def colleague_of(people: FourPeople) -> Actor:
    return actor_for(make_membership(organisation=people.organisation, name="Ines Roth").person, now=NOW)


def all_acts(suggestion: Suggestion, actor: Actor, *, seen: int | None) -> list[Callable[[], Any]]:
    ours = {"suggestion_id": suggestion.pk, "actor": actor, "now": NOW, "seen": seen}
    return [
        lambda: actions.approve_suggestion(**ours),
        lambda: actions.decline_suggestion(reason=DeclineReason.WAY, **ours),
        lambda: actions.stage_suggestion(**ours),
        lambda: actions.call_first(**ours),
        lambda: actions.put_off(until=TODAY + timedelta(days=3), **ours),
    ]


def adds_up(people: FourPeople, suggestion: Suggestion) -> None:
    """State, offer, places and calls say the same."""
    suggestion.refresh_from_db()
    is_sent = suggestion.state == "released"
    places = list(
        Enrolment.objects.filter(pk__in=[people.bruno.enrolment.pk, people.amina.enrolment.pk])
        .order_by("pk")
        .values_list("places_taken", flat=True)
    )
    assert (Offer.objects.open().count(), places) == ((1, [1, 1]) if is_sent else (0, [0, 0]))
    assert (suggestion.decided_at is not None) == (suggestion.state in {"released", "declined"})
    assert (suggestion.decline_reason != "") == (suggestion.state == "declined")
    states = list(suggestion.events.order_by("id").values_list("from_state", "to_state"))
    assert [after for _before, after in states[:-1]] == [before for before, _after in states[1:]]
    assert states[-1][1] == suggestion.state


def test_of_fifty_who_decide_at_once_from_one_page_one_wins() -> None:
    people = make_four_people()
    suggestion, ines = suggestion_of(people), colleague_of(people)
    acts = [act for actor in (people.chloe.actor, ines) for act in all_acts(suggestion, actor, seen=0)] * 5
    results = at_once(acts)
    assert PairingEvent.objects.filter(suggestion=suggestion).count() == 1
    adds_up(people, suggestion)
    assert Contact.objects.promised().count() == (1 if suggestion.aside == "call" else 0)
    won = [r for r in results if not isinstance(r, Exception)]
    told = [r for r in results if isinstance(r, Overtaken)]
    # Who pressed the same as the winner hears nothing else: it is as they wished.
    assert len(won) + len(told) == 50
    assert len(told) >= 40
    assert {told_of.values["name"] for told_of in told} <= {"Chloé Martin", "Ines Roth"}


@pytest.mark.parametrize("_round", range(3))
def test_fifty_who_decide_gather_and_undo_leave_one_outcome(_round: int) -> None:
    people = make_four_people()
    suggestion, ines = suggestion_of(people), colleague_of(people)
    undo = lambda: actions.undo_decision(  # noqa: E731
        suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW
    )
    acts = [
        act for a in (people.chloe.actor, ines) for act in [*all_acts(suggestion, a, seen=None)[:3], undo]
    ]
    results = at_once((acts * 7)[:50])
    broken = [r for r in results if isinstance(r, Exception) and not isinstance(r, Expected)]
    assert broken == []
    adds_up(people, suggestion)


def test_a_batch_that_two_release_at_once_goes_out_once() -> None:
    people = make_four_people()
    chloe, ines = people.chloe.actor, colleague_of(people)
    for _ in range(6):
        pair = {
            side: make_enrolment(programme=people.programme, side=side) for side in ("mentor", "newcomer")
        }
        made = Suggestion.objects.create(programme=people.programme, examined_at=NOW, **pair)
        actions.stage_suggestion(suggestion_id=made.pk, actor=chloe, now=NOW)
    shown = list(Suggestion.objects.staged().values_list("public_id", flat=True))
    results = at_once(
        [
            lambda a=actor, o=only: actions.release_staged(
                programme_id=people.programme.pk, actor=a, now=NOW, only=o
            )
            for actor in (chloe, ines)
            for only in (None, shown)
        ]
    )
    assert [type(r).__name__ for r in results] == ["Batch"] * 4
    assert sum(len(batch.done) for batch in results) == Offer.objects.count() == 6
    late = [kept.why for batch in results for kept in batch.kept]
    assert {type(why) for why in late} <= {Overtaken}
    assert PairingEvent.objects.filter(verb="release", suggestion__isnull=False).count() == 6


def test_release_approve_and_take_off_at_once_deadlock_nobody() -> None:
    people = make_four_people()
    chloe, ines = people.chloe.actor, colleague_of(people)
    mentors = [make_enrolment(programme=people.programme, side="mentor", capacity=2) for _ in range(4)]
    rows = [
        Suggestion.objects.create(
            programme=people.programme,
            examined_at=NOW,
            mentor=mentors[-1 - number % 4],
            newcomer=make_enrolment(programme=people.programme),
        )
        for number in range(8)
    ]
    for row in rows:
        actions.stage_suggestion(suggestion_id=row.pk, actor=chloe, now=NOW)
    release = [
        lambda a=a: actions.release_staged(programme_id=people.programme.pk, actor=a, now=NOW)
        for a in (chloe, ines)
    ]
    singly = [
        lambda row=row: actions.approve_suggestion(suggestion_id=row.pk, actor=ines, now=NOW) for row in rows
    ]
    off = [
        lambda row=row: actions.unstage_suggestion(suggestion_id=row.pk, actor=ines, now=NOW) for row in rows
    ]
    results = at_once([*release, *singly, *off, *release])
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Expected)] == []
    sent = Suggestion.objects.filter(state="released").count()
    assert Offer.objects.open().count() == sent
    assert sum(Enrolment.objects.mentors().values_list("places_taken", flat=True)) == sent
