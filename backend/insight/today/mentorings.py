"""Of Today: first meetings, check-ins, quiet mentorings, ends by plan, expenses, and what goes well."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from backend.insight.heard import with_heard
from backend.insight.today.lines import HOSTED_SOON, QUIET, QUIET_ELSEWHERE, Asking, Kind, Line
from backend.meetings.due import next_check_in_on
from backend.meetings.enums import ExpenseState, MeetingKind, MeetingState
from backend.meetings.models import CheckIn, Expense, Meeting
from backend.pairings.enums import LASTING, MemberRole, PairingState
from backend.pairings.models import Pairing, PairingEvent, PairingMember
from backend.programmes.enums import Side

Row = dict[str, Any]
FIELDS = (
    "public_id",
    "offer",
    "state",
    "started_at",
    "writes_elsewhere_at",
    "met_at",
    "checked_on",
    "heard_at",
    "programme__organisation",
    "programme__duration_weeks",
    "programme__hosts_first_meeting",
    "programme__first_check_ins",
    "programme__check_in_every_days",
)
ANNOTATED = ("people", "first", "checked", "spent", "paused_at")


@dataclass(frozen=True)
class Mentoring:
    """One row of the query below, with the days in the reader's zone."""

    row: Row
    started_on: date
    heard_on: date

    @classmethod
    def of(cls, row: Row) -> "Mentoring":
        heard_on = timezone.localdate(row["heard_at"])
        return cls(row, timezone.localdate(row["started_at"]), max(heard_on, row["checked_on"] or heard_on))

    def line(self, kind: Kind, since: date, asking: Asking, **more: Any) -> Line:
        """A line about it; the newcomer's coordinator is responsible."""
        people = self.row["people"]
        newcomers = [one for one in people if one["side"] == Side.NEWCOMER] or people
        about = {
            "who_id": newcomers[0]["coordinator"],
            "about": self.row["public_id"],
            "profile": UUID(newcomers[0]["profile"]),
            "name": people[0]["called"],
            "other": ", ".join(one["called"] for one in people[1:]),
        }
        return Line(kind, (asking.day - since).days, self.row["programme__organisation"], **about | more)


def mentorings(asking: Asking) -> Iterator[Line]:
    """Those that run, and expenses of any; those coming to an end are left in peace. One query."""
    for row in _rows(asking):
        if not row["people"]:
            continue
        found = Mentoring.of(row)
        yield from _expenses(found, asking)
        if row["state"] == PairingState.ACTIVE:
            yield from _active(found, asking)
        elif row["state"] == PairingState.PAUSED:
            since = timezone.localdate(row["paused_at"] or row["started_at"])
            yield found.line(Kind.PAUSED, since, asking, on=since)


def _rows(asking: Asking) -> Iterable[Row]:
    members = PairingMember.objects.to_the_end().filter(pairing=OuterRef("pk"))
    people = members.exclude(role=MemberRole.INTERPRETER).order_by("-side", "id")
    first = Meeting.objects.filter(pairing=OuterRef("pk"), kind=MeetingKind.FIRST).exclude(
        state__in=[MeetingState.CANCELLED, MeetingState.MISSED]
    )
    spent = Expense.objects.filter(pairing=OuterRef("pk"), state=ExpenseState.SENT).order_by("on", "id")
    checked = CheckIn.objects.filter(pairing=OuterRef("pk")).order_by("on").values("on").distinct()
    paused = PairingEvent.objects.filter(pairing=OuterRef("pk"), verb="pause").order_by().values("pairing")
    rows = Pairing.objects.filter(
        Q(state__in=LASTING) | Exists(spent), programme__organisation__in=asking.offices
    )
    found: Iterable[Row] = (
        with_heard(rows)
        .annotate(
            people=ArraySubquery(
                people.values(
                    one=JSONObject(
                        side="side",
                        person="enrolment__profile__person",
                        called="enrolment__profile__called",
                        profile="enrolment__profile__public_id",
                        coordinator="enrolment__profile__coordinator",
                    )
                )
            ),
            first=Subquery(
                first.values(
                    one=JSONObject(
                        state="state", starts_at="starts_at", hosted_by="hosted_by", made_at="created_at"
                    )
                )[:1]
            ),
            checked=ArraySubquery(checked),
            spent=ArraySubquery(
                spent.values(one=JSONObject(person="person", on="on", cents="cents", currency="currency"))
            ),
            paused_at=Subquery(paused.annotate(at=Max("at")).values("at")),
        )
        .order_by("started_at", "id")
        .values(*FIELDS, *ANNOTATED)
    )
    return found


