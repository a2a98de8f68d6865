"""The figures beside Today: who found a mentor this month, whom nobody suits, who waited week by week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from django.db.models import Case, DateField, Exists, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from backend.insight.today.lines import Asking
from backend.pairings.enums import RunState
from backend.pairings.models import MatchRun, PairingMember, Unmatched
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment

WEEKS = 13


@dataclass(frozen=True, slots=True)
class Numbers:
    """`waiting` holds (the last day of a week, newcomers waiting then), oldest first."""

    found: int
    median_days: int | None
    nobody: int
    waiting: tuple[tuple[date, int], ...]


def numbers(asking: Asking) -> Numbers:
    """One query, which reads those who waited at some time in these weeks and nobody who left before.

    Counted here: the same as thirteen filtered aggregates took Django four times as long to write as to ask.
    """
    weeks = [asking.day - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    month = asking.day.replace(day=1)
    rows = _newcomers(asking, since=min(weeks[0], month))
    found = [days for row in rows if (days := row.found_after(month, asking.day)) is not None]
    return Numbers(
        found=len(found),
        median_days=round(median(found)) if found else None,
        nobody=sum(row.waits_in_vain for row in rows),
        waiting=tuple((day, sum(row.waited_on(day) for row in rows)) for day in weeks),
    )


class Newcomer(NamedTuple):
    registered_on: date
    first_on: date | None  # when they first had a mentor
    ended_on: date | None
    waits_in_vain: bool

    def found_after(self, since: date, until: date) -> int | None:
        """The days they had waited, if they found a mentor between these days."""
        first = self.first_on
        return (first - self.registered_on).days if first and since <= first <= until else None

    def waited_on(self, day: date) -> bool:
        return (
            self.registered_on <= day
            and (self.first_on is None or self.first_on > day)
            and (self.ended_on is None or self.ended_on > day)
        )


def _newcomers(asking: Asking, *, since: date) -> list[Newcomer]:
    """Those who waited on `since` or later."""
    first = PairingMember.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    done = MatchRun.objects.filter(programme__organisation__in=asking.offices, state=RunState.DONE)
    latest = done.order_by("programme_id", "-asked_at", "-id").distinct("programme_id")
    nobody = Unmatched.objects.filter(newcomer=OuterRef("pk"), run__in=latest.values("pk"), feasible=0)
    began = Subquery(first.annotate(at=Min("from_at")).values("at"))
    ended = EnrolmentState.ENDED
    rows = Enrolment.objects.filter(programme__organisation__in=asking.offices, side=Side.NEWCOMER)
    read = (
        rows.filter(~Q(state=ended) | Q(state_at__gte=_midnight(since)))
        .annotate(
            first_on=TruncDate(began),
            ended_on=Case(When(state=ended, then=TruncDate("state_at")), output_field=DateField()),
            waits_in_vain=Q(Exists(nobody), state=EnrolmentState.READY, places_taken=0),
        )
        .order_by()
        .values_list("registered_on", "first_on", "ended_on", "waits_in_vain")
    )
    newcomers = (Newcomer(*row) for row in read)
    return [row for row in newcomers if row.first_on is None or row.first_on >= since]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
