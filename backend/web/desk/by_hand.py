"""Two people put together by hand: chosen here, examined by a worker, decided on the desk."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backend.core import clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.pairings.actions import suggest_by_hand
from backend.programmes.enums import Side
from backend.web.desk import drawing
from backend.web.desk.forms import ByHandForm
from backend.web.shell.access import staff_names
from backend.web.shell.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
@staff_names
def by_hand(request: Request, programme_id: UUID) -> HttpResponse:
    programmes = desk.desk_programmes(request.actor)
    programme = next((row for row in programmes if row.public_id == programme_id), None)
    if programme is None:
        raise Http404
    newcomers = desk.people_to_pair(programme.pk, side=Side.NEWCOMER)
    mentors = desk.people_to_pair(programme.pk, side=Side.MENTOR)
    form = ByHandForm(
        request.POST or None,
        newcomers=drawing.names(newcomers),
        mentors=drawing.names(mentors),
        initial={side: request.GET.get(side, "") for side in ("newcomer", "mentor")},
    )
    if request.method == "POST" and form.is_valid():
        ids = {str(row.public_id): row.pk for row in (*newcomers, *mentors)}
        try:
            made = suggest_by_hand(
                mentor_id=ids[form.cleaned_data["mentor"]],
                newcomer_id=ids[form.cleaned_data["newcomer"]],
                actor=request.actor,
                now=clock.now(),
            )
            return redirect("desk:detail", made.public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    status = 422 if form.is_bound else 200
    return render(request, "desk/by_hand.html", {"form": form, "programme": programme}, status=status)
