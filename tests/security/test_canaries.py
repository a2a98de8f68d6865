"""Nothing shows where the table "Who sees what, when" forbids it: pages, API answers, mails, live events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import TestCase

from backend.api.tokens import make_token
from backend.config.directory import contacts
from backend.core import live
from backend.core.actor import Actor
from backend.core.crypto import blind_index
from backend.meetings.actions import confirm, make_feed
from backend.meetings.actions.expenses import refuse_expense
from backend.meetings.enums import Confirmed
from backend.meetings.models import GoOn
from backend.pairings.actions import accept_offer, answer_question, decline_offer
from backend.pairings.enums import AnswerReason
from backend.people.actions import record_consent
from backend.people.enums import Channel, IdentifierKind, Purpose
from backend.people.models import Identifier
from backend.people.slips import make_slip
from backend.profiles.actions import put_in_household
from backend.profiles.models import Profile
from backend.programmes.models import EnrolmentEvent
from notifications.mail import compose
from notifications.models import Delivery
from tests import factories as make
from tests.factories.people import FourPeople
from tests.security.access import ACCESS
from tests.security.canaries import NOT_OURS, OWNERS, Canary, are_named, models_with_canaries, plant, readers
from tests.security.test_access import ROUTES, ask
from tests.security.world import AMINA, BRUNO, EVERYONE, NOBODY, World, make_world, say

pytestmark = pytest.mark.django_db
STAGES = ("asked", "declined", "together")
RARE_TOWN = "Zqweiler"


@dataclass
class Aviary:
    stage: str
    world: World
    canaries: list[Canary]
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (group, what was sent)

    def forbidden_to(self, viewer: str) -> list[Canary]:
        together = self.stage == "together"
        return [c for c in self.canaries if viewer not in readers(c, together=together)]


@pytest.fixture(scope="module", params=STAGES)
def aviary(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Aviary]:
    events: list[tuple[str, dict[str, Any]]] = []
    with (
        django_db_blocker.unblock(),
        patch.object(live, "_send", lambda group, message: events.append((group, message))),
        transaction.atomic(),
    ):
        with TestCase.captureOnCommitCallbacks(execute=True):
            built = build(request.param)
        built.events = events
        yield built
        transaction.set_rollback(True)


def build(stage: str) -> Aviary:
    canaries: list[Canary] = []

    def name(four: FourPeople) -> None:
        """Names, addresses and a town where few speak Arabic, before anything is said about anybody."""
        Profile.objects.filter(pk=four.amina.profile.pk).update(
            town=make.make_town(RARE_TOWN, at=(49.2, 12.6))
        )
        four.amina.person.username, four.bruno.person.username = "amina", "bruno"
        for who in (four.amina, four.bruno):
            who.person.save(update_fields=["username"])
            who.profile.languages.update(variety="x")
            value = f"{who.profile.called}@example.org"
            Identifier.objects.create(
                person=who.person,
                kind=IdentifierKind.EMAIL,
                value=value,
                value_index=blind_index(value, scope="email"),
                verified_at=make.NOW,
            )
        people = {AMINA: four.amina.person.pk, BRUNO: four.bruno.person.pk}
        plant(people, four.organisation.pk, canaries)

    world = make_world(together=stage == "together", prepare=name)
    more_of_everything(world)
    plant(are_named(world), world.four.organisation.pk, canaries)
    if stage in {"asked", "declined"}:
        accept_offer(offer_id=world.open_offer.pk, actor=world.four.bruno.actor, now=make.NOW)
    if stage == "declined":
        decline_offer(
            offer_id=world.open_offer.pk,
            reason=AnswerReason.UNSURE,
            note="zqnote",
            actor=world.four.amina.actor,
            now=make.NOW,
        )
        canaries.append(Canary(AMINA, "pairings.Offer.decline_note", "C", "zqnote", here=True))
    if world.conversation:
        say(world.conversation, "zqbody", actor=world.four.amina.actor)
        canaries.append(Canary(AMINA, "messaging.Message.body", "C", "zqbody", here=True))
    if world.expense_sent:
        refuse_expense(
            expense_id=world.expense_sent.pk, why="zqwhy", actor=world.four.chloe.actor, now=make.NOW
        )
        canaries.append(Canary(BRUNO, "meetings.Expense.why", "C", "zqwhy", here=True))
        canaries.append(Canary(BRUNO, "meetings.Expense.receipt", "C", "zqreceipt", here=True))
    return Aviary(stage, world, canaries)


def more_of_everything(world: World) -> None:
    """The rows that the world does not need for itself."""
    chloe = world.four.chloe.actor
    for who in (world.four.amina, world.four.bruno):
        make_slip(person=who.person, actor=chloe, now=make.NOW)
        make_token(person=who.person, name="x", lifetime=None, actor=Actor.system("test"), now=make.NOW)
        record_consent(
            person=who.person,
            organisation_id=world.four.organisation.pk,
            purpose=Purpose.PROFILE,
            given=True,
            channel=Channel.IN_PERSON,
            language_shown="en",
            actor=chloe,
            now=make.NOW,
        )
        make_feed(actor=who.actor, now=make.NOW)
        if world.pairing is not None:
            confirm(
                pairing_id=world.pairing.pk,
                what=Confirmed.AGREEMENT,
                language="en",
                actor=who.actor,
                now=make.NOW,
            )
            said = {"answer": "yes", "at": make.NOW, "by": world.four.chloe.person}
            GoOn.objects.create(pairing=world.pairing, person=who.person, **said)
        EnrolmentEvent.objects.create(
            enrolment=who.enrolment, at=make.NOW, verb="enrol", to_state=who.enrolment.state
        )
    answer_question(question_id=world.question.pk, answer="Six kilometres.", actor=chloe, now=make.NOW)
    put_in_household(
        profile=world.four.amina.profile, with_profile=world.nadia.profile, actor=chloe, now=make.NOW
    )


def test_every_sensitive_model_says_whose_it_is() -> None:
    labels = {model._meta.label for model in models_with_canaries()}
    missing = sorted(labels - OWNERS.keys() - NOT_OURS.keys())
    assert missing == [], "Add each to OWNERS, or with a reason to NOT_OURS, in tests/security/canaries.py."


def test_every_sensitive_model_has_a_canary(aviary: Aviary) -> None:
    planted = {canary.field.rpartition(".")[0] for canary in aviary.canaries}
    # What only the two of a mentoring have.
    later = {label for label in OWNERS if label.startswith("meetings.")} - {"meetings.CalendarFeed"}
    later |= {"messaging.Message", "pairings.PairingEvent"}
    expected = OWNERS.keys() - (set() if aviary.stage == "together" else later)
    assert sorted(expected - planted) == [], "Make a row of each in tests/security/test_canaries.py."


@pytest.mark.parametrize("viewer", sorted(EVERYONE))
def test_no_page_and_no_answer_shows_what_is_not_theirs(viewer: str, aviary: Aviary) -> None:
    leaks = {}
    forbidden = aviary.forbidden_to(viewer)
    for name, access in sorted(ACCESS.items()):
        if name not in ROUTES or viewer not in (access.get or ()) or access.moves_away:
            continue
        if not all(aviary.world.has(thing) for thing in access.of):
            continue
        with transaction.atomic():
            answer = ask(aviary.world.clients[viewer], ROUTES[name], access, aviary.world, "get")
            transaction.set_rollback(True)
        text = b"".join(answer).decode(errors="replace") + str(answer.headers)
        if seen := seen_in(text, forbidden):
            leaks[name] = seen
    assert leaks == {}, f"{viewer} sees what the table in trust.md forbids ({aviary.stage})"


def test_the_mentor_does_not_learn_the_town_where_few_speak_that_language(aviary: Aviary) -> None:
    shown = set()
    for name in ("offers:detail", "mine", "api:offer-list", "api:offer-detail", "notices"):
        if name in ROUTES:
            answer = ask(aviary.world.clients[BRUNO], ROUTES[name], ACCESS[name], aviary.world, "get")
            shown |= {name} if RARE_TOWN in answer.content.decode() else set()
    if aviary.stage != "together":
        assert shown == set()


def test_no_mail_says_what_its_reader_may_not_know(aviary: Aviary) -> None:
    names = {person.pk: viewer for viewer, person in aviary.world.people.items()}
    rows = Delivery.objects.filter(path="email", notice__person__in=names).select_related("notice")
    known = contacts(names)
    leaks = {}
    for delivery in rows.order_by("pk"):
        viewer = names[delivery.notice.person_id]
        mail = compose(delivery, known[delivery.notice.person_id])
        html = str(mail.alternatives[0][0])
        # The address on the envelope is the reader's own.
        if seen := seen_in(f"{mail.subject}\n{mail.body}\n{html}", aviary.forbidden_to(viewer)):
            leaks[f"{delivery.notice.kind} to {viewer}"] = seen
        if seen := seen_in(str(mail.subject), aviary.canaries):
            leaks[f"subject of {delivery.notice.kind}"] = seen
    assert rows.exists()
    assert leaks == {}


def test_no_live_event_says_what_its_reader_may_not_know(aviary: Aviary) -> None:
    groups = {live.group_of(person.pk): viewer for viewer, person in aviary.world.people.items()}
    leaks = {}
    for group, message in aviary.events:
        # Somebody who is not in the world hears what nobody may know.
        viewer = groups.get(group, NOBODY)
        forbidden = aviary.forbidden_to(viewer)
        if seen := seen_in(json.dumps(message), forbidden):
            leaks[f"{message['event']['type']} to {viewer}"] = seen
    assert aviary.events
    assert leaks == {}


def test_a_canary_would_be_found(aviary: Aviary) -> None:
    """Chloé sees the notes of her own case: what finds nothing elsewhere finds them there."""
    answer = ask(
        aviary.world.clients["chloe"],
        ROUTES["api:profile-detail"],
        ACCESS["api:profile-detail"],
        aviary.world,
        "get",
    )
    notes = [
        c for c in aviary.canaries if c.field == "profiles.Profile.notes" and c.owner == AMINA and c.here
    ]
    assert seen_in(answer.content.decode(), notes) == ["amina: profiles.Profile.notes"]


def seen_in(text: str, canaries: list[Canary]) -> list[str]:
    bare = text.replace(" ", "").replace("\xa0", "")  # telephone numbers are written in groups
    return [f"{c.owner}: {c.field}" for c in canaries if c.value in text or c.value in bare]
