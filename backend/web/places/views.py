"""The public places where people of an organisation can meet: listed, added, changed, closed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected
from backend.meetings.actions import add_place, change_place, close_place
from backend.meetings.queries.beginning import access_place, places_of
from backend.meetings.rules import may_manage_places
from backend.organisations.models import Organisation
from backend.organisations.queries import access_organisation
from backend.web.shell.access import form_page, signed_in
from backend.web.shell.request import Request


class PlaceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    note = forms.CharField(
        label=gettext_lazy("Good to know"),
        help_text=gettext_lazy("Such as opening hours, step-free, a room to ask for."),
        max_length=200,
        required=False,
    )


@form_page
@signed_in
def places(request: Request, public_id: UUID) -> HttpResponse:
    """The list for everybody there, and a form to add one for coordinators."""
    office = access_organisation(public_id, actor=request.actor)
    form = PlaceForm(request.POST or None)
    if request.method == "POST":
        _manage(request, public_id)
        if form.is_valid() and _added(request, office, form):
            messages.success(request, _("Added. It can be chosen for meetings now."))
            return redirect("places:list", public_id)
    found = places_of(office.pk)
    context = {
        "office": office,
        "open": [place for place in found if place.closed_at is None],
        "closed": [place for place in found if place.closed_at is not None],
        "may_manage": may_manage_places(request.actor, office.pk),
        "form": form,
    }
    return render(request, "places/places.html", context, status=422 if form.is_bound else 200)


def _added(request: Request, office: Organisation, form: PlaceForm) -> bool:
    """Whether it was added; otherwise the form says why not."""
    try:
        add_place(organisation_id=office.pk, actor=request.actor, now=clock.now(), **form.cleaned_data)
    except Expected as problem:
        form.add_error(None, str(problem))
        return False
    return True


@form_page
@signed_in
def place(request: Request, public_id: UUID, place: UUID) -> HttpResponse:
    office = _manage(request, public_id)
    found = access_place(place, organisation_id=office.pk)
    initial = {"name": found.name, "address": found.address, "note": found.note}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_place(place_id=found.pk, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("places:list", public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {"office": office, "place": found, "form": form}
    return render(request, "places/place.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def close(request: Request, public_id: UUID, place: UUID) -> HttpResponse:
    office = _manage(request, public_id)
    found = access_place(place, organisation_id=office.pk)
    close_place(place_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("Closed. What is planned there stays. Move it if you need to."))
    return redirect("places:list", public_id)


def _manage(request: Request, public_id: UUID) -> Organisation:
    """The organisation, for those who keep its list. Raises Http404 for others."""
    office = access_organisation(public_id, actor=request.actor)
    if not may_manage_places(request.actor, office.pk):
        raise Http404
    return office
