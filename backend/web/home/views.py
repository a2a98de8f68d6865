"""The first page of everyone, by who they are, and a coordinator's Today."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.core import clock
from backend.insight.desk import desk_programmes
from backend.insight.home import home_of
from backend.insight.service import service_state
from backend.insight.today import Today, Whose, today_of
from backend.organisations.enums import CASE_ROLES
from backend.web.home import drawing, lines
from backend.web.home.meetings import ahead
from backend.web.shell.access import public, signed_in, staff_names
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request


@require_safe
@public
def home(request: Request) -> HttpResponse:
    """Where somebody begins: the door, Today, the state of the service, or their own mentoring."""
    actor = request.actor
    if actor.person_id is None:
        return render(request, "home/door.html")
    if actor.organisations(*CASE_ROLES):
        return redirect("today")
    if actor.is_operator:
        return render(request, "home/service.html", {"service": service_state()})
    return _mine(request)


@require_safe
@signed_in
def mine(request: Request) -> HttpResponse:
    """One's own mentoring, also for those who work here."""
    return _mine(request)


@require_safe
@staff_names
def today(request: Request) -> HttpResponse:
    now = clock.now()
    day = timezone.localdate(now)
    whose = _asked(request.GET.get("whose", ""))
    facts = today_of(actor=request.actor, now=now, day=day, whose=whose)
    parts = (facts.needs_you, facts.waits_for_others, facts.going_well)
    needs, waits, well = (lines.shortened(part, whose=whose, reader=request.actor) for part in parts)
    context = {
        "part": part_of_day(now),
        "day": drawing.long_day(day),
        "today": facts,
        "tabs": _tabs(facts, whose),
        "whose": whose.value,
        "needs_you": needs,
        "begins": not any(parts) and whose is Whose.ALL and not desk_programmes(request.actor),
        "waits": waits,
        "well": well,
        "figures": drawing.figures(facts.numbers),
        "bars": drawing.waiting_bars(facts.numbers),
    }
    return render(request, "home/today.html", context)


def _asked(value: str) -> Whose:
    return Whose(value) if value in {one.value for one in Whose} else Whose.ALL


def _tabs(facts: Today, whose: Whose) -> list[Tab]:
    """Which lines; how many things need action stands beside each."""
    labels = {Whose.ALL: _("Everything"), Whose.MINE: _("Mine"), Whose.NOBODYS: _("Nobody's")}
    return [
        Tab(label, f"?whose={one.value}", current=one is whose, count=facts.counts.get(one, 0))
        for one, label in labels.items()
    ]


def _mine(request: Request) -> HttpResponse:
    now = clock.now()
    found = home_of(actor=request.actor, day=timezone.localdate(now))
    context = {
        "home": found,
        "ahead": ahead(request.actor, now=now),
        "part": part_of_day(now),
        "mentorings": [drawing.mentoring(row) for row in found.mentorings],
        "places": [drawing.place(row) for row in found.places],
    }
    return render(request, "home/mine.html", context)


def part_of_day(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
