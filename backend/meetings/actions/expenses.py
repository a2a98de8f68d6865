"""What members paid for the mentoring: sent with a receipt, approved or refused, handed on to be paid."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.core.states import WrongState, next_state
from backend.core.text import clean_line
from backend.meetings.enums import EXPENSE_MOVES, ExpenseState
from backend.meetings.models import Expense
from backend.meetings.money import MOST_CENTS, currency_of
from backend.meetings.notices import lasting as notices
from backend.meetings.receipts import Receipt, opened
from backend.meetings.rules import (
    may_decide_expense,
    may_hand_on_expenses,
    may_send_expense,
    may_view_expense,
)
from backend.organisations.models import Organisation
from backend.organisations.queries import names_in
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.models import Pairing
from backend.pairings.overtaken import OTHERWISE, Overtaken
from notifications.api import Kind

MOST_WAITING = 50  # of one person: more is a mistake, or meant to fill the disk
LONGEST_WHAT, LONGEST_WHY = 160, 200
WHAT: Mapping[str, Promise] = {
    ExpenseState.APPROVED: _("%(name)s approved this, %(at)s."),
    ExpenseState.REFUSED: _("%(name)s refused this, %(at)s."),
    ExpenseState.EXPORTED: _("%(name)s approved this, %(at)s, and it was handed on to be paid."),
}


class NoSuchAmount(BadInput):
    code = "no_such_amount"
    sentence = _("Write the amount in numbers, such as 12.50. The most is 10,000.")


class ExpenseLiesElsewhere(BadInput):
    code = "expense_lies_elsewhere"
    sentence = _("Choose a day in the time of your mentoring, up to today.")


class SayWhatFor(BadInput):
    code = "say_what_for"
    sentence = _("Say in a few words what you paid for.")


class SayWhyNot(BadInput):
    code = "say_why_not"
    sentence = _("Say why it is not paid. The person reads it.")


class TooManyWaiting(Expected):
    code = "too_many_waiting"
    sentence = _("Many of your expenses wait for an answer. Send more when they are decided.")


class NothingToHandOn(Expected):
    code = "nothing_to_hand_on"
    sentence = _("Nothing is left to hand on. What was approved stands in an earlier list.")


@transaction.atomic
def send_expense(
    *,
    pairing_id: int,
    on: date,
    cents: int,
    what: str,
    receipt: Receipt,
    client_id: UUID,
    actor: Actor,
    now: datetime,
) -> Expense:
    """Ask for money back; the same `client_id` again is the same expense.

    Raises NotAllowed, NoSuchAmount, ExpenseLiesElsewhere, SayWhatFor, TooManyWaiting.
    """
    # Race: a form sent twice on a bad line. The lock makes one wait, and it finds what the other wrote.
    pairing = lock_pairing(pairing_id)
    require(may_send_expense(actor, pairing))
    person_id = actor.acting_person_id
    if sent := Expense.objects.filter(person=person_id, client_id=client_id).defer("receipt").first():
        return sent
    require(0 < cents <= MOST_CENTS, NoSuchAmount)
    require(_is_within(pairing, on, now=now), ExpenseLiesElsewhere)
    line = clean_line(what)[:LONGEST_WHAT]
    require(bool(line), SayWhatFor)
    waiting = Expense.objects.filter(person=person_id, state=ExpenseState.SENT)
    require(waiting.count() < MOST_WAITING, TooManyWaiting)
    expense = Expense.objects.create(
        pairing=pairing,
        person_id=person_id,
        on=on,
        cents=cents,
        currency=currency_of(pairing.programme.organisation.country),
        what=line,
        receipt=receipt.sealed(),
        client_id=client_id,
        created_at=now,
    )
    notices.expense_sent(expense, now=now)
    return expense


def _is_within(pairing: Pairing, on: date, *, now: datetime) -> bool:
    office = pairing.programme.organisation
    return office.today(pairing.started_at) <= on <= office.today(pairing.ended_at or now)


@transaction.atomic
def approve_expense(*, expense_id: int, actor: Actor, now: datetime) -> Expense:
    """Raises NotAllowed, Overtaken; the same again by the same person changes nothing."""
    return _decide(expense_id, "approve", notices.EXPENSE_APPROVED, actor=actor, now=now)


@transaction.atomic
def refuse_expense(*, expense_id: int, why: str, actor: Actor, now: datetime) -> Expense:
    """Raises NotAllowed, SayWhyNot, Overtaken; the same again by the same person changes nothing."""
    line = clean_line(why)[:LONGEST_WHY]
    require(bool(line), SayWhyNot)
    return _decide(expense_id, "refuse", notices.EXPENSE_REFUSED, actor=actor, now=now, why=line)


def _decide(expense_id: int, verb: str, kind: Kind, *, actor: Actor, now: datetime, why: str = "") -> Expense:
    # Race: two coordinators decide at once, perhaps differently. The lock lets one; the other is told.
    expense = _lock(expense_id)
    require(may_decide_expense(actor, expense))
    to = EXPENSE_MOVES[verb][ExpenseState.SENT]
    if expense.state == to and expense.decided_by_id == actor.person_id:
        return expense
    try:
        expense.state = next_state(EXPENSE_MOVES, verb=verb, state=expense.state)
    except WrongState:
        raise _overtaken(expense) from None
    expense.decided_by_id, expense.decided_at, expense.why = actor.acting_person_id, now, why
    expense.save(update_fields=["state", "decided_by", "decided_at", "why"])
    notices.expense_decided(kind, expense, now=now)
    return expense


def _lock(expense_id: int) -> Expense:
    rows = Expense.objects.select_for_update(of=("self",), no_key=True).defer("receipt")
    return rows.select_related("pairing__programme").get(pk=expense_id)


def _overtaken(expense: Expense) -> WrongState:
    assert expense.decided_by_id and expense.decided_at  # the table leads out of `sent` alone
    names = names_in(expense.pairing.programme.organisation_id)
    what = WHAT.get(expense.state, OTHERWISE)
    return Overtaken(what, name=names.get(expense.decided_by_id, ""), at=expense.decided_at)


@transaction.atomic
def hand_on_expenses(*, organisation: Organisation, actor: Actor, now: datetime) -> list[Expense]:
    """Mark all that is approved as handed on to be paid, and give it: one list, never paid twice.

    Raises NotAllowed, NothingToHandOn.
    """
    require(may_hand_on_expenses(actor, organisation.pk))
    # Race: two coordinators export at once. Whoever comes second waits for the rows, then finds none.
    approved = _of(organisation).select_for_update(of=("self",), no_key=True)
    rows = list(approved.filter(state=ExpenseState.APPROVED))
    require(bool(rows), NothingToHandOn)
    for expense in rows:
        expense.state = next_state(EXPENSE_MOVES, verb="export", state=expense.state)
        expense.exported_at = now
    Expense.objects.bulk_update(rows, ["state", "exported_at"])
    _log_export(organisation, actor=actor, now=now)
    return rows


@transaction.atomic
def handed_on_before(
    *, organisation: Organisation, exported_at: datetime, actor: Actor, now: datetime
) -> list[Expense]:
    """A list again as it was handed on, for whoever lost the file; nothing changes. Raises NotAllowed."""
    require(may_hand_on_expenses(actor, organisation.pk))
    _log_export(organisation, actor=actor, now=now)
    return list(_of(organisation).filter(state=ExpenseState.EXPORTED, exported_at=exported_at))


def _of(organisation: Organisation) -> QuerySet[Expense]:
    rows = Expense.objects.filter(pairing__programme__organisation=organisation).defer("receipt")
    return rows.select_related("pairing__programme").order_by("on", "id")


def _log_export(organisation: Organisation, *, actor: Actor, now: datetime) -> None:
    about = ("organisation", organisation.public_id)
    audit.record("expenses_exported", actor=actor, about=about, now=now, organisation_id=organisation.pk)


@transaction.atomic
def open_receipt(*, expense_id: int, actor: Actor, now: datetime) -> bytes:
    """The picture, as a JPEG; that staff looked at it is written down. Raises NotAllowed."""
    expense = Expense.objects.select_related("pairing__programme").get(pk=expense_id)
    require(may_view_expense(actor, expense))
    assert expense.receipt is not None  # `send_expense` makes none without
    if actor.person_id != expense.person_id:
        office = expense.pairing.programme.organisation_id
        about = ("expense", expense.public_id)
        audit.record("receipt_opened", actor=actor, about=about, now=now, organisation_id=office)
    return opened(expense.receipt)
