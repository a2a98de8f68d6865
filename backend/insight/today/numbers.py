"""The figures beside Today: who found a mentor this month, whom nobody suits, who waited week by week."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    DurationField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import TruncDate

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


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def numbers(asking: Asking) -> Numbers:
    """One query, which reads those who waited at some time in these weeks and nobody who left before."""
    weeks = [asking.day - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    month = asking.day.replace(day=1)
    found = Q(first_on__range=(month, asking.day))
    rows = _newcomers(asking, since=min(weeks[0], month)).aggregate(
        found=Count("pk", filter=found),
        median=Median(F("first_on") - F("registered_on"), filter=found),
        nobody=Count("pk", filter=Q(got_nobody=True, state=EnrolmentState.READY, places_taken=0)),
        **{f"week_{n}": Count("pk", filter=_waited_on(day)) for n, day in enumerate(weeks)},
    )
    return Numbers(
        found=rows["found"],
        median_days=None if rows["median"] is None else round(rows["median"] / timedelta(days=1)),
        nobody=rows["nobody"],
        waiting=tuple((day, rows[f"week_{n}"]) for n, day in enumerate(weeks)),
    )


def _newcomers(asking: Asking, *, since: date) -> QuerySet[Enrolment]:
    """Those who waited on `since` or later."""
    first = PairingMember.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    done = MatchRun.objects.filter(programme__organisation__in=asking.offices, state=RunState.DONE)
    latest = done.order_by("programme_id", "-asked_at", "-id").distinct("programme_id")
    nobody = Unmatched.objects.filter(newcomer=OuterRef("pk"), run__in=latest.values("pk"), feasible=0)
    began = Subquery(first.annotate(at=Min("from_at")).values("at"))
    rows = Enrolment.objects.filter(programme__organisation__in=asking.offices, side=Side.NEWCOMER)
    return (
        rows.annotate(
            first_on=TruncDate(began),
            ended_on=Case(
                When(state=EnrolmentState.ENDED, then=TruncDate("state_at")), output_field=DateField()
            ),
            got_nobody=Exists(nobody),
        )
        .filter(Q(first_on=None) | Q(first_on__gte=since))
        .filter(~Q(state=EnrolmentState.ENDED) | Q(ended_on__gte=since))
    )


def _waited_on(day: date) -> Q:
    return (
        Q(registered_on__lte=day)
        & (Q(first_on=None) | Q(first_on__gt=day))
        & (Q(ended_on=None) | Q(ended_on__gt=day))
    )
