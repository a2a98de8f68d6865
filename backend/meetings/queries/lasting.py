from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Prefetch, QuerySet, Sum
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.meetings.due import next_check_in_on
from backend.meetings.enums import ExpenseState, MeetingKind, MeetingState
from backend.meetings.models import CheckIn, Expense, Goal, GoalStep, Meeting, MeetingEvent
from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.models import Organisation
from backend.pairings.models import Pairing
from backend.profiles.models import Profile


def held_meetings(pairing: Pairing) -> QuerySet[Meeting]:
    """Those that took place, the latest first."""
    return Meeting.objects.filter(pairing=pairing, state=MeetingState.HELD).order_by("-starts_at", "-id")


def meetings_on(pairing: Pairing, day: date) -> list[Meeting]:
    """Meetings of that day where the organisation works, whatever became of them; months are no days."""
    begins, ends = _bounds(pairing, day, day + timedelta(days=1))
    rows = Meeting.objects.filter(pairing=pairing, starts_at__gte=begins, starts_at__lt=ends)
    return list(rows.exclude(kind=MeetingKind.MONTH).order_by("starts_at", "id"))


def held_in_month(pairing: Pairing, month: date) -> Meeting | None:
    """A meeting that took place in the month that begins on `month`, in the organisation's zone."""
    begins, ends = _bounds(pairing, month, next_month(month))
    return held_meetings(pairing).filter(starts_at__gte=begins, starts_at__lt=ends).last()


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _bounds(pairing: Pairing, first: date, end: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(pairing.programme.organisation.time_zone)
    return datetime.combine(first, time.min, zone), datetime.combine(end, time.min, zone)


def last_noted(meeting: Meeting) -> MeetingEvent | None:
    """The event by which it was noted that this meeting took place."""
    return meeting.events.filter(to_state=MeetingState.HELD).order_by("id").last()


def noted_by(meetings: Iterable[Meeting]) -> dict[int, MeetingEvent]:
    """{meeting id: the event by which it was noted}. One query."""
    rows = MeetingEvent.objects.filter(meeting__in=list(meetings), to_state=MeetingState.HELD)
    return {row.meeting_id: row for row in rows.order_by("id") if row.meeting_id is not None}


def last_met(pairing_ids: Iterable[int]) -> dict[int, datetime]:
    """{pairing id: when they last met}; those who never did are left out. One query."""
    rows = Meeting.objects.filter(pairing__in=list(pairing_ids), state=MeetingState.HELD).order_by()
    found = rows.values("pairing").annotate(last=Max("starts_at")).values_list("pairing", "last")
    return {pairing_id: last for pairing_id, last in found if last is not None}


def access_meeting(public_id: UUID, *, pairing: Pairing) -> Meeting:
    """A meeting of this pairing. Raises Http404."""
    return get_object_or_404(Meeting, pairing=pairing, public_id=public_id)


def goals_visible_to(actor: Actor) -> QuerySet[Goal]:
    """Goals of the pairings the actor takes part in or works on, with their steps. Two queries when read."""
    seen = Pairing.objects.visible_to(actor).order_by().values("pk")
    return _with_steps(Goal.objects.filter(pairing__in=seen)).select_related("pairing__programme")


def goals_of(pairing: Pairing) -> list[Goal]:
    """Open ones first, each with its steps. Two queries."""
    rows = list(_with_steps(Goal.objects.filter(pairing=pairing)).order_by("id"))
    return sorted(rows, key=lambda goal: (goal.state != "open", goal.state == "dropped", goal.pk))


def _with_steps(rows: QuerySet[Goal]) -> QuerySet[Goal]:
    return rows.prefetch_related(Prefetch("steps", GoalStep.objects.order_by("id")))


def access_goal(public_id: UUID, *, pairing: Pairing) -> Goal:
    """A goal of this pairing. Raises Http404."""
    return get_object_or_404(_with_steps(Goal.objects.filter(pairing=pairing)), public_id=public_id)


def access_step(public_id: UUID, *, goal: Goal) -> GoalStep:
    """A step of this goal. Raises Http404."""
    return get_object_or_404(GoalStep, goal=goal, public_id=public_id)


def check_ins_visible_to(actor: Actor) -> QuerySet[CheckIn]:
    """Those of the cases the actor works on; never what colleagues wrote about the actor's own mentoring."""
    rows = CheckIn.objects.filter(pairing__programme__organisation__in=actor.organisations(*CASE_ROLES))
    own = Pairing.objects.taken_part_by(actor.person_id).order_by().values("pk")
    return rows.exclude(pairing__in=own).order_by("-on", "-id")


def next_check_ins(pairings: Sequence[Pairing]) -> dict[int, date]:
    """{pairing id: the day on which the next check-in is due}. One query; reads `programme.organisation`."""
    done: dict[int, list[date]] = {pairing.pk: [] for pairing in pairings}
    rows = CheckIn.objects.filter(pairing__in=done).order_by("on", "id").values_list("pairing", "on")
    for pairing_id, day in rows:
        done[pairing_id].append(day)
    return {
        pairing.pk: next_check_in_on(
            started_on=pairing.programme.organisation.today(pairing.started_at),
            first=pairing.programme.first_check_ins,
            every=pairing.programme.check_in_every_days,
            done=done[pairing.pk],
        )
        for pairing in pairings
    }


def expenses_visible_to(actor: Actor) -> QuerySet[Expense]:
    """Without the pictures, which weigh more than all the rest."""
    rows = Expense.objects.visible_to(actor).defer("receipt")
    return rows.select_related("pairing__programme__organisation").order_by("-on", "-id")


def own_expenses(actor: Actor, pairing: Pairing) -> list[Expense]:
    rows = Expense.objects.filter(pairing=pairing, person=actor.person_id).defer("receipt")
    return list(rows.order_by("-on", "-id"))


def access_expense(public_id: UUID, *, actor: Actor) -> Expense:
    """One's own, or one of the cases the actor works on. Raises Http404."""
    return get_object_or_404(expenses_visible_to(actor), public_id=public_id)


def expenses_of_cases(actor: Actor, *, state: str = "") -> QuerySet[Expense]:
    """What was spent in the mentorings the actor works on: those that wait the oldest first."""
    here = expenses_visible_to(actor).filter(
        pairing__programme__organisation__in=actor.organisations(*CASE_ROLES)
    )
    rows = here.filter(state=state) if state else here
    return rows.order_by("created_at", "id") if state == ExpenseState.SENT else rows.order_by("-on", "-id")


def payees(expenses: Sequence[Expense]) -> dict[int, Profile]:
    """{expense id: the file of whoever paid}. One query; reads `pairing.programme`."""
    people = Profile.objects.filter(person__in={row.person_id for row in expenses}).only(
        "public_id", "person_id", "organisation_id", "full_name"
    )
    files = {(row.person_id, row.organisation_id): row for row in people.order_by("id")}
    found = {row.pk: files.get((row.person_id, row.pairing.programme.organisation_id)) for row in expenses}
    return {pk: profile for pk, profile in found.items() if profile}


def expenses_waiting(actor: Actor) -> int:
    """How many wait for a decision of the actor."""
    return _to_pay(actor).filter(state=ExpenseState.SENT).exclude(person=actor.person_id).count()


@dataclass(frozen=True, slots=True)
class Payable:
    """What one organisation can hand on to be paid; amounts by currency."""

    organisation: Organisation
    count: int
    sums: tuple[tuple[str, int], ...]


def payable_by(actor: Actor) -> list[Payable]:
    """Approved expenses of the organisations the actor coordinates. Two queries."""
    offices = Organisation.objects.filter(pk__in=actor.organisations(Role.COORDINATOR)).order_by("name", "id")
    rows = _to_pay(actor).filter(state=ExpenseState.APPROVED)
    sums = list(
        rows.order_by("pairing__programme__organisation", "currency")
        .values_list("pairing__programme__organisation", "currency")
        .annotate(count=Count("pk"), cents=Sum("cents"))
    )
    return [
        Payable(
            organisation=office,
            count=sum(count for pk, _currency, count, _cents in sums if pk == office.pk),
            sums=tuple((currency, cents) for pk, currency, _count, cents in sums if pk == office.pk),
        )
        for office in offices
    ]


def _to_pay(actor: Actor) -> QuerySet[Expense]:
    """Expenses where the actor coordinates."""
    mine = actor.organisations(Role.COORDINATOR)
    return Expense.objects.filter(pairing__programme__organisation__in=mine)


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A list that was handed on; the first expense in it names it."""

    public_id: UUID
    at: datetime
    count: int


def lists_handed_on(actor: Actor, *, limit: int = 12) -> list[HandedOn]:
    """The latest lists of the organisations the actor coordinates. Two queries."""
    rows = _to_pay(actor).filter(state=ExpenseState.EXPORTED)
    lists = (
        rows.order_by()
        .values("pairing__programme__organisation", "exported_at")
        .annotate(count=Count("pk"), first=Min("pk"))
        .order_by("-exported_at", "-first")
        .values_list("first", "exported_at", "count")
    )[:limit]
    found = list(lists)
    names = dict(rows.filter(pk__in=[row[0] for row in found]).order_by().values_list("pk", "public_id"))
    return [HandedOn(names[first], at, count) for first, at, count in found if at is not None]


def write_elsewhere_unasked(day: date) -> list[int]:
    """Ids of active pairings who write elsewhere and were not asked in the month of `day`. One query."""
    rows = Pairing.objects.filter(state="active", writes_elsewhere_at__isnull=False)
    return list(
        rows.exclude(asked_if_met_on__gte=day.replace(day=1)).order_by("pk").values_list("pk", flat=True)
    )
