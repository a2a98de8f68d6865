"""What people hear about suggestions, offers and pairings. Subjects never carry a name or content."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.queries import people_with_role
from backend.pairings.models import MatchRun, Offer, Pairing
from notifications.api import Kind, notify, register

OFFER_TO_ANSWER = register(
    Kind(
        code="offer_to_answer",
        subject=_("Softlanding: a question for you"),
        line=_("We found someone who could suit you. Please say yes or no."),
        body=_(
            "We found someone who could suit you. Open the page to see why. You can say yes or no. "
            "Nobody minds a no, and you keep your place."
        ),
        action=_("See who it is"),
    )
)
MENTORING_STARTED = register(
    Kind(
        code="mentoring_started",
        subject=_("Softlanding: good news"),
        line=_("You and %(name)s both said yes. You can write to each other now."),
        body=_("You and %(name)s both said yes. You can write to each other now."),
        action=_("Write a message"),
    )
)
OFFER_CAME_TO_NOTHING = register(
    Kind(
        code="offer_came_to_nothing",
        subject=_("Softlanding: an offer is closed"),
        line=_("An offer was not taken up. Both keep their place. Look for someone else."),
        body=_("An offer was not taken up. Both keep their place. Look for someone else."),
        paths=("bell",),
    )
)
OFFER_CLOSED = register(
    Kind(
        code="offer_closed",
        subject=_("Softlanding: an offer is closed"),
        line=_("An offer is closed. You keep your place, and we go on looking."),
        body=_("An offer is closed. You keep your place, and we go on looking."),
    )
)
BOTH_SAID_YES = register(
    Kind(
        code="both_said_yes",
        subject=_("Softlanding: a mentoring has started"),
        line=_("%(mentor)s and %(newcomer)s both said yes."),
        body=_("%(mentor)s and %(newcomer)s both said yes. Their mentoring has started."),
        paths=("bell",),
    )
)
RUN_FINISHED = register(
    Kind(
        code="run_finished",
        subject=_("Softlanding: the matching is done"),
        line=_("The matching for %(programme)s is done. Suggestions: %(matched)d."),
        body=_("The matching for %(programme)s is done. Suggestions: %(matched)d."),
        paths=("bell",),
    )
)


def about_offer(kind: Kind, offer: Offer, *, to: Iterable[int]) -> None:
    notify(kind, to=to, about=("offer", offer.public_id), data={})


def in_charge_of(offer: Offer, *, now: datetime) -> list[int]:
    """Whoever sent the offer; the coordinators once that person no longer works on cases there."""
    office = offer.programme.organisation_id
    if offer.released_by_id in people_with_role(office, *CASE_ROLES, now=now):
        return [offer.released_by_id]
    return people_with_role(office, Role.COORDINATOR, now=now)


def both_said_yes(offer: Offer, pairing: Pairing, *, now: datetime) -> None:
    mentor, newcomer = offer.mentor.profile, offer.newcomer.profile
    for one, other in ((mentor, newcomer), (newcomer, mentor)):
        notify(
            MENTORING_STARTED,
            to=[one.person_id],
            about=("pairing", pairing.public_id),
            data={"name": other.called},
        )
    notify(
        BOTH_SAID_YES,
        to=in_charge_of(offer, now=now),
        about=("pairing", pairing.public_id),
        data={"mentor": mentor.called, "newcomer": newcomer.called},
    )


def run_finished(run: MatchRun) -> None:
    if run.asked_by_id is not None:
        notify(
            RUN_FINISHED,
            to=[run.asked_by_id],
            about=("run", run.public_id),
            data={"programme": run.programme.name, "matched": run.matched},
        )
