"""Who waits is written to every month, honestly: nobody yet, no promise, and what there is until then."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from backend.pairings import notices
from backend.people.enums import Purpose
from backend.people.queries import took_back
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.queries import missing_requirements
from notifications.api import Kind

EVERY = timedelta(days=30)
AT_ONCE = 200
LETTERS: Mapping[Side, Kind] = {
    Side.NEWCOMER: notices.NO_MENTOR_YET,
    Side.MENTOR: notices.NO_NEWCOMER_YET,
}


def write_to_those_who_wait(*, now: datetime) -> int:
    """Tell everybody who waits for a month, and was not told for a month, how things stand; returns how many.

    Safe to do twice: whom one has written to, the next no longer finds.
    """
    # The beat comes at nine in the morning by UTC, when it is the same day in all of Europe.
    day, written, after = now.date(), 0, 0
    while batch := _batch(after, day=day):
        written += _write(batch, day=day)
        after = batch[-1]
    return written


def _batch(after: int, *, day: date) -> list[int]:
    rows = Enrolment.objects.filter(_due(day), pk__gt=after).in_play()
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _due(day: date) -> Q:
    return Q(
        Q(waiting_written_on=None) | Q(waiting_written_on__lte=day - EVERY),
        places_taken=0,
        registered_on__lte=day - EVERY,
        programme__opened_at__isnull=False,
        programme__closed_at=None,
    )


@transaction.atomic
def _write(ids: list[int], *, day: date) -> int:
    # Race: two workers write, or an offer takes a place right now. Under the lock the database asks again
    # whether they are due: of two workers one finds the row locked and leaves it, or finds it written.
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    people = rows.filter(_due(day), pk__in=ids).in_play().select_related("profile", "programme__organisation")
    told = _who_wait(list(people.order_by("pk")), day=day)
    Enrolment.objects.filter(pk__in=[e.pk for e in told]).update(waiting_written_on=day)
    for (programme, side), theirs in _by_programme(told).items():
        notices.still_waiting(LETTERS[side], programme, to=theirs)
    return len(told)


def _who_wait(people: list[Enrolment], *, day: date) -> list[Enrolment]:
    """Without those who are not cleared, or took their consent back: nobody looks for them now."""
    missing = missing_requirements(people, day=day)
    unwilling = took_back(Purpose.PROFILE, Purpose.SHARE, person_ids=(e.profile.person_id for e in people))
    return [
        e
        for e in people
        if not missing[e.pk] and (e.profile.person_id, e.profile.organisation_id) not in unwilling
    ]


def _by_programme(people: Iterable[Enrolment]) -> dict[tuple[Programme, Side], list[int]]:
    found: dict[tuple[Programme, Side], list[int]] = defaultdict(list)
    for enrolment in people:
        found[enrolment.programme, Side(enrolment.side)].append(enrolment.profile.person_id)
    return found
