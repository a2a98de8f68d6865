"""What must always be so, whatever happened: places, states and times, events, and nobody in two places.

The ground of a hypothesis state machine; `whole_life.py` says what may happen. Each life is led in a
savepoint that is taken back.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Count, F, Q
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from backend.core.errors import Expected
from backend.meetings.enums import MeetingState
from backend.meetings.models import Meeting, MeetingEvent
from backend.pairings import actions
from backend.pairings.enums import (
    LASTING,
    OPEN_OFFER,
    OfferState,
    PairingState,
    SuggestionState,
)
from backend.pairings.events import Told
from backend.pairings.models import Offer, Pairing, PairingEvent, PairingMember, Suggestion
from backend.people.enums import Channel
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople, make_four_people

Row = TypeVar("Row", bound=models.Model)
BY_PHONE = Told(Channel.PHONE, "de")
DICE = st.integers(min_value=0, max_value=10**6)


class Life(RuleBasedStateMachine):
    """Four newcomers, three mentors, two coordinators and a clock."""

    done: Counter[str] = Counter()  # over all lives: what happened, and what was refused

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = NOW

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
        self.two_begin()

    def two_begin(self) -> None:
        """A mentoring that runs, so that every life is also about what comes after the second yes."""
        mentor, newcomer = self.people.bruno, self.people.amina
        made = actions.suggest_by_hand(
            mentor_id=mentor.enrolment.pk, newcomer_id=newcomer.enrolment.pk, actor=self.chloe, now=self.now
        )
        actions.examine_suggestion(suggestion_id=made.pk, now=self.now)
        offer = actions.approve_suggestion(suggestion_id=made.pk, actor=self.chloe, now=self.now)
        self.now += timedelta(minutes=1)
        actions.send_offer(offer_id=offer.pk, now=self.now)
        for who in (mentor, newcomer):
            actions.accept_offer(offer_id=offer.pk, actor=who.actor, now=self.now)

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
        log = {Suggestion: PairingEvent, Offer: PairingEvent, Pairing: PairingEvent, Meeting: MeetingEvent}
        for thing, kind_of_event in log.items():
            name = thing.__name__.lower()
            kept: dict[int, list[Any]] = {}
            for event in kind_of_event._default_manager.exclude(**{name: None}).order_by("id"):
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

    @invariant()
    def nobody_meets_twice_at_once(self) -> None:
        """Also across pairings: who is in two of them cannot be at two agreed meetings at one time."""
        agreed = Meeting.objects.filter(state=MeetingState.AGREED).order_by("starts_at")
        busy: dict[int, list[Meeting]] = {}
        for meeting in agreed.prefetch_related("pairing__members__enrolment__profile"):
            for member in meeting.pairing.members.all():
                if member.until_at is None:
                    busy.setdefault(member.enrolment.profile.person_id, []).append(meeting)
        for meetings in busy.values():
            for one, other in pairwise(meetings):
                assert one.starts_at + timedelta(minutes=one.minutes) <= other.starts_at

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
            self.done[f"{what} refused"] += 1
        else:
            self.done[what] += 1


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
