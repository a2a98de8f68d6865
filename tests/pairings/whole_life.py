"""Everything that may happen on the way from a match run to a pairing that ends, in any order.

A hypothesis state machine: people press what they may and what they may not, days pass, jobs run. After every
step the database is held against what must always be so (`life.py`).
"""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from backend.meetings import actions as meetings
from backend.meetings.actions.logging import log_meeting
from backend.meetings.enums import Confirmed
from backend.meetings.models import Meeting
from backend.meetings.times import Arranged, Plan
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.enums import AnswerReason, DeclineReason, EndReason
from backend.pairings.models import Offer, Pairing, PairingMember, Suggestion
from backend.programmes import enrolments
from backend.programmes.models import Enrolment
from tests.factories import make_clearance
from tests.pairings.life import BY_PHONE, DICE, Life


def mostly_open(rows: Any, dice: int) -> Any:
    """Seven times in eight what is still open, where there is any: else little would ever come of it."""
    return rows.open() if dice % 8 and rows.open().exists() else rows


class WholeLife(Life):
    """Four newcomers, three mentors, a coordinator and a clock."""

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
            suggestion = self.one(mostly_open(Suggestion.objects.all(), dice), dice)
            actions.approve_suggestion(suggestion_id=suggestion.pk, actor=self.chloe, now=self.now)

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(dice=DICE, reason=st.sampled_from(DeclineReason))
    def decline(self, dice: int, reason: DeclineReason) -> None:
        with self.perhaps("decline"):
            suggestion = self.one(mostly_open(Suggestion.objects.all(), dice), dice)
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
        actions.send_offer(offer_id=self.one(mostly_open(Offer.objects.all(), dice), dice).pk, now=self.now)
        self.done["send"] += 1

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def yes(self, dice: int) -> None:
        with self.perhaps("yes"):
            offer = self.one(mostly_open(Offer.objects.all(), dice), dice)
            actions.accept_offer(offer_id=offer.pk, actor=self.chloe, now=self.now, told=BY_PHONE)

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE, reason=st.sampled_from(AnswerReason))
    def no(self, dice: int, reason: AnswerReason) -> None:
        with self.perhaps("no"):
            offer = self.one(mostly_open(Offer.objects.all(), dice), dice)
            actions.decline_offer(
                offer_id=offer.pk, reason=reason, actor=self.chloe, now=self.now, told=BY_PHONE
            )

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def withdraw(self, dice: int) -> None:
        with self.perhaps("withdraw"):
            offer = self.one(mostly_open(Offer.objects.all(), dice), dice)
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
            actions.end_pairing(
                pairing_id=pairing.pk, reason=reason, closes=dice % 2 == 0, actor=self.chloe, now=self.now
            )

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
        self.done["proof"] += 1

    @rule(seconds=st.sampled_from([1, 40, 3600, 86_400, 3 * 86_400, 8 * 86_400, 31 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def the_sweep(self) -> None:
        actions.expire_offers(now=self.now)
        actions.close_wound_down(now=self.now)

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(dice=DICE, verb=st.sampled_from(["stage", "unstage", "call_first", "put_off", "bring_back"]))
    def handle(self, dice: int, verb: str) -> None:
        acts: dict[str, Any] = {
            "stage": actions.stage_suggestion,
            "unstage": actions.unstage_suggestion,
            "call_first": actions.call_first,
            "put_off": partial(actions.put_off, until=self.now.date() + timedelta(days=1 + dice % 9)),
            "bring_back": actions.bring_back,
        }
        with self.perhaps(verb):
            suggestion = self.one(mostly_open(Suggestion.objects.all(), dice), dice)
            acts[verb](suggestion_id=suggestion.pk, actor=self.chloe, now=self.now)

    @rule(takes_back=st.booleans())
    def release(self, takes_back: bool) -> None:
        of = {"programme_id": self.people.programme.pk, "actor": self.chloe}
        with self.perhaps("release"):
            actions.release_staged(**of, now=self.now)
        if takes_back:
            with self.perhaps("undo release"):
                actions.undo_release(**of, released_at=self.now, now=self.now)

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE, days=st.integers(min_value=1, max_value=30))
    def more_time(self, dice: int, days: int) -> None:
        with self.perhaps("extend"):
            offer = self.one(mostly_open(Offer.objects.all(), dice), dice)
            actions.extend_offer(offer_id=offer.pk, days=days, actor=self.chloe, now=self.now)

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def ask(self, dice: int) -> None:
        """Whoever is asked wants to know something first."""
        offer = self.one(
            mostly_open(Offer.objects.select_related("mentor__profile", "newcomer__profile"), dice), dice
        )
        side = offer.mentor if offer.side_asked == "mentor" else offer.newcomer
        asker = actor_for(side.profile.person, now=self.now)
        with self.perhaps("ask"):
            actions.ask_question(offer_id=offer.pk, text=f"Where? {dice}", actor=asker, now=self.now)

    @precondition(lambda self: Offer.objects.exists())
    @rule(dice=DICE)
    def look_further(self, dice: int) -> None:
        actions.propose_next(offer_id=self.one(mostly_open(Offer.objects.all(), dice), dice).pk, now=self.now)
        self.done["look further"] += 1

    @precondition(lambda self: Pairing.objects.exists())
    @rule(dice=DICE)
    def join(self, dice: int) -> None:
        with self.perhaps("join"):
            actions.add_member(
                pairing_id=self.one(Pairing.objects.all(), dice).pk,
                enrolment_id=self.one(Enrolment.objects.all(), dice // 5).pk,
                told=BY_PHONE,
                others_told=BY_PHONE,
                actor=self.chloe,
                now=self.now,
            )

    @precondition(lambda self: PairingMember.objects.exists())
    @rule(dice=DICE, reason=st.sampled_from(EndReason))
    def leave(self, dice: int, reason: EndReason) -> None:
        member = self.one(PairingMember.objects.all(), dice)
        with self.perhaps("leave"):
            actions.member_leaves(
                pairing_id=member.pairing_id,
                member_id=member.pk,
                reason=reason,
                actor=self.chloe,
                now=self.now,
            )

    @precondition(lambda self: PairingMember.objects.exists())
    @rule(dice=DICE)
    def stand_in(self, dice: int) -> None:
        member = self.one(PairingMember.objects.all(), dice)
        with self.perhaps("stand in"):
            actions.replace_mentor(
                pairing_id=member.pairing_id,
                member_id=member.pk,
                enrolment_id=self.one(Enrolment.objects.mentors(), dice // 3).pk,
                reason=EndReason.WORK,
                told=BY_PHONE,
                others_told=BY_PHONE,
                actor=self.chloe,
                now=self.now,
            )

    @precondition(lambda self: Pairing.objects.exists())
    @rule(dice=DICE, hour=st.integers(min_value=1, max_value=6))
    def meet(self, dice: int, hour: int) -> None:
        """Propose one of a few hours, so that meetings come in each other's way."""
        pairing = self.one(Pairing.objects.all(), dice)
        starts_at = (self.now + timedelta(hours=hour)).replace(minute=0, second=0, microsecond=0)
        with self.perhaps("propose"):
            meetings.propose_meeting(
                pairing_id=pairing.pk,
                plan=Plan(starts_at=starts_at, is_online=True),
                arranged=Arranged(hosted_by_id=self.chloe.person_id) if dice % 2 else None,
                client_id=UUID(int=dice),
                actor=self.chloe,
                now=self.now,
            )

    @precondition(lambda self: Meeting.objects.exists())
    @rule(dice=DICE, suits=st.booleans())
    def that_suits(self, dice: int, suits: bool) -> None:
        meeting = self.one(Meeting.objects.all(), dice)
        members = list(meeting.pairing.members.filter(until_at=None).select_related("enrolment__profile"))
        with self.perhaps("answer"):
            for member in members[: 1 + dice % 2]:
                person_id = member.enrolment.profile.person_id
                heard: dict[str, Any] = {"told": BY_PHONE, "person_id": person_id}
                heard |= {"actor": self.chloe, "now": self.now}
                for what in Confirmed:
                    meetings.confirm(pairing_id=meeting.pairing_id, what=what, language="de", **heard)
                meetings.answer_meeting(
                    meeting_id=meeting.pk, suits=suits, sequence=meeting.sequence, **heard
                )

    @precondition(lambda self: Meeting.objects.exists())
    @rule(dice=DICE, verb=st.sampled_from(["hold", "miss", "cancel"]))
    def after_meeting(self, dice: int, verb: str) -> None:
        acts = {
            "hold": meetings.hold_meeting,
            "miss": meetings.miss_meeting,
            "cancel": meetings.cancel_meeting,
        }
        with self.perhaps(verb):
            acts[verb](meeting_id=self.one(Meeting.objects.all(), dice).pk, actor=self.chloe, now=self.now)

    @precondition(lambda self: Pairing.objects.exists())
    @rule(dice=DICE)
    def we_met(self, dice: int) -> None:
        with self.perhaps("we met"):
            log_meeting(
                pairing_id=self.one(Pairing.objects.all(), dice).pk,
                on=self.now.date() - timedelta(days=dice % 3),
                minutes=60,
                client_id=UUID(int=dice),
                actor=self.chloe,
                now=self.now,
            )

    @rule()
    def the_night(self) -> None:
        """What the beat does: reminders, ends, proofs that ran out."""
        actions.remind_of_offers(now=self.now)
        meetings.cancel_meetings_that_are_over(now=self.now)
        for offer_id in list(Offer.objects.open().values_list("pk", flat=True)):
            actions.look_at_offer(offer_id=offer_id, now=self.now)
        for pairing_id in list(Pairing.objects.running().values_list("pk", flat=True)):
            actions.look_at_proofs(pairing_id=pairing_id, now=self.now)
        self.done["night"] += 1
