"""What belongs to the frame itself: the language, leaving fast, and what this is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_supported_language_variant
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backend.people.actions import set_language as set_language_of
from backend.people.sessions import end_session
from backend.web.shell.access import public
from backend.web.shell.preferences import YEAR, safe_next
from backend.web.shell.request import Request


@public
@require_POST
def set_language(request: Request) -> HttpResponse:
    """Speak another language from now on: in this browser, and to this person everywhere."""
    answer = HttpResponseRedirect(safe_next(request))
    try:
        language = get_supported_language_variant(request.POST.get("language", ""))
    except LookupError:
        return answer
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SECURE,
        samesite="Lax",
    )
    if request.user.is_authenticated:
        set_language_of(person=request.user, language=language, actor=request.actor)
    return answer


@public
@require_POST
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Sign out, forget what the browser stored of this site, and go to a harmless page."""
    end_session(request)
    answer = HttpResponseRedirect(reverse("left"))
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    answer["Cache-Control"] = "no-store"
    return answer


@public
@require_safe
@never_cache
def left(request: HttpRequest) -> HttpResponse:
    """The harmless page: nothing on it tells what was open before."""
    answer = render(request, "shell/left.html")
    answer["Cache-Control"] = "no-store"
    return answer


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/about.html")
