"""Somebody asks the office before they answer: between their side and the office, one question at a time."""

from datetime import timedelta

import pytest

from backend.core.errors import NotAllowed
from backend.pairings import actions
from backend.pairings.actions.offers import OfferHasRunOut, OfferNotOpen, OfferRanOut
from backend.pairings.actions.questions import NothingAsked, NothingSaid, QuestionIsThere, QuestionWaits
from backend.pairings.events import Told
from backend.pairings.models import Offer, OfferQuestion, PairingEvent
from backend.pairings.overtaken import Overtaken
from backend.people.enums import Channel
from notifications.api import Notice
from tests.factories import NOW, make_membership
from tests.factories.people import FourPeople
from tests.pairings.asked import asked_offer

BY_PHONE = Told(Channel.PHONE, "ar", "Ayaan")


@pytest.fixture
def offer(four_people: FourPeople) -> Offer:
    return asked_offer(four_people)


def ask(offer: Offer, who, text: str = "Is it far?", **more) -> OfferQuestion:
    return actions.ask_question(offer_id=offer.pk, text=text, actor=who.actor, now=NOW, **more)


def answer(question: OfferQuestion, who, text: str = "Six km.", **more) -> OfferQuestion:
    return actions.answer_question(question_id=question.pk, answer=text, actor=who.actor, now=NOW, **more)


def told(who) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(person=who.person).order_by("id").values_list("kind", "about_type"))


def test_the_side_asked_asks_and_the_office_answers(offer: Offer, four_people: FourPeople) -> None:
    question = ask(offer, four_people.bruno)
    assert told(four_people.chloe) == [("question_asked", "offer")]
    answered = answer(question, four_people.chloe)
    assert told(four_people.bruno)[-1] == ("question_answered", "offer")
    assert told(four_people.amina) == []
    assert (answered.text, answered.answer, answered.answered_by_id) == (
        "Is it far?",
        "Six km.",
        four_people.chloe.person.pk,
    )
    verbs = list(PairingEvent.objects.filter(offer=offer).values_list("verb", flat=True))
    assert verbs == ["release", "send", "ask", "answer"]
    assert "far" not in str(list(Notice.objects.values()))


def test_asking_twice_the_same_is_one_question(offer: Offer, four_people: FourPeople) -> None:
    first = ask(offer, four_people.bruno)
    assert ask(offer, four_people.bruno, " Is it far? ").pk == first.pk
    answer(first, four_people.chloe)
    assert ask(offer, four_people.bruno).pk == first.pk
    assert told(four_people.chloe) == [("question_asked", "offer")]


def test_one_question_at_a_time(offer: Offer, four_people: FourPeople) -> None:
    first = ask(offer, four_people.bruno)
    with pytest.raises(QuestionWaits):
        ask(offer, four_people.bruno, "And when?")
    with pytest.raises(QuestionIsThere):
        ask(offer, four_people.chloe, "And when?", told=BY_PHONE)
    answer(first, four_people.chloe)
    ask(offer, four_people.bruno, "And when?")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_a_question_says_something(offer: Offer, four_people: FourPeople, text: str) -> None:
    with pytest.raises(NothingAsked):
        ask(offer, four_people.bruno, text)
    with pytest.raises(NothingSaid):
        answer(ask(offer, four_people.bruno), four_people.chloe, text)


def test_only_the_side_that_is_asked_asks(offer: Offer, four_people: FourPeople) -> None:
    for who in (four_people.amina, four_people.dario, four_people.chloe):
        with pytest.raises(NotAllowed):
            ask(offer, who)
    actions.accept_offer(offer_id=offer.pk, actor=four_people.bruno.actor, now=NOW)
    with pytest.raises(NotAllowed):
        ask(offer, four_people.bruno)
    assert ask(offer, four_people.amina).side == "newcomer"


def test_only_the_office_answers_and_never_a_question_of_ones_own(
    offer: Offer, four_people: FourPeople
) -> None:
    question = ask(offer, four_people.bruno)
    for who in (four_people.amina, four_people.bruno, four_people.dario):
        with pytest.raises(NotAllowed):
            answer(question, who)
    make_membership(organisation=four_people.organisation, person=four_people.bruno.person)
    from backend.organisations.queries import actor_for

    himself = actor_for(four_people.bruno.person, now=NOW)
    with pytest.raises(NotAllowed):
        actions.answer_question(question_id=question.pk, answer="Yes", actor=himself, now=NOW)


def test_a_question_by_telephone_is_recorded_with_how_it_was_heard(
    offer: Offer, four_people: FourPeople
) -> None:
    question = ask(offer, four_people.chloe, told=BY_PHONE)
    answer(question, four_people.chloe, told=BY_PHONE)
    assert question.side == "mentor"
    heard = PairingEvent.objects.filter(offer=offer, verb__in=["ask", "answer"])
    assert set(heard.values_list("channel", "language", "interpreter")) == {("phone", "ar", "Ayaan")}


def test_the_second_answer_hears_who_answered_and_the_same_again_changes_nothing(
    offer: Offer, four_people: FourPeople
) -> None:
    colleague = make_membership(organisation=four_people.organisation, name="Carla").person
    from backend.organisations.queries import actor_for

    question = ask(offer, four_people.bruno)
    answer(question, four_people.chloe)
    answer(question, four_people.chloe)
    with pytest.raises(Overtaken) as late:
        actions.answer_question(
            question_id=question.pk, answer="Two km.", actor=actor_for(colleague, now=NOW), now=NOW
        )
    assert "Chloé Martin answered this question" in str(late.value)
    assert OfferQuestion.objects.get().answer == "Six km."
    assert [kind for kind, _about in told(four_people.bruno)].count("question_answered") == 1


def test_nothing_is_asked_or_answered_once_it_is_closed(offer: Offer, four_people: FourPeople) -> None:
    question = ask(offer, four_people.bruno)
    late = offer.expires_at
    with pytest.raises(OfferHasRunOut):
        actions.ask_question(offer_id=offer.pk, text="Now?", actor=four_people.bruno.actor, now=late)
    with pytest.raises(OfferRanOut):
        actions.ask_question(
            offer_id=offer.pk, text="Now?", actor=four_people.chloe.actor, now=late, told=BY_PHONE
        )
    actions.expire_offers(now=late + timedelta(seconds=1))
    with pytest.raises(OfferNotOpen):
        ask(offer, four_people.bruno, "Now?")
    for late_act in (
        lambda: answer(question, four_people.chloe),
        lambda: ask(offer, four_people.chloe, "Now?", told=BY_PHONE),
    ):
        with pytest.raises(Overtaken) as told_so:
            late_act()
        assert "This offer ran out" in str(told_so.value)


def test_what_was_heard_of_one_side_is_not_written_down_for_the_other(
    offer: Offer, four_people: FourPeople
) -> None:
    """Chloé's page still asks for Bruno's answer, while a colleague has recorded it."""
    actions.accept_offer(offer_id=offer.pk, actor=four_people.chloe.actor, now=NOW, told=BY_PHONE)
    heard = {"actor": four_people.chloe.actor, "now": NOW, "told": BY_PHONE, "side": "mentor"}
    for act, more in (
        (actions.accept_offer, {}),
        (actions.decline_offer, {"reason": "time"}),
        (actions.ask_question, {"text": "Is it far?"}),
    ):
        with pytest.raises(Overtaken) as late:
            act(offer_id=offer.pk, **heard, **more)
        assert "Chloé Martin noted the first yes" in str(late.value)
    offer.refresh_from_db()
    assert offer.state == "asking_second"
