"""Amina and Bruno after both said yes, and a library where they can meet."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from backend.meetings.models import Meeting, MeetingPlace
    from backend.pairings.models import Pairing
    from tests.factories.people import FourPeople
    from tests.meetings.lasting import Lasting


@dataclass(frozen=True)
class Beginning:
    people: "FourPeople"
    pairing: "Pairing"
    place: "MeetingPlace"

    def plan(self, **fields: Any) -> Any:
        """In three days at six, in the library."""
        from backend.meetings.times import Plan
        from tests.factories import NOW

        if "is_online" not in fields and "is_at_home" not in fields:
            fields.setdefault("place_id", self.place.pk)
        return Plan(**{"starts_at": NOW + timedelta(days=3)} | fields)

    def propose(self, *, actor: Any = None, hosted: bool = True, **fields: Any) -> "Meeting":
        from backend.meetings.actions import propose_meeting
        from backend.meetings.times import Arranged
        from tests.factories import NOW

        return propose_meeting(
            pairing_id=self.pairing.pk,
            plan=self.plan(**fields),
            arranged=Arranged(hosted_by_id=self.people.chloe.person.pk) if hosted else None,
            client_id=uuid4(),
            actor=actor or self.people.chloe.actor,
            now=NOW,
        )

    def answer(self, meeting: "Meeting", actor: Any, *, suits: bool = True, **more: Any) -> "Meeting":
        from backend.meetings.actions import answer_meeting
        from tests.factories import NOW

        return answer_meeting(
            meeting_id=meeting.pk, suits=suits, sequence=meeting.sequence, actor=actor, now=NOW, **more
        )

    def confirm_all(self) -> None:
        """Both have heard what mentoring is, and agreed to the agreement."""
        from backend.meetings.actions import confirm
        from backend.meetings.enums import Confirmed
        from tests.factories import NOW

        for who in (self.people.amina, self.people.bruno):
            for what in Confirmed:
                confirm(pairing_id=self.pairing.pk, what=what, language="en", actor=who.actor, now=NOW)

    def agreed(self, **fields: Any) -> "Meeting":
        """The first meeting, agreed by both."""
        self.confirm_all()
        meeting = self.propose(**fields)
        for who in (self.people.amina, self.people.bruno):
            meeting = self.answer(meeting, who.actor)
        return meeting

    def held(self) -> "Meeting":
        from backend.meetings.actions import hold_meeting

        meeting = self.agreed()
        return hold_meeting(
            meeting_id=meeting.pk, actor=self.people.chloe.actor, now=meeting.starts_at + timedelta(hours=2)
        )


def make_beginning(people: "FourPeople") -> Beginning:
    """A mentoring that began here with an offer to which both said yes."""
    from backend.meetings.actions import add_place
    from tests.factories import NOW

    place = add_place(
        organisation_id=people.organisation.pk,
        name="Town library",
        address="Market square 1, Roding",
        actor=people.chloe.actor,
        now=NOW,
    )
    return Beginning(people, paired(people), place)


def paired(people: "FourPeople", *, mentor: Any = None, newcomer: Any = None) -> "Pairing":
    """A mentoring of two who said yes to an offer; Bruno and Amina unless said otherwise."""
    from backend.pairings.actions.pairings import start_pairing
    from backend.pairings.models import Offer, Suggestion
    from tests.factories import NOW

    mentor, newcomer = mentor or people.bruno.enrolment, newcomer or people.amina.enrolment
    both = {"programme": people.programme, "mentor": mentor, "newcomer": newcomer}
    suggestion = Suggestion.objects.create(state="released", decided_at=NOW, **both)
    offer = Offer.objects.create(
        suggestion=suggestion,
        first_side="mentor",
        state="accepted",
        released_by=people.chloe.person,
        released_at=NOW,
        sent_at=NOW,
        expires_at=NOW,
        first_accepted_at=NOW,
        closed_at=NOW,
        **both,
    )
    return start_pairing(offer, actor=people.bruno.actor, now=NOW)


@pytest.fixture
def beginning(four_people: "FourPeople") -> Beginning:
    return make_beginning(four_people)


@pytest.fixture
def lasting(db: None) -> "Lasting":
    # Imported late: settings are read only after the stack of the tests has started.
    from tests.meetings.lasting import make_lasting

    return make_lasting()
