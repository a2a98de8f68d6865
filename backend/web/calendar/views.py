"""Meetings in people's own calendars: a file for each, and a private address that a calendar reads."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import require
from backend.meetings.actions import make_feed, revoke_feed
from backend.meetings.queries.calendar import (
    access_evening_entry,
    access_meeting_entry,
    entries_of,
    feed_of,
    owner_of,
)
from backend.web.account.slips import TooManyTries
from backend.web.calendar.drawing import as_file, calendar_of
from backend.web.shell.access import form_page, public, signed_in
from backend.web.shell.languages import language
from backend.web.shell.request import Request

log = logging.getLogger(__name__)
MOST_WRONG_KEYS = 60  # a minute, from one address


@require_safe
@signed_in
def meeting(request: Request, public_id: UUID) -> HttpResponse:
    entry = access_meeting_entry(public_id, actor=request.actor)
    return as_file(calendar_of([entry], now=clock.now()), name="meeting")


@require_safe
@signed_in
def evening(request: Request, public_id: UUID) -> HttpResponse:
    entry = access_evening_entry(public_id, actor=request.actor)
    return as_file(calendar_of([entry], now=clock.now()), name="evening")


@form_page
@signed_in
def mine(request: Request) -> HttpResponse:
    """Whether there is a private address; a POST makes one, and shows it this once."""
    feed, address = feed_of(request.actor.acting_person_id), ""
    if request.method == "POST":
        feed, key = make_feed(actor=request.actor, now=clock.now())
        address = request.build_absolute_uri(reverse("calendar:feed", args=[key]))
    # Phones open this scheme in their calendar.
    subscribe = "webcal" + address.removeprefix("https").removeprefix("http") if address else ""
    context = {"feed": feed, "address": address, "subscribe": subscribe}
    return render(request, "calendar/mine.html", context)


@require_POST
@signed_in
def revoke(request: Request) -> HttpResponse:
    revoke_feed(actor=request.actor, now=clock.now())
    messages.success(request, _("The address is closed. Calendars that read it stay as they are now."))
    return redirect("calendar:mine")


@require_safe
@public
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody's meetings for whoever holds the key: no session is asked for or made.

    Wrong keys alone are counted, since one calendar service reads for many people from one address. A key
    has 256 bits, so that the count keeps off noise and not guesses.
    """
    person = owner_of(key)
    if person is None:
        require(_wrong_keys_from(request) <= MOST_WRONG_KEYS, TooManyTries)
        raise Http404
    now = clock.now()
    with translation.override(language(person.language).code):
        return as_file(calendar_of(entries_of(person.pk, now=now), now=now), name="calendar")


def _wrong_keys_from(request: HttpRequest) -> int:
    """How many this minute; without Valkey nobody is held up. Allauth's own count leaves out every GET."""
    address = get_adapter().get_client_ip(request)
    here = f"calendar:{address}:{int(time.time()) // 60}"
    try:
        cache.add(here, 0, timeout=120)
        return int(cache.incr(here))
    except Exception:
        log.warning("wrong keys are not counted: the cache does not answer")
        return 0
