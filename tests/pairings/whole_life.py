"""Everything that may happen on the way from a match run to a pairing that ends, in any order.

A hypothesis state machine: people press what they may and what they may not, days pass, jobs run. After every
step the database is held against what must always be so. Each run lives in a savepoint that is taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Count, F, Q
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from backend.core.errors import Expected
from backend.pairings import actions
from backend.pairings.enums import (
    LASTING,
    OPEN_OFFER,
    AnswerReason,
    DeclineReason,
    EndReason,
    OfferState,
    PairingState,
    SuggestionState,
)
from backend.pairings.events import Told
from backend.pairings.models import Offer, Pairing, PairingEvent, PairingMember, Suggestion
from backend.people.enums import Channel
from backend.programmes import enrolments
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_clearance, make_enrolment
from tests.factories.people import FourPeople, make_four_people

Row = TypeVar("Row", bound=models.Model)
BY_PHONE = Told(Channel.PHONE, "de")
DICE = st.integers(min_value=0, max_value=10**6)


class WholeLife(RuleBasedStateMachine):
    """Four newcomers, three mentors, two coordinators and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = NOW
        self.done: list[str] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def people_arrive(self) -> None:
        self.people: FourPeople = make_four_people()
        for _ in range(3):
            make_enrolment(programme=self.people.programme, side="newcomer")
        for capacity in (1, 2):
            make_enrolment(programme=self.people.programme, side="mentor", capacity=capacity)

    # What happens.

    @rule()
    def a_run(self) -> None:
        with self.perhaps("run"):
            run = actions.request_run(programme_id=self.people.programme.pk, actor=self.chloe, now=self.now)
            actions.run_matching(run_id=run.pk, now=self.now)

    @rule(dice=DICE)
    def by_hand(self, dice: int) -> None:
        mentor, newcomer = (
            self.one(Enrolment.objects.mentors(), dice),
            self.one(Enrolment.objects.newcomers(), dice // 7),
        )
        with self.perhaps("by hand"):
            made = actions.suggest_by_hand(
                mentor_id=mentor.pk, newcomer_id=newcomer.pk, actor=self.chloe, now=self.now
            )
            actions.examine_suggestion(suggestion_id=made.pk, now=self.now)

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(dice=DICE)
    def approve(self, dice: int) -> None:
        with self.perhaps("approve"):
            suggestion = self.one(Suggestion.objects.all(), dice)
            actions.approve_suggestion(suggestion_id=suggestion.pk, actor=self.chloe, now=self.now)

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(dice=DICE, reason=st.sampled_from(DeclineReason))
    def decline(self, dice: int, reason: DeclineReason) -> None:
        with self.perhaps("decline"):
            suggestion = self.one(Suggestion.objects.all(), dice)
            actions.decline_suggestion(
                suggestion_id=suggestion.pk, reason=reason, actor=self.chloe, now=self.now
            )

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(dice=DICE)
    def undo(self, dice: int) -> None:
        with self.perhaps("undo"):
            suggestion = self.one(Suggestion.objects.order_by("-decided_at", "pk"), dice % 3)
            actions.undo_decision(suggestion_id=suggestion.pk, actor=self.chloe, now=self.now)

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def send(self, dice: int) -> None:
        actions.send_offer(offer_id=self.one(Offer.objects.all(), dice).pk, now=self.now)
        self.done.append("send")

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def yes(self, dice: int) -> None:
        with self.perhaps("yes"):
            offer = self.one(Offer.objects.all(), dice)
            actions.accept_offer(offer_id=offer.pk, actor=self.chloe, now=self.now, told=BY_PHONE)

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE, reason=st.sampled_from(AnswerReason))
    def no(self, dice: int, reason: AnswerReason) -> None:
        with self.perhaps("no"):
            offer = self.one(Offer.objects.all(), dice)
            actions.decline_offer(
                offer_id=offer.pk, reason=reason, actor=self.chloe, now=self.now, told=BY_PHONE
            )

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def withdraw(self, dice: int) -> None:
        with self.perhaps("withdraw"):
            offer = self.one(Offer.objects.all(), dice)
            actions.withdraw_offer(offer_id=offer.pk, actor=self.chloe, now=self.now)

    @precondition(lambda self: Pairing.objects.exists())
    @rule(dice=DICE, verb=st.sampled_from(["pause", "resume"]))
    def rest(self, dice: int, verb: str) -> None:
        with self.perhaps(verb):
            act = actions.pause_pairing if verb == "pause" else actions.resume_pairing
            act(pairing_id=self.one(Pairing.objects.all(), dice).pk, actor=self.chloe, now=self.now)

    @precondition(lambda self: Pairing.objects.exists())
    @rule(dice=DICE, reason=st.sampled_from(EndReason))
    def end(self, dice: int, reason: EndReason) -> None:
        with self.perhaps("end"):
            pairing = self.one(Pairing.objects.all(), dice)
            actions.end_pairing(pairing_id=pairing.pk, reason=reason, actor=self.chloe, now=self.now)

    @rule(dice=DICE, capacity=st.integers(min_value=1, max_value=3))
    def room_for(self, dice: int, capacity: int) -> None:
        with self.perhaps("capacity"):
            enrolment = self.one(Enrolment.objects.mentors(), dice)
            enrolments.set_capacity(
                enrolment_id=enrolment.pk, capacity=capacity, actor=self.chloe, now=self.now
            )

    @rule(dice=DICE)
    def step_back(self, dice: int) -> None:
        with self.perhaps("step back"):
            enrolment = self.one(Enrolment.objects.mentors(), dice)
            act = enrolments.resume if enrolment.state == "paused" else enrolments.pause
            act(enrolment_id=enrolment.pk, actor=self.chloe, now=self.now)

    @rule(dice=DICE)
    def a_proof(self, dice: int) -> None:
        """One that ends soon comes in, or all of a mentor's are gone."""
        profile = self.one(Enrolment.objects.mentors(), dice).profile
        if dice % 3:
            for kind in ("police_check", "code_of_conduct"):
                make_clearance(profile, kind, seen_on=self.now.date() - timedelta(days=1))
        else:
            profile.clearances.all().delete()
        self.done.append("proof")

    @rule(seconds=st.sampled_from([1, 40, 3600, 86_400, 3 * 86_400, 8 * 86_400, 31 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def the_sweep(self) -> None:
        actions.expire_offers(now=self.now)
        actions.close_wound_down(now=self.now)

    # What must always be so.

    @invariant()
    def places_add_up(self) -> None:
        for enrolment in counted_places():
            assert enrolment.places_taken == enrolment.asked + enrolment.takes_part
            assert enrolment.places_taken <= enrolment.capacity

    @invariant()
    def states_and_times_agree(self) -> None:
        for offer in Offer.objects.select_related("suggestion"):
            assert offer.suggestion.state == SuggestionState.RELEASED
            assert (offer.state == OfferState.ACCEPTED) == hasattr(offer, "pairing")
            assert in_order(offer.released_at, offer.sent_at, offer.first_accepted_at, offer.closed_at)
        for pairing in Pairing.objects.prefetch_related("members"):
            now = [member for member in pairing.members.all() if member.until_at is None]
            assert bool(now) == (pairing.state != PairingState.ENDED)
            assert all(member.takes_place == (pairing.state in LASTING) for member in now)
            assert in_order(pairing.started_at, pairing.ended_at)

    @invariant()
    def events_tell_all(self) -> None:
        for thing in (Suggestion, Offer, Pairing):
            name = thing.__name__.lower()
            kept: dict[int, list[PairingEvent]] = {}
            for event in PairingEvent.objects.exclude(**{name: None}).order_by("id"):
                kept.setdefault(getattr(event, f"{name}_id"), []).append(event)
            for row in thing._default_manager.all():
                events = kept.get(row.pk, [])
                assert events and events[0].from_state == "" and events[-1].to_state == row.state
                assert all(before.to_state == after.from_state for before, after in pairwise(events))
                assert in_order(*(event.at for event in events))

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        current = PairingMember.objects.filter(until_at=None, takes_place=True)
        twice = (
            current.values("pairing", "enrolment__profile__person").annotate(n=Count("pk")).filter(n__gt=1)
        )
        assert not twice.exists()
        # Who takes part on one side is not on the other as well.
        sides = current.values("pairing").annotate(
            people=Count("enrolment__profile__person", distinct=True), n=Count("pk")
        )
        assert not sides.exclude(n=F("people")).exists()
        open_twice = Offer.objects.open().values("mentor", "newcomer").annotate(n=Count("pk")).filter(n__gt=1)
        assert not open_twice.exists()

    # Ways to do it.

    @property
    def chloe(self) -> Any:
        return self.people.chloe.actor

    @staticmethod
    def one(rows: "models.QuerySet[Row]", dice: int) -> Row:
        found = list(rows if rows.ordered else rows.order_by("pk"))
        return found[dice % len(found)]

    @contextmanager
    def perhaps(self, what: str) -> Iterator[None]:
        """Something that may be refused in good order; then nothing of it is left."""
        try:
            with transaction.atomic():
                yield
        except Expected:
            self.done.append(f"{what} refused")
        else:
            self.done.append(what)


def counted_places() -> Any:
    """Enrolments with what the rows themselves say of their places."""
    is_open = Q(offers_as_mentor__state__in=OPEN_OFFER), Q(offers_as_newcomer__state__in=OPEN_OFFER)
    takes_place = Q(memberships__until_at=None, memberships__takes_place=True)
    return Enrolment.objects.annotate(
        asked=Count("offers_as_mentor", is_open[0], distinct=True)
        + Count("offers_as_newcomer", is_open[1], distinct=True),
        takes_part=Count("memberships", takes_place, distinct=True),
    ).order_by("pk")


def in_order(*times: datetime | None) -> bool:
    known = [time for time in times if time is not None]
    return all(before <= after for before, after in pairwise(known))
