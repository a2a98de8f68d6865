"""An offer as one of the two sees it: the picture of what they share, in words of class B alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext

from backend.insight.home import OfferSeen
from backend.pairings.enums import OPEN_OFFER
from backend.pairings.models import OfferQuestion
from backend.pairings.visibility import Card
from backend.profiles.enums import Gender
from backend.programmes.enums import Side
from backend.web.shell import cards, words
from backend.web.shell.overlap import overlap_card

GENDERS = (Gender.FEMALE, Gender.MALE, Gender.OTHER)


@dataclass(frozen=True)
class Asked:
    """A question of one's own; `answer` is "" while it waits."""

    text: str
    at: str
    answer: str
    answered: str


@dataclass(frozen=True)
class Drawn:
    """What the page says; `stage` is "asked", "waiting", "together" or "closed"."""

    stage: str
    name: str
    card: cards.OverlapCard
    speaks: str
    answer_by: str
    questions: tuple[Asked, ...]

    @property
    def may_ask(self) -> bool:
        """One question at a time, and only while the answer is awaited."""
        return self.stage == "asked" and all(question.answer for question in self.questions)


def draw(seen: OfferSeen, questions: Iterable[OfferQuestion]) -> Drawn:
    own = _side(seen.own_card, name=gettext("You"))
    other = _side(seen.card, name=seen.card.called or gettext("A newcomer"))
    newcomer, mentor = (other, own) if seen.own == Side.MENTOR else (own, other)
    return Drawn(
        stage=_stage(seen),
        name=seen.card.called,
        card=overlap_card(
            seen.overlap,
            a=newcomer,
            b=mentor,
            way=seen.way.label if seen.way else "",
            heading=gettext("What you share"),
        ),
        speaks=words.speaks(seen.card),
        answer_by=day_of(seen.offer.expires_at),
        questions=tuple(_asked(question) for question in questions),
    )


def _asked(question: OfferQuestion) -> Asked:
    return Asked(
        text=question.text,
        at=words.moment(question.asked_at),
        answer=question.answer,
        answered=words.moment(question.answered_at) if question.answered_at else "",
    )


def _stage(seen: OfferSeen) -> str:
    if seen.pairing:
        return "together"
    if seen.offer.state not in OPEN_OFFER:
        return "closed"
    return "asked" if seen.offer.side_asked == seen.own else "waiting"


def _side(card: Card, *, name: str) -> cards.Side:
    return cards.Side(
        initials=card.called[:1] or "?",
        name=name,
        facts=words.joined(gender(card), decade(card), card.area),
        text=words.topics_of(card.side, card.topics),
        asked=words.speaks(card),
    )


def gender(card: Card) -> words.Text:
    return Gender(card.gender).label if card.gender in GENDERS else ""


def decade(card: Card) -> str:
    if card.age_decade is None:
        return ""
    years = {"from": card.age_decade, "to": card.age_decade + 9}
    return gettext("%(from)d to %(to)d years old") % years


def day_of(at: datetime) -> str:
    """A day with the name of its weekday, for people who plan by weekdays."""
    local = timezone.localtime(at)
    return gettext("%(weekday)s, %(day)s") % {
        "weekday": formats.date_format(local, "l"),
        "day": words.day_month(local),
    }
