"""Who looks after somebody: take over, hand over, and what colleagues pass on with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import colleagues_with_role, names_in
from backend.profiles import handovers as actions
from backend.profiles.queries import access_handover, access_profile, my_people, people_of, person_here
from backend.web.people.forms import CHOOSE
from backend.web.people.steps import back_to
from backend.web.shell.access import form_page, staff, staff_names
from backend.web.shell.request import Request
from backend.web.shell.words import moment


class HandOverForm(forms.Form):
    """To which colleague, and what they must know. `held_by` is who had the person when the page was made."""

    to = forms.ChoiceField(label=gettext_lazy("Who looks after them from now on?"))
    summary = forms.CharField(
        label=gettext_lazy("What must your colleague know?"),
        help_text=gettext_lazy("It stands on the file. Only those who work on cases here can read it."),
        required=False,
        max_length=actions.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    held_by = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, colleagues: list[Membership], names_office: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.colleagues = {f"{row.organisation_id}.{row.person.public_id}": row for row in colleagues}
        choice: Any = self.fields["to"]
        choice.choices = [CHOOSE] + [
            (key, f"{row.name} ({row.organisation.name})" if names_office else row.name)
            for key, row in self.colleagues.items()
        ]

    def chosen(self) -> Membership:
        return self.colleagues[self.cleaned_data["to"]]


@require_POST
@staff
def take_over(request: Request, public_id: UUID) -> HttpResponse:
    profile = access_profile(public_id, actor=request.actor)
    try:
        actions.take_over(profile_id=profile.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        messages.warning(request, str(problem))
    else:
        said = {"name": profile.called}
        messages.success(request, _("You look after %(name)s from now on.") % said)
    return back_to(request, profile)


@form_page
@staff
def hand_over(request: Request, public_id: UUID) -> HttpResponse:
    """Pass one person on to a colleague."""
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    office = profile.organisation
    others = [row for row in _colleagues([office]) if row.person_id != profile.coordinator_id]
    holder = profile.coordinator.public_id if profile.coordinator else None
    form = HandOverForm(request.POST or None, colleagues=others, initial={"held_by": holder})
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(
                profile_ids=[profile.pk],
                from_person_id=person_here(form.cleaned_data["held_by"], organisation=office),
                to_person=form.chosen().person,
                summary=form.cleaned_data["summary"],
                actor=request.actor,
                now=now,
            )
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Handed over. Your colleague is told."))
            return redirect("person", profile.public_id)
    title, lead = _("Hand over"), _("Your colleague gets a notice, and this file shows what you write here.")
    if not others:
        lead = _("There is no other colleague yet. A manager can add one.")
    context = {"form": form, "profile": profile, "title": title, "lead": lead}
    return render(request, "people/step.html", context)


@form_page
@staff_names
def hand_over_mine(request: Request) -> HttpResponse:
    """Pass on everybody one looks after, as before a holiday."""
    people = list(my_people(request.actor).select_related("organisation"))
    offices = sorted({profile.organisation for profile in people}, key=lambda office: office.name)
    others = [row for row in _colleagues(offices) if row.person_id != request.actor.person_id]
    form = HandOverForm(request.POST or None, colleagues=others, names_office=len(offices) > 1)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            made = actions.hand_over_all(
                organisation=chosen.organisation,
                to_person=chosen.person,
                summary=form.cleaned_data["summary"],
                actor=request.actor,
                now=clock.now(),
            )
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Handed over. Your colleague is told."))
            return redirect("handover", made.public_id)
    return render(request, "people/hand_over.html", {"form": form, "people": people, "others": others})


@require_safe
@staff
def handover(request: Request, public_id: UUID) -> HttpResponse:
    """What one colleague passed on to another, and of whom. That it was read is written down."""
    found = access_handover(public_id, actor=request.actor)
    audit.record_about("handover_opened", found, actor=request.actor, now=clock.now())
    names = names_in(found.organisation_id)
    context = {
        "handover": found,
        "people": people_of(found),
        "at": moment(found.at),
        "by": names.get(found.by_id, ""),
        "to": names.get(found.to_person_id, ""),
    }
    return render(request, "people/handover.html", context)


def _colleagues(offices: list[Organisation]) -> list[Membership]:
    now = clock.now()
    return [row for office in offices for row in colleagues_with_role(office.pk, *CASE_ROLES, now=now)]
