"""Where everyone begins, and a coordinator's Today."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from backend.messaging.models import Conversation
from backend.pairings import actions
from backend.pairings.models import Pairing, Suggestion
from backend.people.models import Person
from backend.profiles.models import Contact
from tests.factories import NOW, TODAY, make_clearance, make_enrolment, make_membership, make_person
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


def home_of(person: Person) -> str:
    return signed_in(person).get(reverse("home")).content.decode()


def pair(people: FourPeople) -> Pairing:
    return actions.bring_in_pairing(
        mentor_id=people.bruno.enrolment.pk,
        newcomer_id=people.amina.enrolment.pk,
        since=NOW - timedelta(days=30),
        actor=people.chloe.actor,
        now=NOW,
    )


def offer(people: FourPeople) -> str:
    made = actions.suggest_by_hand(
        mentor_id=people.bruno.enrolment.pk,
        newcomer_id=people.amina.enrolment.pk,
        actor=people.chloe.actor,
        now=NOW,
    )
    actions.examine_suggestion(suggestion_id=made.pk, now=NOW)
    sent = sent_offer(suggestion_id=made.pk, actor=people.chloe.actor, now=NOW)
    return reverse("offers:detail", args=[sent.public_id])


@pytest.mark.django_db
def test_who_is_not_signed_in_finds_the_door() -> None:
    page = Client().get(reverse("home")).content.decode()
    assert reverse("account_login") in page


def test_a_coordinator_is_led_to_today(four_people: FourPeople) -> None:
    assert signed_in(four_people.chloe.person).get(reverse("home"))["Location"] == reverse("today")


def test_a_newcomer_without_a_mentor_is_told_honestly(four_people: FourPeople) -> None:
    page = home_of(four_people.amina.person)
    assert "Good morning, Amina" in page
    assert "No mentor yet" in page
    assert "We cannot promise a date." in page
    assert "Bruno" not in page


def test_what_is_missing_says_who_must_act(four_people: FourPeople) -> None:
    eva = make_enrolment(programme=four_people.programme, side="mentor", called="Eva", cleared=False)
    page = home_of(eva.profile.person)
    assert "Police check" in page
    assert "waits for you and Welcome Roding" in page


def test_a_question_to_answer_comes_first(four_people: FourPeople) -> None:
    address = offer(four_people)
    assert address in home_of(four_people.bruno.person)
    assert address not in home_of(four_people.amina.person)


def test_with_a_mentor_the_way_to_write_stands_there(four_people: FourPeople) -> None:
    pairing = pair(four_people)
    write = reverse("conversation_of_pairing", args=[pairing.public_id])
    for person, other, secret in (
        (four_people.amina.person, "Write to Bruno", "Keller"),
        (four_people.bruno.person, "Write to Amina", "Haddad"),
    ):
        page = home_of(person)
        assert write in page
        assert other in page
        assert secret not in page


@pytest.mark.django_db
def test_who_runs_the_server_sees_its_state_and_no_name(four_people: FourPeople) -> None:
    page = home_of(make_person(is_operator=True))
    assert "The service" in page
    assert reverse("readyz") in page
    for name in ("Amina", "Bruno", "Welcome Roding"):
        assert name not in page


def test_who_has_no_place_gets_a_plain_page(four_people: FourPeople) -> None:
    assert "Nothing to do here yet" in home_of(make_person())
    observer = make_membership(organisation=four_people.organisation, role="observer").person
    assert "Nothing to do here yet" in home_of(observer)


@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_today_exists_for_staff_alone(four_people: FourPeople, who: str) -> None:
    assert signed_in(getattr(four_people, who).person).get(reverse("today")).status_code == 404


def fill(people: FourPeople, *, name: str) -> None:
    """One of everything that Today lists."""
    programme = people.programme
    make_enrolment(programme=programme, called=f"Talk {name}", ready=False)
    make_enrolment(programme=programme, side="mentor", called=f"Applies {name}", cleared=False)
    ending = make_enrolment(programme=programme, side="mentor", called=f"Ending {name}", cleared=False)
    make_clearance(ending.profile, "code_of_conduct")
    make_clearance(ending.profile, valid_until=TODAY + timedelta(days=20))
    called = make_enrolment(programme=programme, called=f"Called {name}")
    Contact.objects.create(
        profile=called.profile, by=people.chloe.person, at=NOW, channel="phone", call_back_on=TODAY
    )
    together = [
        make_enrolment(programme=programme, side=side, called=f"{side} {name}")
        for side in ("mentor", "newcomer")
    ]
    pairing = actions.bring_in_pairing(
        mentor_id=together[0].pk,
        newcomer_id=together[1].pk,
        since=NOW - timedelta(days=60),
        actor=people.chloe.actor,
        now=NOW,
    )
    Conversation.objects.create(pairing=pairing, last_at=NOW - timedelta(days=25))


def test_today_says_what_needs_whom(four_people: FourPeople) -> None:
    fill(four_people, name="One")
    offer(four_people)
    page = signed_in(four_people.chloe.person).get(reverse("today")).content.decode()
    for line in (
        "Call promised: Called One Example",
        "First talk to hold: Talk One Example",
        "Applies One Example would like to be a mentor",
        "still missing: Code of conduct and Police check",
        "Police check of Ending One Example runs out",
        "newcomer One and mentor One",
        "quiet for 25 days",
        "Bruno Keller is asked about Amina",
    ):
        assert line in page, line


def test_today_of_dario_is_empty(four_people: FourPeople) -> None:
    fill(four_people, name="One")
    offer(four_people)
    page = signed_in(four_people.dario.person).get(reverse("today")).content.decode()
    assert "There is no programme yet" in page
    assert reverse("programme_new") in page
    for name in ("One", "Bruno", "Amina"):
        assert name not in page


def test_today_asks_the_same_number_of_questions_for_one_and_three(four_people: FourPeople) -> None:
    client = signed_in(four_people.chloe.person)

    fill(four_people, name="One")
    one = queries_of(client, reverse("today"))
    for name in ("Two", "Three"):
        fill(four_people, name=name)
    assert queries_of(client, reverse("today")) == one <= MOST


def test_many_of_one_kind_are_shortened_to_a_line(four_people: FourPeople) -> None:
    for number in range(8):
        make_enrolment(programme=four_people.programme, called=f"Waits {number}", ready=False)
    page = signed_in(four_people.chloe.person).get(reverse("today")).content.decode()
    assert page.count("First talk to hold") == 4
    assert "4 more first talks to hold" in page


def test_suggestions_are_counted_in_one_line(four_people: FourPeople) -> None:
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    assert Suggestion.objects.open().count() == 1
    page = signed_in(four_people.chloe.person).get(reverse("today")).content.decode()
    assert "1 suggestion to look at" in page
    assert "longest wait 30 days" in page
