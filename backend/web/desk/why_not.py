"""Why not somebody else? What refuses two people, or what it would cost everybody to bring them together."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from backend.core import clock
from backend.core.errors import Expected
from backend.insight import desk_detail
from backend.insight.what_if import Question, access_question, mentors_of
from backend.pairings.actions import ask_what_if
from backend.pairings.changes import Change
from backend.pairings.models import Suggestion
from backend.pairings.queries import obstacles
from backend.programmes.models import Enrolment
from backend.web.desk import answering, drawing, reasons
from backend.web.desk.forms import WhyNotForm
from backend.web.desk.what_if import answer_context
from backend.web.shell.access import form_page, staff_names
from backend.web.shell.request import Request


@form_page
@staff_names
def why_not(request: Request, public_id: UUID) -> HttpResponse:
    """`?mentor=` names the other mentor; a POST lets a worker work out what it would cost."""
    suggestion = desk_detail.access_suggestion(public_id, actor=request.actor)
    mentors = {str(row.public_id): row for row in mentors_of(suggestion.programme_id)}
    if request.method == "POST":
        return _ask(request, suggestion, mentors)
    chosen = mentors.get(request.GET.get("mentor", ""))
    return _page(request, suggestion, mentors, chosen, _answer_of(request, suggestion, chosen))


def _ask(request: Request, suggestion: Suggestion, mentors: dict[str, Enrolment]) -> HttpResponse:
    form = WhyNotForm(request.POST or None, mentors=drawing.names(mentors.values()))
    if not form.is_valid():
        return _page(request, suggestion, mentors, None, form=form)
    chosen = mentors[form.cleaned_data["mentor"]]
    try:
        asked = ask_what_if(
            programme_id=suggestion.programme_id,
            change=Change(lock=((chosen.pk, suggestion.newcomer_id),)),
            client_id=form.cleaned_data["client_id"],
            actor=request.actor,
            now=clock.now(),
        )
    except Expected as problem:
        return _page(request, suggestion, mentors, chosen, problem=problem)
    page = reverse("desk:why_not", args=[suggestion.public_id])
    return redirect(f"{page}?mentor={chosen.public_id}&answer={asked.public_id}")


def _answer_of(request: Request, suggestion: Suggestion, chosen: Enrolment | None) -> Question | None:
    """The question that was asked about these two. Raises Http404 for any other."""
    named = request.GET.get("answer", "")
    if not named or chosen is None:
        return None
    try:
        question = access_question(UUID(named), actor=request.actor)
    except ValueError:
        raise Http404 from None
    if question.change != Change(lock=((chosen.pk, suggestion.newcomer_id),)):
        raise Http404
    return question


def _page(
    request: Request,
    suggestion: Suggestion,
    mentors: dict[str, Enrolment],
    chosen: Enrolment | None,
    question: Question | None = None,
    *,
    form: WhyNotForm | None = None,
    problem: Expected | None = None,
) -> HttpResponse:
    initial = {"mentor": chosen.public_id if chosen else "", "client_id": uuid4()}
    context: dict[str, Any] = {
        "suggestion": suggestion,
        "programme": suggestion.programme,
        "form": form or WhyNotForm(initial=initial, mentors=drawing.names(mentors.values())),
        "chosen": chosen,
        "is_the_same": chosen is not None and chosen.pk == suggestion.mentor_id,
        "refusals": _refusals(suggestion, chosen) if chosen else [],
        "problem": problem,
    }
    if question:
        context |= answer_context(request, question) | {"cost": answering.cost(question)}
        if request.htmx:
            return render(request, "desk/why_not.html#answer", context)
    status = problem.status if problem else 422 if form and form.is_bound else 200
    return render(request, "desk/why_not.html", context, status=status)


def _refusals(suggestion: Suggestion, chosen: Enrolment) -> list[Any]:
    """What stands between the newcomer and this mentor for good, in sentences."""
    chosen.programme = suggestion.programme
    day = timezone.localdate(clock.now())
    return [reasons.refusal(name) for name in obstacles(chosen, suggestion.newcomer, day=day)]
