"""Somebody joins a mentoring, leaves it, or stands in for a mentor: forms for staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight.endings import StandIn, people_to_join, stand_ins_for
from backend.insight.mentorings import access_mentoring
from backend.pairings.actions import add_member, member_leaves, replace_mentor
from backend.pairings.enums import EndReason, MemberRole
from backend.pairings.models import Pairing, PairingMember
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.web.mentorings import drawing
from backend.web.mentorings.forms import JoinForm, LeaveForm, StandInForm
from backend.web.shell import words
from backend.web.shell.access import form_page, staff
from backend.web.shell.request import Request


@form_page
@staff
def join(request: Request, public_id: UUID) -> HttpResponse:
    found, now = access_mentoring(public_id, actor=request.actor), clock.now()
    people = {str(e.public_id): e for e in people_to_join(found, actor=request.actor)}
    choices = [(key, _named(e)) for key, e in people.items()]
    form = JoinForm(request.POST or None, people=[("", _("Choose a person")), *choices])

    def act() -> None:
        given = form.cleaned_data
        add_member(
            pairing_id=found.pk,
            enrolment_id=people[given["who"]].pk,
            role=MemberRole(given["role"]),
            told=form.told(),
            others_told=form.told("others_"),
            actor=request.actor,
            now=now,
        )

    return step(
        request,
        found,
        form,
        act,
        title=_("Somebody joins"),
        lead=_("A couple, siblings or an interpreter. Ask them and everyone in the mentoring first."),
        done=_("They take part now. Everyone has been told."),
        nobody="" if people else _("Nobody else in this programme has a free place."),
    )


@form_page
@staff
def leave(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    found = access_mentoring(public_id, actor=request.actor)
    member, form = member_of(found, enrolment_id), LeaveForm(request.POST or None)

    def act() -> None:
        member_leaves(
            pairing_id=found.pk,
            member_id=member.pk,
            reason=EndReason(form.cleaned_data["reason"]),
            actor=request.actor,
            now=clock.now(),
        )

    name = {"name": member.enrolment.profile.full_name}
    return step(
        request,
        found,
        form,
        act,
        title=_("%(name)s leaves") % name,
        lead=_("The mentoring goes on with the others. When nobody of one side is left, it ends."),
        done=_("Noted. Everyone has been told, and the place is free."),
    )


@form_page
@staff
def stand_in(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    """The same day: one leaves and another comes, best first by what they share."""
    found, now = access_mentoring(public_id, actor=request.actor), clock.now()
    leaving = member_of(found, enrolment_id)
    if leaving.side != Side.MENTOR:
        raise Http404
    day = found.programme.organisation.today(now)
    free = stand_ins_for(found, leaving_id=leaving.enrolment_id, day=day)
    people = {str(s.enrolment.public_id): s.enrolment for s in free}
    form = StandInForm(
        request.POST or None,
        people=[(str(s.enrolment.public_id), s.enrolment.profile.full_name) for s in free],
    )
    who: Any = form.fields["who"]
    who.widget.hints = {str(s.enrolment.public_id): _shared(s) for s in free}

    def act() -> None:
        given = form.cleaned_data
        replace_mentor(
            pairing_id=found.pk,
            member_id=leaving.pk,
            enrolment_id=people[given["who"]].pk,
            reason=EndReason(given["reason"]),
            role=MemberRole(given["role"]),
            told=form.told(),
            others_told=form.told("others_"),
            actor=request.actor,
            now=now,
        )

    return step(
        request,
        found,
        form,
        act,
        title=_("Somebody comes instead of %(name)s") % {"name": leaving.enrolment.profile.full_name},
        lead=_("Free mentors with all proofs, whom nothing keeps from the others. The best is first."),
        done=_("Done. Everyone has been told, and the mentoring goes on."),
        nobody="" if free else _("No free mentor suits everyone here today."),
    )


def member_of(found: Pairing, enrolment_id: UUID) -> PairingMember:
    """The latest seat of this person in the mentoring. Raises Http404."""
    seats = [m for m in found.members.all() if m.enrolment.public_id == enrolment_id]
    if not seats:
        raise Http404
    return max(seats, key=lambda m: m.pk)


def step(
    request: Request,
    found: Pairing,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    lead: str,
    done: str,
    nobody: str = "",
) -> HttpResponse:
    """Show the form, or do what it says and go back to the mentoring; a refusal stands at the form."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Expected as problem:
            form.add_error(None, str(problem))
            status = problem.status
        else:
            messages.success(request, done)
            return redirect("mentorings:detail", found.public_id)
    context = {
        "form": form,
        "mentoring": found,
        "names": drawing.names_of(found, called=True),
        "title": title,
        "lead": lead,
        "nobody": nobody,
    }
    _log_read(request, found)
    return render(request, "mentorings/step.html", context, status=status)


def _log_read(request: Request, found: Pairing) -> None:
    office, about = found.programme.organisation_id, ("pairing", found.public_id)
    audit.record("pairing_opened", actor=request.actor, about=about, now=clock.now(), organisation_id=office)


def _named(enrolment: Enrolment) -> str:
    side = {"name": enrolment.profile.full_name, "side": Side(enrolment.side).label}
    return _("%(name)s (%(side)s)") % side


def _shared(stand_in: StandIn) -> str:
    overlap = stand_in.overlap
    both = len(set(overlap.mentor_slots) & set(overlap.newcomer_slots))
    km = overlap.kilometres
    return words.joined(
        words.spoken_names(shared.tag for shared in overlap.languages),
        words.half_days(both),
        words.listed(words.topics(overlap.topics_met)),
        "" if km is None else _("%(km)d km") % {"km": round(km)},
    )
