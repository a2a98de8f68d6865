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
from backend.pairings.models import Offer, OfferQuestion, Pairing, PairingEvent, Suggestion, Transfer
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
    ("offer", "ask"): _("%(name)s noted a question, %(at)s."),
    ("offer", "answer"): _("%(name)s answered a question, %(at)s."),
    ("offer", "extend"): _("%(name)s gave more time, %(at)s."),
    ("offer", "expire"): _("This offer ran out, %(at)s."),
    ("pairing", "pause"): _("%(name)s paused this, %(at)s."),
    ("pairing", "resume"): _("%(name)s let this go on, %(at)s."),
    ("pairing", "wind_down"): _("%(name)s ended this, %(at)s."),
    ("pairing", "end"): _("%(name)s ended this, %(at)s."),
    ("pairing", "join"): _("%(name)s let somebody join, %(at)s."),
    ("pairing", "leave"): _("%(name)s noted that somebody left, %(at)s."),
    ("pairing", "stand_in"): _("%(name)s found a stand-in, %(at)s."),
    ("transfer", "agree"): _("%(name)s noted the yes to the move, %(at)s."),
    ("transfer", "take"): _("%(name)s took this person over, %(at)s."),
    ("transfer", "refuse"): _("%(name)s noted a no to the move, %(at)s."),
    ("transfer", "withdraw"): _("%(name)s took the move back, %(at)s."),
}
ANSWERED = _("%(name)s answered this question, %(at)s.")
OTHERWISE = _("%(name)s changed this, %(at)s.")
# What the service notes for itself after the end; it was not what anybody came too late for.
QUIET = ("look_further",)


class Overtaken(WrongState):
    """Somebody was faster: for staff, who may know which colleague."""

    code = "overtaken"

    def __init__(self, what: Promise, *, name: str, at: datetime) -> None:
        super().__init__(name=name, at=at)
        self.what = what

    def __str__(self) -> str:
        at = formats.date_format(timezone.localtime(self.values["at"]), "SHORT_DATETIME_FORMAT")
        said = str(self.what) % {"name": self.values["name"], "at": at}
        return " ".join((said, gettext("Nothing was changed now.")))


def overtaken(thing: Thing, *, actor: Actor) -> WrongState:
    """What to raise for an act that came too late: who was faster, or nothing about anybody for members."""
    office = next((pk for pk in offices_of(thing) if actor.has_role(pk, CASE_ROLES)), None)
    events = PairingEvent.objects.filter(**{type(thing).__name__.lower(): thing}).exclude(verb__in=QUIET)
    last = events.order_by("-id").first()
    if last is None or office is None:
        return WrongState()
    what = WHAT.get((type(thing).__name__.lower(), last.verb), OTHERWISE)
    return Overtaken(what, name=name_in(office, last.by_id), at=last.at)


def answered_by_another(question: OfferQuestion, offer: Offer) -> Overtaken:
    """What to raise for an answer that came too late, to staff."""
    assert question.answered_at is not None, "somebody was faster"
    name = name_in(offer.programme.organisation_id, question.answered_by_id)
    return Overtaken(ANSWERED, name=name, at=question.answered_at)


def offices_of(thing: Thing) -> tuple[int, ...]:
    """The organisations whose staff looks after it; each hears the names of its own people alone."""
    if isinstance(thing, Transfer):
        return thing.profile.organisation_id, thing.to_organisation_id
    return (thing.programme.organisation_id,)


def name_in(office: int, person_id: int | None) -> str:
    """What colleagues call them, or a member's first name; a job has none."""
    roles = Membership.objects.filter(organisation=office, person=person_id).order_by("-id")
    files = Profile.objects.filter(organisation=office, person=person_id).order_by("-id")
    name = roles.values_list("name", flat=True).first() or files.values_list("called", flat=True).first()
    return name or gettext("The service")
