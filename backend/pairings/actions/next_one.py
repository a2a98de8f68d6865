"""After a no, or no answer: the next best mentor for the same newcomer is proposed to the coordinator."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.pairings import notices
from backend.pairings.actions.locks import lock_enrolments
from backend.pairings.actions.suggestions import look_closely
from backend.pairings.enums import OfferState, Refusal, RunState
from backend.pairings.events import note
from backend.pairings.models import Offer, Suggestion, Unmatched
from backend.pairings.queries import obstacles, tried_before
from backend.programmes.enums import EnrolmentState
from backend.programmes.models import Enrolment, Programme

CAME_TO_NOTHING = (OfferState.DECLINED, OfferState.EXPIRED)
NEXT = Actor.system("next")
# While a match run is under way, the newcomer may be in its plan: its result is waited for.
RUN_TAKES = timedelta(minutes=1)


def propose_next(*, offer_id: int, now: datetime) -> None:
    """Suggest the best stored alternative that still holds, and tell the coordinator what came of it, once.

    Doing it twice changes nothing. The engine looks before anything is locked, since it takes its time.
    """
    offer = Offer.objects.select_related("programme__organisation", "suggestion").filter(pk=offer_id).first()
    if offer is None or offer.state not in CAME_TO_NOTHING or _is_done(offer):
        return
    _settle(offer, next(_who_could_suit(offer, now=now), None), now=now)


def _is_done(offer: Offer) -> bool:
    return offer.events.filter(verb="look_further").exists()


def _who_could_suit(offer: Offer, *, now: datetime) -> Iterator[Suggestion]:
    """Suggestions, not saved, of those who suit the newcomer today, the best first."""
    newcomer = Enrolment.objects.select_related("profile__person", "programme").get(pk=offer.newcomer_id)
    stored, tried = _alternatives(offer), tried_before(offer.programme_id)
    left = [row for row in stored if (row["mentor"], newcomer.pk) not in tried]
    rows = Enrolment.objects.mentors().in_play().with_a_free_place().filter(programme=offer.programme_id)
    people = rows.filter(pk__in=[row["mentor"] for row in left])
    mentors = people.select_related("profile__person", "programme").in_bulk()
    for mentor in (mentors[row["mentor"]] for row in left if row["mentor"] in mentors):
        if _against(mentor, newcomer, offer.programme, now=now):
            continue
        others = [row for row in left if row["mentor"] != mentor.pk]
        suggestion = Suggestion(
            programme=offer.programme, mentor=mentor, newcomer=newcomer, alternatives=others
        )
        look_closely(suggestion, now=now)
        if not suggestion.refusals:
            yield suggestion


def _alternatives(offer: Offer) -> list[dict[str, Any]]:
    """What the engine kept beside the suggestion; a pair by hand has none, then those of an earlier one."""
    kept = Suggestion.objects.filter(newcomer=offer.newcomer_id).exclude(alternatives=[]).order_by("-pk")
    return offer.suggestion.alternatives or next((row.alternatives for row in kept[:1]), [])


def _against(
    mentor: Enrolment, newcomer: Enrolment, programme: Programme, *, now: datetime
) -> tuple[Refusal, ...]:
    return obstacles(mentor, newcomer, day=today(now=now, time_zone=programme.organisation.time_zone))


@transaction.atomic
def _settle(offer: Offer, found: Suggestion | None, *, now: datetime) -> None:
    # Race: a match run proposes somebody for the same newcomer. Runs are asked for under the lock of the
    # programme: one that is under way we see and wait for, a later one sees our suggestion and replaces it.
    # Race: two workers do this job, or somebody pairs by hand. The newcomer's lock lets one go first, the
    # other finds the open suggestion; `suggestion_is_open_once` stands behind both.
    programme = Programme.objects.select_for_update(no_key=True).get(pk=offer.programme_id)
    people = lock_enrolments(offer.newcomer_id, *([found.mentor_id] if found else []))
    newcomer = people[offer.newcomer_id]
    if _is_done(offer):
        return
    if programme.runs.filter(state__in=[RunState.QUEUED, RunState.RUNNING]).exists():
        jobs.later("pairings.propose_next", offer.pk, due_at=now + RUN_TAKES)
        return
    if found and _against(people[found.mentor_id], newcomer, offer.programme, now=now):
        jobs.later("pairings.propose_next", offer.pk)  # somebody was faster: look again
        return
    note(offer, "look_further", actor=NEXT, now=now, before=offer.state)
    in_charge = notices.in_charge_of(offer, now=now)
    if not (programme.is_open and newcomer.state == EnrolmentState.READY and newcomer.places_free > 0):
        notices.about_offer(notices.OFFER_CAME_TO_NOTHING, offer, to=in_charge)
    elif suggestion := _open_for(newcomer) or _propose(found, now=now):
        notices.someone_else_could_suit(suggestion, to=in_charge)
    else:
        _name_among_the_unmatched(programme, newcomer)
        notices.nobody_else_found(programme, to=in_charge)


def _open_for(newcomer: Enrolment) -> Suggestion | None:
    """A run, or a colleague, has suggested somebody meanwhile."""
    return Suggestion.objects.open().filter(newcomer=newcomer).order_by("-pk").first()


def _propose(found: Suggestion | None, *, now: datetime) -> Suggestion | None:
    if found:
        found.save()
        note(found, "propose", actor=NEXT, now=now)
    return found


def _name_among_the_unmatched(programme: Programme, newcomer: Enrolment) -> None:
    """The latest run had somebody for them, so the page of who got nobody would not know them."""
    run = programme.runs.filter(state=RunState.DONE).order_by("-asked_at", "-pk").first()
    if run is None:
        return
    tried = sum(n == newcomer.pk for _mentor, n in tried_before(programme.pk))
    reasons = [{"refusal": str(Refusal.ALREADY_TRIED), "excludes": tried, "alone": 0}] if tried else []
    Unmatched.objects.get_or_create(run=run, newcomer=newcomer, defaults={"feasible": 0, "reasons": reasons})
