"""Before and after the first meeting: what each confirms, whether they go on, and meetings at home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected
from backend.insight.meetings import Start, access_pairing, start_of
from backend.meetings import actions
from backend.meetings.enums import Confirmed, GoOnAnswer, MeetingState
from backend.meetings.queries.beginning import Member, missing_confirmations
from backend.meetings.rules import (
    may_allow_home,
    may_record_for_members,
    may_speak_for_themselves,
)
from backend.meetings.texts import TEXTS
from backend.pairings.models import Pairing
from backend.web.meetings.forms import HomeForm, ToldForm
from backend.web.meetings.views import back, page_of
from backend.web.shell import words
from backend.web.shell.access import form_page, signed_in, staff
from backend.web.shell.request import Request

HEARD = {
    Confirmed.BRIEFING: gettext_lazy("Heard what mentoring is and is not, and about the insurance"),
    Confirmed.AGREEMENT: gettext_lazy("Agrees to our agreement"),
}


@form_page
@signed_in
def confirm(request: Request, public_id: UUID, what: str) -> HttpResponse:
    """A short text; a tap says that one has read it. Looking changes nothing."""
    found = access_pairing(public_id, actor=request.actor)
    if what not in Confirmed.values:
        raise Http404
    if request.method == "POST":
        return _confirm(request, found, Confirmed(what))
    lacks = missing_confirmations(found, start_of(found, now=clock.now()).members)
    context = {
        "mentoring": found,
        "title": Confirmed(what).label,
        "texts": TEXTS[Confirmed(what)],
        "is_agreement": what == Confirmed.AGREEMENT,
        "may": may_speak_for_themselves(request.actor, found),
        "is_confirmed": what not in lacks.get(request.actor.acting_person_id, []),
    }
    return render(request, "meetings/confirm.html", context)


def _confirm(request: Request, found: Pairing, what: Confirmed) -> HttpResponse:
    actions.confirm(
        pairing_id=found.pk,
        what=what,
        language=get_language() or "en",
        actor=request.actor,
        now=clock.now(),
    )
    lacks = missing_confirmations(found, start_of(found, now=clock.now()).members)
    if still := lacks.get(request.actor.acting_person_id):
        return redirect("meetings:confirm", found.public_id, still[0].value)
    messages.success(request, _("Thank you. You are ready to meet."))
    return redirect("together:page", found.public_id)


@require_POST
@signed_in
def go_on(request: Request, public_id: UUID) -> HttpResponse:
    """The answer to "shall we go on?", by one tap."""
    found, said = access_pairing(public_id, actor=request.actor), request.POST.get("answer", "")
    if said not in GoOnAnswer.values:
        return back(request, found)
    try:
        actions.answer_go_on(
            pairing_id=found.pk, answer=GoOnAnswer(said), actor=request.actor, now=clock.now()
        )
    except Expected as problem:
        return page_of(request, found, problem=problem)
    messages.success(request, _("Thank you. Only your coordinator sees your answer."))
    return back(request, found)


@form_page
@staff
def told(request: Request, public_id: UUID, person: UUID) -> HttpResponse:
    """What one member told the office: all of one talk at once."""
    found = access_pairing(public_id, actor=request.actor)
    start = start_of(found, now=clock.now())
    speaker = next((member for member in start.asked if member.person == person), None)
    if speaker is None or not may_record_for_members(request.actor, found):
        raise Http404
    form = ToldForm(request.POST or None, choices=list(_sayable(start, speaker)))
    if request.method == "POST" and form.is_valid():
        try:
            for said in form.cleaned_data["said"]:
                _record(request, start, found, speaker, said, form)
            messages.success(request, _("Saved."))
            return redirect("mentorings:detail", public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "mentoring": found, "name": speaker.called, "texts": list(TEXTS.items())}
    return render(request, "meetings/told.html", context, status=422 if form.is_bound else 200)


def _sayable(start: Start, speaker: Member) -> Iterator[tuple[str, words.Text]]:
    """What can be noted for this member now: the value, and its label."""
    for what in start.missing.get(speaker.person_id, []):
        yield what.value, HEARD[what]
    for meeting in start.meetings:
        if meeting.state == MeetingState.PROPOSED:
            when = {"when": words.weekday_and_time(meeting.starts_at, zone=start.time_zone)}
            yield f"yes {meeting.public_id} {meeting.sequence}", _("That time suits: %(when)s") % when
            yield f"no {meeting.public_id} {meeting.sequence}", _("Cannot then: %(when)s") % when
    if start.asks(speaker.person_id):
        for answer in GoOnAnswer:
            yield f"go_on {answer.value}", answer.label


def _record(
    request: Request, start: Start, found: Pairing, speaker: Member, said: str, form: ToldForm
) -> None:
    """Write down one thing that was said. Raises what the actions raise."""
    heard: dict[str, Any] = {
        "told": form.told(),
        "person_id": speaker.person_id,
        "actor": request.actor,
        "now": clock.now(),
    }
    verb, *rest = said.split()
    if verb in Confirmed.values:
        language = form.told().language or speaker.language
        actions.confirm(pairing_id=found.pk, what=Confirmed(verb), language=language, **heard)
    elif verb == "go_on":
        actions.answer_go_on(pairing_id=found.pk, answer=GoOnAnswer(rest[0]), **heard)
    else:
        meeting = next(row for row in start.meetings if str(row.public_id) == rest[0])
        actions.answer_meeting(meeting_id=meeting.pk, suits=verb == "yes", sequence=int(rest[1]), **heard)


@form_page
@staff
def home(request: Request, public_id: UUID) -> HttpResponse:
    """Allow meetings at home: every adult there named and cleared."""
    found = access_pairing(public_id, actor=request.actor)
    if not may_allow_home(request.actor, found):
        raise Http404
    form = HomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.allow_home(
                pairing_id=found.pk,
                adults=form.cleaned_data["adults"].splitlines(),
                each_is_cleared=form.cleaned_data["each_is_cleared"],
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("Saved. They can now meet at home."))
            return redirect("mentorings:detail", public_id)
        except Expected as problem:
            form.add_error(None, str(problem))
    context = {"form": form, "mentoring": found}
    return render(request, "meetings/home.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff
def home_revoke(request: Request, public_id: UUID) -> HttpResponse:
    found = access_pairing(public_id, actor=request.actor)
    try:
        actions.revoke_home(pairing_id=found.pk, actor=request.actor, now=clock.now())
    except Expected as problem:
        return page_of(request, found, problem=problem)
    messages.success(request, _("Taken back. They meet in public places again."))
    return redirect("mentorings:detail", public_id)
