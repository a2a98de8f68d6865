"""What members write down while their mentoring lasts: that they met, goals, a wish for a pause, expenses."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected, require
from backend.insight.together import Together, access_own_pairing
from backend.meetings.actions.elsewhere import ask_for_pause
from backend.meetings.actions.expenses import send_expense
from backend.meetings.actions.logging import log_month, month_to_ask_for
from backend.meetings.enums import PauseWish
from backend.meetings.money import currency_of
from backend.meetings.queries.lasting import held_in_month, own_expenses
from backend.meetings.receipts import PictureTooLarge, PictureUnreadable
from backend.meetings.rules import may_log_meeting, may_send_expense
from backend.pairings.models import Pairing
from backend.web.shell.access import form_page, signed_in
from backend.web.shell.request import Request
from backend.web.together import lasting_words, writing_down
from backend.web.together.lasting_forms import ExpenseForm, GoalForm, MetForm, MonthForm, PauseForm
from backend.web.together.views import page_of


@require_POST
@signed_in
def met(request: Request, public_id: UUID) -> HttpResponse:
    seen, form = _own(request, public_id), MetForm(request.POST, auto_id="met_%s")
    if not form.is_valid():
        return page_of(request, public_id, status=422, met_form=form)
    try:
        return writing_down.met(request, seen.pairing, form, back="together:page")
    except Expected as problem:
        return page_of(request, public_id, problem=problem)


@require_POST
@signed_in
def take_back(request: Request, public_id: UUID, meeting_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.take_back(request, pairing, meeting_id))


@require_POST
@signed_in
def elsewhere(request: Request, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.elsewhere(request, pairing))


@form_page
@signed_in
def month(request: Request, public_id: UUID) -> HttpResponse:
    """The monthly question of those who write elsewhere: the link opens it, one tap answers."""
    pairing, problem = _own(request, public_id).pairing, None
    if request.method == "POST":
        try:
            return _answered(request, pairing)
        except Expected as refused:
            problem = refused
    asked = month_to_ask_for(pairing, now=clock.now())
    context = {
        "mentoring": pairing,
        "month": lasting_words.month(asked),
        "form": MonthForm(initial={"month": f"{asked:%Y-%m}"}),
        "is_noted": held_in_month(pairing, asked) is not None,
        "may_log": may_log_meeting(request.actor, pairing),
        "problem": problem,
    }
    return render(request, "together/month.html", context, status=problem.status if problem else 200)


def _answered(request: Request, pairing: Pairing) -> HttpResponse:
    form = MonthForm(request.POST)
    if not form.is_valid():
        raise Expected
    log_month(pairing_id=pairing.pk, **form.cleaned_data, actor=request.actor, now=clock.now())
    messages.success(request, _("The meeting is noted. Thank you."))
    return redirect("together:page", pairing.public_id)


@require_POST
@signed_in
def goal_new(request: Request, public_id: UUID) -> HttpResponse:
    form = GoalForm(request.POST, auto_id="goal_%s")
    if not form.is_valid():
        _own(request, public_id)
        return page_of(request, public_id, status=422, goal_form=form)
    return _do(request, public_id, lambda pairing: writing_down.choose_goal(request, pairing, form))


@require_POST
@signed_in
def goal(request: Request, public_id: UUID, goal_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.change_goal(request, pairing, goal_id))


@require_POST
@signed_in
def step(request: Request, public_id: UUID, goal_id: UUID, step_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.tick(request, pairing, goal_id, step_id))


@require_POST
@signed_in
def pause(request: Request, public_id: UUID) -> HttpResponse:
    form = PauseForm(request.POST, auto_id="pause_%s")
    if not form.is_valid():
        return page_of(request, public_id, status=422, pause_form=form)
    return _do(request, public_id, lambda pairing: _wish_for_pause(request, pairing, form))


def _wish_for_pause(request: Request, pairing: Pairing, form: PauseForm) -> None:
    reason = PauseWish(form.cleaned_data["reason"])
    ask_for_pause(pairing_id=pairing.pk, reason=reason, actor=request.actor, now=clock.now())
    messages.success(request, _("Your coordinator knows that you need a pause. They call you."))


@form_page
@signed_in
def expenses(request: Request, public_id: UUID) -> HttpResponse:
    """One's own expenses in this mentoring, and the form for another one."""
    pairing, problem = _own(request, public_id).pairing, None
    currency = currency_of(pairing.programme.organisation.country)
    is_sent = request.method == "POST"
    form = ExpenseForm(request.POST if is_sent else None, request.FILES or None, currency=currency)
    if is_sent and form.is_valid():
        try:
            return _sent(request, pairing, form)
        except (PictureUnreadable, PictureTooLarge) as refused:
            form.add_error("receipt", str(refused))
        except Expected as refused:
            problem = refused
    context = {
        "mentoring": pairing,
        "paid": [lasting_words.paid(row) for row in own_expenses(request.actor, pairing)],
        "may_send": may_send_expense(request.actor, pairing),
        "form": form,
        "problem": problem,
    }
    status = problem.status if problem else 400 if form.errors else 200
    return render(request, "together/expenses.html", context, status=status)


def _sent(request: Request, pairing: Pairing, form: ExpenseForm) -> HttpResponse:
    require(may_send_expense(request.actor, pairing))
    said = {name: form.cleaned_data[name] for name in ("on", "cents", "what", "client_id")}
    send_expense(pairing_id=pairing.pk, receipt=form.picture(), **said, actor=request.actor, now=clock.now())
    messages.success(request, _("Your expense is on its way to the office. You hear from us."))
    return redirect("together:expenses", pairing.public_id)


def _own(request: Request, public_id: UUID) -> Together:
    return access_own_pairing(public_id, actor=request.actor, day=timezone.localdate(clock.now()))


def _do(request: Request, public_id: UUID, act: Callable[[Pairing], None]) -> HttpResponse:
    seen = _own(request, public_id)
    try:
        act(seen.pairing)
    except Expected as problem:
        return page_of(request, public_id, problem=problem)
    return redirect("together:page", public_id)
