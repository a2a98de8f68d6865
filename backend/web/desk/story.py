"""What happened to a suggestion so far, and what others would cost, in words. Every sentence is whole."""

from collections.abc import Mapping
from datetime import date

from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backend.insight.desk_detail import Regret, Step
from backend.pairings.enums import AnswerReason, DeclineReason
from backend.web.shell import words
from backend.web.shell.cards import Event

# Below this the plan adds in rounding errors, not in points.
NOTHING = 0.005

_TITLES: Mapping[tuple[str, str], tuple[words.Text, str]] = {
    ("suggestion", "propose"): (_("Suggested"), "overlap"),
    ("suggestion", "call_first"): (_("Call first"), "phone"),
    ("suggestion", "put_off"): (_("Put off"), "clock"),
    ("suggestion", "bring_back"): (_("Brought back"), "eye"),
    ("suggestion", "stage"): (_("Put on the list to send"), "check"),
    ("suggestion", "unstage"): (_("Taken off the list to send"), "cross"),
    ("suggestion", "release"): (_("Approved"), "check"),
    ("suggestion", "decline"): (_("Declined"), "cross"),
    ("suggestion", "undo"): (_("Taken back"), "back"),
    ("suggestion", "restage"): (_("Taken back"), "back"),
    ("suggestion", "supersede"): (_("No longer suggested"), "overlap"),
    ("offer", "release"): (_("Offer made"), "mail"),
    ("offer", "send"): (_("Offer sent"), "send"),
    ("offer", "remind"): (_("Reminded"), "bell"),
    ("offer", "accept_first"): (_("First yes"), "check"),
    ("offer", "accept_second"): (_("Second yes"), "checks"),
    ("offer", "decline"): (_("A no"), "cross"),
    ("offer", "withdraw"): (_("Offer taken back"), "back"),
    ("offer", "expire"): (_("Offer ran out"), "clock"),
}


def event(step: Step) -> Event:
    known = _TITLES.get((step.about, step.verb))
    title, icon = known or (step.verb.replace("_", " ").capitalize(), "")
    return Event(at=words.moment(step.at), title=title, note=words.joined(_why(step), _by(step)), icon=icon)


def _by(step: Step) -> str:
    return gettext("by %(name)s") % {"name": step.by} if step.by else ""


def _why(step: Step) -> words.Text:
    if step.verb == "put_off" and step.why:
        until = {"day": formats.date_format(date.fromisoformat(step.why), "DATE_FORMAT")}
        return gettext("until %(day)s") % until
    for reasons in (DeclineReason, AnswerReason):
        if step.why in reasons.values:
            return reasons(step.why).label
    return ""


def cost(regret: Regret | None, *, name: str) -> str:
    """Why the plan does not choose this mentor; "" where it says nothing of it."""
    if regret is None:
        return ""
    said = {"name": name, "count": regret.newcomers, "points": formats.number_format(regret.fit, 1)}
    if regret.newcomers > 0:
        return (
            ngettext(
                "%(name)s would suit too, but choosing %(name)s costs at least %(count)d other match.",
                "%(name)s would suit too, but choosing %(name)s costs at least %(count)d other matches.",
                regret.newcomers,
            )
            % said
        )
    if regret.fit > NOTHING:
        return gettext("Choosing %(name)s costs the whole plan at least %(points)s points.") % said
    return gettext("Choosing %(name)s would be as good for everybody.") % said
