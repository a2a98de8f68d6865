"""What people hear about suggestions, offers and pairings. Subjects never carry a name or content."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.queries import people_with_role
from backend.pairings.models import MatchRun, Offer, Pairing, Suggestion
from backend.programmes.models import Programme
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
OFFER_REMINDER = register(
    Kind(
        code="offer_reminder",
        subject=_("Softlanding: a question for you"),
        line=_("Our question still waits for you. Please say yes or no."),
        body=_(
            "Our question still waits for you. Please say yes or no. A no is fine, and you keep your place. "
            "Do you want to know more first? You can ask us on the page."
        ),
        action=_("Answer"),
    )
)
OFFER_EXTENDED = register(
    Kind(
        code="offer_extended",
        subject=_("Softlanding: a question for you"),
        line=_("You have more time to answer. The page says until when."),
        body=_("You have more time to answer. The page says until when."),
        action=_("See until when"),
    )
)
QUESTION_ASKED = register(
    Kind(
        code="question_asked",
        subject=_("Softlanding: a question for you"),
        line=_("Somebody has a question before they answer an offer."),
        body=_("Somebody has a question before they answer an offer. Their time to answer goes on."),
        action=_("Read the question"),
        paths=("bell",),
    )
)
QUESTION_ANSWERED = register(
    Kind(
        code="question_answered",
        subject=_("Softlanding: an answer for you"),
        line=_("Your coordinator answered your question."),
        body=_("Your coordinator answered your question. Read it on the page. Then you can say yes or no."),
        action=_("Read the answer"),
    )
)
# An offer was declined or ran out. A worker looked for somebody else for the same newcomer; what it found
# decides which of the three the coordinator hears.
OFFER_CAME_TO_NOTHING = register(
    Kind(
        code="offer_came_to_nothing",
        subject=_("Softlanding: an offer is closed"),
        line=_("An offer was not taken up. Both keep their place."),
        body=_("An offer was not taken up. Both keep their place."),
        paths=("bell",),
    )
)
SOMEONE_ELSE_COULD_SUIT = register(
    Kind(
        code="someone_else_could_suit",
        subject=_("Softlanding: an offer is closed"),
        line=_("An offer was not taken up. Someone else could suit. Look at the suggestion."),
        body=_("An offer was not taken up. Someone else could suit. Look at the suggestion."),
        action=_("Look at the suggestion"),
        paths=("bell",),
    )
)
NOBODY_ELSE_FOUND = register(
    Kind(
        code="nobody_else_found",
        subject=_("Softlanding: an offer is closed"),
        line=_("An offer was not taken up. We found nobody else. See who got nobody."),
        body=_("An offer was not taken up. We found nobody else. See who got nobody."),
        action=_("See who got nobody"),
        paths=("bell",),
    )
)
NO_MENTOR_YET = register(
    Kind(
        code="no_mentor_yet",
        subject=_("Softlanding: how things stand"),
        line=_("No mentor yet. We cannot promise a date. We go on looking."),
        body=_(
            "No mentor yet. We cannot promise a date. We go on looking, and you keep your place. "
            "Until then: you can ask %(office)s when you need help. Your page says whom you can ask. "
            "Please tell us when your town, your hours or your wishes change."
        ),
        action=_("Open your page"),
    )
)
NO_NEWCOMER_YET = register(
    Kind(
        code="no_newcomer_yet",
        subject=_("Softlanding: how things stand"),
        line=_("No newcomer yet. We cannot promise a date. We go on looking."),
        body=_(
            "No newcomer yet who suits you. We cannot promise a date. We go on looking. "
            "Until then: more hours or a longer way make it easier to find someone. "
            "Tell %(office)s when something changes, or when you would like a pause. "
            "Your page says whom you can ask."
        ),
        action=_("Open your page"),
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


def someone_else_could_suit(suggestion: Suggestion, *, to: Iterable[int]) -> None:
    notify(SOMEONE_ELSE_COULD_SUIT, to=to, about=("suggestion", suggestion.public_id), data={})


def nobody_else_found(programme: Programme, *, to: Iterable[int]) -> None:
    notify(NOBODY_ELSE_FOUND, to=to, about=("unmatched", programme.public_id), data={})


def still_waiting(kind: Kind, programme: Programme, *, to: Iterable[int]) -> None:
    notify(
        kind,
        to=to,
        about=("waiting", programme.public_id),
        data={"office": programme.organisation.name},
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
