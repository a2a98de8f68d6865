"""Moves to another organisation: the list for staff, and one move for whoever may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight.moves import access_move, moves_away, moves_here
from backend.pairings.actions import agree_to_transfer, refuse_transfer, take_transfer, withdraw_transfer
from backend.pairings.enums import TransferState
from backend.pairings.models import Transfer
from backend.pairings.passing_on import passed_on
from backend.pairings.rules import may_answer_transfer, may_take_transfer, may_withdraw_transfer
from backend.web.shell.access import signed_in, staff, staff_names
from backend.web.shell.request import Request
from backend.web.transfers import drawing
from backend.web.transfers.forms import AgreeForm, AgreeToldForm

PAGE = 50


@require_safe
@staff_names
def moves(request: Request) -> HttpResponse:
    """Who moves to us, and who moves away."""
    page = Paginator(moves_away(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "arriving": [drawing.line(row, arriving=True) for row in moves_here(request.actor)[:PAGE]],
        "leaving": [drawing.line(row, arriving=False) for row in page],
        "page": page,
    }
    return render(request, "transfers/list.html", context)


@require_safe
@signed_in
def move(request: Request, public_id: UUID) -> HttpResponse:
    return _page(request, public_id)


@require_POST
@signed_in
def agree(request: Request, public_id: UUID) -> HttpResponse:
    found = access_move(public_id, actor=request.actor)
    is_own = _is_own(request, found)
    form = AgreeForm(request.POST) if is_own else AgreeToldForm(request.POST)
    if not form.is_valid():
        return _page(request, public_id, form=form)
    try:
        agree_to_transfer(
            transfer_id=found.pk,
            also=form.ticked(),
            told=form.told() if isinstance(form, AgreeToldForm) else None,
            language_shown=_language(),
            actor=request.actor,
            now=clock.now(),
        )
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Thank you. The organisation there is asked now."))
    return redirect("transfers:page", public_id)


@require_POST
@signed_in
def refuse(request: Request, public_id: UUID) -> HttpResponse:
    """A no of the person, of the organisation there, or one that staff heard and how."""
    found = access_move(public_id, actor=request.actor)
    told = None
    if may_answer_transfer(request.actor, found, recorded=True):
        form = AgreeToldForm(request.POST)
        if not form.is_valid():
            return _page(request, public_id, form=form)
        told = form.told()
    try:
        refuse_transfer(transfer_id=found.pk, told=told, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Noted. Nothing is passed on, and all stays as it is."))
    return redirect("transfers:page", public_id) if _still_there(request, public_id) else redirect("home")


@require_POST
@signed_in
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    found = access_move(public_id, actor=request.actor)
    try:
        withdraw_transfer(
            transfer_id=found.pk, language_shown=_language(), actor=request.actor, now=clock.now()
        )
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Taken back. The organisation there sees nothing any more."))
    return redirect("transfers:page", public_id)


@require_POST
@staff
def take(request: Request, public_id: UUID) -> HttpResponse:
    found = access_move(public_id, actor=request.actor)
    try:
        taken = take_transfer(transfer_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("The file is there. Call the person, then take them into a programme."))
    assert taken.new_profile is not None
    return redirect("person", taken.new_profile.public_id)


def _page(
    request: Request,
    public_id: UUID,
    *,
    form: AgreeForm | None = None,
    problem: Expected | None = None,
) -> HttpResponse:
    found = access_move(public_id, actor=request.actor)
    if not _is_own(request, found):
        _log_read(request, found)
    context = {"move": found, "problem": problem, **_seen(request, found, form)}
    status = problem.status if problem else 422 if form else 200
    return render(request, "transfers/page.html", context, status=status)


def _seen(request: Request, found: Transfer, form: AgreeForm | None) -> dict[str, Any]:
    passed, is_own = passed_on(found), _is_own(request, found)
    is_asked, is_agreed = found.state == TransferState.ASKING, found.state == TransferState.AGREED
    records = may_answer_transfer(request.actor, found, recorded=True)
    arrives = not is_own and not records
    return {
        "is_own": is_own,
        "arrives": arrives,
        "called": passed.called if passed else "",
        "state": TransferState(found.state).label,
        "tone": drawing.TONES[TransferState(found.state)],
        "passed": passed,
        "facts": drawing.facts(passed) if passed else [],
        "form": form or (AgreeForm() if is_own else AgreeToldForm(initial={"channel": "phone"})),
        "may_answer": is_asked and (is_own or records),
        "may_take": arrives and is_agreed and may_take_transfer(request.actor, found),
        "may_withdraw": is_agreed and may_withdraw_transfer(request.actor, found),
        "may_stop_asking": is_asked and records,
        "file": found.new_profile if arrives else None,
    }


def _log_read(request: Request, found: Transfer) -> None:
    office, about = _office_of(request, found), ("transfer", found.public_id)
    audit.record("transfer_read", actor=request.actor, about=about, now=clock.now(), organisation_id=office)


def _is_own(request: Request, found: Transfer) -> bool:
    return found.profile.person_id == request.actor.person_id


def _office_of(request: Request, found: Transfer) -> int:
    """For which of the two organisations the reader reads it."""
    here = found.profile.organisation_id
    return here if here in request.actor.organisations() else found.to_organisation_id


def _still_there(request: Request, public_id: UUID) -> bool:
    return Transfer.objects.visible_to(request.actor).filter(public_id=public_id).exists()


def _language() -> str:
    return translation.get_language() or "en"
