"""The living example: whole, the same every time, and never among other people's data."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model, Q

from backend.config.demo import names, texts
from backend.config.demo.places import PLACES
from backend.config.demo.seed import seed
from backend.config.demo.world import World
from backend.core.crypto import EncryptedTextField
from backend.core.jobs import Job
from backend.core.states import next_state
from backend.messaging.models import Conversation, Message
from backend.organisations.models import Membership, Organisation
from backend.pairings.enums import OFFER_MOVES, PAIRING_MOVES, SUGGESTION_MOVES, OfferState, PairingState
from backend.pairings.models import (
    MatchRun,
    Offer,
    Pairing,
    PairingEvent,
    PairingMember,
    Suggestion,
    Unmatched,
)
from backend.people.demo import PASSWORD, demo_signins
from backend.people.models import Person
from backend.people.signin import IdentifierBackend
from backend.profiles.models import Contact, Household, Profile, ProfileLanguage
from backend.programmes.enums import ENROLMENT_MOVES
from backend.programmes.models import Enrolment, EnrolmentEvent, Programme
from backend.safeguarding.models import Clearance
from notifications.models import Delivery
from tests import factories as make

AS_OF = date(2026, 11, 21)
APPS = "people organisations profiles programmes safeguarding pairings messaging meetings notifications"


def demo(**options: Any) -> str:
    said = StringIO()
    call_command("demo", stdout=said, **{"as_of": AS_OF, "small": True} | options)
    return said.getvalue()


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """Hashing five passwords as in earnest takes longer than the rest of the small example."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def example(towns: None) -> World:
    demo()
    return World(AS_OF)


