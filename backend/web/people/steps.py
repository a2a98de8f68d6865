"""What staff do with one person: a talk, a proof, a contact, a programme, a household, two kept apart."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import BadInput, Expected
from backend.insight.moves import waiting_since_elsewhere
from backend.pairings.actions import keep_apart, look_again_at
from backend.pairings.passing_on import passed_on
from backend.profiles.actions import keep_promised_call, log_contact, put_in_household
from backend.profiles.models import Profile
from backend.profiles.queries import access_contact, access_profile, others_beside
from backend.programmes import enrolments as actions
from backend.programmes.enums import Side
from backend.programmes.queries import access_enrolment, programmes_taking_in
from backend.safeguarding.actions import lift_restriction, record_clearance
from backend.safeguarding.files import access_restriction
from backend.web.people.forms import (
    CapacityForm,
    ClearanceForm,
    ContactForm,
    EnrolForm,
    HouseholdForm,
    RestrictionForm,
    TalkForm,
)
from backend.web.shell.access import form_page, staff
from backend.web.shell.request import Request
from backend.web.shell.words import Text

VERBS = {
    "refer": actions.refer,
    "postpone": actions.postpone,
    "pause": actions.pause,
    "resume": actions.resume,
    "end": actions.end_enrolment,
}


def back_to(request: Request, profile: Profile) -> HttpResponse:
    """To the file, or to the lines of Today where the button stood."""
    if "whose" in request.POST:
        return redirect(f"{reverse('today')}?{urlencode({'whose': request.POST['whose']})}")
    return redirect("person", profile.public_id)


def _step(
    request: Request,
    profile: Profile,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: Text,
    lead: Text = "",
    done: Text,
) -> HttpResponse:
    """Show the form, or act on what it says and go back to the file; a refusal stands at the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, str(done))
            return redirect("person", profile.public_id)
    context = {"form": form, "profile": profile, "title": title, "lead": lead}
    return render(request, "people/step.html", context)


@form_page
@staff
def talk(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    enrolment = access_enrolment(enrolment_id, profile=profile)
    if enrolment.side != Side.NEWCOMER:
        raise Http404
    today = profile.organisation.today(now)
    form = TalkForm(request.POST or None, initial={"held_on": today})
    return _step(
        request,
        profile,
        form,
        lambda: actions.record_intake_talk(
            enrolment_id=enrolment.pk, talk=form.talk(), actor=request.actor, now=now
        ),
        title=_("The first talk"),
        lead=_("With three times yes they are ready. Then a mentor can be suggested."),
        done=_("The talk is kept."),
    )


@form_page
@staff
def clearance(request: Request, public_id: UUID) -> HttpResponse:
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    today = profile.organisation.today(now)
    form = ClearanceForm(
        request.POST or None, initial={"seen_on": today, "kind": request.GET.get("kind", "")}
    )

    def act() -> None:
        record_clearance(profile=profile, actor=request.actor, now=now, **form.cleaned_data)
        look_again_at(profile_id=profile.pk)

    return _step(
        request,
        profile,
        form,
        act,
        title=_("A proof you saw"),
        lead=_("Note that you saw it. No copy of the paper is kept."),
        done=_("The proof is noted."),
    )


@form_page
@staff
def contact(request: Request, public_id: UUID) -> HttpResponse:
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    form = ContactForm(request.POST or None)
    return _step(
        request,
        profile,
        form,
        lambda: log_contact(profile=profile, actor=request.actor, now=now, **form.cleaned_data),
        title=_("You spoke with each other"),
        lead=_("This also ticks off the call that was promised."),
        done=_("The contact is noted."),
    )


@require_POST
@staff
def call_made(request: Request, public_id: UUID, contact_id: UUID) -> HttpResponse:
    profile = access_profile(public_id, actor=request.actor)
    promised = access_contact(contact_id, profile=profile)
    keep_promised_call(contact_id=promised.pk, actor=request.actor, now=clock.now())
    return back_to(request, profile)


@form_page
@staff
def restriction(request: Request, public_id: UUID) -> HttpResponse:
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    form = RestrictionForm(request.POST or None, people=others_beside(profile))

    def act() -> None:
        other = form.other_person()
        if other is None:
            raise BadInput
        keep_apart(first=profile, second=other, why=form.cleaned_data["why"], actor=request.actor, now=now)

    return _step(
        request,
        profile,
        form,
        act,
        title=_("Two who must not meet"),
        lead=_("From now on nothing brings them together. An open offer is taken back, a mentoring ends."),
        done=_("They are kept apart from now on."),
    )


@require_POST
@staff
def restriction_lift(request: Request, public_id: UUID, restriction_id: UUID) -> HttpResponse:
    profile = access_profile(public_id, actor=request.actor)
    found = access_restriction(restriction_id, profile=profile)
    lift_restriction(restriction_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, str(_("The two may meet again.")))
    return redirect("person", profile.public_id)


@form_page
@staff
def enrol(request: Request, public_id: UUID) -> HttpResponse:
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    here = [p for p in programmes_taking_in(request.actor) if p.organisation_id == profile.organisation_id]
    form = EnrolForm(request.POST or None, programmes=here, initial=_start_of(profile))
    return _step(
        request,
        profile,
        form,
        lambda: actions.enrol(
            profile=profile,
            programme=form.chosen(),
            side=Side(form.cleaned_data["side"]),
            capacity=form.cleaned_data["capacity"],
            registered_on=form.cleaned_data["registered_on"],
            actor=request.actor,
            now=now,
        ),
        title=_("Into a programme"),
        done=_("They are in the programme."),
    )


def _start_of(profile: Profile) -> dict[str, object]:
    """Whoever moved here keeps their place: since when they wait came with them."""
    moved = waiting_since_elsewhere(profile)
    passed = passed_on(moved) if moved else None
    if passed is None:
        return {"side": Side.NEWCOMER}
    side = passed.sides[0] if len(passed.sides) == 1 else Side.NEWCOMER
    return {"side": side, "registered_on": passed.registered_on}


@form_page
@staff
def household(request: Request, public_id: UUID) -> HttpResponse:
    profile, now = access_profile(public_id, actor=request.actor), clock.now()
    form = HouseholdForm(request.POST or None, people=others_beside(profile))
    return _step(
        request,
        profile,
        form,
        lambda: put_in_household(
            profile=profile, with_profile=form.other_person(), actor=request.actor, now=now
        ),
        title=_("The household"),
        lead=_("People who arrived or live together."),
        done=_("The household is kept."),
    )


@require_POST
@staff
def change(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    """One verb for one enrolment: pause, end and the like."""
    profile = access_profile(public_id, actor=request.actor)
    enrolment = access_enrolment(enrolment_id, profile=profile)
    act = VERBS.get(request.POST.get("verb", ""))
    if act is None:
        raise BadInput
    act(
        enrolment_id=enrolment.pk,
        actor=request.actor,
        now=clock.now(),
        why=request.POST.get("why", ""),
    )
    return redirect("person", profile.public_id)


@require_POST
@staff
def capacity(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    profile = access_profile(public_id, actor=request.actor)
    enrolment = access_enrolment(enrolment_id, profile=profile)
    form = CapacityForm(request.POST)
    if not form.is_valid():
        raise actions.BadCapacity
    actions.set_capacity(
        enrolment_id=enrolment.pk,
        capacity=form.cleaned_data["capacity"],
        actor=request.actor,
        now=clock.now(),
    )
    return redirect("person", profile.public_id)
