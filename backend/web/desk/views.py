"""The desk: which suggestions wait and one of them with its reasons, a matching, and who is left."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight.desk_detail import access_suggestion
from backend.pairings.actions import request_run
from backend.pairings.models import Suggestion
from backend.web.desk import drawing
from backend.web.desk.page import Answer, chosen, is_coordinator, list_of, page, page_of
from backend.web.shell.access import staff, staff_names
from backend.web.shell.request import Request


def to_decide(actor: Actor) -> int:
    """The number beside the entry of the navigation."""
    return desk.suggestions_to_decide(actor, day=timezone.localdate(clock.now()))


@require_safe
@staff_names
def suggestions(request: Request) -> HttpResponse:
    """The list of one programme, and the first suggestion beside it."""
    programmes = desk.desk_programmes(request.actor)
    asked = request.GET.get("programme", "")
    if not programmes and not asked:
        return render(request, "desk/nothing.html")
    return page(request, programmes, chosen(programmes, asked))


@require_safe
@staff
def suggestion(request: Request, public_id: UUID) -> HttpResponse:
    found = access_suggestion(public_id, actor=request.actor)
    return _is_examined(found) if request.htmx else page_of(request, found)


@require_POST
@staff
def run(request: Request, programme_id: UUID) -> HttpResponse:
    """Ask for a matching; the page shows when it is done."""
    programmes = desk.desk_programmes(request.actor)
    programme = chosen(programmes, str(programme_id))
    try:
        request_run(programme_id=programme.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return page(request, programmes, programme, answer=Answer(problem=problem))
    return redirect(list_of(programme.public_id))


@require_safe
@staff
def run_state(request: Request, programme_id: UUID) -> HttpResponse:
    """The fragment that asks again while a matching is under way, and then loads the page anew."""
    programme = chosen(desk.desk_programmes(request.actor), str(programme_id))
    if not request.htmx:
        return redirect(list_of(programme.public_id))
    if not programme.is_running:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "desk/desk.html#run", {"programme": programme, "may_run": True})


@require_safe
@staff_names
def unmatched(request: Request, programme_id: UUID) -> HttpResponse:
    """Who got nobody in the latest run, and why."""
    programme = chosen(desk.desk_programmes(request.actor), str(programme_id))
    latest, rows = desk.left_over(programme)
    day = timezone.localdate(clock.now())
    left = [drawing.left_over(row, day=day) for row in rows]
    context = {
        "programme": programme,
        "run": latest,
        "left": left,
        "may_pair": is_coordinator(request, programme.organisation_id),
    }
    return render(request, "desk/unmatched.html", context)


def _is_examined(found: Suggestion) -> HttpResponse:
    """What the page of a pair put together by hand asks every two seconds; then it loads anew."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"} if found.examined_at else {})
