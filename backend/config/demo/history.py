"""Fourteen months of matching: the engine proposes every four weeks, people decide, answer, meet and part.

The runs are the engine's own, over who was there on that day, so that every suggestion has its real parts.
It breaks ties by key, so two seedings tell the same story where their keys begin alike: in empty databases.
Rows are written at the end in one go; the places are counted by the database as ever.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backend.config.demo.papers import INTERPRETERS, Papers
from backend.config.demo.scene import Life, Scene
from backend.config.demo.world import DAYS, LAST_RUN, World
from backend.core.states import next_state
from backend.pairings import engine
from backend.pairings.deadlines import end_of_day
from backend.pairings.enums import (
    OFFER_MOVES,
    PAIRING_MOVES,
    SUGGESTION_MOVES,
    AnswerReason,
    DeclineReason,
    EndReason,
    OfferState,
    PauseReason,
    Refusal,
    RunState,
)
from backend.pairings.models import (
    MatchRun,
    Offer,
    Pairing,
    PairingEvent,
    PairingMember,
    Suggestion,
    Unmatched,
)
from backend.pairings.queries import PERSON, final_refusals
from backend.people.enums import Channel
from backend.people.models import Person
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment

EVERY = 28  # days between two runs; longer than a decision and two answers may take
OFFER_DAYS = 7
Thing = Suggestion | Offer | Pairing


@dataclass
class Told:
    """One finished or open mentoring with who takes part, for the conversations."""

    pairing: Pairing
    mentor: Enrolment
    newcomer: Enrolment


@dataclass
class History:
    world: World
    scene: Scene
    papers: Papers
    runs: list[MatchRun] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    pairings: list[Told] = field(default_factory=list)
    members: list[PairingMember] = field(default_factory=list)
    events: list[PairingEvent] = field(default_factory=list)
    tried: set[tuple[int, int]] = field(default_factory=set)
    taken: dict[int, list[tuple[date, date]]] = field(default_factory=dict)
    known: dict[int, Enrolment] = field(default_factory=dict)
    newcomers: dict[int, Life] = field(default_factory=dict)
    mentors: dict[int, Life] = field(default_factory=dict)

    def tell(self) -> None:
        """Let the months pass, up to a run of two weeks ago whose offers are partly still open."""
        self._gather()
        resting = [life for life in self.mentors.values() if life.until]
        every = EVERY * 3 if self.world.small else EVERY
        for ago in sorted(range(LAST_RUN, DAYS - 30, every), reverse=True):
            self._run(self.world.day(ago))
        for life in resting:
            if life.until and life.enrolment.state == EnrolmentState.APPLIED:
                self.papers.end(life.enrolment, "pause", on=life.until)

    def save(self) -> None:
        MatchRun.objects.bulk_create(self.runs)
        Unmatched.objects.bulk_create(self.unmatched)
        Suggestion.objects.bulk_create(self.suggestions)
        Offer.objects.bulk_create(self.offers)
        Pairing.objects.bulk_create([told.pairing for told in self.pairings])
        PairingMember.objects.bulk_create(self.members)
        self.events.sort(key=lambda event: event.at)
        PairingEvent.objects.bulk_create(self.events)

    def everyone(self) -> tuple[list[Enrolment], list[Enrolment]]:
        return [life.enrolment for life in self.mentors.values()], [
            life.enrolment for life in self.newcomers.values()
        ]

    # --- one run ----------------------------------------------------------------------------------------

    def _gather(self) -> None:
        """Read the enrolments once with all the engine asks for; it looks at them every four weeks."""
        rows = Enrolment.objects.filter(programme=self.scene.programme).select_related(*PERSON)
        self.known = {e.pk: e for e in rows.prefetch_related("profile__languages").order_by("id")}
        for lives, kept in ((self.scene.mentors, self.mentors), (self.scene.newcomers, self.newcomers)):
            for life in lives:
                life.enrolment = self.known[life.enrolment.pk]
                kept[life.enrolment.pk] = life

    def _run(self, day: date) -> None:
        at = self.world.moment(day, self.scene.zone, hours=(9, 11))
        mentors = self._there(self.mentors, day)
        newcomers = [e for e in self._there(self.newcomers, day) if e.places_free > 0]
        refusals = {
            **final_refusals(mentors, newcomers, day=day),
            Refusal.ALREADY_TRIED: frozenset(self.tried),
        }
        plan = engine.plan(self.scene.programme, mentors, newcomers, refusals, day=day)
        run = MatchRun(
            public_id=self.world.uuid(),
            created_at=at,
            programme=self.scene.programme,
            state=RunState.DONE,
            asked_by=self.scene.coordinator,
            asked_at=at,
            finished_at=at + timedelta(seconds=4),
            newcomers=len(newcomers),
            mentors=len(mentors),
            matched=len(plan.proposals),
            total_fit=plan.total,
            upper_bound=plan.upper_bound,
            gap=plan.gap,
            feasible_pairs=plan.feasible_pairs,
        )
        self.runs.append(run)
        self.unmatched.extend(
            Unmatched(run=run, newcomer_id=left.newcomer, feasible=left.feasible, reasons=list(left.reasons))
            for left in plan.left
        )
        for proposal in plan.proposals:
            self._decide(self.suggest(proposal, run), day)

    def _there(self, lives: dict[int, Life], day: date) -> list[Enrolment]:
        """Who could be matched on that day, with the places taken then; nothing of it is saved."""
        found = []
        for life in lives.values():
            if life.is_there_on(day):
                spans = self.taken.get(life.enrolment.pk, [])
                life.enrolment.places_taken = sum(start <= day < end for start, end in spans)
                found.append(life.enrolment)
        return found

    def suggest(self, proposal: engine.Proposal, run: MatchRun) -> Suggestion:
        at = run.asked_at + timedelta(seconds=4)
        suggestion = Suggestion(
            public_id=self.world.uuid(),
            created_at=at,
            run=run,
            programme=self.scene.programme,
            mentor=self.mentors[proposal.mentor].enrolment,
            newcomer=self.newcomers[proposal.newcomer].enrolment,
            fit=proposal.fit,
            share=proposal.share,
            parts=list(proposal.parts),
            alternatives=list(proposal.alternatives),
            examined_at=at,
        )
        self.suggestions.append(suggestion)
        self._note(suggestion, "propose", at=at, system="matching")
        return suggestion

    # --- what people decide -----------------------------------------------------------------------------

    def _decide(self, suggestion: Suggestion, day: date) -> None:
        world = self.world
        on = day + timedelta(days=world.between(1, 15))
        verdict = world.weighted(["release", "decline", "leave"], [0.84, 0.1, 0.06])
        if verdict == "leave" or on >= world.as_of:
            later = min(day + timedelta(days=EVERY), world.as_of - timedelta(days=1))
            self._move(suggestion, "supersede", SUGGESTION_MOVES, at=self._at(later), system="matching")
        elif verdict == "decline":
            reason = world.weighted(list(DeclineReason), [2, 3, 2, 2, 1, 1])
            self._settle(suggestion, "decline", at=self._at(on), why=reason)
            suggestion.decline_reason = reason
            self._remember(suggestion)
        else:
            self.answer(self.release(suggestion, on), on)

    def release(self, suggestion: Suggestion, on: date) -> Offer:
        at = self._at(on)
        self._settle(suggestion, "release", at=at)
        offer = Offer(
            public_id=self.world.uuid(),
            created_at=at,
            suggestion=suggestion,
            programme=self.scene.programme,
            mentor=suggestion.mentor,
            newcomer=suggestion.newcomer,
            first_side=Side.MENTOR,
            released_by=self.scene.coordinator,
            released_at=at,
            sent_at=at,
            expires_at=self._last_moment(at),
        )
        self.offers.append(offer)
        self._note(offer, "release", at=at, by=self.scene.coordinator)
        return offer

    def answer(self, offer: Offer, on: date) -> None:
        """The mentor answers, then the newcomer; some say no, some nothing at all."""
        for side, yes in ((offer.mentor, 0.86), (offer.newcomer, 0.92)):
            verdict = self.world.weighted(["accept", "decline", ""], [yes, 0.06, 0.96 - yes])
            on += timedelta(days=self.world.pick([1, 1, 2, 2, 3, 4]))
            at = self._at(on)
            if not verdict or at > offer.expires_at:
                self._run_out(offer)
                return
            if on >= self.world.as_of:
                return
            if verdict == "decline":
                self._decline(offer, side, at)
                return
            self.accept(offer, side, at)
        self.meet(offer, on)

    def _last_moment(self, at: datetime) -> datetime:
        zone = self.scene.programme.organisation.time_zone
        return end_of_day(now=at, days=OFFER_DAYS, time_zone=zone)

    def accept(self, offer: Offer, side: Enrolment, at: datetime) -> None:
        if offer.state == OfferState.ASKING_FIRST:
            offer.first_accepted_at, offer.expires_at = at, self._last_moment(at)
            self._answered(offer, "accept_first", side, at)
        else:
            offer.closed_at = at
            self._answered(offer, "accept_second", side, at)

    def _decline(self, offer: Offer, side: Enrolment, at: datetime) -> None:
        offer.decline_reason = self.world.weighted(list(AnswerReason), [5, 2, 2, 1, 1])
        offer.closed_at = at
        self._answered(offer, "decline", side, at, why=offer.decline_reason)
        self._remember(offer.suggestion)

    def _run_out(self, offer: Offer) -> None:
        if offer.expires_at < self._at(self.world.as_of - timedelta(days=1)):
            offer.closed_at = offer.expires_at
            self._move(offer, "expire", OFFER_MOVES, at=offer.expires_at, system="expiry")
            self._remember(offer.suggestion)

    def _answered(self, offer: Offer, verb: str, side: Enrolment, at: datetime, why: str = "") -> None:
        """By themselves, or by telephone to the coordinator who writes it down."""
        if self.world.chance(0.6 if side.side == Side.MENTOR else 0.35):
            self._move(offer, verb, OFFER_MOVES, at=at, by=side.profile.person, why=why)
            return
        helper = self.world.pick(INTERPRETERS) if self.world.chance(0.3) else ""
        channel = self.world.pick([Channel.PHONE, Channel.IN_PERSON])
        told = {"channel": channel, "language": self.scene.place.language, "interpreter": helper}
        self._move(offer, verb, OFFER_MOVES, at=at, by=self.scene.coordinator, why=why, **told)

    # --- mentorings -------------------------------------------------------------------------------------

    def meet(self, offer: Offer, on: date, *, until: date | None = None) -> Pairing:
        """A pairing from that day; `until` None lets luck decide how long it lasts."""
        assert offer.closed_at is not None, "both have said yes"
        at = offer.closed_at
        pairing = Pairing(
            public_id=self.world.uuid(),
            created_at=at,
            programme=self.scene.programme,
            offer=offer,
            started_at=at,
        )
        for side, enrolment in ((Side.MENTOR, offer.mentor), (Side.NEWCOMER, offer.newcomer)):
            self.members.append(PairingMember(pairing=pairing, enrolment=enrolment, side=side, from_at=at))
        self.pairings.append(Told(pairing, offer.mentor, offer.newcomer))
        self._note(pairing, "start", at=at, by=offer.newcomer.profile.person)
        reason, days = self._how_long()
        end = until or on + timedelta(days=days)
        for enrolment in (offer.mentor, offer.newcomer):
            self.taken.setdefault(enrolment.pk, []).append((on, end))
        if end < self.world.as_of:
            self._part(pairing, offer, reason, end)
        elif until is None:
            self._slow_down(pairing, on)
        return pairing

    def _how_long(self) -> tuple[EndReason, int]:
        world = self.world
        if world.chance(0.72):
            return EndReason.PLAN, world.weighted(
                [world.between(170, 200), world.between(230, 330)], [0.5, 0.5]
            )
        early = [EndReason.WISH, EndReason.MOVED, EndReason.WORK, EndReason.UNREACHABLE]
        return world.weighted(early, [3, 3, 3, 2]), world.between(18, 130)

    def _part(self, pairing: Pairing, offer: Offer, reason: EndReason, end: date) -> None:
        at = self._at(end)
        pairing.ended_at, pairing.end_reason = at, reason
        self._move(pairing, "end", PAIRING_MOVES, at=at, by=self.scene.coordinator, why=reason)
        for member in self.members[-2:]:
            member.until_at = at
        self._remember(offer.suggestion)
        mentor, newcomer = self.mentors[offer.mentor.pk], self.newcomers[offer.newcomer.pk]
        match reason:
            case EndReason.PLAN | EndReason.MOVED | EndReason.UNREACHABLE:
                self._leave(newcomer, "end", end)
            case EndReason.WISH if self.world.chance(0.5):
                self._leave(newcomer, "postpone", end)
            case EndReason.WORK if offer.mentor.capacity == 1:
                self._leave(mentor, "pause", end)

    def _leave(self, life: Life, verb: str, on: date) -> None:
        if life.until is None or life.until > on:
            life.until = on
            self.papers.end(life.enrolment, verb, on=min(on + timedelta(days=1), self.world.day(1)))

    def _slow_down(self, pairing: Pairing, since: date) -> None:
        world = self.world
        days = (world.as_of - since).days
        if days > 20 and world.chance(0.07):
            at = self._at(world.day(world.between(2, min(days - 10, 40))))
            pairing.pause_reason = PauseReason.ASKED
            self._move(pairing, "pause", PAIRING_MOVES, at=at, by=self.scene.coordinator)
        elif days > 165 and world.chance(0.4):
            at, reason = self._at(world.day(world.between(1, 12))), EndReason.PLAN
            pairing.end_reason = reason
            pairing.closes_at = at + timedelta(days=reason.days_to_say_goodbye)
            for member in self.members[-2:]:
                member.takes_place = False
                self.taken[member.enrolment.pk][-1] = (since, at.date())
            who = {"by": self.scene.coordinator, "why": reason}
            self._move(pairing, "wind_down", PAIRING_MOVES, at=at, **who)

    # --- rows -------------------------------------------------------------------------------------------

    def _at(self, day: date) -> datetime:
        return self.world.moment(day, self.scene.zone)

    def _remember(self, suggestion: Suggestion) -> None:
        self.tried.add((suggestion.mentor.pk, suggestion.newcomer.pk))

    def _settle(self, suggestion: Suggestion, verb: str, *, at: datetime, why: str = "") -> None:
        suggestion.decided_by, suggestion.decided_at = self.scene.coordinator, at
        self._move(suggestion, verb, SUGGESTION_MOVES, at=at, by=self.scene.coordinator, why=why)

    def _move(self, thing: Thing, verb: str, moves, *, at: datetime, **who) -> None:
        before = thing.state
        thing.state = next_state(moves, verb=verb, state=before)
        self._note(thing, verb, at=at, before=before, **who)

    def _note(
        self,
        thing: Thing,
        verb: str,
        *,
        at: datetime,
        before: str = "",
        by: Person | None = None,
        **more: str,
    ) -> None:
        about = {type(thing).__name__.lower(): thing}
        self.events.append(
            PairingEvent(**about, at=at, by=by, verb=verb, from_state=before, to_state=thing.state, **more)
        )
