"""What a coordinator does with a suggestion; each time the next one follows, with a way back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight.desk_detail import access_suggestion
from backend.pairings import actions
from backend.pairings.enums import DeclineReason
from backend.pairings.models import Suggestion
from backend.web.desk.forms import CommentForm, DeclineForm, PutOffForm
from backend.web.desk.page import Answer, following, go_on, has_keys, page_of
from backend.web.shell.access import staff
from backend.web.shell.request import Request


@require_POST
@staff
def approve(request: Request, public_id: UUID) -> HttpResponse:
    """Send the offer in half a minute. Where something speaks against it, ask once more."""
    found = access_suggestion(public_id, actor=request.actor)
    if found.refusals and "anyway" not in request.POST and desk.is_open(found):
        return page_of(request, found, Answer(asks=True))
    return _decide(request, found, actions.approve_suggestion)


@require_POST
@staff
def decline(request: Request, public_id: UUID) -> HttpResponse:
    """Turn it down for a reason."""
    found = access_suggestion(public_id, actor=request.actor)
    form = DeclineForm(request.POST, keys=has_keys(request))
    if not form.is_valid():
        return page_of(request, found, Answer(decline=form))
    reason = DeclineReason(form.cleaned_data["reason"])
    return _decide(request, found, actions.decline_suggestion, reason=reason)


@require_POST
@staff
def call_first(request: Request, public_id: UUID) -> HttpResponse:
    """Put it aside until the newcomer was called."""
    found = access_suggestion(public_id, actor=request.actor)
    return _decide(request, found, actions.call_first)


@require_POST
@staff
def put_off(request: Request, public_id: UUID) -> HttpResponse:
    """Put it aside until a day."""
    found = access_suggestion(public_id, actor=request.actor)
    form = PutOffForm(request.POST, keys=has_keys(request))
    if not form.is_valid():
        return page_of(request, found, Answer(put_off=form))
    until = form.until(timezone.localdate(clock.now()))
    return _decide(request, found, actions.put_off, until=until)


@require_POST
@staff
def bring_back(request: Request, public_id: UUID) -> HttpResponse:
    """Let it stand among those to look at again."""
    found = access_suggestion(public_id, actor=request.actor)
    return _decide(request, found, actions.bring_back)


@require_POST
@staff
def stage(request: Request, public_id: UUID) -> HttpResponse:
    """Put it on the list to send."""
    found = access_suggestion(public_id, actor=request.actor)
    return _decide(request, found, actions.stage_suggestion)


@require_POST
@staff
def unstage(request: Request, public_id: UUID) -> HttpResponse:
    """Take it off the list to send."""
    found = access_suggestion(public_id, actor=request.actor)
    return _decide(request, found, actions.unstage_suggestion)


@require_POST
@staff
def undo(request: Request, public_id: UUID) -> HttpResponse:
    """Take the last thing back, and look at it again."""
    found = access_suggestion(public_id, actor=request.actor)
    try:
        actions.undo_decision(
            suggestion_id=found.pk, actor=request.actor, now=clock.now(), seen=_seen(request)
        )
    except Expected as problem:
        return _told(request, public_id, problem)
    return go_on(request, found, found, show="")


@require_POST
@staff
def comment(request: Request, public_id: UUID) -> HttpResponse:
    """Write something for colleagues."""
    found = access_suggestion(public_id, actor=request.actor)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, Answer(comment=form))
    try:
        actions.comment_on_suggestion(
            suggestion_id=found.pk, actor=request.actor, now=clock.now(), **form.cleaned_data
        )
    except Expected as problem:
        return _told(request, public_id, problem)
    return redirect(reverse("desk:detail", args=[public_id]) + "#comments")


def _decide(
    request: Request, found: Suggestion, action: Callable[..., object], **how: object
) -> HttpResponse:
    """Do it and go on to the next; an old page is shown how things stand now, and nothing is changed."""
    after = following(request, found)
    stood = desk.section_of(found, day=timezone.localdate(clock.now()))
    try:
        action(suggestion_id=found.pk, actor=request.actor, now=clock.now(), seen=_seen(request), **how)
    except Expected as problem:
        return _told(request, found.public_id, problem)
    return go_on(request, found, after, show=stood or "")


def _told(request: Request, public_id: UUID, problem: Expected) -> HttpResponse:
    return page_of(request, access_suggestion(public_id, actor=request.actor), Answer(problem=problem))


def _seen(request: Request) -> int | None:
    """How often it had changed when the page was drawn."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
