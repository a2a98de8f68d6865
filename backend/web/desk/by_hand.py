"""Two people put together by hand: chosen and refused here, or examined by a worker and decided later."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from backend.core import clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight.desk_pairing import Against, against
from backend.pairings.actions import suggest_by_hand
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.web.desk import drawing, reasons
from backend.web.desk.forms import ByHandForm
from backend.web.shell.access import form_page, staff_names
from backend.web.shell.request import Request


@form_page
@staff_names
def by_hand(request: Request, programme_id: UUID) -> HttpResponse:
    """What is known against the two is shown before anything is made; a worker finds the rest."""
    programmes = desk.desk_programmes(request.actor)
    programme = next((row for row in programmes if row.public_id == programme_id), None)
    if programme is None:
        raise Http404
    newcomers = desk.people_to_pair(programme.pk, side=Side.NEWCOMER)
    mentors = desk.people_to_pair(programme.pk, side=Side.MENTOR)
    people = {str(row.public_id): row for row in (*newcomers, *mentors)}
    form = ByHandForm(
        request.POST or None,
        newcomers=drawing.names(newcomers),
        mentors=drawing.names(mentors),
        initial={side: request.GET.get(side, "") for side in ("newcomer", "mentor")},
    )
    known = _against(form.data if form.is_bound else form.initial, people)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and known is not None and known.lets_through(anyway="anyway" in request.POST):
        try:
            made = suggest_by_hand(
                mentor_id=known.mentor.pk,
                newcomer_id=known.newcomer.pk,
                actor=request.actor,
                now=clock.now(),
            )
            return redirect("desk:detail", made.public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {
        "form": form,
        "programme": programme,
        "known": known,
        "refusals": [reasons.refusal(name) for name in known.refusals] if known else [],
    }
    return render(request, "desk/by_hand.html", context, status=422 if form.is_bound else 200)


def _against(chosen: Mapping[str, str], people: Mapping[str, Enrolment]) -> Against | None:
    """What stands against the two that are chosen; None until both are."""
    newcomer, mentor = (people.get(chosen.get(side) or "") for side in ("newcomer", "mentor"))
    if newcomer is None or mentor is None or (newcomer.side, mentor.side) != (Side.NEWCOMER, Side.MENTOR):
        return None
    return against(mentor, newcomer, day=timezone.localdate(clock.now()))
