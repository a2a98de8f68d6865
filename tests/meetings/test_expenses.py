"""Expenses: sent with a receipt, decided once, handed on once, and seen by nobody else."""

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.imports.paying import Format, export_again, export_expenses
from backend.meetings.actions import expenses as actions
from backend.meetings.enums import ExpenseState
from backend.meetings.models import Expense
from backend.meetings.queries.lasting import lists_handed_on, payable_by
from backend.meetings.receipts import Receipt
from backend.organisations.enums import Role
from backend.organisations.queries import actor_for
from backend.pairings.overtaken import Overtaken
from backend.profiles.models import Profile
from notifications.models import Notice
from tests.factories import NOW, TODAY, make_membership
from tests.factories.talks import end
from tests.meetings.lasting import Lasting, make_lasting
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db
RECEIPT = Receipt(b"\xff\xd8\xff a receipt")


def sent(lasting: Lasting, actor: Actor | None = None, **more: object) -> Expense:
    ordinary = {"on": TODAY, "cents": 1250, "what": "Bus to the office", "client_id": uuid4(), "now": NOW}
    return actions.send_expense(
        pairing_id=lasting.pairing.pk,
        receipt=RECEIPT,
        actor=actor or lasting.people.bruno.actor,
        **ordinary | more,  # type: ignore[arg-type]
    )


def approved(lasting: Lasting, **more: object) -> Expense:
    expense = sent(lasting, **more)  # type: ignore[arg-type]
    return actions.approve_expense(expense_id=expense.pk, actor=lasting.people.chloe.actor, now=NOW)


def colleague(lasting: Lasting, role: Role = Role.COORDINATOR) -> Actor:
    made = make_membership(organisation=lasting.people.organisation, role=role, name="Carla Beck")
    return actor_for(made.person, now=NOW)


def exported(lasting: Lasting, format: Format = Format.CSV, actor: Actor | None = None) -> bytes:
    by = actor or lasting.people.chloe.actor
    return export_expenses(organisation=lasting.people.organisation, format=format, actor=by, now=NOW)


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_member_asks_for_money_back(lasting: Lasting) -> None:
    client_id = uuid4()
    for _sent in range(2):
        expense = sent(lasting, client_id=client_id)
    assert (expense.cents, expense.currency, expense.state) == (1250, "EUR", "sent")
    assert bytes(expense.receipt or b"") != RECEIPT.jpeg
    assert list(Notice.objects.values_list("person", "kind")) == [
        (lasting.people.chloe.person.pk, "expense_sent")
    ]


def test_a_ticket_from_before_the_end_is_still_paid(lasting: Lasting) -> None:
    end(lasting.pairing)
    assert sent(lasting).state == ExpenseState.SENT


@pytest.mark.parametrize("who", ["chloe", "dario"])
def test_nobody_else_sends_one(lasting: Lasting, who: str) -> None:
    with pytest.raises(NotAllowed):
        sent(lasting, getattr(lasting.people, who).actor)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"cents": 0}, actions.NoSuchAmount),
        ({"cents": 1_000_001}, actions.NoSuchAmount),
        ({"on": TODAY + timedelta(days=1)}, actions.ExpenseLiesElsewhere),
        ({"on": date(2020, 1, 1)}, actions.ExpenseLiesElsewhere),
        ({"what": " \u202e"}, actions.SayWhatFor),
    ],
)
def test_what_cannot_stand_is_refused_in_a_sentence(
    lasting: Lasting, wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sent(lasting, **wrong)  # type: ignore[arg-type]
    assert not Expense.objects.exists()


def test_a_coordinator_approves_and_the_member_is_told(lasting: Lasting) -> None:
    expense = approved(lasting)
    actions.approve_expense(expense_id=expense.pk, actor=lasting.people.chloe.actor, now=NOW)
    told = Notice.objects.filter(person=lasting.people.bruno.person.pk)
    assert list(told.values_list("kind", "data")) == [("expense_approved", {})]


def test_a_refusal_says_why_to_the_member_alone(lasting: Lasting) -> None:
    expense, chloe = sent(lasting), lasting.people.chloe.actor
    with pytest.raises(actions.SayWhyNot):
        actions.refuse_expense(expense_id=expense.pk, why=" ", actor=chloe, now=NOW)
    why = "We do not pay for taxis."
    assert actions.refuse_expense(expense_id=expense.pk, why=why, actor=chloe, now=NOW).why == why
    assert "taxis" not in str(list(Notice.objects.values_list("data", flat=True)))


def test_whoever_comes_second_is_told_who_decided(lasting: Lasting) -> None:
    expense = approved(lasting)
    with pytest.raises(Overtaken, match="Chloé Martin approved this"):
        actions.refuse_expense(expense_id=expense.pk, why="No", actor=colleague(lasting), now=NOW)


def test_nobody_decides_about_their_own(lasting: Lasting) -> None:
    person = lasting.people.bruno.person
    make_membership(organisation=lasting.people.organisation, person=person)
    expense = sent(lasting)
    with pytest.raises(NotAllowed):
        actions.approve_expense(expense_id=expense.pk, actor=actor_for(person, now=NOW), now=NOW)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.MANAGER, Role.OBSERVER])
