"""Neither yes nor no yet: whoever is asked wants to know something first. Between them and the office."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.pairings import notices
from backend.pairings.actions.locks import lock_offer
from backend.pairings.actions.offers import (
    OfferHasRunOut,
    OfferRanOut,
    enrolment_on,
    require_answerable,
    side_asked,
    tell_pages,
)
from backend.pairings.enums import OPEN_OFFER
from backend.pairings.events import Told, note
from backend.pairings.models import OfferQuestion
from backend.pairings.overtaken import answered_by_another, overtaken
from backend.pairings.rules import may_record_answer
from backend.programmes.enums import Side

LONGEST = 2000


class NothingAsked(BadInput):
    code = "nothing_asked"
    sentence = _("Write your question, with up to 2,000 letters.")


class NothingSaid(BadInput):
    code = "nothing_said"
    sentence = _("Write what the answer is, with up to 2,000 letters.")


class QuestionWaits(Expected):
    code = "question_waits"
    sentence = _("You have asked already. Your coordinator answers that first.")


class QuestionIsThere(Expected):
    """The same, for the coordinator who records a question."""

    code = "question_is_there"
    sentence = _("A question of theirs waits already. Answer that first.")


@transaction.atomic
def ask_question(
    *,
    offer_id: int,
    text: str,
    actor: Actor,
    now: datetime,
    told: Told | None = None,
    side: Side | None = None,
) -> OfferQuestion:
    """Ask the office something before answering; the time to answer goes on, the office may add days.

    `told` and `side` as for an answer. The same question again, or sent twice, is one question.
    Raises NothingAsked, OfferNotOpen, OfferHasRunOut, NotAllowed, QuestionWaits.
    """
    text = text.strip()
    require(0 < len(text) <= LONGEST, NothingAsked)
    # Race: the offer is taken back, or runs out, while they write. The lock decides who was first.
    offer = lock_offer(offer_id)
    require_answerable(offer, actor=actor, told=told, side=side)
    require(now < offer.expires_at, OfferRanOut if told else OfferHasRunOut)
    last = offer.questions.filter(side=side_asked(offer)).order_by("-asked_at", "-id").first()
    if last is not None and last.text == text:
        return last
    waits = last is not None and last.answered_at is None
    require(not waits, QuestionIsThere if told else QuestionWaits)
    question = OfferQuestion.objects.create(offer=offer, side=side_asked(offer), text=text, asked_at=now)
    note(offer, "ask", actor=actor, now=now, before=offer.state, told=told)
    notices.about_offer(notices.QUESTION_ASKED, offer, to=notices.in_charge_of(offer, now=now))
    tell_pages(offer)
    return question


@transaction.atomic
def answer_question(
    *, question_id: int, answer: str, actor: Actor, now: datetime, told: Told | None = None
) -> OfferQuestion:
    """Say what the office answers; `told`: it was said by telephone, and is written down here in short.

    The asker hears of it and reads it on the page of the offer. The same answer again changes nothing.
    Raises NothingSaid, NotAllowed, Overtaken.
    """
    answer = answer.strip()
    require(0 < len(answer) <= LONGEST, NothingSaid)
    seen = OfferQuestion.objects.get(pk=question_id)
    # Race: two colleagues answer, or the offer runs out meanwhile. All wait for the lock of the offer.
    offer = lock_offer(seen.offer_id)
    require(may_record_answer(actor, offer))
    question = OfferQuestion.objects.get(pk=question_id)
    if question.answered_at is not None:
        if (question.answered_by_id, question.answer) == (actor.person_id, answer):
            return question
        raise answered_by_another(question, offer)
    if offer.state not in OPEN_OFFER:
        raise overtaken(offer, actor=actor)
    question.answer, question.answered_at, question.answered_by_id = answer, now, actor.person_id
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    note(offer, "answer", actor=actor, now=now, before=offer.state, told=told)
    asker = enrolment_on(offer, Side(question.side)).profile.person_id
    notices.about_offer(notices.QUESTION_ANSWERED, offer, to=[asker])
    tell_pages(offer)
    return question