def _expenses(found: Mentoring, asking: Asking) -> Iterator[Line]:
    names = {one["person"]: one["called"] for one in found.row["people"]}
    for spent in found.row["spent"]:
        on, money = date.fromisoformat(spent["on"]), {name: spent[name] for name in ("cents", "currency")}
        name = names.get(spent["person"], "")
        yield found.line(Kind.EXPENSE, on, asking, on=on, name=name, other="", **money)


def _active(found: Mentoring, asking: Asking) -> Iterator[Line]:
    needs = [
        line
        for line in (_first(found, asking), _quiet(found, asking), _plan(found, asking))
        if line is not None
    ]
    asks_on = _next_check_in(found)
    if asks_on <= asking.day:
        needs.append(found.line(Kind.CHECK_IN, asks_on, asking, on=asks_on))
    yield from needs or [found.line(Kind.WELL, found.heard_on, asking, on=asks_on)]


def _first(found: Mentoring, asking: Asking) -> Line | None:
    """What is to be done about the first meeting, until it was held."""
    first, hosts = found.row["first"], found.row["programme__hosts_first_meeting"]
    if first is None:
        # Those who met before anybody kept meetings here have no first one to arrange.
        began_here = found.row["offer"] is not None and found.row["met_at"] is None
        return found.line(Kind.ARRANGE, found.started_on, asking) if hosts and began_here else None
    if first["state"] == MeetingState.PROPOSED:
        since = timezone.localdate(datetime.fromisoformat(first["made_at"]))
        return found.line(Kind.FIRST_PROPOSED, since, asking)
    on = timezone.localdate(datetime.fromisoformat(first["starts_at"]))
    if first["state"] != MeetingState.AGREED or on > asking.day + HOSTED_SOON:
        return None
    if (host := first["hosted_by"]) is None and not hosts:
        return None
    # Whoever hosts it is responsible; `count` says whether there is somebody.
    host_of = {"who_id": host} if host else {}
    return found.line(Kind.HOST, on, asking, on=on, count=bool(host), days=(on - asking.day).days, **host_of)


def _quiet(found: Mentoring, asking: Asking) -> Line | None:
    """Nothing heard for three weeks; of those who write elsewhere, no meeting and no check-in for five."""
    elsewhere = found.row["writes_elsewhere_at"]
    heard, limit = found.heard_on, QUIET
    if elsewhere is not None:
        met = found.row["met_at"]
        days = [timezone.localdate(elsewhere), found.row["checked_on"], met and timezone.localdate(met)]
        heard, limit = max(day for day in days if day), QUIET_ELSEWHERE
    if asking.day - heard < limit:
        return None
    return found.line(Kind.QUIET, heard, asking, on=heard, days=(asking.day - heard).days)


def _plan(found: Mentoring, asking: Asking) -> Line | None:
    over = found.started_on + timedelta(weeks=found.row["programme__duration_weeks"])
    return found.line(Kind.PLAN_OVER, over, asking, on=over) if over <= asking.day else None


def _next_check_in(found: Mentoring) -> date:
    return next_check_in_on(
        started_on=found.started_on,
        first=found.row["programme__first_check_ins"],
        every=found.row["programme__check_in_every_days"],
        done=found.row["checked"],
    )
