"""What people hear about meetings, goals and expenses. Subjects never carry a name or content."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.meetings.models import Expense
from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.queries import people_with_role
from backend.pairings.models import Pairing
from backend.profiles.models import Profile
from notifications.api import Kind, notify, register

MEETING_NOTED = register(
    Kind(
        code="meeting_noted",
        subject=_("Softlanding: your mentoring"),
        line=_("Your meeting is in the list now. You do not need to do it again."),
        body=_("Your meeting is in the list now. You do not need to do it again."),
        paths=("bell",),
    )
)
WRITE_ELSEWHERE = register(
    Kind(
        code="write_elsewhere",
        subject=_("Softlanding: your mentoring"),
        line=_("You write to each other elsewhere now. That is fine. We ask once a month if you met."),
        body=_("You write to each other elsewhere now. That is fine. We ask once a month if you met."),
        paths=("bell",),
    )
)
WRITE_HERE_AGAIN = register(
    Kind(
        code="write_here_again",
        subject=_("Softlanding: your mentoring"),
        line=_("You write to each other here again."),
        body=_("You write to each other here again."),
        paths=("bell",),
    )
)
DID_YOU_MEET = register(
    Kind(
        code="did_you_meet",
        subject=_("Softlanding: a short question"),
        line=_("Did you meet this month? One tap is enough."),
        body=_("Did you meet this month? Open the page. One tap is enough."),
        action=_("Answer"),
    )
)
GOAL_CHOSEN = register(
    Kind(
        code="goal_chosen",
        subject=_("Softlanding: your mentoring"),
        line=_("There is a new goal in your mentoring."),
        body=_("There is a new goal in your mentoring."),
        paths=("bell",),
    )
)
GOAL_REACHED = register(
    Kind(
        code="goal_reached",
        subject=_("Softlanding: good news"),
        line=_("You reached a goal together. Well done."),
        body=_("You reached a goal together. Well done."),
        paths=("bell",),
    )
)
EXPENSE_SENT = register(
    Kind(
        code="expense_sent",
        subject=_("Softlanding: an expense to look at"),
        line=_("Somebody sent an expense. Look at the receipt and decide."),
        body=_("Somebody sent an expense. Look at the receipt and decide."),
        paths=("bell",),
    )
)
EXPENSE_APPROVED = register(
    Kind(
        code="expense_approved",
        subject=_("Softlanding: your expense"),
        line=_("Your organisation said yes to your expense. You get the money back."),
        body=_("Your organisation said yes to your expense. You get the money back."),
        action=_("See my expenses"),
    )
)
EXPENSE_REFUSED = register(
    Kind(
        code="expense_refused",
        subject=_("Softlanding: your expense"),
        line=_("Your organisation cannot pay your expense. Open the page to read why."),
        body=_("Your organisation cannot pay your expense. Open the page to read why."),
        action=_("See my expenses"),
    )
)
PAUSE_WISHED = register(
    Kind(
        code="pause_wished",
        subject=_("Softlanding: somebody asks for a pause"),
        line=_("%(name)s asks for a pause in their mentoring. Call them, then pause it."),
        body=_("%(name)s asks for a pause in their mentoring. Call them, then pause it."),
    )
)


def about_mentoring(kind: Kind, pairing: Pairing, *, to: Iterable[int], now: datetime) -> None:
    """To members: it leads to the page of their mentoring."""
    notify(kind, to=to, about=("mentoring", pairing.public_id), now=now)


def did_you_meet(pairing: Pairing, *, to: Iterable[int], now: datetime) -> None:
    notify(DID_YOU_MEET, to=to, about=("month", pairing.public_id), now=now)


def pause_wished(pairing: Pairing, *, name: str, now: datetime) -> None:
    about = ("case", pairing.public_id)
    notify(PAUSE_WISHED, to=in_charge_of(pairing, now=now), about=about, data={"name": name[:80]}, now=now)


def expense_sent(expense: Expense, *, now: datetime) -> None:
    """To those who may decide about it."""
    office = expense.pairing.programme.organisation_id
    may_decide = set(people_with_role(office, Role.COORDINATOR, now=now)) - {expense.person_id}
    notify(EXPENSE_SENT, to=sorted(may_decide), about=("expenses", expense.public_id), now=now)


def expense_decided(kind: Kind, expense: Expense, *, now: datetime) -> None:
    about = ("own_expenses", expense.pairing.public_id)
    notify(kind, to=[expense.person_id], about=about, now=now)


def in_charge_of(pairing: Pairing, *, now: datetime) -> list[int]:
    """Who looks after the members and still works on cases there; else all who coordinate."""
    office = pairing.programme.organisation_id
    members = Profile.objects.filter(
        enrolments__memberships__pairing=pairing, enrolments__memberships__until_at=None
    )
    named = set(members.order_by().values_list("coordinator", flat=True))
    at_work = named.intersection(people_with_role(office, *CASE_ROLES, now=now))
    return sorted(at_work) or people_with_role(office, Role.COORDINATOR, now=now)
