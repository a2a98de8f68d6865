"""What every request gets: its actor, its language and zone, and a page for each expected failure."""

from __future__ import annotations

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from backend.core import clock
from backend.core.actor import ANONYMOUS, Actor
from backend.core.errors import Expected
from backend.organisations.queries import actor_for
from backend.people.models import Person
from backend.people.sessions import end_session, keep_staff_session

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]


class NotAtTheMoment(Expected):
    code = "not_at_the_moment"
    status = 503
    sentence = _("This does not work at the moment. Try again in a minute.")


class ActorMiddleware:
    """Set `request.actor` (asked for once, at first use); speak the language and keep the zone of the person.

    What a signed-in person sees is never stored: the phone may be shared and the back button pressed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: actor_for(_person(request), now=clock.now())
        )
        person = _person(request)
        timezone.deactivate()
        if person:
            _speak_to(person)
        response = self.get_response(request)
        # Asked again: signing in and out happens inside the view.
        if person or request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response


class StaffSessionMiddleware:
    """Sign staff out after half an hour without a click, and after twelve hours in any case."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        at_work = bool(actor.grants) or actor.is_operator
        if at_work and not keep_staff_session(request.session, now=clock.now()):
            end_session(request)
            request.actor = ANONYMOUS  # type: ignore[attr-defined]
            messages.info(request, _("We signed you out because nothing was clicked for a while."))
        return self.get_response(request)


class ExpectedErrorsMiddleware:
    """Turn an expected failure that no view caught into its sentence, as a page or, for htmx, a message."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, RedisError):  # Valkey is away: without its counts nobody may guess passwords
            log.warning("a page needed Valkey, which did not answer", exc_info=True)
            problem = NotAtTheMoment()
        return expected_page(request, problem) if isinstance(problem, Expected) else None


def expected_page(request: HttpRequest, problem: Expected) -> HttpResponse:
    """The failure's sentence with its status; for htmx a message at the top of the page."""
    is_partial = (htmx := getattr(request, "htmx", None)) and not htmx.boosted
    template = "shell/expected.html#message" if is_partial else "shell/expected.html"
    frame = "shell/app.html" if request.user.is_authenticated else "shell/public.html"
    response = render(request, template, {"sentence": str(problem), "frame": frame}, status=problem.status)
    if is_partial:
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


def _person(request: HttpRequest) -> Person | None:
    return request.user if request.user.is_authenticated else None


def _speak_to(person: Person) -> None:
    """A language without a catalogue leaves the one the browser asked for."""
    try:
        translation.activate(translation.get_supported_language_variant(person.language))
    except LookupError:
        pass
    try:
        timezone.activate(ZoneInfo(person.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        pass
