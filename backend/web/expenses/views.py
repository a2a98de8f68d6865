"""Expenses as staff see them, and the picture of a receipt for those who may see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected
from backend.imports.paying import Format, export_again, export_expenses
from backend.meetings.actions.expenses import approve_expense, open_receipt, refuse_expense
from backend.meetings.enums import ExpenseState
from backend.meetings.models import Expense
from backend.meetings.money import money
from backend.meetings.queries.lasting import (
    Payable,
    access_expense,
    expenses_of_cases,
    lists_handed_on,
    payable_by,
    payees,
)
from backend.meetings.rules import may_decide_expense
from backend.organisations.queries import access_organisation
from backend.web.expenses.forms import FormatForm, RefuseForm
from backend.web.shell import words
from backend.web.shell.access import signed_in, staff, staff_names
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request
from backend.web.shell.stepup import require_recent_sign_in
from backend.web.together import lasting_words

PER_PAGE = 50
MEDIA = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@staff_names
def expenses(request: Request) -> HttpResponse:
    return _page(request)


@require_safe
@signed_in
def receipt(request: Request, public_id: UUID) -> HttpResponse:
    """The picture, for its owner and the staff of the case alone; never kept by a browser or a proxy."""
    found = access_expense(public_id, actor=request.actor)
    jpeg = open_receipt(expense_id=found.pk, actor=request.actor, now=clock.now())
    return picture(jpeg)


def picture(jpeg: bytes) -> HttpResponse:
    return HttpResponse(
        jpeg,
        "image/jpeg",
        headers={
            "Cache-Control": "no-store, private",
            "Content-Disposition": 'inline; filename="receipt.jpg"',
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
@staff
def approve(request: Request, public_id: UUID) -> HttpResponse:
    found = access_expense(public_id, actor=request.actor)
    try:
        approve_expense(expense_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, problem=problem)
    messages.success(request, _("Approved. The person hears of it."))
    return redirect("expenses:list")


@require_POST
@staff
def refuse(request: Request, public_id: UUID) -> HttpResponse:
    found, form = access_expense(public_id, actor=request.actor), RefuseForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    try:
        refuse_expense(expense_id=found.pk, why=why, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, problem=problem)
    messages.success(request, _("The person reads why it is not paid."))
    return redirect("expenses:list")


@require_POST
@staff
def hand_on(request: Request, organisation_id: UUID) -> HttpResponse:
    """All that is approved, as a list for the accountant: it leaves the house once."""
    office = access_organisation(organisation_id, actor=request.actor)
    require_recent_sign_in(request)
    now, format = clock.now(), _format(request)
    try:
        data = export_expenses(organisation=office, format=format, actor=request.actor, now=now)
    except Expected as problem:
        return _page(request, problem=problem)
    return _download(data, format, now)


@require_POST
@staff
def list_again(request: Request, public_id: UUID) -> HttpResponse:
    """The list in which this expense was handed on, for whoever lost the file."""
    found = access_expense(public_id, actor=request.actor)
    if found.exported_at is None:
        raise BadInput
    require_recent_sign_in(request)
    format = _format(request)
    data = export_again(
        organisation=found.pairing.programme.organisation,
        exported_at=found.exported_at,
        format=format,
        actor=request.actor,
        now=clock.now(),
    )
    return _download(data, format, found.exported_at)


def _format(request: Request) -> Format:
    form = FormatForm(request.POST)
    if not form.is_valid():
        raise BadInput
    return form.chosen()


def _download(data: bytes, format: Format, at: datetime) -> HttpResponse:
    name = f"expenses-{at:%Y-%m-%d-%H%M}.{format}"
    return HttpResponse(
        data, MEDIA[format], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _page(request: Request, *, problem: Expected | None = None) -> HttpResponse:
    state = request.GET.get("state", ExpenseState.SENT)
    state = state if state in ExpenseState.values else ""
    found = expenses_of_cases(request.actor, state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "query": f"state={state or 'all'}",
        "lines": _lines(list(page.object_list), request.actor),
        "tabs": _tabs(state),
        "payable": [_payable(row) for row in payable_by(request.actor) if row.count],
        "lists": [(row.public_id, words.moment(row.at), row.count) for row in lists_handed_on(request.actor)],
        "form": RefuseForm(),
        "problem": problem,
    }
    return render(request, "expenses/list.html", context, status=problem.status if problem else 200)


def _lines(rows: list[Expense], actor: Actor) -> list[tuple[lasting_words.Paid, bool]]:
    files = payees(rows)
    return [
        (
            lasting_words.paid(row, name=files[row.pk].full_name if row.pk in files else ""),
            row.state == ExpenseState.SENT and may_decide_expense(actor, row),
        )
        for row in rows
    ]


def _tabs(state: str) -> list[Tab]:
    here = reverse("expenses:list")
    labels = {
        ExpenseState.SENT: _("To decide"),
        ExpenseState.APPROVED: _("Approved"),
        ExpenseState.REFUSED: _("Not paid"),
        ExpenseState.EXPORTED: _("Handed on"),
    }
    tabs = [Tab(label, f"{here}?state={value}", value == state) for value, label in labels.items()]
    return [*tabs, Tab(_("All"), f"{here}?state=all", not state)]


def _payable(row: Payable) -> tuple[UUID, str, int, str]:
    sums = words.listed(money(cents, currency) for currency, cents in row.sums)
    return row.organisation.public_id, row.organisation.name, row.count, sums
