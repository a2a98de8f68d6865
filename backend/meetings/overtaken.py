"""Two colleagues with old pages of a meeting or an evening: the slower one is told who did what, and when."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.states import WrongState
from backend.meetings.models import Evening, Meeting, MeetingEvent
from backend.organisations.enums import CASE_ROLES
from backend.pairings.overtaken import OTHERWISE, Overtaken, name_in

Thing = Meeting | Evening

WHAT: Mapping[tuple[str, str], Promise] = {
    ("meeting", "propose"): _("%(name)s proposed this meeting, %(at)s."),
    ("meeting", "agree"): _("Both sides agreed to this meeting, %(at)s."),
    ("meeting", "move"): _("%(name)s moved this meeting, %(at)s."),
    ("meeting", "arrange"): _("%(name)s changed this meeting, %(at)s."),
    ("meeting", "hold"): _("%(name)s noted that they met, %(at)s."),
    ("meeting", "miss"): _("%(name)s noted that the meeting did not take place, %(at)s."),
    ("meeting", "cancel"): _("%(name)s cancelled this meeting, %(at)s."),
    ("evening", "plan"): _("%(name)s planned this evening, %(at)s."),
    ("evening", "hold"): _("%(name)s noted who came, %(at)s."),
    ("evening", "cancel"): _("%(name)s cancelled this evening, %(at)s."),
}


def overtaken(thing: Thing, *, actor: Actor) -> WrongState:
    """What to raise for an act that came too late: who was faster, or nothing about anybody for members."""
    about, office = kind_of(thing), office_of(thing)
    last = MeetingEvent.objects.filter(**{about: thing}).order_by("-id").first()
    if last is None or not actor.has_role(office, CASE_ROLES):
        return WrongState()
    what = WHAT.get((about, last.verb), OTHERWISE)
    return Overtaken(what, name=name_in(office, last.by_id), at=last.at)


def kind_of(thing: Thing) -> str:
    return "meeting" if isinstance(thing, Meeting) else "evening"


def office_of(thing: Thing) -> int:
    programme = thing.pairing.programme if isinstance(thing, Meeting) else thing.programme
    return programme.organisation_id
