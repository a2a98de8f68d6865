"""A mentoring as its members see it: what comes next, what they want to reach, what they may do."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.together import access_own_pairing
from backend.web.shell import words
from backend.web.shell.access import signed_in
from backend.web.shell.request import Request
from backend.web.together import beginning, ending, lasting


@require_safe
@signed_in
def together(request: Request, public_id: UUID) -> HttpResponse:
    return page_of(request, public_id)


def page_of(
    request: Request, public_id: UUID, *, problem: Expected | None = None, status: int = 200, **forms: object
) -> HttpResponse:
    """The page of one's own mentoring; `forms` are those that were sent and cannot stand."""
    seen = access_own_pairing(public_id, actor=request.actor, day=timezone.localdate(clock.now()))
    context = {
        "seen": seen,
        "mentoring": seen.pairing,
        "names": words.listed(other.called for other in seen.others),
        "begin": beginning.part(request, seen),
        "last": lasting.part(request, seen),
        "end": ending.part(request, seen),
        "problem": problem,
        **forms,
    }
    return render(request, "together/page.html", context, status=problem.status if problem else status)
