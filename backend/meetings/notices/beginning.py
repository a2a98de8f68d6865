"""What people hear about meetings and evenings. Subjects never carry a name, a place or a time."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from backend.meetings.models import Evening, Meeting
from backend.pairings.models import Pairing
from notifications.api import Kind, notify, register

MEETING_PROPOSED = register(
    Kind(
        code="meeting_proposed",
        subject=_("Softlanding: a question for you"),
        line=_("Here is a time to meet. Please say if it suits you."),
        body=_("Here is a time to meet. Open the page and say if it suits you. You can also say no."),
        action=_("See the time"),
    )
)
FIRST_MEETING_PROPOSED = register(
    Kind(
        code="first_meeting_proposed",
        subject=_("Softlanding: a question for you"),
        line=_("Here is a time for your first meeting. Please say if it suits you."),
        body=_(
            "Here is a time for your first meeting. Open the page and say if it suits you. "
            "Please also read what mentoring is, and what you both agree to."
        ),
        action=_("See the time"),
    )
)
MEETING_AGREED = register(
    Kind(
        code="meeting_agreed",
        subject=_("Softlanding: good news"),
        line=_("The time for your meeting suits you both. See you there."),
        body=_("The time for your meeting suits you both. Open the page to see when and where."),
        action=_("See when and where"),
    )
)
MEETING_AGREED_OFFICE = register(
    Kind(
        code="meeting_agreed_office",
        subject=_("Softlanding: a meeting is agreed"),
        line=_("Both sides agreed to a meeting."),
        body=_("Both sides agreed to a meeting."),
        paths=("bell",),
    )
)
MEETING_DOES_NOT_SUIT = register(
    Kind(
        code="meeting_does_not_suit",
        subject=_("Softlanding: another time"),
        line=_("That time does not suit. Please propose another one."),
        body=_("That time does not suit. Please propose another one."),
        action=_("Find another time"),
    )
)
MEETING_DOES_NOT_SUIT_OFFICE = register(
    Kind(
        code="meeting_does_not_suit_office",
        subject=_("Softlanding: another time"),
        line=_("%(name)s cannot meet at that time. Propose another one."),
        body=_("%(name)s cannot meet at that time. Propose another one."),
        paths=("bell",),
    )
)
MEETING_MOVED = register(
    Kind(
        code="meeting_moved",
        subject=_("Softlanding: a change"),
        line=_("Your meeting has a new time or place. Please say if it suits you."),
        body=_("Your meeting has a new time or place. Open the page and say if it suits you."),
        action=_("See what is new"),
    )
)
MEETING_CANCELLED = register(
    Kind(
        code="meeting_cancelled",
        subject=_("Softlanding: a change"),
        line=_("A meeting does not take place. You can find another time."),
        body=_("A meeting does not take place. You can find another time."),
        action=_("Find another time"),
    )
)
GO_ON_ASKED = register(
    Kind(
        code="go_on_asked",
        subject=_("Softlanding: a question for you"),
        line=_("You have met. Would you like to go on? Only your coordinator sees your answer."),
        body=_(
            "You have met. Would you like to go on? Open the page and tap your answer. "
            "Only your coordinator sees it."
        ),
        action=_("Answer the question"),
    )
)
GO_ON_REMINDER = register(
    Kind(
        code="go_on_reminder",
        subject=_("Softlanding: a question waits for you"),
        line=_("Would you like to go on with your mentoring? Please tell us."),
        body=_("Would you like to go on with your mentoring? Please tell us. Every answer is fine."),
        action=_("Answer the question"),
    )
)
GO_ON_CALL = register(
    Kind(
        code="go_on_call",
        subject=_("Softlanding: we will call you"),
        line=_("Thank you for your answer. Your coordinator will call you."),
        body=_("Thank you for your answer. Your coordinator will call you."),
    )
)
GO_ON_ALL_YES = register(
    Kind(
        code="go_on_all_yes",
        subject=_("Softlanding: a mentoring goes on"),
        line=_("Both sides want to go on. There is nothing to do."),
        body=_("Both sides want to go on. There is nothing to do."),
        paths=("bell",),
    )
)
GO_ON_UNSURE = register(
    Kind(
        code="go_on_unsure",
        subject=_("Softlanding: somebody waits for your call"),
        line=_("%(name)s would like to talk first. A call is promised."),
        body=_("%(name)s would like to talk first. A call is promised. You find it on Today."),
        action=_("Open the mentoring"),
    )
)
GO_ON_NO = register(
    Kind(
        code="go_on_no",
        subject=_("Softlanding: a mentoring needs you"),
        line=_("Somebody would like a different match. Both keep their place in the queue."),
        body=_(
            "Somebody would like a different match. Nobody is to blame. Both keep their place in the queue. "
            "Open the page to end it in one click."
        ),
        action=_("Open the mentoring"),
    )
)
EVENING_INVITED = register(
    Kind(
        code="evening_invited",
        subject=_("Softlanding: an invitation"),
        line=_("We invite you to an evening. You get to know people there."),
        body=_(
            "We invite you to an evening. You get to know people there. Open the page to see when and where."
        ),
        action=_("See when and where"),
    )
)
EVENING_CANCELLED = register(
    Kind(
        code="evening_cancelled",
        subject=_("Softlanding: a change"),
        line=_("An evening does not take place. We tell you when there is another one."),
        body=_("An evening does not take place. We tell you when there is another one."),
    )
)
EVENING_WHOM = register(
    Kind(
        code="evening_whom",
        subject=_("Softlanding: a question for you"),
        line=_("Thank you for coming. Whom did you get on with? Only we see your answer."),
        body=_("Thank you for coming. Whom did you get on with? Open the page and tap. Only we see it."),
        action=_("Answer the question"),
    )
)


def to_members(kind: Kind, pairing: Pairing, *, to: Iterable[int]) -> None:
    notify(kind, to=to, about=("mentoring", pairing.public_id), data={})


def to_office(kind: Kind, pairing: Pairing, *, to: Iterable[int], name: str = "") -> None:
    notify(kind, to=to, about=("case", pairing.public_id), data={"name": name} if name else {})


def about_evening(kind: Kind, evening: Evening, *, to: Iterable[int]) -> None:
    notify(kind, to=to, about=("evening", evening.public_id), data={})


def proposed(meeting: Meeting, *, to: Iterable[int]) -> None:
    kind = FIRST_MEETING_PROPOSED if meeting.kind == "first" else MEETING_PROPOSED
    to_members(kind, meeting.pairing, to=to)
