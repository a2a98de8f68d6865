"""The people an organisation looks after: the list, a person's file, and taking somebody in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Expected
from backend.organisations.queries import staffed_by
from backend.people.phones import e164
from backend.profiles.actions import open_file, update_profile
from backend.profiles.answers import BadAnswers
from backend.profiles.models import Profile
from backend.profiles.queries import access_profile, find_same_person
from backend.profiles.rules import may_make_slip
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.intake import take_in
from backend.programmes.queries import programmes_taking_in
from backend.safeguarding.files import person_file
from backend.safeguarding.needs import Need, case_lines
from backend.safeguarding.rules import may_lift
from backend.web.people import words
from backend.web.people.answers_form import AnswersForm, NewPersonForm
from backend.web.people.drawing import DrawnFile
from backend.web.people.narrowing import WHOSE, known, narrowed, without
from backend.web.shell.access import form_page, staff, staff_names
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request

ON_A_PAGE = 30


@require_GET
@staff_names
def people(request: Request) -> HttpResponse:
    """Everyone, by name, narrowed by what is asked in the address."""
    now = clock.now()
    offices, programmes = staffed_by(request.actor), programmes_taking_in(request.actor)
    asked, query = narrowed(request, programmes)
    today = offices[0].today(now)
    found = query.found(request.actor, day=today).select_related("town").prefetch_related("languages")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [words.line(case, today=today) for case in case_lines(list(page.object_list), day=today)],
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "tabs": _tabs(request, query.side),
        "programmes": programmes,
        "states": EnrolmentState.choices,
        "needs": Need.choices,
        "whose": WHOSE.items(),
        "query": without(request, "page"),
    }
    return render(request, "people/people.html", context)


@require_GET
@staff
def person(request: Request, public_id: UUID) -> HttpResponse:
    """One file. That it was read is written down."""
    now = clock.now()
    profile = access_profile(public_id, actor=request.actor)
    open_file(profile=profile, actor=request.actor, now=now)
    return render(request, "people/person.html", _file_context(request.actor, profile, now))


@form_page
@staff
def person_new(request: Request) -> HttpResponse:
    """Take in a newcomer or a volunteer who is not at the screen."""
    now = clock.now()
    side = Side(known(request.GET.get("side", ""), Side.values) or Side.NEWCOMER)
    programmes = programmes_taking_in(request.actor)
    if not programmes:
        return render(request, "people/no_programme.html")
    office = programmes[0].organisation
    today = office.today(now)
    form = NewPersonForm(
        request.POST or None,
        programmes=programmes,
        side=side,
        today=today,
        country=office.country,
        initial={"speaks": office.language},
    )
    alike: list[Profile] = []
    if request.method == "POST" and form.is_valid():
        alike = _alike(form) if "is_another" not in request.POST else []
        if alike:
            form.ask_whether_another()
        elif made := _take_in(request, form, side, now):
            messages.success(request, _("The file is there. Below you see what comes next."))
            return redirect("person", made.public_id)
    sides = [
        Tab(each.label, f"?side={each.value}", current=each == side) for each in (Side.NEWCOMER, Side.MENTOR)
    ]
    return render(request, "people/new.html", {"form": form, "tabs": sides, "alike": alike})


@form_page
@staff
def person_edit(request: Request, public_id: UUID) -> HttpResponse:
    """Change what is known; what nobody changed is not written."""
    now = clock.now()
    profile = access_profile(public_id, actor=request.actor)
    sides = {place.enrolment.side for place in person_file(profile, day=now.date()).places}
    form = AnswersForm(
        request.POST or None,
        before=profile,
        side=sides.pop() if len(sides) == 1 else "",
        country=profile.organisation.country,
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(profile_id=profile.pk, answers=form.answers(), actor=request.actor, now=now)
        except BadAnswers as problem:
            _mark(form, problem)
        else:
            messages.success(request, _("The answers are kept."))
            return redirect("person", profile.public_id)
    else:
        open_file(profile=profile, actor=request.actor, now=now)
    return render(request, "people/edit.html", {"form": form, "profile": profile})


def _take_in(request: Request, form: NewPersonForm, side: Side, now: datetime) -> Profile | None:
    try:
        return take_in(
            programme=form.programme(),
            side=side,
            answers=form.answers(),
            told=form.told(),
            agreed=form.agreed(),
            capacity=form.cleaned_data.get("capacity", 1),
            registered_on=form.cleaned_data["registered_on"],
            language=form.cleaned_data["speaks"],
            actor=request.actor,
            now=now,
        ).profile
    except BadAnswers as problem:
        _mark(form, problem)
    except Expected as problem:
        form.add_error(None, str(problem))
    return None


def _mark(form: AnswersForm, problem: BadAnswers) -> None:
    for name, sentence in problem.fields.items():
        form.add_error(name if name in form.fields else None, str(sentence))


def _alike(form: NewPersonForm) -> list[Profile]:
    said, office = form.answers(), form.programme().organisation
    return find_same_person(
        organisation_id=office.pk,
        phone=e164(said.phone, country=office.country) or "",
        email=said.email,
        full_name=said.full_name,
        born=said.born,
    )


def _file_context(actor: Actor, profile: Profile, now: datetime) -> dict[str, Any]:
    today = profile.organisation.today(now)
    file = person_file(profile, day=today)
    return {
        "file": file,
        "profile": profile,
        "drawn": DrawnFile(file, today),
        "may_make_slip": may_make_slip(actor, profile, now=now),
        "apart": [(row, may_lift(actor, row.restriction)) for row in file.apart],
    }


def _tabs(request: Request, side: str) -> list[Tab]:
    rest = without(request, "page", "side")
    both = [("", _("Everyone")), (Side.NEWCOMER.value, _("Newcomers")), (Side.MENTOR.value, _("Volunteers"))]
    return [Tab(label, f"?side={value}&{rest}".rstrip("&"), current=value == side) for value, label in both]
