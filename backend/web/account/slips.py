"""Sign-in slips: staff make one, the person uses it once. Opening the link alone changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.core import clock
from backend.core.errors import Expected, NotAllowed, require
from backend.people.models import Slip
from backend.people.slips import grouped, make_slip, use_slip
from backend.profiles.models import Profile
from backend.profiles.rules import may_make_slip
from backend.web.account.forms import CodeForm
from backend.web.shell.access import form_page, public, staff
from backend.web.shell.languages import language
from backend.web.shell.request import Request


class TooManyTries(Expected):
    code = "too_many_tries"
    status = 429
    sentence = _("Too many tries. Wait a minute, then try again.")


class SignsInOtherwise(NotAllowed):
    """A slip would open more than this organisation's own."""

    code = "signs_in_otherwise"
    sentence = _("You cannot make a slip for this person. They sign in with their own password.")


@staff
@form_page
def print_slip(request: Request, person: UUID) -> HttpResponse:
    """A page to print, or to show on the screen. The code is on it once; a second POST makes another."""
    # The first of several, where the actor works in two organisations that both know this person.
    profile = Profile.objects.looked_after_by(request.actor).filter(person__public_id=person).first()
    if profile is None:
        raise Http404
    now = clock.now()
    require(may_make_slip(request.actor, profile, now=now), SignsInOtherwise)
    context: dict[str, Any] = {"name": profile.full_name}
    if request.method == "POST":
        slip, code = make_slip(person=profile.person, actor=request.actor, now=now)
        context["paper"] = paper(request, slip, code)
    return render(request, "account/slip_make.html", context)


def paper(request: HttpRequest, slip: Slip, code: str) -> SafeString:
    """What the person takes along, in their language. The page around it is `account/slip_make.html`."""
    link = request.build_absolute_uri(reverse("slip_open", args=[code]))
    spoken = language(slip.person.language)
    with translation.override(spoken.code):
        return mark_safe(
            render_to_string(
                "account/slip_make.html#paper",
                {
                    "code": grouped(code),
                    "qr": _qr(link),
                    "address": request.build_absolute_uri(reverse("slip")),
                    "expires_at": slip.expires_at,
                    "spoken": spoken,
                },
            )
        )


def _qr(text: str) -> SafeString:
    """Always dark on light, also on a dark page: many cameras read nothing else."""
    picture = segno.make(text, error="m", micro=False)
    look = {"dark": "#000", "light": "#fff", "svgclass": "qr", "lineclass": None}
    return mark_safe(picture.svg_inline(border=4, omitsize=True, **look))


@public
@never_cache
@form_page
def enter_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a slip."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _sign_in(request, form.cleaned_data["code"])
        except Expected as problem:
            form.add_error("code", str(problem))
    return render(request, "account/slip_enter.html", {"form": form})


@public
@never_cache
@form_page
def open_slip(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code leads: a button. Previews and mail scanners open links, and must not use them up."""
    context, status = {}, 200
    if request.method == "POST":
        try:
            return _sign_in(request, code)
        except Expected as problem:
            context["problem"], status = str(problem), problem.status
    return render(request, "account/slip_open.html", context, status=status)


def _sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """Raises SlipNotOpen, TooManyTries."""
    require(ratelimit.consume(request, action="use_slip"), TooManyTries)
    person = use_slip(code=code, now=clock.now())
    if request.user.is_authenticated:
        logout(request)  # the phone may be somebody else's
    answer = perform_login(request, person, redirect_url=reverse("account_welcome"))
    # Whoever holds the paper may choose a new password at once, also in place of one they forgot.
    record_authentication(request, person, method="slip")
    return answer
