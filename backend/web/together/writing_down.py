"""What is sent from the pages of a mentoring while it lasts, by members and by staff alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.core import clock
from backend.core.errors import BadInput
from backend.meetings.actions import goals
from backend.meetings.actions.elsewhere import write_elsewhere, write_here
from backend.meetings.actions.logging import log_meeting, take_back_meeting
from backend.meetings.models import Goal
from backend.meetings.queries.lasting import access_goal, access_meeting, access_step
from backend.pairings.models import Pairing
from backend.web.shell.request import Request
from backend.web.shell.words import Text
from backend.web.together.lasting_forms import GoalForm, MetForm, StepForm, WordsForm

Verb = Callable[..., Any]
GOAL_VERBS: dict[str, tuple[Verb, Text]] = {
    "reach": (goals.reach_goal, gettext_lazy("Reached. Well done.")),
    "drop": (goals.drop_goal, gettext_lazy("The goal is put away. You can take it up again.")),
    "reopen": (goals.reopen_goal, gettext_lazy("The goal is open again.")),
}


def met(request: Request, pairing: Pairing, form: MetForm, *, back: str) -> HttpResponse:
    """Note a meeting from a form that is valid; `back` names the page. Raises what `log_meeting` raises."""
    now, said = clock.now(), form.cleaned_data
    on = form.chosen(today=pairing.programme.organisation.today(now))
    noted = log_meeting(
        pairing_id=pairing.pk,
        on=on,
        minutes=said["minutes"],
        client_id=said["client_id"],
        another="another" in request.POST,
        actor=request.actor,
        now=now,
    )
    there = reverse(back, args=[pairing.public_id])
    if noted.was_there and noted.meeting.client_id != said["client_id"]:
        return redirect(f"{there}?{urlencode({'on': on.isoformat(), 'minutes': said['minutes']})}#met")
    messages.success(request, _("The meeting is noted. Thank you."))
    return redirect(there)


def take_back(request: Request, pairing: Pairing, meeting_id: UUID) -> None:
    found = access_meeting(meeting_id, pairing=pairing)
    take_back_meeting(meeting_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The meeting is taken back."))


def elsewhere(request: Request, pairing: Pairing) -> None:
    """on: they write elsewhere; anything else: here again."""
    act = write_elsewhere if request.POST.get("elsewhere") == "on" else write_here
    act(pairing_id=pairing.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("Thank you. We have noted it."))


def choose_goal(request: Request, pairing: Pairing, form: GoalForm) -> None:
    said = form.cleaned_data
    goals.choose_goal(
        pairing_id=pairing.pk,
        text=said["text"],
        steps=said["steps"].splitlines(),
        client_id=said["client_id"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("The goal stands in the list."))


def change_goal(request: Request, pairing: Pairing, goal_id: UUID) -> None:
    goal, verb, now = access_goal(goal_id, pairing=pairing), request.POST.get("verb", ""), clock.now()
    if verb in ("step", "reword"):
        _write_in(request, goal, verb, now)
        return
    if verb not in GOAL_VERBS:
        raise BadInput
    act, said = GOAL_VERBS[verb]
    act(goal_id=goal.pk, actor=request.actor, now=now)
    messages.success(request, str(said))


def _write_in(request: Request, goal: Goal, verb: str, now: datetime) -> None:
    form = StepForm(request.POST) if verb == "step" else WordsForm(request.POST)
    if not form.is_valid():
        raise goals.GoalIsEmpty
    act = goals.add_step if verb == "step" else goals.reword_goal
    act(goal_id=goal.pk, **form.cleaned_data, actor=request.actor, now=now)


def tick(request: Request, pairing: Pairing, goal_id: UUID, step_id: UUID) -> None:
    step = access_step(step_id, goal=access_goal(goal_id, pairing=pairing))
    act = goals.tick_step if request.POST.get("done") == "on" else goals.untick_step
    act(step_id=step.pk, actor=request.actor, now=clock.now())