def seeded_models() -> list[type[Model]]:
    return [model for label in APPS.split() for model in apps.get_app_config(label).get_models()]


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the example as plain values, keys included; not what is hashed or sealed anew each time."""
    found = {}
    for model in seeded_models():
        fields = [f.attname for f in model._meta.concrete_fields if f.attname not in {"password", "receipt"}]
        found[model._meta.label] = list(model._default_manager.order_by("pk").values_list(*fields))
    return found


def empty_again() -> None:
    tables = ", ".join(model._meta.db_table for model in seeded_models())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def test_two_seedings_give_the_same_rows(towns: None) -> None:
    empty_again()
    demo()
    first = everything()
    empty_again()
    demo()
    assert everything() == first


def test_what_is_encrypted_is_among_what_was_compared() -> None:
    fields = [field for model in seeded_models() for field in model._meta.concrete_fields]
    assert sum(isinstance(field, EncryptedTextField) for field in fields) > 5


def test_a_second_seeding_changes_nothing(example: World) -> None:
    before = everything()
    assert demo(as_of=AS_OF + timedelta(days=9)) == "The example is already there. Nothing was changed.\n"
    assert everything() == before


def test_it_stays_out_of_a_database_that_holds_people(towns: None) -> None:
    make.make_person(username="eva")
    with pytest.raises(CommandError, match="goes into an empty database only"):
        demo()
    assert Person.objects.count() == 1


def test_without_towns_it_says_what_to_run(db: None) -> None:
    with pytest.raises(CommandError, match=r"Roding.*import_places"):
        demo()
    assert not Person.objects.exists()


def test_the_five_sign_in_with_the_password_on_the_page(example: World) -> None:
    for signin in demo_signins():
        found = IdentifierBackend().authenticate(None, login=signin.username, password=PASSWORD)
        assert found is not None and found.username == signin.username
    assert Person.objects.exclude(username=None).count() == 5
    assert Person.objects.get(is_operator=True).username == "admin"


def test_nobody_else_can_sign_in(example: World) -> None:
    others = Person.objects.filter(username=None)
    assert others.exists() and not any(person.has_usable_password() for person in others)


def test_amina_reads_arabic_and_has_written_with_bruno(example: World) -> None:
    amina, bruno = Person.objects.get(username="amina"), Person.objects.get(username="bruno")
    assert amina.language == "ar"
    together = Pairing.objects.of_person(amina.pk).of_person(bruno.pk).get()
    assert together.state == PairingState.ACTIVE
    lines = together.conversation.messages.order_by("seq")
    assert {line.sender_id for line in lines} == {amina.pk, bruno.pk}
    assert "برونو" in " ".join(line.body for line in lines)


def test_bruno_has_one_offer_to_answer_and_no_place_more(example: World) -> None:
    bruno = Enrolment.objects.get(profile__person__username="bruno")
    offer = Offer.objects.awaiting(bruno.profile.person_id).get()
    assert (offer.newcomer.profile.called, offer.state) == ("Selam", OfferState.ASKING_FIRST)
    assert (bruno.capacity, bruno.places_taken) == (2, 2)


def test_each_organisation_has_two_people_for_safeguarding_and_its_coordinator(example: World) -> None:
    for place in PLACES:
        held = Membership.objects.filter(organisation__name=place.organisation)
        roles = list(held.values_list("role", flat=True))
        assert (roles.count("safeguarding"), roles.count("coordinator")) == (2, 1)
    chloe = Membership.objects.get(person__username="chloe", role="manager").organisation
    assert Membership.objects.get(person__username="dario", role="manager").organisation != chloe


def test_places_are_what_offers_and_members_take(example: World) -> None:
    for enrolment in Enrolment.objects.all():
        offers = Offer.objects.open().filter(Q(mentor=enrolment) | Q(newcomer=enrolment)).count()
        members = PairingMember.objects.filter(enrolment=enrolment, until_at=None, takes_place=True).count()
        assert enrolment.places_taken == offers + members


def chains() -> Iterator[tuple[Any, list[Any], Any]]:
    """Each thing with a state, its events in order, and the table it moves by."""
    for model, name, moves in (
        (Suggestion, "suggestion", SUGGESTION_MOVES),
        (Offer, "offer", OFFER_MOVES),
        (Pairing, "pairing", PAIRING_MOVES),
    ):
        for thing in model.objects.all():
            yield thing, list(PairingEvent.objects.filter(**{name: thing}).order_by("id")), moves
    for enrolment in Enrolment.objects.all():
        yield (
            enrolment,
            list(EnrolmentEvent.objects.filter(enrolment=enrolment).order_by("id")),
            ENROLMENT_MOVES,
        )


def test_every_state_was_reached_by_its_events(example: World) -> None:
    for thing, events, moves in chains():
        first, *others = events
        assert first.from_state == ""
        state = first.to_state
        for event in others:
            assert event.from_state == state
            state = next_state(moves, verb=event.verb, state=state)
            assert event.to_state == state
        assert state == thing.state, (thing, [e.verb for e in events])
        assert [e.at for e in events] == sorted(e.at for e in events)


def test_everything_happened_before_this_morning(example: World) -> None:
    # What is promised or runs out lies ahead.
    ahead = {"expires_at", "valid_until", "call_back_on", "closes_at", "starts_at"}
    for model in seeded_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() == "DateTimeField" and field.name not in ahead:
                later = model._default_manager.filter(**{f"{field.name}__gt": example.now})
                assert not later.exists(), f"{model._meta.label}.{field.name}"


def test_people_write_and_decide_by_day(example: World) -> None:
    for message in Message.objects.select_related("conversation__pairing__programme__organisation"):
        zone = message.conversation.pairing.programme.organisation.time_zone
        assert 8 <= message.sent_at.astimezone(ZoneInfo(zone)).hour < 21


def test_messages_follow_each_other_and_are_counted(example: World) -> None:
    for conversation in Conversation.objects.prefetch_related("messages"):
        lines = list(conversation.messages.all())
        assert [line.seq for line in lines] == list(range(1, conversation.last_seq + 1))
        assert [line.sent_at for line in lines] == sorted(line.sent_at for line in lines)
        assert conversation.last_at == lines[-1].sent_at
        assert conversation.pairing.started_at <= lines[0].sent_at
        assert not any("{" in line.body for line in lines)


def test_nothing_waits_to_be_sent(example: World) -> None:
    assert not Delivery.objects.exclude(path="bell", state="sent").exists()
    assert not Job.objects.exists()


def test_mentors_were_cleared_and_newcomers_ready_when_they_were_matched(example: World) -> None:
    for offer in Offer.objects.select_related("mentor", "newcomer"):
        proofs = Clearance.objects.filter(profile=offer.mentor.profile_id).valid_on(offer.released_at.date())
        assert proofs.values("kind").distinct().count() == 3
        ready = offer.newcomer.events.filter(to_state="ready", at__lte=offer.released_at)
        assert ready.exists() and offer.newcomer.profile.is_adult_on(AS_OF)


def test_seen_on_another_day_the_same_people_are_there(towns: None) -> None:
    demo(as_of=date(2027, 3, 1))
    assert (
        Profile.objects.get(called="Amina", full_name="Amina Haddad").organisation.name
        == PLACES[0].organisation
    )
    assert MatchRun.objects.order_by("-asked_at").first().asked_at.date() == date(2027, 3, 1)


def test_threads_fill_their_blanks_and_speak_in_turns() -> None:
    for tongue in texts.LANGUAGES:
        told = texts.episodes(tongue)
        assert [e.name for e in told].count("opening") == 2 and len(told) >= 8
        for episode in told:
            assert {line.is_mentor for line in episode.lines} == {True, False}
            for line in episode.lines:
                line.text.format(m="M", n="N", day="D", time="T", place="P")


def test_names_of_two_words_stay_together() -> None:
    assert names.choices("Le Goff Morvan") == ["Le Goff", "Morvan"]


@pytest.mark.prove
def test_the_whole_example_has_what_a_visitor_looks_for(towns: None) -> None:
    empty_again()  # keys begin at 1, as they do where the example is made: ties between pairs fall by key
    started = datetime.now(tz=ZoneInfo("UTC"))
    told = seed(AS_OF)
    assert datetime.now(tz=ZoneInfo("UTC")) - started < timedelta(seconds=30)
    assert (170 <= told.volunteers <= 190) and (230 <= told.newcomers <= 250)
    roding = Programme.objects.get(organisation__name=PLACES[0].organisation)
    assert 14 <= Suggestion.objects.filter(programme=roding).open().count() <= 22
    assert Offer.objects.filter(programme=roding).open().count() >= 3
    assert Unmatched.objects.filter(run=roding.runs.first()).count() >= 4
    running = Pairing.objects.running()
    quiet = running.filter(conversation__last_at__lt=World(AS_OF).now - timedelta(days=21))
    assert quiet.exists() and running.filter(state=PairingState.PAUSED).exists()
    reasons = Pairing.objects.filter(state=PairingState.ENDED).values_list("end_reason", flat=True)
    assert set(reasons) == {"plan", "wish", "moved", "work", "unreachable"}
    assert Contact.objects.filter(call_back_on=AS_OF, called_back_at=None).exists()
    assert Household.objects.count() > 5
    soon = Clearance.objects.filter(valid_until__range=(AS_OF, AS_OF + timedelta(days=60)))
    assert soon.exists() and Clearance.objects.filter(valid_until__lt=AS_OF).exists()
    assert Profile.objects.filter(born="").exists()
    assert ProfileLanguage.objects.filter(not_with_mentor=True).exists()
    assert Organisation.objects.count() == 3
    left = Unmatched.objects.filter(run=roding.runs.first())
    assert {"languages", "hours", "way"} <= {line["refusal"] for one in left for line in one.reasons}
