"""Meetings that were held, goals and expenses, as members see them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from backend.core import clock
from backend.insight.together import Together
from backend.meetings.enums import GoalState
from backend.meetings.queries.lasting import goals_of, held_meetings, noted_by
from backend.meetings.rules import may_ask_for_pause, may_choose_goals, may_log_meeting
from backend.pairings.enums import PairingState
from backend.pairings.models import Pairing
from backend.web.shell.request import Request
from backend.web.together import lasting_words
from backend.web.together.lasting_forms import AgainForm, GoalForm, MetForm, PauseForm, StepForm

MOST_SHOWN = 4


def part(request: Request, seen: Together) -> dict[str, Any]:
    """What `together/_lasting.html` shows."""
    pairing = seen.pairing
    return shared(request, pairing) | {
        "may_ask_pause": may_ask_for_pause(request.actor, pairing) and pairing.state == PairingState.ACTIVE,
        "pause_form": PauseForm(auto_id="pause_%s"),
    }


def shared(request: Request, pairing: Pairing, *, of_others: bool = False) -> dict[str, Any]:
    """What members and staff see alike: meetings and goals, and what may be written down of them."""
    held = held_meetings(pairing)
    latest = list(held[:MOST_SHOWN])
    goals = goals_of(pairing)
    return {
        "met": lasting_words.met(latest, noted_by(latest), actor=request.actor, now=clock.now()),
        "met_count": held.count(),
        "may_log": may_log_meeting(request.actor, pairing),
        "met_form": MetForm(of_others=of_others, auto_id="met_%s"),
        "of_others": of_others,
        "again": _again(request),
        "client_id": uuid4(),
        "elsewhere": pairing.writes_elsewhere_at is not None,
        "goals": lasting_words.goals(goal for goal in goals if goal.state != GoalState.DROPPED),
        "dropped": lasting_words.goals(goal for goal in goals if goal.state == GoalState.DROPPED),
        "may_choose": may_choose_goals(request.actor, pairing),
        "goal_form": GoalForm(of_others=of_others, auto_id="goal_%s"),
        "step_form": StepForm(auto_id=False),
    }


def _again(request: Request) -> dict[str, Any] | None:
    """The day that was noted already, if the reader has just tried to note it again."""
    form = AgainForm(request.GET)
    return form.cleaned_data if form.is_valid() else None
