"""What was done last, in a sentence, with the way back for as long as there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.insight.desk_detail import LastStep, last_step
from backend.pairings.models import Suggestion
from backend.pairings.rules import UNDO, can_undo, may_decide
from backend.pairings.standing import TAKING_BACK
from backend.programmes.enums import Side
from backend.web.shell import words
from backend.web.shell.request import Request

_SAID: Mapping[str, words.Text] = {
    "release": _("%(pair)s: approved. %(asked)s is asked in half a minute."),
    "decline": _("%(pair)s: declined. Nobody is told, and both keep their place."),
    "call_first": _("%(pair)s: call first. The call stands on Today."),
    "put_off": _("%(pair)s: put off until %(day)s."),
    "bring_back": _("%(pair)s: back among those to look at."),
    "stage": _("%(pair)s: on the list to send."),
    "unstage": _("%(pair)s: taken off the list to send."),
}
_TAKEN_BACK = _("%(pair)s: taken back, as if nothing had happened.")


@dataclass(frozen=True, slots=True)
class Line:
    """`undo` is the suggestion whose last change can be taken back now; `changes`: as the page showed it."""

    text: str
    undo: UUID | None
    changes: int


def line(request: Request, *, now: datetime) -> Line | None:
    """What the reader has just done to the suggestion that the address names; nothing a while later."""
    try:
        done = UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    last = last_step(done, actor=request.actor)
    if last is None or last.event.by_id != request.actor.person_id or now >= last.event.at + UNDO:
        return None
    open_to_undo = can_undo(last.event, now=now) and may_decide(request.actor, last.suggestion)
    return Line(
        text=_text(last),
        undo=last.suggestion.public_id if open_to_undo else None,
        changes=last.changes,
    )


def _text(last: LastStep) -> str:
    verb = last.event.verb
    said = _TAKEN_BACK if verb in TAKING_BACK else _SAID.get(verb, _("%(pair)s: saved."))
    return str(said) % {
        "pair": pair(last.suggestion),
        "asked": _asked(last.suggestion),
        "day": words.day_month(date.fromisoformat(last.event.why)) if verb == "put_off" else "",
    }


def pair(suggestion: Suggestion) -> str:
    both = {"newcomer": suggestion.newcomer.profile.called, "mentor": suggestion.mentor.profile.called}
    return gettext("%(newcomer)s and %(mentor)s") % both


def _asked(suggestion: Suggestion) -> str:
    """Who is asked first, once there is an offer."""
    is_mentor = suggestion.programme.asks_first == Side.MENTOR
    return (suggestion.mentor if is_mentor else suggestion.newcomer).profile.called
