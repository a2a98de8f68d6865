"""What belongs to the frame itself: leaving fast."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe


@require_POST
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Sign out, forget what the browser stored of this site, and go to a harmless page."""
    logout(request)
    answer = HttpResponseRedirect(reverse("left"))
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@never_cache
def left(request: HttpRequest) -> HttpResponse:
    """The harmless page: nothing on it tells what was open before."""
    answer = render(request, "shell/left.html")
    answer["Cache-Control"] = "no-store"
    return answer
