"""A mentoring that has lasted for some weeks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.pairings.models import Pairing
    from tests.factories.people import FourPeople


@dataclass(frozen=True)
class Lasting:
    """Amina and Bruno, forty days into their mentoring."""

    people: "FourPeople"
    pairing: "Pairing"


def make_lasting() -> Lasting:
    # Imported late: settings are read only after the stack of the tests has started.
    from backend.pairings.models import Pairing
    from tests.factories import NOW
    from tests.factories.people import make_four_people
    from tests.factories.talks import make_pairing

    people = make_four_people()
    pairing = make_pairing(people.amina.enrolment, people.bruno.enrolment)
    Pairing.objects.filter(pk=pairing.pk).update(started_at=NOW - timedelta(days=40))
    pairing.refresh_from_db()
    return Lasting(people, pairing)
