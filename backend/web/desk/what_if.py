"""A question to the plan: asked here, answered by a worker, then kept or thrown away."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight.desk import DeskProgramme
from backend.insight.what_if import Question, access_question
from backend.organisations.enums import Role
from backend.pairings.actions import ask_what_if, keep_what_if, throw_away_what_if
from backend.programmes.enums import Side
from backend.web.desk import answering
from backend.web.desk.questions import WhatIfForm, prefilled
from backend.web.shell.access import form_page, staff, staff_names
from backend.web.shell.request import Request


@form_page
@staff_names
def what_if(request: Request, programme_id: UUID) -> HttpResponse:
    """The form; a link may fill it in, and the buttons on a suggestion send it straight away."""
    programme = access_programme(request, programme_id)
    people = {
        "newcomers": desk.people_to_pair(programme.pk, side=Side.NEWCOMER),
        "mentors": desk.people_to_pair(programme.pk, side=Side.MENTOR),
    }
    initial = prefilled(request.GET.dict()) | {"client_id": uuid4()}
    form = WhatIfForm(request.POST or None, initial=initial, **people)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_what_if(
                programme_id=programme.pk,
                change=form.change,
                client_id=form.client,
                actor=request.actor,
                now=clock.now(),
            )
            return redirect("desk:what_if_answer", asked.public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "programme": programme, "open": _parts_in_use(form)}
    return render(request, "desk/what_if.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff_names
def answer(request: Request, public_id: UUID) -> HttpResponse:
    """What would change and for whom. The fragment asks again each second until a worker has answered."""
    question = access_question(public_id, actor=request.actor)
    template = "desk/what_if_answer.html#answer" if request.htmx else "desk/what_if_answer.html"
    return render(request, template, answer_context(request, question))


@require_POST
@staff
def keep(request: Request, public_id: UUID) -> HttpResponse:
    """Let it become so; a new matching follows."""
    question = access_question(public_id, actor=request.actor)
    try:
        keep_what_if(what_if_id=question.what_if.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _again(request, public_id, problem)
    messages.success(request, _("Kept. The matching runs again with it."))
    return redirect(list_of(question.what_if.programme.public_id))


@require_POST
@staff
def throw_away(request: Request, public_id: UUID) -> HttpResponse:
    question = access_question(public_id, actor=request.actor)
    try:
        throw_away_what_if(what_if_id=question.what_if.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _again(request, public_id, problem)
    messages.success(request, _("Thrown away. Nothing has changed."))
    return redirect("desk:what_if", question.what_if.programme.public_id)


def _again(request: Request, public_id: UUID, problem: Expected) -> HttpResponse:
    question = access_question(public_id, actor=request.actor)
    context = answer_context(request, question) | {"problem": problem}
    return render(request, "desk/what_if_answer.html", context, status=problem.status)


def answer_context(request: Request, question: Question) -> dict[str, Any]:
    programme = question.what_if.programme
    return {
        "programme": programme,
        "question": question.what_if,
        "drawn": answering.draw(question),
        "may_keep": request.actor.has_role(programme.organisation_id, (Role.COORDINATOR,)),
    }


def access_programme(request: Request, programme_id: UUID) -> DeskProgramme:
    """Raises Http404 for one of another organisation."""
    found = next((p for p in desk.desk_programmes(request.actor) if p.public_id == programme_id), None)
    if found is None:
        raise Http404
    return found


def list_of(programme_id: UUID) -> str:
    return f"{reverse('desk:list')}?programme={programme_id}"


PARTS = {
    "more": ("person", "reach_km", "slots", "interpreter", "online"),
    "pair": ("mentor", "newcomer", "together"),
    "weight": ("counts", "weight"),
    "wish": ("wisher", "wish", "channel", "language", "interpreted_by"),
}


def _parts_in_use(form: WhatIfForm) -> set[str]:
    """The parts of the form that say something, or have an error; the first where none does."""
    said = {name for name in form.fields if form[name].value()} - {"together", "client_id"}
    used = {part for part, names in PARTS.items() if (said | set(form.errors)) & set(names)}
    return used or {"more"}
