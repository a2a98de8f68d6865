"""Two colleagues with old pages: one wins, the other is told who did what, and when."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.states import WrongState
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Membership
from backend.pairings.models import Offer, Pairing, PairingEvent, Suggestion, Transfer
from backend.profiles.models import Profile

Thing = Suggestion | Offer | Pairing | Transfer

# Whole sentences, so that each language can put who and when where they belong.
WHAT: Mapping[tuple[str, str], Promise] = {
    ("suggestion", "release"): _("%(name)s approved this, %(at)s."),
    ("suggestion", "decline"): _("%(name)s declined this, %(at)s."),
    ("suggestion", "stage"): _("%(name)s put this on the list to send, %(at)s."),
    ("suggestion", "unstage"): _("%(name)s took this off the list to send, %(at)s."),
    ("suggestion", "call_first"): _("%(name)s wants to call first, %(at)s."),
    ("suggestion", "put_off"): _("%(name)s put this off, %(at)s."),
    ("suggestion", "bring_back"): _("%(name)s brought this back, %(at)s."),
    ("suggestion", "undo"): _("%(name)s took the decision back, %(at)s."),
    ("suggestion", "restage"): _("%(name)s took the decision back, %(at)s."),
    ("suggestion", "supersede"): _("A newer matching took the place of this, %(at)s."),
    ("offer", "send"): _("This was sent, %(at)s."),
    ("offer", "accept_first"): _("%(name)s noted the first yes, %(at)s."),
    ("offer", "accept_second"): _("%(name)s noted the second yes, %(at)s."),
    ("offer", "decline"): _("%(name)s noted a no, %(at)s."),
    ("offer", "withdraw"): _("%(name)s took this offer back, %(at)s."),
    ("offer", "expire"): _("This offer ran out, %(at)s."),
    ("pairing", "pause"): _("%(name)s paused this, %(at)s."),
    ("pairing", "resume"): _("%(name)s let this go on, %(at)s."),
    ("pairing", "wind_down"): _("%(name)s ended this, %(at)s."),
    ("pairing", "end"): _("%(name)s ended this, %(at)s."),
    ("transfer", "agree"): _("%(name)s noted the yes to the move, %(at)s."),
    ("transfer", "take"): _("%(name)s took this person over, %(at)s."),
    ("transfer", "refuse"): _("%(name)s noted a no to the move, %(at)s."),
    ("transfer", "withdraw"): _("%(name)s took the move back, %(at)s."),
}
OTHERWISE = _("%(name)s changed this, %(at)s.")


class Overtaken(WrongState):
    """Somebody was faster: for staff, who may know which colleague."""

    code = "overtaken"

    def __init__(self, what: Promise, *, name: str, at: datetime) -> None:
        super().__init__(name=name, at=at)
        self.what = what

    def __str__(self) -> str:
        at = formats.date_format(timezone.localtime(self.values["at"]), "SHORT_DATETIME_FORMAT")
        said = str(self.what) % {"name": self.values["name"], "at": at}
        return f"{said} {gettext('Nothing was changed now.')}"


def overtaken(thing: Thing, *, actor: Actor) -> WrongState:
    """What to raise for an act that came too late: who was faster, or nothing about anybody for members."""
    office = office_of(thing)
    last = PairingEvent.objects.filter(**{type(thing).__name__.lower(): thing}).order_by("-id").first()
    if last is None or not actor.has_role(office, CASE_ROLES):
        return WrongState()
    what = WHAT.get((type(thing).__name__.lower(), last.verb), OTHERWISE)
    return Overtaken(what, name=_name(last.by_id, office), at=last.at)


def office_of(thing: Thing) -> int:
    """The organisation whose staff looks after it."""
    if isinstance(thing, Transfer):
        return thing.profile.organisation_id
    return thing.programme.organisation_id


def _name(person_id: int | None, office: int) -> str:
    """What colleagues call them, or a member's first name; a job has none."""
    roles = Membership.objects.filter(organisation=office, person=person_id).order_by("-id")
    files = Profile.objects.filter(organisation=office, person=person_id).order_by("-id")
    name = roles.values_list("name", flat=True).first() or files.values_list("called", flat=True).first()
    return name or gettext("The service")