def test_who_does_not_coordinate_decides_nothing_and_hands_nothing_on(lasting: Lasting, role: Role) -> None:
    expense, actor = approved(lasting), colleague(lasting, role)
    with pytest.raises(NotAllowed):
        actions.approve_expense(expense_id=expense.pk, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        exported(lasting, actor=actor)


def test_what_is_approved_is_handed_on_once(lasting: Lasting) -> None:
    approved(lasting)
    sent(lasting, what="Waits still")
    _header, line = lines(exported(lasting))
    assert line[1:6] == ["Bruno Keller", "2026-11-21", "Bus to the office", "12.50", "EUR"]
    assert line[8] == "Chloé Martin"
    with pytest.raises(actions.NothingToHandOn):
        exported(lasting)
    assert sorted(Expense.objects.values_list("state", flat=True)) == ["exported", "sent"]
    assert AuditEntry.objects.filter(act="expenses_exported").count() == 1


def test_a_lost_file_comes_again_and_pays_nobody_twice(lasting: Lasting) -> None:
    approved(lasting)
    before = exported(lasting)
    approved(lasting, what="Later")
    (handed,) = lists_handed_on(lasting.people.chloe.actor)
    again = export_again(
        organisation=lasting.people.organisation,
        exported_at=handed.at,
        format=Format.CSV,
        actor=lasting.people.chloe.actor,
        now=NOW + timedelta(days=1),
    )
    assert (again, handed.count) == (before, 1)
    assert lists_handed_on(lasting.people.dario.actor) == []


def test_what_can_be_handed_on_is_summed_up(lasting: Lasting) -> None:
    for cents in (1250, 300):
        approved(lasting, cents=cents)
    (payable,) = payable_by(lasting.people.chloe.actor)
    assert (payable.count, payable.sums) == (2, (("EUR", 1550),))
    assert [row.count for row in payable_by(lasting.people.dario.actor)] == [0]


LIVE = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "＝1+1"),
    *("bus;=1+1", "bus,=1+1", "bus|=1+1", 'bus";=1+1', " =1+1"),
)


@pytest.mark.parametrize("text", LIVE)
def test_no_cell_of_the_list_can_run(lasting: Lasting, text: str) -> None:
    Profile.objects.filter(person=lasting.people.bruno.person).update(full_name=text)
    expense = approved(lasting)
    Expense.objects.filter(pk=expense.pk).update(what=text)
    data = exported(lasting)
    for delimiter in (",", ";", "\t", "|"):
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter):
            assert not [cell for cell in row if cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝"))]
    Expense.objects.update(state="approved", exported_at=None)
    sheet = load_workbook(io.BytesIO(exported(lasting, Format.XLSX))).worksheets[0]
    assert sheet["D2"].data_type == "s"
    assert sheet["D2"].value == text


def test_staff_who_look_at_a_receipt_are_written_down(lasting: Lasting) -> None:
    expense = sent(lasting)
    see = {"expense_id": expense.pk, "now": NOW}
    assert actions.open_receipt(**see, actor=lasting.people.bruno.actor) == RECEIPT.jpeg  # type: ignore[arg-type]
    assert not AuditEntry.objects.exists()
    assert actions.open_receipt(**see, actor=lasting.people.chloe.actor) == RECEIPT.jpeg  # type: ignore[arg-type]
    assert AuditEntry.objects.get().act == "receipt_opened"
    for who in (lasting.people.amina, lasting.people.dario):
        with pytest.raises(NotAllowed):
            actions.open_receipt(**see, actor=who.actor)  # type: ignore[arg-type]


def test_the_database_keeps_state_and_times_together(lasting: Lasting) -> None:
    expense = sent(lasting)
    for wrong in ({"state": "approved"}, {"exported_at": NOW}, {"cents": 0}, {"why": "no"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Expense.objects.filter(pk=expense.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_fifty_exports_at_once_pay_each_expense_once() -> None:
    lasting = make_lasting()
    numbers = {str(approved(lasting).public_id) for _ in range(12)}
    results = at_once([lambda: exported(lasting) for _ in range(50)])
    files = [one for one in results if isinstance(one, bytes)]
    assert sum(isinstance(one, actions.NothingToHandOn) for one in results) == 49
    assert [{line[0] for line in lines(file)[1:]} for file in files] == [numbers]
    assert AuditEntry.objects.filter(act="expenses_exported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_once_leave_one_answer() -> None:
    lasting = make_lasting()
    expense, chloe, other = sent(lasting), lasting.people.chloe.actor, colleague(lasting)
    acts = [
        lambda: actions.approve_expense(expense_id=expense.pk, actor=chloe, now=NOW),
        lambda: actions.refuse_expense(expense_id=expense.pk, why="No", actor=other, now=NOW),
    ]
    results = at_once(acts * 10)
    assert sum(isinstance(one, Overtaken) for one in results) == 10
    assert Notice.objects.filter(person=lasting.people.bruno.person.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_twenty_times_is_one_expense() -> None:
    lasting, client_id = make_lasting(), uuid4()
    at_once([lambda: sent(lasting, client_id=client_id) for _ in range(20)])
    assert Expense.objects.count() == 1
