"""From a person's file: they move to a town where another organisation works."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.moves import open_move_of, places_to_move
from backend.pairings.actions import ask_to_transfer
from backend.profiles.queries import access_profile
from backend.web.shell.access import form_page, staff
from backend.web.shell.request import Request
from backend.web.transfers.forms import MoveForm


@form_page
@staff
def transfer(request: Request, public_id: UUID) -> HttpResponse:
    """Choose the organisation and write the summary; the person reads it before anybody there does."""
    profile = access_profile(public_id, actor=request.actor)
    if request.method == "GET" and (known := open_move_of(profile)):
        return redirect("transfers:page", known.public_id)
    form = MoveForm(request.POST or None, places=places_to_move(profile.organisation_id))
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_to_transfer(
                profile_id=profile.pk,
                to_organisation_id=form.chosen().pk,
                summary=form.cleaned_data["summary"],
                actor=request.actor,
                now=clock.now(),
            )
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The person is asked now. Or read it to them and note their answer."))
            return redirect("transfers:page", asked.public_id)
    context = {
        "form": form,
        "profile": profile,
        "title": _("Moving to another town"),
        "lead": _("Another organisation can take over, if the person agrees to what it gets."),
    }
    return render(request, "people/step.html", context)
