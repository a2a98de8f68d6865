"""The programmes of an organisation: what they are, how they match, and when they are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from backend.core import clock
from backend.core.errors import Expected, require
from backend.organisations.enums import Role
from backend.organisations.queries import names_in, people_with_role, staffed_by
from backend.profiles.enums import Level
from backend.programmes.actions import (
    SAFEGUARDING_PERSONS,
    close_programme,
    open_programme,
)
from backend.programmes.criteria import require_of, weights_of
from backend.programmes.enums import EnrolmentState, Side, Travels
from backend.programmes.models import Programme
from backend.programmes.queries import ProgrammeLine, access_programme, programme_lines
from backend.programmes.rules import may_run_programmes
from backend.safeguarding.actions import change_programme, start_programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.queries import required_kinds
from backend.web.programmes.forms import WEIGHT_LABELS, EditProgrammeForm, NewProgrammeForm
from backend.web.shell import words
from backend.web.shell.access import form_page, staff
from backend.web.shell.request import Request


@require_GET
@staff
def programmes(request: Request) -> HttpResponse:
    lines = [_line(line) for line in programme_lines(request.actor)]
    return render(request, "programmes/programmes.html", {"lines": lines})


@require_GET
@staff
def programme(request: Request, public_id: UUID) -> HttpResponse:
    line = access_programme(public_id, actor=request.actor)
    now = clock.now()
    context = {
        "programme": line.programme,
        "line": line,
        "state": _state(line.programme),
        "may_run": may_run_programmes(request.actor, line.programme.organisation_id),
        "numbers": _numbers(line),
        "requirements": [
            RequirementKind(kind).label
            for kind in required_kinds(programme_id=line.programme.pk, side=Side.MENTOR)
        ],
        "weights": _weights(line.programme),
        "musts": _musts(line.programme),
        "facts": _facts(line.programme),
        "safeguarding": _safeguarding(line.programme, now),
        "needed": SAFEGUARDING_PERSONS,
    }
    return render(request, "programmes/programme.html", context)


@form_page
@staff
def programme_new(request: Request) -> HttpResponse:
    offices = [each for each in staffed_by(request.actor) if may_run_programmes(request.actor, each.pk)]
    require(bool(offices))
    form = NewProgrammeForm(request.POST or None, organisations=offices)
    if request.method == "POST" and form.is_valid():
        try:
            made = start_programme(
                organisation_id=form.organisation().pk,
                settings=form.settings(),
                requirements=form.requirement_kinds(),
                actor=request.actor,
                now=clock.now(),
            )
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The programme is there. Open it when all is ready."))
            return redirect("programme", made.public_id)
    return render(request, "programmes/new.html", {"form": form})


@form_page
@staff
def programme_edit(request: Request, public_id: UUID) -> HttpResponse:
    found = access_programme(public_id, actor=request.actor).programme
    require(may_run_programmes(request.actor, found.organisation_id))
    form = EditProgrammeForm(
        request.POST or None,
        programme=found,
        requirements=required_kinds(programme_id=found.pk, side=Side.MENTOR),
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_programme(
                programme_id=found.pk,
                settings=form.settings(),
                requirements=form.requirement_kinds(),
                actor=request.actor,
                now=clock.now(),
            )
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The settings count from the next matching on."))
            return redirect("programme", found.public_id)
    return render(request, "programmes/edit.html", {"form": form, "programme": found})


@require_POST
@staff
def programme_open(request: Request, public_id: UUID) -> HttpResponse:
    found = access_programme(public_id, actor=request.actor).programme
    open_programme(programme_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The programme is open."))
    return redirect("programme", found.public_id)


@require_POST
@staff
def programme_close(request: Request, public_id: UUID) -> HttpResponse:
    found = access_programme(public_id, actor=request.actor).programme
    close_programme(programme_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The programme is closed. What runs goes on."))
    return redirect("programme", found.public_id)


def _line(line: ProgrammeLine) -> dict[str, Any]:
    """A programme of the list, in words."""
    programme = line.programme
    newcomers = ngettext("%(count)d newcomer", "%(count)d newcomers", line.newcomers)
    mentors = ngettext("%(count)d mentor", "%(count)d mentors", line.mentors)
    return {
        "public_id": programme.public_id,
        "name": programme.name,
        "kind": programme.get_kind_display(),
        "is_open": programme.is_open,
        "state": _state(programme),
        "people": f"{newcomers % {'count': line.newcomers}} · {mentors % {'count': line.mentors}}",
    }


def _state(programme: Programme) -> str:
    if programme.is_open:
        return _("open")
    return _("closed") if programme.closed_at else _("not open yet")


def _facts(programme: Programme) -> list[tuple[str, Any]]:
    return [
        (_("Kind"), programme.get_kind_display()),
        (_("They meet"), programme.get_cadence_display()),
        (_("Weeks"), programme.duration_weeks),
        (_("Asked first"), programme.get_asks_first_display()),
        (_("Days to answer"), programme.offer_days),
        (_("Reminder after"), _days(programme.reminder_days)),
        (_("First meeting"), _hosting(programme)),
        (_("First check-ins"), _first_check_ins(programme)),
        (_("Then a check-in every"), _days(programme.check_in_every_days)),
        (_("Aim"), programme.get_objective_display()),
    ]


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hosting(programme: Programme) -> str:
    return _("with a coordinator") if programme.hosts_first_meeting else _("the two alone")


def _first_check_ins(programme: Programme) -> str:
    return _("after %(days)s days") % {"days": words.listed([str(day) for day in programme.first_check_ins])}


def _musts(programme: Programme) -> list[tuple[str, Any]]:
    """What must be before two people are suggested to each other."""
    must = require_of(programme.criteria)
    names: dict[Any, Any] = dict(Level.choices) | dict(Travels.choices)
    rows = [
        (_("A shared language"), must.get("languages")),
        (_("Shared half-days"), must.get("hours")),
        (_("Who must be able to travel"), must.get("way")),
    ]
    return [(what, names.get(value, value)) for what, value in rows if value is not None]


def _numbers(line: ProgrammeLine) -> list[tuple[Any, Any, int, str]]:
    """(side, state in words, how many, query of the list that shows them), the ended last."""
    rows = [
        (Side(side).label, EnrolmentState(state).label, number, f"side={side}&state={state}")
        for (side, state), number in sorted(line.numbers.items(), reverse=True)
    ]
    return sorted(rows, key=lambda row: row[3].endswith(EnrolmentState.ENDED))


def _weights(programme: Programme) -> list[tuple[Any, str, float]]:
    """(what, how much it counts in words, its share of the heaviest), the heaviest first."""
    weights = weights_of(programme.criteria)
    most = max(weights.values(), default=0) or 1
    rows = sorted(weights.items(), key=lambda pair: -pair[1])
    return [
        (WEIGHT_LABELS[name], _counts(weight / most), weight / most)
        for name, weight in rows
        if name in WEIGHT_LABELS
    ]


def _counts(share: float) -> str:
    if share == 0:
        return _("does not count")
    if share >= 0.75:
        return _("counts most")
    return _("counts") if share >= 0.4 else _("counts a little")


def _safeguarding(programme: Programme, now: datetime) -> list[str]:
    names = names_in(programme.organisation_id)
    people = people_with_role(programme.organisation_id, Role.SAFEGUARDING, now=now)
    return sorted(names[person_id] for person_id in people)
