"""Mentorings as staff see them: the list, one with its history, pausing, going on, ending."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight.mentorings import access_mentoring, history_of, mentorings_of
from backend.pairings.actions import end_pairing, pause_pairing, resume_pairing
from backend.pairings.enums import EndReason, PairingState
from backend.pairings.rules import may_end
from backend.web.mentorings import beginning, drawing, ending, lasting
from backend.web.mentorings.forms import EndForm
from backend.web.shell.access import staff, staff_names
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request

PAGE = 50


@require_safe
@staff_names
def mentorings(request: Request) -> HttpResponse:
    ended = request.GET.get("state") == "ended"
    now = clock.now()
    page = Paginator(mentorings_of(request.actor, ended=ended), PAGE).get_page(request.GET.get("page"))
    here = reverse("mentorings:list")
    context = {
        "page": page,
        "query": "state=ended" if ended else "",
        "entries": [drawing.entry(row, now=now) for row in page],
        "tabs": [Tab(_("Running"), here, not ended), Tab(_("Ended"), f"{here}?state=ended", ended)],
    }
    return render(request, "mentorings/list.html", context)


@require_safe
@staff
def mentoring(request: Request, public_id: UUID) -> HttpResponse:
    return page_of(request, public_id)


@require_POST
@staff
def end(request: Request, public_id: UUID) -> HttpResponse:
    found, form = access_mentoring(public_id, actor=request.actor), EndForm(request.POST)
    if not form.is_valid():
        return page_of(request, public_id, form=form)
    # Sent by "Close it now" alone, so that a second press of "End it" takes no days to say goodbye away.
    reason, closes = EndReason(form.cleaned_data["reason"]), request.POST.get("closes") == "1"
    try:
        end_pairing(pairing_id=found.pk, reason=reason, closes=closes, actor=request.actor, now=clock.now())
    except Expected as problem:
        return page_of(request, public_id, problem=problem)
    messages.success(request, _("The mentoring has ended. Everyone has been told, and the places are free."))
    return redirect("mentorings:detail", public_id)


@require_POST
@staff
def pause(request: Request, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, pause_pairing, _("Paused. Both keep their place."))


@require_POST
@staff
def resume(request: Request, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, resume_pairing, _("The mentoring goes on."))


def _do(request: Request, public_id: UUID, action, said: str) -> HttpResponse:
    found = access_mentoring(public_id, actor=request.actor)
    try:
        action(pairing_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return page_of(request, public_id, problem=problem)
    messages.success(request, said)
    return redirect("mentorings:detail", public_id)


def page_of(
    request: Request,
    public_id: UUID,
    *,
    form: EndForm | None = None,
    problem: Expected | None = None,
    status: int = 200,
    **forms: object,
) -> HttpResponse:
    """The page of one mentoring; `forms` are those that were sent and cannot stand."""
    found, about = access_mentoring(public_id, actor=request.actor), ("pairing", public_id)
    office = found.programme.organisation_id
    audit.record("pairing_opened", actor=request.actor, about=about, now=clock.now(), organisation_id=office)
    context = {
        "mentoring": found,
        "names": drawing.names_of(found, called=True),
        "people": drawing.people(found),
        "facts": drawing.facts(found),
        "events": [drawing.event(row) for row in history_of(found)],
        "may_end": may_end(request.actor, found),
        "may_pause": found.state == PairingState.ACTIVE,
        "may_resume": found.state == PairingState.PAUSED,
        "begin": beginning.part(request, found),
        "last": lasting.part(request, found),
        "end": ending.part(request, found),
        "form": form or EndForm(),
        "problem": problem,
        **forms,
    }
    status = problem.status if problem else 422 if form else status
    return render(request, "mentorings/mentoring.html", context, status=status)
