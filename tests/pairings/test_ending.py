"""How a mentoring ends: what each is told, what they may still do, and that nobody loses their place."""

from datetime import timedelta

import pytest

from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.messaging.actions import ConversationClosed, conversation_of
from backend.messaging.queries import conversations_of
from backend.pairings import actions
from backend.pairings.enums import UNSPOKEN, EndReason, PairingState
from backend.pairings.farewells import GOODBYE
from backend.pairings.models import Pairing
from backend.pairings.overtaken import Overtaken
from backend.pairings.queries import tried_before
from backend.profiles.models import Contact
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, TODAY
from tests.factories.people import FourPeople
from tests.pairings.ending import another, bring_together, told, verbs_of
from tests.security.world import say


@pytest.fixture
def together(four_people: FourPeople) -> Pairing:
    return bring_together(four_people)


def end(people: FourPeople, pairing: Pairing, reason: EndReason = EndReason.PLAN, **more: object) -> Pairing:
    ask = {"pairing_id": pairing.pk, "reason": reason, "actor": people.chloe.actor, "now": NOW}
    return actions.end_pairing(**ask | more)


@pytest.mark.parametrize("reason", EndReason)
def test_both_hear_the_same_words_and_never_the_reason(
    four_people: FourPeople, together: Pairing, reason: EndReason
) -> None:
    end(four_people, together, reason)
    kind = GOODBYE[reason].code
    assert told(four_people.amina.person.pk) == told(four_people.bruno.person.pk) == [kind]
    assert {str(n.data) for n in Notice.objects.all()} <= {"{}", f"{{'count': {reason.days_to_say_goodbye}}}"}


def test_a_lapsed_proof_and_a_concern_sound_the_same() -> None:
    assert len({GOODBYE[reason] for reason in UNSPOKEN}) == 1
    assert not set(UNSPOKEN) & {r for r in EndReason if GOODBYE[r] != GOODBYE[EndReason.SAFETY]}


@pytest.mark.parametrize("reason", [r for r in EndReason if r.days_to_say_goodbye])
def test_they_may_write_until_the_last_day_and_then_only_read(
    four_people: FourPeople, together: Pairing, reason: EndReason
) -> None:
    conversation = conversation_of(pairing=together, actor=four_people.amina.actor, now=NOW)
    end(four_people, together, reason)
    (thread,) = conversations_of(four_people.amina.actor)
    until = NOW + timedelta(days=reason.days_to_say_goodbye)
    assert (thread.is_open, thread.open_until) == (True, until)
    say(conversation, "Thank you", actor=four_people.bruno.actor)
    assert actions.close_wound_down(now=until) == 1
    (thread,) = conversations_of(four_people.amina.actor)
    assert (thread.is_open, thread.open_until) == (False, None)
    with pytest.raises(ConversationClosed):
        say(conversation, "One more", actor=four_people.bruno.actor)


def test_a_concern_closes_the_conversation_at_once(four_people: FourPeople, together: Pairing) -> None:
    conversation = conversation_of(pairing=together, actor=four_people.amina.actor, now=NOW)
    end(four_people, together, EndReason.SAFETY)
    with pytest.raises(ConversationClosed):
        say(conversation, "Why?", actor=four_people.bruno.actor)


def test_who_asks_to_end_is_called_and_nothing_ends_by_it(four_people: FourPeople, together: Pairing) -> None:
    for _tap in range(2):
        actions.ask_to_end(pairing_id=together.pk, actor=four_people.amina.actor, now=NOW)
    together.refresh_from_db()
    assert together.state == PairingState.ACTIVE
    assert verbs_of(together) == ["start", "ask_to_end"]
    assert told(four_people.chloe.person.pk) == ["wants_to_end"]
    call = Contact.objects.promised().get()  # it stands on Today
    assert (call.profile_id, call.call_back_on) == (four_people.amina.profile.pk, TODAY)
    assert told(four_people.bruno.person.pk) == []


@pytest.mark.parametrize("who", ["chloe", "dario"])
def test_only_members_ask_to_end(four_people: FourPeople, together: Pairing, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.ask_to_end(pairing_id=together.pk, actor=getattr(four_people, who).actor, now=NOW)


def test_a_second_press_takes_no_days_to_say_goodbye_away(four_people: FourPeople, together: Pairing) -> None:
    for _press in range(2):
        ending = end(four_people, together)
    assert (ending.state, verbs_of(together)) == (PairingState.WINDING_DOWN, ["start", "wind_down"])
    with pytest.raises(Overtaken, match="Chloé Martin ended this"):
        end(four_people, together, EndReason.WORK)
    assert end(four_people, together, closes=True).state == PairingState.ENDED


def test_for_somebodys_safety_it_closes_at_once_also_while_it_comes_to_an_end(
    four_people: FourPeople, together: Pairing
) -> None:
    end(four_people, together)
    assert end(four_people, together, EndReason.SAFETY).state == PairingState.ENDED


def test_both_hear_that_it_pauses_and_that_it_goes_on(four_people: FourPeople, together: Pairing) -> None:
    ask = {"pairing_id": together.pk, "actor": four_people.chloe.actor, "now": NOW}
    actions.pause_pairing(**ask)
    actions.resume_pairing(**ask)
    for who in (four_people.amina, four_people.bruno):
        assert told(who.person.pk) == ["rests_for_now", "goes_on_again"]


def test_what_ends_is_not_asked_to_end(four_people: FourPeople, together: Pairing) -> None:
    end(four_people, together)
    with pytest.raises(WrongState):
        actions.ask_to_end(pairing_id=together.pk, actor=four_people.amina.actor, now=NOW)


def test_the_newcomer_is_matched_again_at_once_and_keeps_the_place_in_the_queue(
    four_people: FourPeople, together: Pairing
) -> None:
    amina, bruno = four_people.amina.enrolment, four_people.bruno.enrolment
    since, ben = amina.registered_on, another(four_people, "mentor", "Ben")
    end(four_people, together, EndReason.WISH)
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    # Winding down: both may still write, and she is suggested to somebody else.
    assert [(s.newcomer_id, s.mentor_id) for s in run.suggestions.all()] == [(amina.pk, ben.pk)]
    assert (bruno.pk, amina.pk) in tried_before(four_people.programme.pk)
    assert Enrolment.objects.get(pk=amina.pk).registered_on == since
