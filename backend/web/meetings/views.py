"""A meeting: proposed, answered, moved, cancelled, and how it went, by its members and by staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.meetings import access_pairing, colleagues_of, times_for_both
from backend.meetings import actions
from backend.meetings.enums import OPEN_MEETING, MeetingKind, MeetingState
from backend.meetings.models import Meeting
from backend.meetings.queries.beginning import (
    access_meeting,
    home_consent_of,
    needs_a_first_meeting,
    places_open,
)
from backend.meetings.rules import looks_after, may_arrange_meetings, may_host
from backend.meetings.times import Arranged
from backend.pairings.models import Pairing
from backend.web.meetings.forms import OTHER, ArrangeForm, HostedPlanForm, PlanForm, arranged_in
from backend.web.mentorings.views import page_of as page_for_staff
from backend.web.shell.access import form_page, signed_in
from backend.web.shell.request import Request
from backend.web.together.views import page_of as page_for_members

MOST_TIMES = 12


@form_page
@signed_in
def propose(request: Request, public_id: UUID) -> HttpResponse:
    """A new meeting of this mentoring: the first, or another one."""
    found = access_pairing(public_id, actor=request.actor)
    form = _plan_form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_meeting(
                pairing_id=found.pk,
                plan=form.plan,
                arranged=_arranged(form),
                client_id=form.client,
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("Proposed. You hear from us when there is an answer."))
            return back(request, found)
        except Expected as problem:
            form.add_error(None, str(problem))
    first = needs_a_first_meeting(found)
    return _form_page(request, found, form, title=_("First meeting") if first else _("Propose a meeting"))


@form_page
@signed_in
def move(request: Request, public_id: UUID) -> HttpResponse:
    """Another time or place for an open meeting."""
    meeting = _open(request, public_id)
    form = _plan_form(request, meeting.pairing, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_meeting(
                meeting_id=meeting.pk,
                plan=form.plan,
                sequence=_sequence(request, meeting),
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("Moved. Everybody is asked again."))
            return back(request, meeting.pairing)
        except Expected as problem:
            form.add_error(None, str(problem))
    return _form_page(
        request, meeting.pairing, form, title=_("Another time or place"), sequence=meeting.sequence
    )


@form_page
@signed_in
def arrange(request: Request, public_id: UUID) -> HttpResponse:
    """Who of the office comes along, and who interprets."""
    meeting = _open(request, public_id)
    if not may_host(request.actor, meeting.pairing):
        raise Http404
    programme = meeting.pairing.programme
    needed = meeting.kind == MeetingKind.FIRST and programme.hosts_first_meeting
    form = ArrangeForm(
        request.POST or None,
        colleagues=colleagues_of(programme.organisation_id, now=clock.now()),
        needed=needed,
        initial={
            "host": str(meeting.hosted_by_id or ""),
            "interpreter": meeting.interpreter,
            "interpreter_name": meeting.interpreter_name,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.arrange_meeting(
                meeting_id=meeting.pk,
                arranged=arranged_in(form.cleaned_data),
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("Saved."))
            return back(request, meeting.pairing)
        except Expected as problem:
            form.add_error(None, str(problem))
    return _form_page(request, meeting.pairing, form, title=_("Who comes along"))


@require_POST
@signed_in
def answer(request: Request, public_id: UUID) -> HttpResponse:
    """That suits me, or I cannot then."""
    meeting = access_meeting(public_id, actor=request.actor)
    suits = request.POST.get("suits") == "yes"
    return _do(
        request,
        meeting,
        lambda: actions.answer_meeting(
            meeting_id=meeting.pk,
            suits=suits,
            sequence=_sequence(request, meeting),
            actor=request.actor,
            now=clock.now(),
        ),
        _answered,
    )


def _answered(meeting: Meeting) -> str:
    return _("It is agreed. See you there.") if meeting.state == MeetingState.AGREED else _("Thank you.")


@require_POST
@signed_in
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    return _simply(request, public_id, actions.cancel_meeting, _("Cancelled. The others have been told."))


@require_POST
@signed_in
def held(request: Request, public_id: UUID) -> HttpResponse:
    return _simply(request, public_id, actions.hold_meeting, _("Saved. Good that you met."))


@require_POST
@signed_in
def missed(request: Request, public_id: UUID) -> HttpResponse:
    return _simply(request, public_id, actions.miss_meeting, _("Saved. You can find another time."))


def _simply(request: Request, public_id: UUID, act: Callable[..., Meeting], said: str) -> HttpResponse:
    meeting = access_meeting(public_id, actor=request.actor)
    return _do(
        request,
        meeting,
        lambda: act(meeting_id=meeting.pk, actor=request.actor, now=clock.now()),
        lambda _after: said,
    )


def _do(
    request: Request, meeting: Meeting, act: Callable[[], Meeting], said: Callable[[Meeting], str]
) -> HttpResponse:
    try:
        after = act()
    except Expected as problem:
        return page_of(request, meeting.pairing, problem=problem)
    messages.success(request, said(after))
    return back(request, meeting.pairing)


def back(request: Request, found: Pairing) -> HttpResponse:
    page = "mentorings:detail" if looks_after(request.actor, found) else "together:page"
    return redirect(page, found.public_id)


def page_of(request: Request, found: Pairing, *, problem: Expected) -> HttpResponse:
    """The page they came from, with what stands against it."""
    page = page_for_staff if looks_after(request.actor, found) else page_for_members
    return page(request, found.public_id, problem=problem)


def _open(request: Request, public_id: UUID) -> Meeting:
    """An open meeting that the actor may change. Raises Http404."""
    meeting = access_meeting(public_id, actor=request.actor)
    if meeting.state not in OPEN_MEETING or not may_arrange_meetings(request.actor, meeting.pairing):
        raise Http404
    return meeting


def _sequence(request: Request, meeting: Meeting) -> int:
    """Which time the page showed; without it nothing is answered or moved."""
    sent = request.POST.get("sequence", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else -1


def _plan_form(request: Request, found: Pairing, *, meeting: Meeting | None = None) -> PlanForm:
    now, office = clock.now(), found.programme.organisation
    if not may_arrange_meetings(request.actor, found):
        raise Http404
    is_staff = looks_after(request.actor, found)
    options: dict[str, Any] = {
        "times": times_for_both(found, now=now)[:MOST_TIMES],
        "places": places_open(office.pk),
        "home": home_consent_of(found) is not None,
        "zone": office.time_zone if is_staff else request.user.time_zone,
        "initial": _initial(meeting) if meeting else {"where": ""},
    }
    if meeting is not None or not is_staff:
        return PlanForm(request.POST or None, **options)
    needed = needs_a_first_meeting(found) and found.programme.hosts_first_meeting
    options["initial"]["host"] = str(request.actor.person_id)
    colleagues = colleagues_of(office.pk, now=now)
    return HostedPlanForm(request.POST or None, colleagues=colleagues, needed=needed, **options)


def _initial(meeting: Meeting) -> dict[str, Any]:
    where = str(meeting.place.public_id) if meeting.place else "online" if meeting.is_online else "home"
    return {"at": OTHER, "other": meeting.starts_at, "minutes": meeting.minutes, "where": where}


def _arranged(form: PlanForm) -> Arranged | None:
    return arranged_in(form.cleaned_data) if isinstance(form, HostedPlanForm) else None


def _form_page(
    request: Request, found: Pairing, form: Any, *, title: str, sequence: int | None = None
) -> HttpResponse:
    is_staff = looks_after(request.actor, found)
    context = {
        "form": form,
        "title": title,
        "mentoring": found,
        "is_staff": is_staff,
        "sequence": sequence,
        "has_places": bool(getattr(form, "places", True)),
        "zone": found.programme.organisation.time_zone,
    }
    return render(request, "meetings/form.html", context, status=422 if form.is_bound else 200)
