"""The question to a mentor and a newcomer: what they may see, a yes, a private no, and nothing by looking."""

import pytest
from django.test import Client
from django.urls import reverse

from backend.pairings import actions
from backend.pairings.enums import EndReason, OfferState
from backend.pairings.models import Offer, OfferQuestion, Pairing, Suggestion
from backend.people.models import Person
from tests.factories import NOW, make_enrolment, make_programme, make_town
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, signed_in

HIDDEN_FROM_BRUNO = ("Amina", "Haddad", "1994", "CANARY")
HIDDEN_FROM_AMINA = ("Keller", "1961", "CANARY")


pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def offered(four_people: FourPeople) -> Offer:
    """Bruno is asked first. Notes, phone and numbers of both hold a canary."""
    for who in (four_people.amina, four_people.bruno):
        who.profile.notes = who.profile.avoid = who.profile.external_id = "CANARY"
        who.profile.save()
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    found = Suggestion.objects.open().get()
    return sent_offer(suggestion_id=found.pk, actor=four_people.chloe.actor, now=NOW)


def of(name: str, offer: Offer) -> str:
    return reverse(f"offers:{name}", args=[offer.public_id])


def page_for(person: Person, offer: Offer) -> str:
    return signed_in(person).get(of("detail", offer)).content.decode()


def test_before_both_agree_the_mentor_learns_no_name(offered: Offer, four_people: FourPeople) -> None:
    page = page_for(four_people.bruno.person, offered)
    for secret in HIDDEN_FROM_BRUNO:
        assert secret not in page
    for reason in ("A newcomer", "Woman", "30 to 39 years old", "<b>German</b> A2 with mother tongue"):
        assert reason in page


def test_the_newcomer_knows_the_first_name_and_no_more(offered: Offer, four_people: FourPeople) -> None:
    actions.accept_offer(offer_id=offered.pk, actor=four_people.bruno.actor, now=NOW)
    page = page_for(four_people.amina.person, offered)
    assert "Would you like to meet Bruno?" in page
    for secret in HIDDEN_FROM_AMINA:
        assert secret not in page


def test_where_the_town_is_hidden_the_way_does_not_tell_it(offered: Offer, four_people: FourPeople) -> None:
    """Nobody else in Roding speaks Arabic, so the mentor is not told the town; "same town" would tell it."""
    region = make_town("Landkreis")
    town = four_people.amina.profile.town
    assert town is not None
    page = page_for(four_people.bruno.person, offered)
    assert town.name not in page.split("<main")[1].split("side side-b")[0]  # his own stands on the other side
    assert "up to 5 km" in page
    assert region.name not in page


def test_looking_changes_nothing(offered: Offer, four_people: FourPeople) -> None:
    client = signed_in(four_people.bruno.person)
    client.get(of("detail", offered))
    for verb in ("accept", "decline"):
        assert client.get(of(verb, offered)).status_code == 405
    offered.refresh_from_db()
    assert offered.state == OfferState.ASKING_FIRST


def test_two_times_yes_starts_the_mentoring(offered: Offer, four_people: FourPeople) -> None:
    bruno, amina = signed_in(four_people.bruno.person), signed_in(four_people.amina.person)
    assert amina.get(of("detail", offered)).status_code == 404
    waiting = bruno.post(of("accept", offered), follow=True).content.decode()
    assert "Now we ask the other person." in waiting
    assert "Amina" not in waiting
    together = amina.post(of("accept", offered), follow=True).content.decode()
    assert "You and Bruno both said yes" in together
    assert reverse("conversation_of_pairing", args=[Pairing.objects.get().public_id]) in together
    assert "You and Amina both said yes" in page_for(four_people.bruno.person, offered)


def test_accepting_twice_changes_nothing(offered: Offer, four_people: FourPeople) -> None:
    client = signed_in(four_people.bruno.person)
    for _again in range(2):
        assert client.post(of("accept", offered)).status_code == 302
    offered.refresh_from_db()
    assert offered.state == OfferState.ASKING_SECOND


def test_a_no_is_private_and_needs_a_reason(offered: Offer, four_people: FourPeople) -> None:
    actions.accept_offer(offer_id=offered.pk, actor=four_people.bruno.actor, now=NOW)
    amina = signed_in(four_people.amina.person)
    assert amina.post(of("decline", offered)).status_code == 422
    answer = amina.post(of("decline", offered), {"reason": "unsure", "note": "CANARY of Amina"}, follow=True)
    assert "You keep your place" in answer.content.decode()
    page = page_for(four_people.bruno.person, offered)
    assert "This question is closed" in page
    for secret in ("CANARY", "does not feel right", "Amina", "German"):
        assert secret not in page.split("<main")[1]


def test_a_no_may_go_with_a_pause(offered: Offer, four_people: FourPeople) -> None:
    bruno = signed_in(four_people.bruno.person)
    assert "No, and I would like a pause" in page_for(four_people.bruno.person, offered)
    no = {"reason": "time", "pauses": "on", "until": "the summer"}
    answer = bruno.post(of("decline", offered), no, follow=True).content.decode()
    assert "You have a pause now." in answer
    four_people.bruno.enrolment.refresh_from_db()
    assert four_people.bruno.enrolment.state == "paused"


