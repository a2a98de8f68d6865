"""Everything that can happen to a pairing, at once and again: nobody waits for ever, every place adds up."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from backend.core.errors import Expected
from backend.pairings import actions
from backend.pairings.enums import AnswerReason, EndReason
from backend.pairings.events import Told
from backend.pairings.models import Offer, Pairing, Suggestion
from backend.people.enums import Channel
from backend.programmes import enrolments
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.life import counted_places

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
# Where the machine is busy it goes on until what matters has happened.
SECONDS, AT_MOST, THREADS = 6.0, 60.0, 8
MUST_HAPPEN = {"approve", "run"}
BY_PHONE = Told(Channel.PHONE)


def test_nothing_deadlocks_and_every_place_adds_up() -> None:
    people = make_four_people()
    Enrolment.objects.filter(programme=people.programme).update(capacity=2)
    for _ in range(4):
        make_enrolment(programme=people.programme, side="newcomer")
        make_enrolment(programme=people.programme, side="mentor", capacity=2)
    broken: list[Exception] = []
    done: list[str] = []
    started = time.monotonic()

    def goes_on() -> bool:
        passed = time.monotonic() - started
        return not broken and passed < (SECONDS if set(done) >= MUST_HAPPEN else AT_MOST)

    def worker(seed: int) -> None:
        dice = random.Random(seed)
        moves = all_moves(people, dice)
        while goes_on():
            move = dice.choice(moves)
            try:
                move()
                done.append(move.__name__)
            except (Expected, IndexError):
                pass  # refused in good order, or nothing there to act on
            except Exception as problem:
                broken.append(problem)
        connections.close_all()

    threads = [threading.Thread(target=worker, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * AT_MOST)
        assert not thread.is_alive()
    assert broken == []
    assert set(done) >= MUST_HAPPEN
    assert [e for e in counted_places() if e.places_taken != e.asked + e.takes_part] == []


def all_moves(people: FourPeople, dice: random.Random) -> list[Callable[[], Any]]:
    chloe = people.chloe.actor

    def run() -> None:
        asked = actions.request_run(programme_id=people.programme.pk, actor=chloe, now=NOW)
        actions.run_matching(run_id=asked.pk, now=NOW)

    def approve() -> None:
        found = dice.choice(list(Suggestion.objects.open()))
        actions.approve_suggestion(suggestion_id=found.pk, actor=chloe, now=NOW)

    def gather() -> None:
        one = {"suggestion_id": dice.choice(list(Suggestion.objects.open())).pk, "actor": chloe, "now": NOW}
        act = dice.choice([actions.stage_suggestion, actions.call_first, actions.bring_back])
        act(**one)

    def undo() -> None:
        found = dice.choice(list(Suggestion.objects.all()))
        actions.undo_decision(suggestion_id=found.pk, actor=chloe, now=NOW)

    def release() -> None:
        actions.release_staged(programme_id=people.programme.pk, actor=chloe, now=NOW)

    def by_hand() -> None:
        mentor = dice.choice(list(Enrolment.objects.mentors()))
        newcomer = dice.choice(list(Enrolment.objects.newcomers()))
        made = actions.suggest_by_hand(mentor_id=mentor.pk, newcomer_id=newcomer.pk, actor=chloe, now=NOW)
        actions.examine_suggestion(suggestion_id=made.pk, now=NOW)

    def withdraw() -> None:
        actions.withdraw_offer(offer_id=an_offer().pk, actor=chloe, now=NOW)

    def yes() -> None:
        actions.accept_offer(offer_id=an_offer().pk, actor=chloe, now=NOW, told=BY_PHONE)

    def no() -> None:
        actions.decline_offer(
            offer_id=an_offer().pk, reason=AnswerReason.TIME, actor=chloe, now=NOW, told=BY_PHONE
        )

    def end() -> None:
        found = dice.choice(list(Pairing.objects.running()))
        actions.end_pairing(pairing_id=found.pk, reason=EndReason.PLAN, actor=chloe, now=NOW)

    def resize() -> None:
        found = dice.choice(list(Enrolment.objects.mentors()))
        enrolments.set_capacity(enrolment_id=found.pk, capacity=dice.randint(1, 3), actor=chloe, now=NOW)

    def an_offer() -> Offer:
        return dice.choice(list(Offer.objects.open()))

    desk = [gather, gather, undo, release]
    return [run, *[approve] * 4, by_hand, by_hand, withdraw, yes, yes, no, end, resize, *desk]
