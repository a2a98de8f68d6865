"""Open offers on the desk: questions, answers by telephone, more time, and who was faster."""

import pytest
from django.test import Client
from django.urls import reverse

from backend.core import clock
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.models import Offer, OfferQuestion
from backend.profiles.actions import log_contact
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment, make_membership
from tests.factories.people import FourPeople, signed_in
from tests.pairings.asked import asked_offer
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")
HEARD = {"channel": "phone", "language": "ar", "interpreter": "Ayaan", "side": "mentor"}


@pytest.fixture
def offer(four_people: FourPeople) -> Offer:
    return asked_offer(four_people)


@pytest.fixture
def chloe(four_people: FourPeople) -> Client:
    return signed_in(four_people.chloe.person)


def page(offer: Offer) -> str:
    return reverse("desk:offer", args=[offer.public_id])


def asked(offer: Offer, people: FourPeople, text: str = "Is it far?") -> OfferQuestion:
    return actions.ask_question(offer_id=offer.pk, text=text, actor=people.bruno.actor, now=NOW)


def answer_url(question: OfferQuestion) -> str:
    return reverse("desk:answer", args=[question.offer.public_id, question.public_id])


def test_a_question_stands_on_the_list_and_on_the_page_and_is_answered(
    offer: Offer, four_people: FourPeople, chloe: Client
) -> None:
    other = make_enrolment(programme=four_people.programme)
    make_enrolment(programme=four_people.programme, side="mentor")
    question = asked(offer, four_people)
    listed = chloe.get(reverse("desk:offers")).content.decode()
    assert "a question for you" in listed
    assert "Is it far?" not in listed
    shown = chloe.get(page(offer)).content.decode()
    assert "Bruno asks" in shown and "Is it far?" in shown
    refused = chloe.post(answer_url(question))
    assert refused.status_code == 422
    assert "Is it far?" in refused.content.decode()
    after = chloe.post(answer_url(question), {"answer": "Six km."}, follow=True).content.decode()
    assert "They hear that there is an answer." in after
    assert "Six km." in after and "Chloé Martin" in after
    assert "a question for you" not in chloe.get(reverse("desk:offers")).content.decode()
    assert other.profile.full_name not in after


def test_an_answer_told_by_telephone_is_noted(offer: Offer, four_people: FourPeople, chloe: Client) -> None:
    question = asked(offer, four_people)
    chloe.post(
        answer_url(question), {"answer": "Six.", "channel": "phone", "language": "ar", "interpreter": "Ayaan"}
    )
    event = offer.events.get(verb="answer")
    assert (event.channel, event.language, event.interpreter) == ("phone", "ar", "Ayaan")


def test_the_second_answer_is_told_who_was_faster(offer: Offer, four_people: FourPeople) -> None:
    colleague = make_membership(organisation=four_people.organisation, name="Carla").person
    question = asked(offer, four_people)
    actions.answer_question(
        question_id=question.pk, answer="Six.", actor=actor_for(colleague, now=NOW), now=NOW
    )
    late = signed_in(four_people.chloe.person).post(answer_url(question), {"answer": "Two."})
    assert late.status_code == 409
    assert "Carla answered this question" in late.content.decode()


def test_a_question_by_telephone(offer: Offer, four_people: FourPeople, chloe: Client) -> None:
    refused = chloe.post(page(offer), HEARD | {"answer": "asks"})
    assert refused.status_code == 422
    assert "Write down what they ask" in refused.content.decode()
    said = chloe.post(page(offer), HEARD | {"answer": "asks", "question": "Is it far?"}, follow=True)
    assert "The question waits for an answer." in said.content.decode()
    assert OfferQuestion.objects.get().side == "mentor"


def test_a_no_with_a_pause_by_telephone(offer: Offer, four_people: FourPeople, chloe: Client) -> None:
    no = HEARD | {"answer": "no", "reason": "time", "pauses": "on", "until": "the summer"}
    assert "the pause has begun" in chloe.post(page(offer), no, follow=True).content.decode()
    assert Enrolment.objects.get(pk=four_people.bruno.enrolment.pk).state == "paused"


def test_an_old_page_does_not_answer_for_the_other_side(
    offer: Offer, four_people: FourPeople, chloe: Client
) -> None:
    opened = chloe.get(page(offer)).context["answer_form"]["side"].value()
    actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    late = chloe.post(page(offer), HEARD | {"answer": "no", "reason": "time", "side": opened})
    assert late.status_code == 409
    assert "Bruno noted the first yes" in late.content.decode()
    offer.refresh_from_db()
    assert offer.state == "asking_second"


def test_more_time_from_the_page(offer: Offer, four_people: FourPeople, chloe: Client) -> None:
    url = reverse("desk:extend", args=[offer.public_id])
    assert "They can answer until 28 November" in chloe.get(page(offer)).content.decode()
    assert chloe.post(url, {"days": 31}).status_code == 422
    shorter = chloe.post(url, {"days": 2})
    assert shorter.status_code == 409
    assert "They have at least that much time already." in shorter.content.decode()
    after = chloe.post(url, {"days": 14}, follow=True).content.decode()
    assert "They can answer until 5 December" in after
    caseworker = make_membership(organisation=four_people.organisation, role="caseworker").person
    assert signed_in(caseworker).post(url, {"days": 20}).status_code == 403
    assert url not in signed_in(caseworker).get(page(offer)).content.decode()
    assert signed_in(four_people.dario.person).post(url, {"days": 20}).status_code == 404


def test_the_page_says_when_somebody_last_spoke_with_each(
    offer: Offer, four_people: FourPeople, chloe: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = chloe.get(page(offer)).content.decode()
    assert "spoken to 20 days ago" in shown  # Amina's intake talk
    assert "nobody has noted a talk yet" in shown  # Bruno
    for who in (four_people.amina, four_people.bruno):
        log_contact(profile=who.profile, channel="phone", actor=four_people.chloe.actor, now=NOW)
    assert chloe.get(page(offer)).content.decode().count("spoken to today") == 2
    much_later = NOW.replace(year=2027)
    monkeypatch.setattr(clock, "now", lambda: much_later)
    client = signed_in(four_people.chloe.person)
    assert "ask if they are still interested" in client.get(page(offer)).content.decode()


def test_a_coordinator_who_is_asked_reads_nothing_of_the_other_side(
    offer: Offer, four_people: FourPeople
) -> None:
    """Amina works there as well: Bruno's question is none of hers."""
    asked(offer, four_people)
    make_membership(organisation=four_people.organisation, person=four_people.amina.person)
    shown = signed_in(four_people.amina.person).get(page(offer)).content.decode()
    assert "Is it far?" not in shown


def test_the_list_takes_as_many_queries_for_four_as_for_one(four_people: FourPeople, chloe: Client) -> None:
    asked_offer(four_people)
    before = queries_of(chloe, reverse("desk:offers"))
    for _ in range(3):
        newcomer = make_enrolment(programme=four_people.programme)
        mentor = make_enrolment(programme=four_people.programme, side="mentor")
        made = actions.suggest_by_hand(
            mentor_id=mentor.pk, newcomer_id=newcomer.pk, actor=four_people.chloe.actor, now=NOW
        )
        actions.examine_suggestion(suggestion_id=made.pk, now=NOW)
        actions.approve_suggestion(suggestion_id=made.pk, actor=four_people.chloe.actor, now=NOW)
    assert queries_of(chloe, reverse("desk:offers")) == before <= MOST
