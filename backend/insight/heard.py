"""When somebody last heard of a mentoring: a message, a meeting, a check-in, or its start."""

from typing import Any

from django.db.models import DateTimeField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Greatest

from backend.meetings.enums import MeetingState
from backend.meetings.models import CheckIn, Meeting
from backend.pairings.models import Pairing


def with_heard(rows: QuerySet[Pairing]) -> Any:
    """Adds `met_at`, `checked_on`, and `heard_at`: the latest of them, the last message and the start."""
    met = Meeting.objects.filter(pairing=OuterRef("pk"), state=MeetingState.HELD).order_by()
    asked = CheckIn.objects.filter(pairing=OuterRef("pk")).order_by()
    return rows.annotate(
        met_at=Subquery(met.values("pairing").annotate(at=Max("starts_at")).values("at")),
        checked_on=Subquery(asked.values("pairing").annotate(on_=Max("on")).values("on_")),
        # PostgreSQL leaves out what is null.
        heard_at=Greatest(
            "started_at", "conversation__last_at", "met_at", Cast("checked_on", DateTimeField())
        ),
    )
