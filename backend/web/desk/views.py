"""The desk: which suggestions wait, one of them with its reasons, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight.desk import DeskProgramme
from backend.organisations.enums import Role
from backend.pairings.actions import approve_suggestion, decline_suggestion, request_run
from backend.pairings.enums import DeclineReason
from backend.pairings.models import Offer, Suggestion
from backend.pairings.rules import may_decide
from backend.programmes.enums import Side
from backend.web.desk import drawing
from backend.web.desk.forms import DeclineForm
from backend.web.shell.access import staff, staff_names
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request


@require_safe
@staff_names
def suggestions(request: Request) -> HttpResponse:
    """The list of one programme, and the first suggestion beside it."""
    programmes = desk.desk_programmes(request.actor)
    asked = request.GET.get("programme", "")
    if not programmes and not asked:
        return render(request, "desk/nothing.html")
    programme = _chosen(programmes, asked)
    return _page(request, programmes, programme)


@require_safe
@staff
def suggestion(request: Request, public_id: UUID) -> HttpResponse:
    found = desk.access_suggestion(public_id, actor=request.actor)
    return _is_examined(found) if request.htmx else _page_of(request, found)


@require_POST
@staff
def approve(request: Request, public_id: UUID) -> HttpResponse:
    """Send the offer; the next suggestion follows."""
    found = desk.access_suggestion(public_id, actor=request.actor)
    following = _following(request, found)
    try:
        offer = approve_suggestion(suggestion_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page_of(request, desk.access_suggestion(public_id, actor=request.actor), problem=problem)
    messages.success(request, _asked_now(offer))
    return _go_on(found, following)


@require_POST
@staff
def decline(request: Request, public_id: UUID) -> HttpResponse:
    """Turn it down for a reason; the next suggestion follows."""
    found = desk.access_suggestion(public_id, actor=request.actor)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page_of(request, found, form=form)
    following = _following(request, found)
    reason = DeclineReason(form.cleaned_data["reason"])
    try:
        decline_suggestion(suggestion_id=found.pk, reason=reason, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page_of(request, desk.access_suggestion(public_id, actor=request.actor), problem=problem)
    messages.success(request, _("Declined. Nobody is told, and both keep their place."))
    return _go_on(found, following)


@require_POST
@staff
def run(request: Request, programme_id: UUID) -> HttpResponse:
    """Ask for a matching; the page shows when it is done."""
    programmes = desk.desk_programmes(request.actor)
    programme = _chosen(programmes, str(programme_id))
    try:
        request_run(programme_id=programme.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, programmes, programme, problem=problem)
    return redirect(_list_of(programme.public_id))


@require_safe
@staff
def run_state(request: Request, programme_id: UUID) -> HttpResponse:
    """The fragment that asks again while a matching is under way, and then loads the page anew."""
    programme = _chosen(desk.desk_programmes(request.actor), str(programme_id))
    if not request.htmx:
        return redirect(_list_of(programme.public_id))
    if not programme.is_running:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "desk/desk.html#run", {"programme": programme, "may_run": True})


@require_safe
@staff_names
def unmatched(request: Request, programme_id: UUID) -> HttpResponse:
    """Who got nobody in the latest run, and why."""
    programme = _chosen(desk.desk_programmes(request.actor), str(programme_id))
    latest, rows = desk.left_over(programme)
    day = timezone.localdate(clock.now())
    left = [drawing.left_over(row, day=day) for row in rows]
    context = {
        "programme": programme,
        "run": latest,
        "left": left,
        "may_pair": _is_coordinator(request, programme.organisation_id),
    }
    return render(request, "desk/unmatched.html", context)


def _is_examined(found: Suggestion) -> HttpResponse:
    """What the page of a pair put together by hand asks every two seconds; then it loads anew."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"} if found.examined_at else {})


def _chosen(programmes: Sequence[DeskProgramme], asked: str) -> DeskProgramme:
    """The programme asked for, else the first with something to decide. Raises Http404."""
    if asked:
        found = next((row for row in programmes if str(row.public_id) == asked), None)
        if found is None:
            raise Http404
        return found
    return next((row for row in programmes if row.suggestions), programmes[0])


def _page_of(
    request: Request,
    found: Suggestion,
    *,
    form: DeclineForm | None = None,
    problem: Expected | None = None,
) -> HttpResponse:
    """The page of one suggestion, beside the list of its programme."""
    programmes = desk.desk_programmes(request.actor)
    programme = _chosen(programmes, str(found.programme.public_id))
    return _page(request, programmes, programme, found, form=form, problem=problem)


def _page(
    request: Request,
    programmes: Sequence[DeskProgramme],
    programme: DeskProgramme,
    found: Suggestion | None = None,
    *,
    form: DeclineForm | None = None,
    problem: Expected | None = None,
) -> HttpResponse:
    now = clock.now()
    day = timezone.localdate(now)
    rows = desk.open_suggestions(programme.pk, actor=request.actor)
    current = found
    if current is None and rows:
        current = desk.access_suggestion(rows[0].public_id, actor=request.actor)
    desk.load_languages(rows, *([current] if current else []))
    context: dict[str, Any] = {
        "programme": programme,
        "tabs": [
            Tab(row.name, _list_of(row.public_id), row.pk == programme.pk, row.suggestions)
            for row in programmes
        ],
        "entries": [drawing.entry(row, current=current, day=day) for row in rows],
        "is_detail": found is not None,
        "may_run": _is_coordinator(request, programme.organisation_id),
        "problem": problem,
    }
    if current is not None:
        context |= _detail(request, current, rows, now)
        context["form"] = form or DeclineForm()
    return render(request, "desk/desk.html", context, status=_status(form, problem))


def _detail(
    request: Request, current: Suggestion, rows: Sequence[Suggestion], now: datetime
) -> dict[str, Any]:
    day = timezone.localdate(now)
    for side in (current.newcomer, current.mentor):
        audit.record(
            "read",
            actor=request.actor,
            about=("profile", side.profile.public_id),
            now=now,
            organisation_id=current.programme.organisation_id,
        )
    place, before, after = drawing.neighbours(rows, current)
    return {
        "current": current,
        "drawn": drawing.draw(desk.detail_of(current, among=rows), day=day),
        "place": place,
        "before": before,
        "after": after,
        "is_open": desk.is_open(current),
        "may_decide": may_decide(request.actor, current),
    }


def _status(form: DeclineForm | None, problem: Expected | None) -> int:
    if problem:
        return problem.status
    return 422 if form is not None else 200


def _following(request: Request, found: Suggestion) -> Suggestion | None:
    return drawing.next_in(desk.open_suggestions(found.programme_id, actor=request.actor), found)


def _go_on(decided: Suggestion, following: Suggestion | None) -> HttpResponse:
    if following is None:
        return redirect(_list_of(decided.programme.public_id))
    return redirect("desk:detail", following.public_id)


def _asked_now(offer: Offer) -> str:
    asked = offer.mentor if offer.first_side == Side.MENTOR else offer.newcomer
    return _("Sent. %(name)s is asked now. You will hear the answer.") % {"name": asked.profile.called}


def _list_of(programme_id: UUID) -> str:
    return f"{reverse('desk:list')}?programme={programme_id}"


def _is_coordinator(request: Request, organisation_id: int) -> bool:
    return request.actor.has_role(organisation_id, (Role.COORDINATOR,))