def test_a_newcomer_may_want_nobody_for_now(offered: Offer, four_people: FourPeople) -> None:
    actions.accept_offer(offer_id=offered.pk, actor=four_people.bruno.actor, now=NOW)
    assert "No, and I want no mentor for now" in page_for(four_people.amina.person, offered)
    signed_in(four_people.amina.person).post(of("decline", offered), {"reason": "time", "pauses": "on"})
    four_people.amina.enrolment.refresh_from_db()
    assert four_people.amina.enrolment.state == "not_now"


def test_a_question_and_its_answer_stand_on_the_page_of_who_asked(
    offered: Offer, four_people: FourPeople
) -> None:
    bruno, amina = signed_in(four_people.bruno.person), signed_in(four_people.amina.person)
    assert bruno.get(of("ask", offered)).status_code == 405
    assert bruno.post(of("ask", offered), {"text": " "}).status_code == 422
    for _again in range(2):
        asked = bruno.post(of("ask", offered), {"text": "Is it far?"}, follow=True).content.decode()
    assert "Your question is with your coordinator." in asked
    assert "Your time to answer goes on until Saturday, 28 November" in asked
    assert of("ask", offered) not in asked
    assert bruno.post(of("ask", offered), {"text": "And when?"}).status_code == 409
    question = OfferQuestion.objects.get()
    actions.answer_question(question_id=question.pk, answer="Six km.", actor=four_people.chloe.actor, now=NOW)
    answered = page_for(four_people.bruno.person, offered)
    assert "Is it far?" in answered and "Six km." in answered and of("ask", offered) in answered
    actions.accept_offer(offer_id=offered.pk, actor=four_people.bruno.actor, now=NOW)
    assert "Six km." in page_for(four_people.bruno.person, offered)
    theirs = page_for(four_people.amina.person, offered)
    assert "Is it far?" not in theirs and "Six km." not in theirs
    assert amina.post(of("ask", offered), {"text": "When?"}).status_code == 302


def test_only_who_is_asked_asks(offered: Offer, four_people: FourPeople) -> None:
    for who, status in (("amina", 404), ("dario", 404), ("chloe", 403)):
        person = getattr(four_people, who).person
        assert signed_in(person).post(of("ask", offered), {"text": "When?"}).status_code == status
    assert not OfferQuestion.objects.exists()


def test_an_answer_that_comes_too_late_is_told_so(offered: Offer, four_people: FourPeople) -> None:
    actions.withdraw_offer(offer_id=offered.pk, actor=four_people.chloe.actor, now=NOW)
    answer = signed_in(four_people.bruno.person).post(of("accept", offered))
    assert answer.status_code == 409
    assert "This offer is closed. Nothing was changed." in answer.content.decode()


def test_for_dario_there_is_no_offer(offered: Offer, four_people: FourPeople) -> None:
    client = signed_in(four_people.dario.person)
    assert client.get(of("detail", offered)).status_code == 404
    for verb in ("accept", "decline"):
        assert client.post(of(verb, offered)).status_code == 404


def test_another_mentor_of_the_programme_sees_nothing(offered: Offer, four_people: FourPeople) -> None:
    other = make_enrolment(programme=four_people.programme, side="mentor").profile.person
    stranger = make_enrolment(programme=make_programme(), side="mentor").profile.person
    for person in (other, stranger):
        assert signed_in(person).get(of("detail", offered)).status_code == 404


def test_staff_are_led_to_their_own_page(offered: Offer, four_people: FourPeople) -> None:
    chloe = signed_in(four_people.chloe.person)
    assert chloe.get(of("detail", offered))["Location"] == reverse("desk:offer", args=[offered.public_id])
    assert chloe.post(of("accept", offered)).status_code == 403
    assert chloe.post(of("decline", offered), {"reason": "time"}).status_code == 403


def test_who_is_not_signed_in_is_asked_to(offered: Offer) -> None:
    client = Client()
    assert client.get(of("detail", offered)).status_code == 302
    assert client.post(of("accept", offered)).status_code == 303


def test_once_the_mentoring_has_ended_the_offer_shows_nothing_of_the_other(
    offered: Offer, four_people: FourPeople
) -> None:
    for who in (four_people.bruno, four_people.amina):
        actions.accept_offer(offer_id=offered.pk, actor=who.actor, now=NOW)
    bruno = signed_in(four_people.bruno.person)
    api = reverse("api:offer-detail", args=[offered.public_id])
    assert "You and Amina both said yes" in page_for(four_people.bruno.person, offered)
    assert bruno.get(api).json()["other"]["called"] == "Amina"
    pairing = Pairing.objects.get()
    actions.end_pairing(pairing_id=pairing.pk, reason=EndReason.MOVED, actor=four_people.chloe.actor, now=NOW)
    page, told = page_for(four_people.bruno.person, offered), bruno.get(api).json()
    assert "This question is closed" in page
    assert "Amina" not in page
    assert (told["state"], told["other"]["called"]) == ("closed", "")
