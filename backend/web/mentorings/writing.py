"""What staff write down while a mentoring lasts: check-ins, and what members told them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.mentorings import access_mentoring
from backend.meetings.actions.check_ins import SayWhatComesNext, record_check_in
from backend.pairings.models import Pairing
from backend.profiles.actions import CallBackLiesBehind
from backend.web.mentorings.lasting_forms import CheckInForm
from backend.web.mentorings.views import page_of
from backend.web.shell.access import staff
from backend.web.shell.request import Request
from backend.web.together import writing_down
from backend.web.together.lasting_forms import GoalForm, MetForm


@require_POST
@staff
def check_in(request: Request, public_id: UUID) -> HttpResponse:
    found, now = access_mentoring(public_id, actor=request.actor), clock.now()
    today = found.programme.organisation.today(now)
    form = CheckInForm(request.POST, pairing=found, today=today, auto_id="check_%s")
    if not form.is_valid():
        return page_of(request, public_id, status=422, check_in_form=form)
    said = {name: form.cleaned_data[name] for name in ("client_id", "call_back_on", "nothing_next")}
    try:
        record_check_in(pairing_id=found.pk, said=form.said(), **said, actor=request.actor, now=now)
    except (SayWhatComesNext, CallBackLiesBehind) as asks:
        form.add_error("call_back_on", str(asks))
        return page_of(request, public_id, status=422, check_in_form=form)
    except Expected as problem:
        return page_of(request, public_id, problem=problem, check_in_form=form)
    messages.success(request, _("The check-in is kept."))
    return redirect("mentorings:detail", public_id)


@require_POST
@staff
def met(request: Request, public_id: UUID) -> HttpResponse:
    found, form = (
        access_mentoring(public_id, actor=request.actor),
        MetForm(request.POST, of_others=True, auto_id="met_%s"),
    )
    if not form.is_valid():
        return page_of(request, public_id, status=422, met_form=form)
    try:
        return writing_down.met(request, found, form, back="mentorings:detail")
    except Expected as problem:
        return page_of(request, public_id, problem=problem)


@require_POST
@staff
def take_back(request: Request, public_id: UUID, meeting_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.take_back(request, pairing, meeting_id))


@require_POST
@staff
def elsewhere(request: Request, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.elsewhere(request, pairing))


@require_POST
@staff
def goal_new(request: Request, public_id: UUID) -> HttpResponse:
    form = GoalForm(request.POST, of_others=True, auto_id="goal_%s")
    if not form.is_valid():
        return page_of(request, public_id, status=422, goal_form=form)
    return _do(request, public_id, lambda pairing: writing_down.choose_goal(request, pairing, form))


@require_POST
@staff
def goal(request: Request, public_id: UUID, goal_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.change_goal(request, pairing, goal_id))


@require_POST
@staff
def step(request: Request, public_id: UUID, goal_id: UUID, step_id: UUID) -> HttpResponse:
    return _do(request, public_id, lambda pairing: writing_down.tick(request, pairing, goal_id, step_id))


def _do(request: Request, public_id: UUID, act: Callable[[Pairing], None]) -> HttpResponse:
    found = access_mentoring(public_id, actor=request.actor)
    try:
        act(found)
    except Expected as problem:
        return page_of(request, public_id, problem=problem)
    return redirect("mentorings:detail", public_id)
