"""Of Today: suggestions to decide, and offers that wait for an answer, theirs or ours."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from backend.insight.today.lines import EXPIRES_SOON, Asking, Kind, Line
from backend.pairings.enums import Aside, OfferState, SuggestionState
from backend.pairings.models import Offer, OfferQuestion, Suggestion
from backend.programmes.enums import Side

Row = dict[str, Any]
NEWCOMER = (
    "newcomer__profile__public_id",
    "newcomer__profile__full_name",
    "newcomer__profile__called",
    "newcomer__profile__coordinator",
    "programme__organisation",
)


def suggestions(asking: Asking) -> Iterator[Line]:
    """One line for all of one colleague's that wait, and one for each where a call comes first. One query.

    Those put off until a day come back on that day.
    """
    rows = Suggestion.objects.open().filter(programme__organisation__in=asking.offices)
    heaps: dict[tuple[Kind, int, int | None], list[Row]] = {}
    fields = ("public_id", "state", "aside", "aside_until", "share", "created_at", "newcomer__registered_on")
    for row in rows.order_by("created_at", "id").values(*fields, "mentor__profile__called", *NEWCOMER):
        if row["aside"] == Aside.CALL:
            yield _call_first(row, asking)
        elif row["aside"] != Aside.LATER or row["aside_until"] <= asking.day:
            kind = Kind.STAGED if row["state"] == SuggestionState.STAGED else Kind.SUGGESTIONS
            whose = (kind, row["programme__organisation"], row["newcomer__profile__coordinator"])
            heaps.setdefault(whose, []).append(row)
    for (kind, office, who_id), heap in heaps.items():
        yield _heap(kind, office, who_id, heap, asking)


def _call_first(row: Row, asking: Asking) -> Line:
    return Line(
        Kind.CALL_FIRST,
        (asking.day - timezone.localdate(row["created_at"])).days,
        row["programme__organisation"],
        who_id=row["newcomer__profile__coordinator"],
        about=row["public_id"],
        profile=row["newcomer__profile__public_id"],
        name=row["newcomer__profile__full_name"],
        other=row["mentor__profile__called"],
    )


def _heap(kind: Kind, office: int, who_id: int | None, heap: list[Row], asking: Asking) -> Line:
    return Line(
        kind,
        (asking.day - timezone.localdate(min(row["created_at"] for row in heap))).days,
        office,
        who_id=who_id,
        count=len(heap),
        mean=sum(row["share"] for row in heap) / len(heap),
        days=(asking.day - min(row["newcomer__registered_on"] for row in heap)).days,
    )


def offers(asking: Asking) -> Iterator[Line]:
    """Open offers: a question waits for our answer, the end is near, or others take their time. One query."""
    open_questions = OfferQuestion.objects.filter(offer=OuterRef("pk"), answered_at=None).order_by()
    asked_at = open_questions.values("offer").annotate(at=Min("asked_at")).values("at")
    side = open_questions.order_by("asked_at", "id").values("side")[:1]
    rows = Offer.objects.open().filter(programme__organisation__in=asking.offices)
    fields = ("public_id", "state", "first_side", "released_at", "first_accepted_at", "expires_at")
    annotated = rows.annotate(asked_at=Subquery(asked_at), asked_by=Subquery(side))
    people = ("mentor__profile__full_name", "mentor__profile__called", *NEWCOMER)
    for row in annotated.order_by("expires_at", "id").values(*fields, "asked_at", "asked_by", *people):
        yield _offer(row, asking)


def _offer(row: Row, asking: Asking) -> Line:
    """`name` is whose answer or question it is, `other` whom they were asked about."""
    if row["asked_at"]:
        kind, side, since = Kind.QUESTION, row["asked_by"], row["asked_at"]
    else:
        kind = Kind.OFFER_ENDS if row["expires_at"] - asking.now <= EXPIRES_SOON else Kind.OFFER
        side, since = _asked(row), row["first_accepted_at"] or row["released_at"]
    asked, other = ("mentor", "newcomer") if side == Side.MENTOR else ("newcomer", "mentor")
    ends = timezone.localdate(row["expires_at"])
    return Line(
        kind,
        (asking.day - timezone.localdate(since)).days,
        row["programme__organisation"],
        who_id=row["newcomer__profile__coordinator"],
        about=row["public_id"],
        profile=row["newcomer__profile__public_id"],
        name=row[f"{asked}__profile__full_name"],
        other=row[f"{other}__profile__called"],
        on=ends,
        days=max(0, (ends - asking.day).days),
    )


def _asked(row: Row) -> str:
    """The side whose answer is awaited; as `Offer.side_asked`."""
    first = Side(row["first_side"])
    return first if row["state"] == OfferState.ASKING_FIRST else first.other
