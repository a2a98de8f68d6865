"""Group evenings: staff plan them and see who got on, guests see when and where and say whom they liked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.meetings import actions
from backend.meetings.enums import EveningState
from backend.meetings.models import Evening
from backend.meetings.queries.beginning import places_open
from backend.meetings.queries.evenings import (
    access_evening,
    evenings_of,
    guests_of,
    liked_by,
    likings_of,
    may_be_invited,
    others_who_came,
    own_guest,
    programmes_to_plan_for,
    those_who_must_not_meet,
)
from backend.meetings.rules import may_plan_evenings, may_see_likings, works_on_evening
from backend.programmes.models import Programme
from backend.web.evenings.forms import CameForm, EveningForm, InviteForm, LikingForm
from backend.web.meetings.drawing import length
from backend.web.shell import words
from backend.web.shell.access import form_page, signed_in, staff, staff_names
from backend.web.shell.request import Request

PAGE = 50
TONES = {EveningState.PLANNED: "action", EveningState.HELD: "good"}


@require_safe
@staff
def evenings(request: Request) -> HttpResponse:
    page = Paginator(evenings_of(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": [_drawn(row) for row in page],
        "programmes": programmes_to_plan_for(request.actor),
    }
    return render(request, "evenings/evenings.html", context)


@form_page
@staff
def new(request: Request, programme_id: UUID) -> HttpResponse:
    programme = _programme(request, programme_id)
    office = programme.organisation
    places = places_open(office.pk)
    form = EveningForm(request.POST or None, places=places, zone=office.time_zone)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_evening(
                programme_id=programme.pk, actor=request.actor, now=clock.now(), **form.wanted()
            )
            messages.success(request, _("Planned. Now choose whom to invite."))
            return redirect("evenings:invite", made.public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "programme": programme, "office": office, "has_places": bool(places)}
    return render(request, "evenings/new.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in
def evening(request: Request, public_id: UUID) -> HttpResponse:
    return _page(request, public_id)


@form_page
@staff_names
def invite(request: Request, public_id: UUID) -> HttpResponse:
    found = _planner(request, public_id)
    day = found.programme.organisation.today(clock.now())
    there = {guest.enrolment_id for guest in guests_of(found)}
    people = [row for row in may_be_invited(found.programme, day=day) if row.pk not in there]
    form = InviteForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(
                evening_id=found.pk, enrolment_ids=form.chosen(), actor=request.actor, now=clock.now()
            )
            messages.success(request, _("Invited. Each of them has been told."))
            return redirect("evenings:detail", public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "drawn": _drawn(found), "evening": found, "has_people": bool(people)}
    return render(request, "evenings/invite.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff
def came(request: Request, public_id: UUID) -> HttpResponse:
    found = _of_case(request, public_id)
    form = CameForm(request.POST, guests=guests_of(found))
    if not form.is_valid():
        return _page(request, public_id, form=form)
    try:
        actions.hold_evening(evening_id=found.pk, came=form.chosen(), actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Saved. Each who came is asked whom they got on with."))
    return redirect("evenings:detail", public_id)


@require_POST
@staff
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    found = _planner(request, public_id)
    try:
        actions.cancel_evening(evening_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Cancelled. The guests have been told."))
    return redirect("evenings:detail", public_id)


@require_POST
@signed_in
def likings(request: Request, public_id: UUID) -> HttpResponse:
    """What a guest says; only the coordinators see it."""
    found = access_evening(public_id, actor=request.actor)
    guest = own_guest(found, actor=request.actor)
    form = LikingForm(request.POST, others=others_who_came(guest) if guest else [])
    if not form.is_valid():
        return _page(request, public_id, form=form)
    try:
        actions.note_likings(evening_id=found.pk, whom=form.chosen(), actor=request.actor, now=clock.now())
    except Expected as problem:
        return _page(request, public_id, problem=problem)
    messages.success(request, _("Thank you. Only your coordinator sees your answer."))
    return redirect("evenings:detail", public_id)


def _page(
    request: Request, public_id: UUID, *, form: Any = None, problem: Expected | None = None
) -> HttpResponse:
    found = access_evening(public_id, actor=request.actor)
    is_staff = works_on_evening(request.actor, found)
    context = _for_staff(request, found, form) if is_staff else _for_guest(request, found, form)
    context |= {"evening": found, "drawn": _drawn(found), "problem": problem}
    status = problem.status if problem else 422 if form else 200
    template = "evenings/evening.html" if is_staff else "evenings/guest.html"
    return render(request, template, context, status=status)


def _for_staff(request: Request, found: Evening, form: CameForm | None) -> dict[str, Any]:
    about, office = ("evening", found.public_id), found.programme.organisation_id
    audit.record("evening_opened", actor=request.actor, about=about, now=clock.now(), organisation_id=office)
    guests = guests_of(found)
    has_begun = found.starts_at <= clock.now()
    is_open = found.state == EveningState.PLANNED
    sees_likings = may_see_likings(request.actor, found) and found.state == EveningState.HELD
    return {
        "guests": guests,
        "apart": words.listed(sorted(those_who_must_not_meet(g.enrolment_id for g in guests))),
        "may_plan": may_plan_evenings(request.actor, found.programme) and is_open,
        "may_invite": may_plan_evenings(request.actor, found.programme) and is_open and not has_begun,
        "form": form or CameForm(guests=guests),
        "asks_who_came": has_begun and bool(guests) and found.state != EveningState.CANCELLED,
        "sees_likings": sees_likings,
        "matches": likings_of(found) if sees_likings else [],
    }


def _for_guest(request: Request, found: Evening, form: LikingForm | None) -> dict[str, Any]:
    guest = own_guest(found, actor=request.actor)
    others = others_who_came(guest) if guest and guest.came and found.state == EveningState.HELD else []
    said = liked_by(guest) if guest else set()
    ticked = [str(other.enrolment) for other in others if other.guest_id in said]
    return {"others": others, "form": form or LikingForm(others=others, initial={"whom": ticked})}


def _drawn(evening: Evening) -> dict[str, Any]:
    zone = evening.programme.organisation.time_zone
    return {
        "public_id": evening.public_id,
        "when": words.weekday_and_time(evening.starts_at, zone=zone),
        "length": length(evening.minutes),
        "programme": evening.programme.name,
        "state": EveningState(evening.state).label,
        "tone": TONES.get(EveningState(evening.state), "plain"),
        "place": evening.place,
        "invited": getattr(evening, "invited", 0),
    }


def _of_case(request: Request, public_id: UUID) -> Evening:
    """An evening of the actor's organisations. Raises Http404, also for guests."""
    found = access_evening(public_id, actor=request.actor)
    if not works_on_evening(request.actor, found):
        raise Http404
    return found


def _planner(request: Request, public_id: UUID) -> Evening:
    found = access_evening(public_id, actor=request.actor)
    if not may_plan_evenings(request.actor, found.programme):
        raise Http404
    return found


def _programme(request: Request, programme_id: UUID) -> Programme:
    rows = Programme.objects.visible_to(request.actor).select_related("organisation")
    programme = rows.filter(public_id=programme_id).first()
    if programme is None or not may_plan_evenings(request.actor, programme):
        raise Http404
    return programme
