"""One's own organisation: everybody there sees who works in it and what it runs, its managers change it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import Expected, require
from backend.organisations.actions import add_colleague, change_organisation, end_role, grant_role
from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import (
    access_colleague,
    access_organisation,
    access_role,
    offices_of,
    people_with_role,
    roles_in,
)
from backend.organisations.rules import may_change_organisation, may_grant_roles, may_switch_learning
from backend.pairings.actions import switch_learning
from backend.pairings.decisions import models_in_use
from backend.people.slips import make_slip
from backend.profiles.rules import may_make_colleague_slip
from backend.programmes.actions import SAFEGUARDING_PERSONS
from backend.programmes.queries import programmes_of
from backend.web.account.slips import SignsInOtherwise, paper
from backend.web.organisation import drawing
from backend.web.organisation.forms import ColleagueForm, OrganisationForm, RoleForm
from backend.web.shell.access import form_page, signed_in
from backend.web.shell.request import Request
from backend.web.shell.stepup import require_recent_sign_in


@require_safe
@signed_in
def organisations(request: Request) -> HttpResponse:
    """The one somebody works in; with several, the others are a tab away."""
    offices = offices_of(request.actor)
    if not offices:
        raise Http404
    return redirect("organisation", offices[0].public_id)


@require_safe
@signed_in
def organisation(request: Request, public_id: UUID) -> HttpResponse:
    office, now, actor = access_organisation(public_id, actor=request.actor), clock.now(), request.actor
    may_manage, roles, day = may_grant_roles(actor, office.pk), roles_in(office), office.today(now)
    programmes = programmes_of(office.pk, actor=actor)
    named = len(people_with_role(office.pk, Role.SAFEGUARDING, now=now))
    context = {
        "office": office,
        "tabs": drawing.tabs(offices_of(actor), current=office),
        "facts": drawing.facts(office),
        "groups": drawing.groups(roles, day=day, linked=may_manage),
        "past": drawing.past(roles, day=day, linked=may_manage),
        "safeguarding": drawing.safeguarding(roles, day=day, linked=may_manage),
        "named": named,
        "needed": SAFEGUARDING_PERSONS,
        "tone": "plain" if named >= SAFEGUARDING_PERSONS else "look",
        "programmes": drawing.programmes(programmes, linked=bool(actor.organisations(*CASE_ROLES))),
        "learned": drawing.learned(programmes, models_in_use(office.pk)) if office.learns else [],
        "may_switch": may_switch_learning(actor, office.pk),
        "may_manage": may_manage,
    }
    return render(request, "organisation/organisation.html", context)


@form_page
@signed_in
def organisation_change(request: Request, public_id: UUID) -> HttpResponse:
    """Its town, language and time zone."""
    office = access_organisation(public_id, actor=request.actor)
    require(may_change_organisation(request.actor, office.pk))
    form = OrganisationForm(request.POST or None, organisation=office)
    if request.method == "POST" and form.is_valid():
        change_organisation(
            organisation_id=office.pk, **form.settings(), actor=request.actor, now=clock.now()
        )
        messages.success(request, _("Saved."))
        return redirect("organisation", office.public_id)
    return render(request, "organisation/change.html", {"form": form, "office": office})


@require_POST
@signed_in
def organisation_learning(request: Request, public_id: UUID) -> HttpResponse:
    """Whether suggestions learn from decisions; off forgets what was learned."""
    office = access_organisation(public_id, actor=request.actor)
    require(may_switch_learning(request.actor, office.pk))
    if (wanted := request.POST.get("learns")) in ("on", "off"):
        switch_learning(
            organisation_id=office.pk, learns=wanted == "on", actor=request.actor, now=clock.now()
        )
        messages.success(request, _("Saved."))
    return redirect("organisation", office.public_id)


@form_page
@signed_in
def colleague_new(request: Request, public_id: UUID) -> HttpResponse:
    office, now = _managed(request, public_id), clock.now()
    form = ColleagueForm(request.POST or None, initial={"starts_on": office.today(now)})
    if request.method == "POST" and form.is_valid():
        try:
            made = add_colleague(organisation=office, **form.granted(), actor=request.actor, now=now)
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("They work here now. Next, give them a sign-in slip."))
            return redirect("colleague", office.public_id, made.person.public_id)
    return render(request, "organisation/colleague_new.html", {"form": form, "office": office})


@form_page
@signed_in
def colleague(request: Request, public_id: UUID, person: UUID) -> HttpResponse:
    """The roles of one colleague; a POST grants another."""
    office, now = _managed(request, public_id), clock.now()
    roles = access_colleague(person, organisation=office)
    form = RoleForm(request.POST or None, initial={"starts_on": office.today(now)})
    if request.method == "POST" and form.is_valid() and _granted(request, form, roles[0]):
        messages.success(request, _("Saved."))
        return redirect("colleague", office.public_id, person)
    context = {
        "form": form,
        "office": office,
        "person": person,
        "name": roles[0].name,
        "lines": [drawing.line(role, day=office.today(now)) for role in roles],
        "may_make_slip": may_make_colleague_slip(request.actor, office, roles[0].person),
    }
    return render(request, "organisation/colleague.html", context)


def _granted(request: Request, form: RoleForm, before: Membership) -> bool:
    """Whether they have the role now; otherwise the form says why not."""
    try:
        grant_role(
            organisation=before.organisation,
            person=before.person,
            name=before.name,
            **form.granted(),
            actor=request.actor,
            now=clock.now(),
        )
    except Expected as problem:
        form.add_error("role", str(problem))
    return form.is_valid()


@require_POST
@signed_in
def role_end(request: Request, public_id: UUID) -> HttpResponse:
    role = access_role(public_id, actor=request.actor)
    office = _managed(request, role.organisation.public_id)
    try:
        end_role(membership_id=role.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, _("The role has ended. It opens nothing any more."))
    return redirect("organisation", office.public_id)


@form_page
@signed_in
def colleague_slip(request: Request, public_id: UUID, person: UUID) -> HttpResponse:
    """The first sign-in of a colleague, on paper. The code is on it once; a second POST makes another."""
    office = _managed(request, public_id)
    role = access_colleague(person, organisation=office)[0]
    require(may_make_colleague_slip(request.actor, office, role.person), SignsInOtherwise)
    context = {"name": role.name}
    if request.method == "POST":
        slip, code = make_slip(person=role.person, actor=request.actor, now=clock.now())
        context["paper"] = paper(request, slip, code)
    return render(request, "account/slip_make.html", context)


def _managed(request: Request, public_id: UUID) -> Organisation:
    """One that the actor manages, having signed in a moment ago. Raises Http404, NotAllowed."""
    office = access_organisation(public_id, actor=request.actor)
    require(may_grant_roles(request.actor, office.pk))
    require_recent_sign_in(request)
    return office
