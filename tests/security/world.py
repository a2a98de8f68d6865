"""Three organisations, every role, and one real thing of each kind, all of Chloé's organisation.

Amina (newcomer) and Bruno (mentor) have a mentoring and a second offer that only Bruno was asked about.
Nadia is another newcomer there; a suggestion of her and Bruno waits to be decided. Carl, Mona, Otto and
Sofia are Chloé's colleagues in the other roles. Dario works elsewhere. So does Emma, whose organisation has
a file of its own about Amina. Olga runs the server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.test import Client

from backend.core import clock
from backend.core.actor import Actor
from backend.core.models import Beat
from backend.imports.actions import File, upload
from backend.imports.models import ImportBatch
from backend.meetings.actions import (
    add_place,
    allow_home,
    answer_meeting,
    hold_evening,
    invite,
    make_feed,
    plan_evening,
    propose_meeting,
)
from backend.meetings.actions.check_ins import Said, record_check_in
from backend.meetings.actions.expenses import approve_expense, hand_on_expenses, send_expense
from backend.meetings.actions.goals import choose_goal
from backend.meetings.actions.logging import log_meeting
from backend.meetings.enums import Mood
from backend.meetings.models import (
    CheckIn,
    Evaluation,
    Evening,
    Expense,
    Goal,
    GoalStep,
    Meeting,
    MeetingPlace,
)
from backend.meetings.receipts import Receipt
from backend.meetings.times import Arranged, Plan
from backend.messaging.actions import conversation_of, send_message
from backend.messaging.announcements import announce
from backend.messaging.models import Announcement, Conversation, Message
from backend.organisations.enums import Role
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import actor_for
from backend.pairings.actions import (
    accept_offer,
    ask_question,
    ask_to_transfer,
    bring_in_pairing,
    comment_on_suggestion,
    end_pairing,
)
from backend.pairings.changes import Change
from backend.pairings.enums import EndReason
from backend.pairings.models import (
    MatchRun,
    Offer,
    OfferQuestion,
    Pairing,
    Suggestion,
    SuggestionComment,
    Transfer,
    WhatIf,
)
from backend.people.enums import Channel
from backend.people.models import Person
from backend.people.slips import make_slip
from backend.people.told import Told
from backend.profiles.actions import log_contact
from backend.profiles.handovers import hand_over
from backend.profiles.models import Contact, Handover
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from backend.safeguarding.models import Clearance, Restriction
from tests import factories as make
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, make_four_people

RECEIPT = b"\xff\xd8\xff zqreceipt"  # looked for like a canary
NOBODY = "nobody"
AMINA, BRUNO, NADIA = "amina", "bruno", "nadia"
CHLOE, CARL, MONA, OTTO, SOFIA = "chloe", "carl", "mona", "otto", "sofia"
DARIO, EMMA, OLGA = "dario", "emma", "olga"

# What only those have who have a mentoring.
OF_THE_MENTORING = {"pairing", "conversation", "meeting"} | {
    *("held", "goal", "goal_step", "check_in", "expense", "expense_sent"),
}
# Parts of an address that name no thing.
FIXED = {"nothing": "nothing", "step": "check", "briefing": "briefing"}

Who = frozenset[str]
BOTH: Who = frozenset({AMINA, BRUNO})  # the two of the mentoring
COORDINATOR: Who = frozenset({CHLOE})
CASE: Who = frozenset({CHLOE, CARL})  # those who work on cases here
OFFICE: Who = CASE | {MONA, OTTO, SOFIA}  # every role here
OTHER_STAFF: Who = frozenset({DARIO, EMMA})
STAFF: Who = CASE | OTHER_STAFF  # those who work on cases somewhere
SIGNED_IN: Who = BOTH | {NADIA, OLGA} | OFFICE | OTHER_STAFF
EVERYONE: Who = SIGNED_IN | {NOBODY}
NONE: Who = frozenset()


@dataclass
class World:
    four: FourPeople
    nadia: Enrolment
    mentor_of_nadia: Enrolment
    amina_elsewhere: Enrolment
    run: MatchRun
    what_if: WhatIf
    suggestion: Suggestion
    comment: SuggestionComment
    open_offer: Offer  # Bruno is asked, Amina is not yet
    question: OfferQuestion  # Bruno's, before he answers it
    clearance: Clearance
    contact: Contact
    batch: ImportBatch
    restriction: Restriction
    role: Membership  # Carl's
    ended_pairing: Pairing  # Nadia's and Ben's; both may still write
    transfer: Transfer  # Amina is asked whether Emma's organisation may take over
    amina_elsewhere_office: Organisation  # Emma's, which was verified
    handover: Handover  # Carl has Amina now
    announcement: Announcement  # to Amina alone
    people: dict[str, Person]
    code: str  # of a slip of Nadia's
    place: MeetingPlace
    evening: Evening  # Nadia was there, and Ben
    feed_key: str  # of Nadia's calendar
    pairing: Pairing | None = None
    conversation: Conversation | None = None
    held: Meeting | None = None  # noted by Chloé
    goal: Goal | None = None  # Amina's, with one step
    goal_step: GoalStep | None = None
    check_in: CheckIn | None = None
    expense: Expense | None = None  # Bruno's, approved and handed on
    expense_sent: Expense | None = None  # Bruno's, not yet decided
    meeting: Meeting | None = None  # proposed; Amina has said yes
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # All sign in now: what a test does is taken back, and a sign-in with it.
        self.clients = {viewer: self.browser(viewer) for viewer in EVERYONE}

    def browser(self, viewer: str) -> Client:
        """A new browser in which `viewer` is signed in."""
        client = Client(raise_request_exception=False)
        if viewer != NOBODY:
            client.force_login(self.people[viewer])
        return client

    def id_of(self, name: str) -> UUID | str:
        """The public id of one thing here: "pairing", "amina.profile", "nadia.enrolment"."""
        if not self.has(name):
            return uuid4()  # of nothing
        who, _dot, what = name.partition(".")
        if what == "person":
            return self.people[who].public_id
        if who in BOTH:
            return getattr(getattr(self.four, who), what).public_id
        if who == NADIA:
            return (self.nadia if what == "enrolment" else self.nadia.profile).public_id
        if name in FIXED:
            return FIXED[name]
        thing = getattr(self.four, name, None) or getattr(self, name)
        return thing if isinstance(thing, str) else thing.public_id

    def has(self, name: str) -> bool:
        """Whether there is such a thing at this stage."""
        return name not in OF_THE_MENTORING or getattr(self, name) is not None


def make_world(*, together: bool = True, prepare: Callable[[FourPeople], None] | None = None) -> World:
    """together: whether Amina and Bruno have a mentoring. prepare: is given the four before all else."""
    four = make_four_people()
    if prepare:
        prepare(four)
    here, now = four.organisation, make.NOW
    people = {AMINA: four.amina.person, BRUNO: four.bruno.person, CHLOE: four.chloe.person}
    people |= {DARIO: four.dario.person, OLGA: make.make_person(is_operator=True)}
    Beat.objects.update_or_create(pk=1, defaults={"at": clock.now()})
    for viewer, role in (
        (CARL, Role.CASEWORKER),
        (MONA, Role.MANAGER),
        (OTTO, Role.OBSERVER),
        (SOFIA, Role.SAFEGUARDING),
    ):
        people[viewer] = make.make_membership(organisation=here, role=role, name=viewer.title()).person
    make.make_membership(organisation=here, role=Role.SAFEGUARDING, name="Second for safeguarding")
    emma = make.make_membership(name="Emma Lind")
    people[EMMA] = emma.person
    Organisation.objects.filter(pk=emma.organisation_id).update(verified_at=now)
    elsewhere = make.make_programme(organisation=emma.organisation, name="Elsewhere")
    amina_elsewhere = make.make_enrolment(
        programme=elsewhere,
        profile=make.make_profile(
            organisation=emma.organisation, person=four.amina.person, called="Amina", full_name="Amina H."
        ),
    )
    Enrolment.objects.filter(programme=four.programme).update(capacity=4)
    nadia = make.make_enrolment(programme=four.programme, called="Nadia")
    people[NADIA] = nadia.profile.person
    ben = make.make_enrolment(programme=four.programme, side="mentor", called="Ben")
    chloe, bruno, amina = (actor_for(people[who], now=now) for who in (CHLOE, BRUNO, AMINA))
    run = MatchRun.objects.create(
        programme=four.programme, state="done", asked_by=people[CHLOE], asked_at=now, finished_at=now
    )
    place = add_place(
        organisation_id=here.pk, name="Town library", address="Market square 1", actor=chloe, now=now
    )
    pairing = conversation = meeting = None
    lasts: dict[str, Any] = {}
    if together:
        offer = released(four, run=run, by=chloe)
        accept_offer(offer_id=offer.pk, actor=bruno, now=now)
        accept_offer(offer_id=offer.pk, actor=amina, now=now)
        pairing = Pairing.objects.get(offer=offer)
        conversation = conversation_of(pairing=pairing, actor=amina, now=now)
        say(conversation, "Shall we meet?", actor=amina)
        lasts = while_it_lasts(pairing, amina=amina, bruno=bruno, chloe=chloe)
        meeting = met_soon(pairing, place, by=chloe, answered_by=amina)
        Evaluation.objects.create(
            pairing=pairing, person=people[AMINA], by=people[AMINA], at=now, match=4, programme=5, text="Good"
        )
    _feed, feed_key = make_feed(actor=actor_for(people[NADIA], now=now), now=now)
    open_offer = released(four, run=run, by=chloe)
    _slip, code = make_slip(person=people[NADIA], actor=chloe, now=now)
    Person.objects.update(password=make_password(make.PASSWORD))  # hashed once: it is slow by design
    Person.objects.filter(pk=people[AMINA].pk).update(last_login=now)  # so that she is reached
    for person in people.values():
        person.refresh_from_db(fields=["password", "last_login"])
    suggestion = suggested(four, run=run, newcomer=nadia)
    return World(
        four=four,
        nadia=nadia,
        mentor_of_nadia=ben,
        amina_elsewhere=amina_elsewhere,
        run=run,
        what_if=WhatIf.objects.create(
            programme=four.programme,
            asked_by=people[CHLOE],
            asked_at=now,
            client_id=uuid4(),
            change=Change().as_json(),
        ),
        open_offer=open_offer,
        question=ask_question(offer_id=open_offer.pk, text="How far is it?", actor=bruno, now=now),
        suggestion=suggestion,
        comment=comment_on_suggestion(
            suggestion_id=suggestion.pk, text="Mornings suit both", client_id=uuid4(), actor=chloe, now=now
        ),
        pairing=pairing,
        conversation=conversation,
        meeting=meeting,
        place=place,
        evening=held_evening(four, place, [nadia, ben], by=chloe),
        feed_key=feed_key,
        clearance=Clearance.objects.filter(profile=four.bruno.profile).order_by("pk")[0],
        contact=log_contact(
            profile=four.amina.profile, channel=Channel.PHONE, actor=chloe, now=now, call_back_on=make.TODAY
        ),
        batch=upload(
            programme=four.programme,
            files=[File("people.csv", b"Name,Phone\nZoran Test,0151 234567\n")],
            actor=chloe,
            now=now,
        ),
        restriction=restrict(first=four.amina.profile, second=ben.profile, actor=chloe, now=now),
        role=people[CARL].memberships.get(),
        ended_pairing=ended(nadia, ben, by=chloe),
        transfer=ask_to_transfer(
            profile_id=four.amina.profile.pk,
            to_organisation_id=emma.organisation_id,
            summary="She looks for a course",
            actor=chloe,
            now=now,
        ),
        amina_elsewhere_office=emma.organisation,
        handover=hand_over(
            profile_ids=[four.amina.profile.pk],
            from_person_id=None,
            to_person=people[CARL],
            summary="Call in the evening.",
            actor=chloe,
            now=now,
        ),
        announcement=announce(
            organisation=here,
            profile_ids=[four.amina.profile.pk],
            text="We move on Monday.",
            client_id=uuid4(),
            actor=chloe,
            now=now,
        ),
        people=people,
        code=code,
        **lasts,
    )


def while_it_lasts(pairing: Pairing, *, amina: Actor, bruno: Actor, chloe: Actor) -> dict[str, Any]:
    """A meeting that was held, a goal with a step, a check-in, and two expenses."""
    of = {"pairing_id": pairing.pk, "now": make.NOW}
    goal = choose_goal(**of, text="Learn to swim", steps=["Buy a ticket"], client_id=uuid4(), actor=amina)
    told = Told(Channel.PHONE, "ar", "Nora")
    said = Said(make.TODAY, amina.person_id, told, Mood.GOOD, "They meet on Tuesdays.")
    paid = {**of, "on": make.TODAY, "cents": 1250, "receipt": Receipt(RECEIPT), "actor": bruno}
    first = send_expense(**paid, what="Bus", client_id=uuid4())
    approve_expense(expense_id=first.pk, actor=chloe, now=make.NOW)
    hand_on_expenses(organisation=pairing.programme.organisation, actor=chloe, now=make.NOW)
    first.refresh_from_db()
    noted = log_meeting(**of, on=make.TODAY, minutes=60, client_id=uuid4(), actor=chloe)
    return {
        "held": noted.meeting,
        "goal": goal,
        "goal_step": goal.steps.get(),
        "check_in": record_check_in(**of, said=said, client_id=uuid4(), actor=chloe),
        "expense": first,
        "expense_sent": send_expense(**paid, what="Coffee", client_id=uuid4()),
    }


def met_soon(pairing: Pairing, place: MeetingPlace, *, by: Actor, answered_by: Actor) -> Meeting:
    """A first meeting that waits for one yes, and a consent to meet at home."""
    meeting = propose_meeting(
        pairing_id=pairing.pk,
        plan=Plan(starts_at=make.NOW + timedelta(days=300), place_id=place.pk),
        arranged=Arranged(by.acting_person_id, "booked", "Samira"),
        client_id=uuid4(),
        actor=by,
        now=make.NOW,
    )
    answer_meeting(meeting_id=meeting.pk, suits=True, sequence=0, actor=answered_by, now=make.NOW)
    allow_home(pairing_id=pairing.pk, adults=["Bruno Keller"], each_is_cleared=True, actor=by, now=make.NOW)
    return meeting


def held_evening(four: FourPeople, place: MeetingPlace, guests: list[Enrolment], *, by: Actor) -> Evening:
    before, begins = make.NOW - timedelta(days=9), make.NOW - timedelta(days=2)
    evening = plan_evening(
        programme_id=four.programme.pk,
        starts_at=begins,
        minutes=120,
        place_id=place.pk,
        client_id=uuid4(),
        actor=by,
        now=before,
    )
    invite(evening_id=evening.pk, enrolment_ids=[guest.pk for guest in guests], actor=by, now=before)
    came = evening.guests.values_list("pk", flat=True)
    return hold_evening(evening_id=evening.pk, came=list(came), actor=by, now=make.NOW)


def say(conversation: Conversation, body: str, *, actor: Actor) -> Message:
    return send_message(
        conversation_id=conversation.pk, body=body, client_id=uuid4(), actor=actor, now=make.NOW
    )


def ended(newcomer: Enrolment, mentor: Enrolment, *, by: Actor) -> Pairing:
    """They had a mentoring, and it ends as planned."""
    pairing = bring_in_pairing(
        mentor_id=mentor.pk,
        newcomer_id=newcomer.pk,
        since=make.NOW - timedelta(days=200),
        actor=by,
        now=make.NOW,
    )
    return end_pairing(pairing_id=pairing.pk, reason=EndReason.PLAN, actor=by, now=make.NOW)


def suggested(four: FourPeople, *, run: MatchRun, newcomer: Enrolment | None = None) -> Suggestion:
    return Suggestion.objects.create(
        run=run,
        programme=four.programme,
        mentor=four.bruno.enrolment,
        newcomer=newcomer or four.amina.enrolment,
        fit=0.8,
        share=0.8,
        parts=[{"name": "topics", "value": 1.0, "weight": 3.0, "contribution": 3.0, "unknown": False}],
        examined_at=make.NOW,
    )


def released(four: FourPeople, *, run: MatchRun, by: Actor) -> Offer:
    suggestion = suggested(four, run=run)
    # Views read the real clock; an offer of the tests' day must not have run out then.
    offer = sent_offer(suggestion_id=suggestion.pk, actor=by, now=make.NOW)
    Offer.objects.filter(pk=offer.pk).update(expires_at=make.NOW + timedelta(days=3650))
    return offer
