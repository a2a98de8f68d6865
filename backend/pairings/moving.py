"""What is said when somebody moves to another organisation. Neither side learns more than the yes gave it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.queries import people_with_role
from backend.pairings.models import Transfer
from notifications.api import Kind, notify, register

MAY_WE_PASS_ON = register(
    Kind(
        code="may_we_pass_on",
        subject=_("Softlanding: a question for you"),
        line=_("You move to another town. May we pass your answers on? Please say yes or no."),
        body=_(
            "You move to another town. May we pass your answers on to an organisation there? "
            "Open the page to read exactly what they would get. Then say yes or no."
        ),
        action=_("Read it, then decide"),
    )
)
SOMEBODY_MOVES_TO_YOU = register(
    Kind(
        code="somebody_moves_to_you",
        subject=_("Softlanding: somebody moves to your town"),
        line=_("Somebody moves to your town and agreed that you get their answers."),
        body=_("Somebody moves to your town and agreed that you get their answers. Please say yes or no."),
    )
)
MOVE_AGREED = register(
    Kind(
        code="move_agreed",
        subject=_("Softlanding: an answer about a move"),
        line=_("%(name)s said yes to the move. The other organisation is asked now."),
        body=_("%(name)s said yes to the move. The other organisation is asked now."),
        paths=("bell",),
    )
)
MOVE_NOT_WANTED = register(
    Kind(
        code="move_not_wanted",
        subject=_("Softlanding: an answer about a move"),
        line=_("%(name)s does not want that we pass anything on. Nothing was passed on."),
        body=_("%(name)s does not want that we pass anything on. Nothing was passed on."),
    )
)
MOVE_REFUSED = register(
    Kind(
        code="move_refused",
        subject=_("Softlanding: an answer about a move"),
        line=_("The other organisation cannot take %(name)s over. Please call them."),
        body=_("The other organisation cannot take %(name)s over. Please call them. All stays as it is."),
    )
)
NO_PLACE_THERE = register(
    Kind(
        code="no_place_there",
        subject=_("Softlanding: about your move"),
        line=_("The organisation in your new town cannot help you now. We call you."),
        body=_(
            "The organisation in your new town cannot help you now. You keep your place here. We call you."
        ),
    )
)
MOVE_TAKEN = register(
    Kind(
        code="move_taken",
        subject=_("Softlanding: somebody was taken over"),
        line=_("%(name)s was taken over by the other organisation. Their places here are free."),
        body=_("%(name)s was taken over by the other organisation. Their places here are free."),
    )
)
YOU_ARE_WELCOME_THERE = register(
    Kind(
        code="you_are_welcome_there",
        subject=_("Softlanding: about your move"),
        line=_("The organisation in your new town is there for you now. They will call you."),
        body=_("The organisation in your new town is there for you now. They will call you. All the best."),
    )
)
MOVE_WITHDRAWN = register(
    Kind(
        code="move_withdrawn",
        subject=_("Softlanding: a move was taken back"),
        line=_("Somebody does not move to you after all. You see their answers no longer."),
        body=_("Somebody does not move to you after all. You see their answers no longer."),
        paths=("bell",),
    )
)


def about_move(kind: Kind, transfer: Transfer, *, to: Iterable[int], name: str = "") -> None:
    notify(kind, to=to, about=("transfer", transfer.public_id), data={"name": name} if name else {})


def to_person(kind: Kind, transfer: Transfer) -> None:
    about_move(kind, transfer, to=[transfer.profile.person_id])


def to_office(kind: Kind, transfer: Transfer, *, now: datetime) -> None:
    """Whoever asked; the coordinators once that person no longer works on cases there."""
    office = transfer.profile.organisation_id
    own = people_with_role(office, *CASE_ROLES, now=now)
    there = transfer.asked_by_id in own
    to = [transfer.asked_by_id] if there else people_with_role(office, Role.COORDINATOR, now=now)
    about_move(kind, transfer, to=to, name=transfer.profile.called)


def to_other_office(kind: Kind, transfer: Transfer, *, now: datetime) -> None:
    to = people_with_role(transfer.to_organisation_id, Role.COORDINATOR, now=now)
    about_move(kind, transfer, to=to)
