"""An offer of Amina and Bruno that was sent: Bruno is asked first."""

from backend.pairings.models import Offer, Suggestion
from tests.factories import NOW
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople


def asked_offer(people: FourPeople, **fields: object) -> Offer:
    suggestion = Suggestion.objects.create(
        programme=people.programme,
        mentor=people.bruno.enrolment,
        newcomer=people.amina.enrolment,
        examined_at=NOW,
        **fields,
    )
    return sent_offer(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW)
