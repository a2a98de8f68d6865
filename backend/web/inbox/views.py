"""Conversations: the list, one of them, what is new in it, and what is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.core import clock
from backend.core.errors import BadInput, Expected
from backend.messaging import queries
from backend.messaging.actions import LONGEST, conversation_of, mark_read, send_message
from backend.messaging.models import Conversation
from backend.pairings.models import Pairing
from backend.web.inbox.drawing import Reader, draw_lines, when_words
from backend.web.inbox.forms import AfterForm, MessageForm, ReadForm
from backend.web.shell.access import signed_in
from backend.web.shell.request import Request


@require_GET
@signed_in
def inbox(request: Request) -> HttpResponse:
    now = clock.now()
    for pairing in queries.pairings_without_conversation(request.actor):
        conversation_of(pairing=pairing, actor=request.actor, now=now)
    return render(request, "inbox/inbox.html", {"threads": _threads(request, now)})


@require_GET
@signed_in
def of_pairing(request: Request, pairing_id: UUID) -> HttpResponse:
    """The way from a mentoring to what its members write to each other; staff come to the offer behind it."""
    pairings = Pairing.objects.visible_to(request.actor).select_related("offer")
    pairing = get_object_or_404(pairings, public_id=pairing_id)
    if pairing.offer and request.user.pk not in queries.member_ids(pairing.pk):
        return redirect("desk:offer", pairing.offer.public_id)
    opened = conversation_of(pairing=pairing, actor=request.actor, now=clock.now())
    return redirect("conversation", opened.public_id)


@require_GET
@signed_in
def conversation(request: Request, public_id: UUID) -> HttpResponse:
    found = queries.access_conversation(public_id, actor=request.actor)
    return _page(request, found, before=_asked(AfterForm, request.GET)["before"])


@require_http_methods(["GET", "POST"])
@signed_in
def messages(request: Request, public_id: UUID) -> HttpResponse:
    found = queries.access_conversation(public_id, actor=request.actor)
    return _send(request, found) if request.method == "POST" else _new(request, found)


@require_POST
@signed_in
def read(request: Request, public_id: UUID) -> HttpResponse:
    found = queries.access_conversation(public_id, actor=request.actor)
    up_to = _asked(ReadForm, request.POST)["up_to"]
    mark_read(conversation_id=found.pk, up_to=up_to, actor=request.actor, now=clock.now())
    return HttpResponse(status=204) if _is_fetch(request) else redirect("inbox")


def _new(request: Request, found: Conversation) -> HttpResponse:
    """What came after a number, or 304 when the page that asks has seen it."""
    after = _asked(AfterForm, request.GET)["after"] or 0
    tag = f'"{after}-{found.last_seq}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    lines = queries.messages_after(found, after=after, actor=request.actor)
    html = draw_lines(lines, reader=Reader.of(request.user), now=clock.now())
    return HttpResponse(html, headers={"ETag": tag})


def _send(request: Request, found: Conversation) -> HttpResponse:
    data = _asked(MessageForm, request.POST)
    try:
        message = send_message(conversation_id=found.pk, actor=request.actor, now=clock.now(), **data)
    except Expected as problem:
        return _refused(request, found, problem, draft=data["body"])
    if _is_fetch(request):
        lines = queries.messages_after(found, after=message.seq - 1, actor=request.actor, limit=1)
        return HttpResponse(draw_lines(lines, reader=Reader.of(request.user), now=clock.now()))
    return redirect(reverse("conversation", args=[found.public_id]) + "#last")


def _refused(request: Request, found: Conversation, problem: Expected, *, draft: str) -> HttpResponse:
    if _is_fetch(request):
        return HttpResponse(str(problem), content_type="text/plain; charset=utf-8", status=problem.status)
    return _page(request, found, problem=problem, draft=draft)


def _page(
    request: Request,
    found: Conversation,
    *,
    before: int | None = None,
    problem: Expected | None = None,
    draft: str = "",
) -> HttpResponse:
    now = clock.now()
    lines = queries.messages_before(found, before=before, actor=request.actor)
    threads = _threads(request, now)
    context: dict[str, Any] = {
        "thread": next(row for row, _when in threads if row.public_id == found.public_id),
        "threads": threads,
        "drawn": draw_lines(lines, reader=Reader.of(request.user), now=now),
        "first_seq": lines[0].seq if lines else 1,
        "last_seq": lines[-1].seq if lines else 0,
        "is_latest": before is None,
        "client_id": uuid4(),
        "longest": LONGEST,
        "draft": draft,
        "problem": problem,
    }
    return render(request, "inbox/conversation.html", context, status=problem.status if problem else 200)


def _threads(request: Request, now: datetime) -> list[tuple[queries.Thread, str]]:
    return [(row, when_words(row.last_at, now=now)) for row in queries.conversations_of(request.actor)]


def _asked(form_class: Any, values: Any) -> dict[str, Any]:
    form = form_class(values)
    if not form.is_valid():
        raise BadInput
    return dict(form.cleaned_data)


def _is_fetch(request: Request) -> bool:
    """Whether the page's own script asks, which wants the fragment and not a page."""
    return request.headers.get("X-Requested-With") == "fetch"
