"""An approved suggestion whose half minute is over: the first side is asked."""

from datetime import datetime

from backend.core.actor import Actor
from backend.pairings.actions import approve_suggestion, send_offer
from backend.pairings.models import Offer
from backend.pairings.rules import UNDO


def sent_offer(*, suggestion_id: int, actor: Actor, now: datetime) -> Offer:
    offer = approve_suggestion(suggestion_id=suggestion_id, actor=actor, now=now)
    send_offer(offer_id=offer.pk, now=now + UNDO)
    offer.refresh_from_db()
    return offer
