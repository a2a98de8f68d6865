"""What members do when their mentoring ends: ask for it, say how it was, print their certificate."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.together import access_own_pairing
from backend.meetings.actions.evaluations import evaluate
from backend.meetings.evaluations import has_evaluated
from backend.pairings.actions import ask_to_end
from backend.pairings.parts import access_own_part
from backend.web.shell.access import form_page, signed_in
from backend.web.shell.request import Request
from backend.web.together import views
from backend.web.together.certificates import certificate
from backend.web.together.ending import after
from backend.web.together.forms import EvaluationForm


@require_POST
@signed_in
def wish_to_end(request: Request, public_id: UUID) -> HttpResponse:
    now = clock.now()
    seen = access_own_pairing(public_id, actor=request.actor, day=now.date())
    try:
        ask_to_end(pairing_id=seen.pairing.pk, actor=request.actor, now=now)
    except Expected as problem:
        return views.page_of(request, public_id, problem=problem)
    messages.success(request, _("Your coordinator knows now and will call you."))
    return redirect("together:page", public_id)


@form_page
@signed_in
def evaluation(request: Request, public_id: UUID) -> HttpResponse:
    """How it was; also for somebody who left before the end. Nothing of the others is shown here."""
    part = access_own_part(public_id, actor=request.actor)
    if not part.is_over or part.is_unspoken:
        raise Http404
    form = EvaluationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        evaluate(
            pairing_id=part.pairing.pk,
            person_id=request.actor.acting_person_id,
            said=form.said(),
            actor=request.actor,
            now=clock.now(),
        )
        return redirect("together:evaluation", public_id)
    context = {
        "form": form,
        "mentoring": part.pairing,
        "has_said": has_evaluated(part),
        **after(part),
    }
    return render(request, "together/evaluation.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in
def thanks(request: Request, public_id: UUID) -> HttpResponse:
    return certificate(request, access_own_part(public_id, actor=request.actor))
