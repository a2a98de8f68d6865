"""Three organisations, every role, and one real thing of each kind, all of Chloé's organisation.

Amina (newcomer) and Bruno (mentor) have a mentoring and a second offer that only Bruno was asked about.
Nadia is another newcomer there; a suggestion of her and Bruno waits to be decided. Carl, Mona, Otto and
Sofia are Chloé's colleagues in the other roles. Dario works elsewhere. So does Emma, whose organisation has
a file of its own about Amina. Olga runs the server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.test import Client

from backend.core import clock
from backend.core.actor import Actor
from backend.core.models import Beat
from backend.imports.actions import File, upload
from backend.imports.models import ImportBatch
from backend.messaging.actions import conversation_of, send_message
from backend.messaging.announcements import announce
from backend.messaging.models import Announcement, Conversation, Message
from backend.organisations.enums import Role
from backend.organisations.models import Membership
from backend.organisations.queries import actor_for
from backend.pairings.actions import accept_offer
from backend.pairings.models import MatchRun, Offer, Pairing, Suggestion, WhatIf
from backend.people.enums import Channel
from backend.people.models import Person
from backend.people.slips import make_slip
from backend.profiles.actions import log_contact
from backend.profiles.handovers import hand_over
from backend.profiles.models import Contact, Handover
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from backend.safeguarding.models import Clearance, Restriction
from tests import factories as make
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, make_four_people

NOBODY = "nobody"
AMINA, BRUNO, NADIA = "amina", "bruno", "nadia"
CHLOE, CARL, MONA, OTTO, SOFIA = "chloe", "carl", "mona", "otto", "sofia"
DARIO, EMMA, OLGA = "dario", "emma", "olga"

FIXED = {"nothing": "nothing", "step": "check"}  # parts of an address that name no thing

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
    open_offer: Offer  # Bruno is asked, Amina is not yet
    clearance: Clearance
    contact: Contact
    batch: ImportBatch
    restriction: Restriction
    role: Membership  # Carl's
    handover: Handover  # Carl has Amina now
    announcement: Announcement  # to Amina alone
    people: dict[str, Person]
    code: str  # of a slip of Nadia's
    pairing: Pairing | None = None
    conversation: Conversation | None = None
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
        return name not in {"pairing", "conversation"} or getattr(self, name) is not None


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
    pairing = conversation = None
    if together:
        offer = released(four, run=run, by=chloe)
        accept_offer(offer_id=offer.pk, actor=bruno, now=now)
        accept_offer(offer_id=offer.pk, actor=amina, now=now)
        pairing = Pairing.objects.get(offer=offer)
        conversation = conversation_of(pairing=pairing, actor=amina, now=now)
        say(conversation, "Shall we meet?", actor=amina)
    _slip, code = make_slip(person=people[NADIA], actor=chloe, now=now)
    Person.objects.update(password=make_password(make.PASSWORD))  # hashed once: it is slow by design
    Person.objects.filter(pk=people[AMINA].pk).update(last_login=now)  # so that she is reached
    for person in people.values():
        person.refresh_from_db(fields=["password", "last_login"])
    return World(
        four=four,
        nadia=nadia,
        mentor_of_nadia=ben,
        amina_elsewhere=amina_elsewhere,
        run=run,
        what_if=WhatIf.objects.create(
            programme=four.programme, asked_by=people[CHLOE], asked_at=now, client_id=uuid4(), change={}
        ),
        open_offer=released(four, run=run, by=chloe),
        suggestion=suggested(four, run=run, newcomer=nadia),
        pairing=pairing,
        conversation=conversation,
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
    )


def say(conversation: Conversation, body: str, *, actor: Actor) -> Message:
    return send_message(
        conversation_id=conversation.pk, body=body, client_id=uuid4(), actor=actor, now=make.NOW
    )


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
