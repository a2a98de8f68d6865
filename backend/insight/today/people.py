"""Of Today: calls promised, intake talks, applications, and proofs that run out."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from backend.insight.today.lines import JUST_SEEN, PROOF_ENDS_SOON, Asking, Kind, Line
from backend.pairings.models import PairingMember
from backend.profiles.models import Contact
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance, Requirement

Row = dict[str, Any]
PROFILE = ("profile__public_id", "profile__full_name", "profile__coordinator")


def calls(asking: Asking) -> Iterator[Line]:
    """Calls promised for today or earlier and not yet made; never one to the reader. One query."""
    due = Contact.objects.promised().filter(
        profile__organisation__in=asking.offices, call_back_on__lte=asking.day
    )
    rows = due.exclude(profile__person=asking.actor.person_id).order_by("call_back_on", "id")
    for row in rows.values("public_id", "call_back_on", "profile__organisation", *PROFILE):
        yield Line(
            Kind.CALL,
            (asking.day - row["call_back_on"]).days,
            row["profile__organisation"],
            on=row["call_back_on"],
            tick=row["public_id"],
            **_person(row),
        )


def enrolled(asking: Asking) -> Iterator[Line]:
    """Talks to hold, and volunteers whose papers lack, came or run out. One query, over open work alone."""
    seen: set[tuple[object, ...]] = set()
    for row in _enrolled(asking):
        lines = [_intake(row, asking.day)] if row["side"] == Side.NEWCOMER else _volunteer(row, asking.day)
        for line in lines:
            # Somebody in two programmes has one police check.
            key = (line.kind, line.about, line.what)
            if line.kind is not Kind.PROOF_ENDS or key not in seen:
                seen.add(key)
                yield line


def _enrolled(asking: Asking) -> Iterable[Row]:
    valid = Clearance.objects.valid_on(asking.day)
    own = valid.filter(profile=OuterRef("profile"))
    asked = Requirement.objects.filter(programme=OuterRef("programme"), side=OuterRef("side"))
    held = valid.filter(profile=OuterRef(OuterRef("profile")), kind=OuterRef("kind"))
    better = valid.filter(profile=OuterRef("profile"), kind=OuterRef("kind")).filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))
    )
    ending = own.filter(~Exists(better), valid_until__lte=asking.day + PROOF_ENDS_SOON).order_by("kind")
    over = Clearance.objects.filter(profile=OuterRef("profile"), valid_until__lt=asking.day)
    grace = PairingMember.objects.filter(
        enrolment=OuterRef("pk"), until_at=None, pairing__grace_until__isnull=False
    ).order_by("pairing__grace_until")
    open_now = Q(state__in=[EnrolmentState.REGISTERED, EnrolmentState.APPLIED]) | Q(
        state=EnrolmentState.PAUSED, places_taken__gt=0
    )
    rows: Any = Enrolment.objects.filter(open_now, programme__organisation__in=asking.offices)
    found: Iterable[Row] = (
        rows.annotate(
            missing=ArraySubquery(asked.filter(~Exists(held)).order_by("kind").values("kind")),
            ending=ArraySubquery(ending.values(proof=JSONObject(kind="kind", until="valid_until"))),
            just_seen=Exists(own.filter(seen_on__gt=asking.day - JUST_SEEN)),
            lapsed_on=Subquery(over.order_by("-valid_until").values("valid_until")[:1]),
            grace_until=Subquery(grace.values("pairing__grace_until")[:1]),
        )
        .order_by("registered_on", "id")
        .values(
            "side",
            "registered_on",
            "places_taken",
            "programme__organisation",
            "missing",
            "ending",
            "just_seen",
            "lapsed_on",
            "grace_until",
            *PROFILE,
        )
    )
    return found


def _intake(row: Row, day: date) -> Line:
    since = row["registered_on"]
    return Line(Kind.INTAKE, (day - since).days, row["programme__organisation"], on=since, **_person(row))


def _volunteer(row: Row, day: date) -> Iterator[Line]:
    office, waited = row["programme__organisation"], (day - row["registered_on"]).days
    missing = tuple(row["missing"])
    if missing and row["places_taken"]:
        since = (day - row["lapsed_on"]).days if row["lapsed_on"] else 0
        ends = row["grace_until"]
        yield Line(Kind.LAPSED, since, office, what=missing, on=_day(ends), **_person(row))
    elif missing:
        yield Line(Kind.APPLICATION, waited, office, what=missing, **_person(row))
    elif row["just_seen"] and not row["places_taken"]:
        yield Line(Kind.CLEARED, waited, office, **_person(row))
    for proof in row["ending"]:
        ends = date.fromisoformat(proof["until"])
        days = (ends - day).days
        since = PROOF_ENDS_SOON.days - days
        yield Line(Kind.PROOF_ENDS, since, office, what=(proof["kind"],), on=ends, days=days, **_person(row))


def _person(row: Row) -> Row:
    """Who a line is about, and who is responsible for them."""
    return {
        "about": row["profile__public_id"],
        "profile": row["profile__public_id"],
        "name": row["profile__full_name"],
        "who_id": row["profile__coordinator"],
    }


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
