"""The question to a mentor or a newcomer: would this person suit you? Looking changes nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.home import PEOPLE, offer_seen_by
from backend.insight.offers import questions_of
from backend.pairings.actions import accept_offer, ask_question, decline_offer
from backend.pairings.enums import AnswerReason
from backend.pairings.models import Offer
from backend.pairings.rules import own_side
from backend.programmes.enums import Side
from backend.web.offers.drawing import draw
from backend.web.offers.forms import AskForm, NoForm
from backend.web.shell.access import signed_in
from backend.web.shell.request import Request


@require_safe
@signed_in
def offer(request: Request, public_id: UUID) -> HttpResponse:
    return _page(request, public_id)


@require_POST
@signed_in
def accept(request: Request, public_id: UUID) -> HttpResponse:
    found = _access(request, public_id)
    try:
        accept_offer(offer_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    return redirect("offers:detail", public_id)


@require_POST
@signed_in
def decline(request: Request, public_id: UUID) -> HttpResponse:
    found = _access(request, public_id)
    form = NoForm(request.POST, side=own_side(request.actor, found) or Side.MENTOR)
    if not form.is_valid():
        return _page(request, public_id, form=form)
    given = form.cleaned_data | {"reason": AnswerReason(form.cleaned_data["reason"])}
    try:
        decline_offer(offer_id=found.pk, **given, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    thanks = _("Thank you for your answer. You keep your place, and we go on looking.")
    if given["pauses"]:
        thanks = _("Thank you for your answer. You have a pause now. Tell us when it is over.")
    messages.success(request, thanks)
    return redirect("home")


@require_POST
@signed_in
def ask(request: Request, public_id: UUID) -> HttpResponse:
    """A question to the office before the answer."""
    found, form = _access(request, public_id), AskForm(request.POST)
    if not form.is_valid():
        return _page(request, public_id, form=form)
    text = form.cleaned_data["text"]
    try:
        ask_question(offer_id=found.pk, text=text, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Your question is with your coordinator. You hear from us."))
    return redirect("offers:detail", public_id)


def _access(request: Request, public_id: UUID) -> Offer:
    """An offer that this person is asked about themselves, or one of their cases. Raises Http404."""
    rows = Offer.objects.visible_to(request.actor).select_related(*PEOPLE)
    return get_object_or_404(rows, public_id=public_id)


def _page(
    request: Request,
    public_id: UUID,
    *,
    form: NoForm | AskForm | None = None,
    problem: Expected | None = None,
) -> HttpResponse:
    found = _access(request, public_id)
    seen = offer_seen_by(found, actor=request.actor, day=timezone.localdate(clock.now()))
    if seen is None:
        if problem:
            raise problem
        return redirect("desk:offer", public_id)
    status = problem.status if problem else 422 if form else 200
    context = {
        "offer": found,
        "seen": seen,
        "drawn": draw(seen, questions_of(found, side=seen.own)),
        "form": form,  # with its errors, if one was sent
        "no_form": form if isinstance(form, NoForm) else NoForm(side=seen.own),
        "ask_form": form if isinstance(form, AskForm) else AskForm(),
        "problem": problem,
    }
    return render(request, "offers/offer.html", context, status=status)
