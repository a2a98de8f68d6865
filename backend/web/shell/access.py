"""Who may open a view. Each view is decorated with one of these, and a guard refuses one without.

They decide about the door alone; whether a thing is visible is asked of its QuerySet's `visible_to`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_http_methods

from backend.core import clock
from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.profiles.actions import log_listing
from backend.web.shell.request import Request

View = Callable[..., HttpResponse]

# A page with a form: GET shows it, POST sends it.
form_page = require_http_methods(["GET", "HEAD", "POST"])


def public(view: View) -> View:
    """Open to everyone, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Open to everyone who signed in."""
    return _guarded(view, "signed_in", lambda actor: True)


def staff(view: View) -> View:
    """Open to those who work on cases in some organisation; for others the page does not exist."""
    return _guarded(view, "staff", lambda actor: bool(actor.organisations(*CASE_ROLES)))


def staff_names(view: View) -> View:
    """Open to staff, on a page that lists people by name: each look is written down."""

    @wraps(view)
    def noted(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200:
            log_listing(actor=request.actor, now=clock.now())
        return response

    return staff(noted)


def operator(view: View) -> View:
    """Open to those who run the server; for others the page does not exist."""
    return _guarded(view, "operator", lambda actor: actor.is_operator)


def _guarded(view: View, access: str, may_enter: Callable[[Actor], bool]) -> View:
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.person_id is None:
            return to_sign_in(request)
        if not may_enter(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask to sign in and come back here; a form that was sent cannot be come back to, nor can a fragment."""
    here = resolve_url(settings.LOGIN_URL)
    if getattr(request, "htmx", False):
        return HttpResponse(status=401, headers={"HX-Redirect": here})
    if request.method != "GET":
        response = HttpResponse(status=303)
        response.headers["Location"] = here
        return response
    return redirect_to_login(request.get_full_path(), here)
