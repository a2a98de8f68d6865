"""Taking over, handing over and writing to a list, on the pages of those who do it."""

import html
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from backend.core.audit import AuditEntry
from backend.messaging.models import Announcement, Recipient
from backend.people.models import Person
from backend.profiles.handovers import take_over
from backend.profiles.models import Contact, Handover, Profile
from tests.factories import NOW, PASSWORD, TODAY, make_enrolment, make_membership
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def chloe(four_people: FourPeople) -> Client:
    return signed_in(four_people.chloe.person)


@pytest.fixture
def carl(four_people: FourPeople) -> Person:
    return make_membership(organisation=four_people.organisation, role="caseworker", name="Carl Ott").person


def shown(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def lets_in(*people: Person) -> None:
    for person in people:
        person.username = f"user-{person.pk}"
        person.set_password(PASSWORD)
        person.save(update_fields=["username", "password"])


def test_today_has_tabs_and_names_who_is_responsible(
    four_people: FourPeople, chloe: Client, carl: Person
) -> None:
    for called, person in (("Mine", four_people.chloe.person), ("Carls", carl), ("Free", None)):
        talk = make_enrolment(programme=four_people.programme, called=called, ready=False)
        Profile.objects.filter(pk=talk.profile_id).update(coordinator=person)
    page = shown(chloe, reverse("today"))
    for note in ("Hold the talk, then note it · you", "then note it · Carl Ott", "then note it · nobody yet"):
        assert note in page
    assert "Take over" not in page
    mine = shown(chloe, reverse("today") + "?whose=mine")
    assert "Mine Example" in mine
    assert "Carls Example" not in mine
    free = shown(chloe, reverse("today") + "?whose=nobody")
    assert "Free Example" in free
    assert "Carls Example" not in free
    assert "Take over" in free


def test_what_nobody_has_is_taken_over_from_today(
    four_people: FourPeople, chloe: Client, carl: Person
) -> None:
    take = reverse("person_take_over", args=[four_people.amina.profile.public_id])
    nobodys = reverse("today") + "?whose=nobody"
    assert chloe.post(take, {"whose": "nobody"})["Location"] == nobodys
    assert "You look after Amina from now on." in shown(chloe, nobodys)
    late = signed_in(carl)
    late.post(take, {"whose": "nobody"})
    assert "Chloé Martin took this person over" in shown(late, nobodys)
    assert Profile.objects.get(pk=four_people.amina.profile.pk).coordinator == four_people.chloe.person


@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_a_promised_call_is_ticked_on_today(four_people: FourPeople, chloe: Client, who: str) -> None:
    profile = getattr(four_people, who).profile
    chloe.post(
        reverse("person_contact", args=[profile.public_id]),
        {"channel": "phone", "note": "Back soon", "call_back_on": TODAY.isoformat()},
    )
    contact = Contact.objects.get()
    tick = reverse("person_call_made", args=[profile.public_id, contact.public_id])
    assert tick in shown(chloe, reverse("today"))
    assert chloe.post(tick, {"whose": "all"})["Location"] == reverse("today") + "?whose=all"
    assert tick not in shown(chloe, reverse("today"))
    contact.refresh_from_db()
    assert contact.called_back_at == NOW


def test_the_list_of_people_can_be_ones_own(four_people: FourPeople, chloe: Client, carl: Person) -> None:
    take_over(profile_id=four_people.amina.profile.pk, actor=four_people.chloe.actor, now=NOW)
    mine = shown(chloe, reverse("people") + "?whose=mine")
    assert "Amina Haddad" in mine
    assert "looked after by Chloé Martin" in mine
    assert "Bruno Keller" not in mine
    free = shown(chloe, reverse("people") + "?whose=nobody")
    assert "Bruno Keller" in free
    assert "Amina Haddad" not in free


def test_one_person_is_handed_over_with_a_summary_on_their_file(
    four_people: FourPeople, chloe: Client, carl: Person
) -> None:
    file = reverse("person", args=[four_people.amina.profile.public_id])
    page = reverse("person_hand_over", args=[four_people.amina.profile.public_id])
    to = f"{four_people.organisation.pk}.{carl.public_id}"
    assert chloe.post(page, {"to": to, "summary": "Likes to be called."})["Location"] == file
    # The page was opened before: Chloé looked after nobody here, and Carl has Amina now.
    old = {"to": f"{four_people.organisation.pk}.{four_people.chloe.person.public_id}", "summary": "x"}
    late = chloe.post(page, old)
    assert "Chloé Martin handed this person over to Carl Ott" in html.unescape(late.content.decode())
    for reader in (chloe, signed_in(carl)):
        text = shown(reader, file)
        assert "Likes to be called." in text
        assert "Chloé Martin handed over to Carl Ott" in text
    assert Handover.objects.count() == 1


def test_before_a_holiday_all_are_handed_over_at_once(
    four_people: FourPeople, chloe: Client, carl: Person
) -> None:
    assert "You look after nobody yet" in shown(chloe, reverse("hand_over_mine"))
    take_over(profile_id=four_people.amina.profile.pk, actor=four_people.chloe.actor, now=NOW)
    assert "Amina Haddad" in shown(chloe, reverse("hand_over_mine"))
    to = f"{four_people.organisation.pk}.{carl.public_id}"
    answer = chloe.post(reverse("hand_over_mine"), {"to": to, "summary": "Until 5 May."})
    made = Handover.objects.latest("id")
    assert answer["Location"] == reverse("handover", args=[made.public_id])
    page = shown(signed_in(carl), answer["Location"])
    assert "Until 5 May." in page
    assert "Amina Haddad" in page
    assert AuditEntry.objects.filter(act="handover_opened", person_id=carl.pk).count() == 1


def test_writing_to_a_list_names_who_gets_it_and_who_is_to_be_called(
    four_people: FourPeople, chloe: Client
) -> None:
    lets_in(four_people.amina.person)
    people = shown(chloe, reverse("people") + "?state=ready")
    assert f'href="{reverse("announcement_new")}?state=ready"' in people
    assert "Write to this 1 person" in people
    page = shown(chloe, reverse("announcement_new"))
    assert "1 person gets it" in page
    assert "1 person to call" in page
    assert page.index("Amina Haddad") < page.index("Bruno Keller")


def test_a_message_to_many_is_sent_read_and_counted(four_people: FourPeople, chloe: Client) -> None:
    eva = make_enrolment(programme=four_people.programme, called="Eva").profile
    lets_in(four_people.amina.person, eva.person)
    form = {
        "text": "We move on Monday.",
        "client_id": str(uuid4()),
        "to": [four_people.amina.profile.public_id],
    }
    address = chloe.post(reverse("announcement_new"), form)["Location"]
    assert chloe.post(reverse("announcement_new"), form)["Location"] == address
    assert [row.person_id for row in Recipient.objects.all()] == [four_people.amina.person.pk]
    assert "0 of 1 have read it" in shown(chloe, reverse("announcements"))
    amina = signed_in(four_people.amina.person)
    assert "Welcome Roding wrote to you" in shown(amina, reverse("mine"))
    read = shown(amina, address)
    assert "We move on Monday." in read
    assert "Who has read it" not in read
    assert "wrote to you" not in shown(amina, reverse("mine"))
    assert "1 of 1 has read it" in shown(chloe, reverse("announcements"))
    assert signed_in(eva.person).get(address).status_code == 404
    assert signed_in(four_people.dario.person).get(address).status_code == 404


def test_without_a_tick_or_a_word_nothing_is_sent(four_people: FourPeople, chloe: Client) -> None:
    lets_in(four_people.amina.person)
    for form in ({"text": "x", "to": []}, {"text": "", "to": [four_people.amina.profile.public_id]}):
        answer = chloe.post(reverse("announcement_new"), form | {"client_id": str(uuid4())})
        assert answer.status_code == 200
        assert "Error:" in answer.content.decode()
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("name", ["people", "announcement_new", "announcements", "hand_over_mine", "mine"])
def test_lists_ask_the_same_number_of_questions_for_few_and_many(
    four_people: FourPeople, chloe: Client, name: str
) -> None:
    def fill(number: int) -> None:
        for _each in range(number):
            profile = make_enrolment(programme=four_people.programme).profile
            lets_in(profile.person)
            take_over(profile_id=profile.pk, actor=four_people.chloe.actor, now=NOW)
            form = {"text": "x", "client_id": str(uuid4()), "to": [profile.public_id]}
            chloe.post(reverse("announcement_new"), form)

    fill(1)
    few = queries_of(chloe, reverse(name))
    fill(5)
    assert queries_of(chloe, reverse(name)) == few <= MOST
