"""What someone chose for this browser: light or dark."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from backend.web.shell.access import public
from backend.web.shell.context import THEMES

YEAR = 60 * 60 * 24 * 365


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the posted theme in a cookie and go back to the page; an empty one means: as the device says."""
    answer = HttpResponseRedirect(safe_next(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        answer.set_cookie("theme", theme, max_age=YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie("theme", samesite="Lax")
    return answer


def safe_next(request: HttpRequest) -> str:
    """The posted `next` where it is an address of ours, else the start page."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
