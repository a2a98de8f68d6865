"""What time does to an open offer: a reminder, more days, the end. Each side has its own days to answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.pairings import notices
from backend.pairings.actions.locks import lock_offer
from backend.pairings.actions.offers import NotSentYet, people_asked_so_far, person_asked, tell_pages
from backend.pairings.deadlines import end_of_day
from backend.pairings.enums import OFFER_MOVES, OPEN_OFFER
from backend.pairings.events import move, note
from backend.pairings.models import Offer
from backend.pairings.overtaken import overtaken
from backend.pairings.queries import offers_to_remind_of
from backend.pairings.rules import may_extend

MOST_DAYS = 30


class BadDays(BadInput):
    code = "bad_days"
    sentence = _("Choose a number of days from 1 to 30.")


class RunsLonger(Expected):
    code = "runs_longer"
    sentence = _("They have at least that much time already. Choose more days.")


def remind_of_offers(*, now: datetime) -> int:
    """Remind each side that has not answered for so many days, once; returns how many."""
    due = offers_to_remind_of(now=now).order_by("pk").values_list("pk", flat=True)
    return sum(_remind(offer_id, now=now) for offer_id in list(due))


@transaction.atomic
def _remind(offer_id: int, *, now: datetime) -> bool:
    # Race: the answer arrives now, or another worker reminds. Under the lock we look again; the notice and
    # `reminded_at` are written together, so there is never a second one.
    offer = lock_offer(offer_id)
    if not offers_to_remind_of(now=now).filter(pk=offer_id).exists():
        return False
    offer.reminded_at = now
    offer.save(update_fields=["reminded_at"])
    note(offer, "remind", actor=Actor.system("reminder"), now=now, before=offer.state)
    notices.about_offer(notices.OFFER_REMINDER, offer, to=[person_asked(offer)])
    return True


@transaction.atomic
def extend_offer(*, offer_id: int, days: int, actor: Actor, now: datetime) -> Offer:
    """Give whoever is asked until the end of the day in `days` days (1 to 30), and tell them.

    Counted from today, so that pressing twice, or two colleagues with one thought, changes it once.
    Raises NotAllowed, BadDays, Overtaken, NotSentYet, RunsLonger.
    """
    require(1 <= days <= MOST_DAYS, BadDays)
    # Race: the sweep lets it run out, or the answer arrives. Whoever is second to the lock finds it closed.
    offer = lock_offer(offer_id)
    require(may_extend(actor, offer))
    if offer.state not in OPEN_OFFER:
        raise overtaken(offer, actor=actor)
    require(offer.sent_at is not None, NotSentYet)
    until = end_of_day(now=now, days=days, time_zone=offer.programme.organisation.time_zone)
    if until == offer.expires_at:
        return offer
    require(until > offer.expires_at, RunsLonger)
    offer.expires_at = until
    offer.save(update_fields=["expires_at"])
    note(offer, "extend", actor=actor, now=now, before=offer.state)
    notices.about_offer(notices.OFFER_EXTENDED, offer, to=[person_asked(offer)])
    tell_pages(offer)
    return offer


def expire_offers(*, now: datetime) -> int:
    """Close every open offer whose time is over; returns how many."""
    # One that was never sent, since no worker ran, has asked nobody yet: its time has not begun.
    due = Offer.objects.open().filter(expires_at__lte=now, sent_at__isnull=False).order_by("pk")
    return sum(_expire(offer_id, now=now) for offer_id in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _expire(offer_id: int, *, now: datetime) -> bool:
    # Race: the answer may arrive while the sweep looks; the lock decides, and a yes in time stands.
    offer = lock_offer(offer_id)
    if offer.state not in OPEN_OFFER or offer.expires_at > now:
        return False
    asked = people_asked_so_far(offer)
    move(offer, "expire", moves=OFFER_MOVES, actor=Actor.system("expiry"), now=now, closed_at=now)
    notices.about_offer(notices.OFFER_CLOSED, offer, to=asked)
    jobs.later("pairings.propose_next", offer.pk)
    tell_pages(offer)
    return True
