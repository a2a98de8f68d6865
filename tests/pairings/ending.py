"""Mentorings that run, and people who could join them."""

from datetime import date, timedelta
from typing import Any

from backend.pairings import actions
from backend.pairings.models import Pairing, PairingMember
from backend.people.enums import Channel
from backend.people.told import Told
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople

PHONE = Told(Channel.PHONE, "de", "Ayaan")
IN_PERSON = Told(Channel.IN_PERSON, "ar")


def bring_together(people: FourPeople) -> Pairing:
    """Amina and Bruno have had a mentoring for 90 days."""
    return actions.bring_in_pairing(
        mentor_id=people.bruno.enrolment.pk,
        newcomer_id=people.amina.enrolment.pk,
        since=NOW - timedelta(days=90),
        actor=people.chloe.actor,
        now=NOW,
    )


def another(people: FourPeople, side: str, called: str, **fields: Any) -> Enrolment:
    return make_enrolment(programme=people.programme, side=side, called=called, **fields)


def seat(pairing: Pairing, enrolment: Enrolment) -> PairingMember:
    return pairing.members.get(enrolment=enrolment, until_at=None)


def names_in(pairing: Pairing) -> list[str]:
    rows = pairing.members.filter(until_at=None).order_by("enrolment__profile__called")
    return list(rows.values_list("enrolment__profile__called", flat=True))


def verbs_of(pairing: Pairing) -> list[str]:
    return list(pairing.events.values_list("verb", flat=True))


def told(person_id: int) -> list[str]:
    return list(Notice.objects.filter(person=person_id).order_by("id").values_list("kind", flat=True))


def proofs_until(people: FourPeople, day: date | None) -> None:
    people.bruno.profile.clearances.update(valid_until=day)


def mentors_of(people: FourPeople) -> list[Enrolment]:
    return list(Enrolment.objects.filter(programme=people.programme, side=Side.MENTOR).order_by("pk"))
