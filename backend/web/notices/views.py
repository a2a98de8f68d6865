"""The bell: what people were told, in the language they read now."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from backend.core import clock
from backend.core.errors import BadInput
from backend.messaging.queries import unread_messages
from backend.web.inbox.drawing import when_words
from backend.web.shell.access import signed_in
from backend.web.shell.request import Request
from notifications.api import bell, mark_seen, unseen_count

MOST = 50


class SeenForm(forms.Form):
    up_to = forms.UUIDField()


@require_GET
@signed_in
def notices(request: Request) -> HttpResponse:
    now = clock.now()
    lines = [
        (line, _path(line.url), when_words(line.created_at, now=now)) for line in bell(request.user.pk, MOST)
    ]
    return render(request, "notices/notices.html", {"lines": lines})


@require_POST
@signed_in
def seen(request: Request) -> HttpResponse:
    """Mark as seen what was on the page; what arrived since stays new."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise BadInput
    mark_seen(request.user.pk, clock.now(), up_to=form.cleaned_data["up_to"])
    return redirect("notices")


@require_GET
@signed_in
def counts(request: Request) -> JsonResponse:
    """The numbers in the navigation, by the address they stand beside."""
    return JsonResponse(
        {
            reverse("notices"): unseen_count(request.user.pk),
            reverse("inbox"): unread_messages(request.actor),
        }
    )


def _path(url: str | None) -> str:
    """An address on this very host: mails name the official one, where nobody may be signed in."""
    parts = urlsplit(url or "")
    return parts._replace(scheme="", netloc="").geturl()
