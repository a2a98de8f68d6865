"""The four people of every test: Amina, Bruno, Chloé and Dario.

Amina is a newcomer and Bruno a mentor in one programme of Chloé's organisation; she is their coordinator.
Dario coordinates another organisation and sees nothing of all this.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from backend.core.actor import Actor
    from backend.organisations.models import Organisation
    from backend.people.models import Person
    from backend.profiles.models import Profile
    from backend.programmes.models import Enrolment, Programme


@dataclass(frozen=True)
class Participant:
    person: "Person"
    actor: "Actor"
    profile: "Profile"
    enrolment: "Enrolment"


@dataclass(frozen=True)
class Colleague:
    person: "Person"
    actor: "Actor"


@dataclass(frozen=True)
class FourPeople:
    amina: Participant
    bruno: Participant
    chloe: Colleague
    dario: Colleague
    organisation: "Organisation"
    elsewhere: "Organisation"
    programme: "Programme"


def make_four_people() -> FourPeople:
    # Imported late: settings are read only after the stack of the tests has started.
    from backend.organisations.queries import actor_for
    from tests import factories as make

    here, elsewhere = make.make_organisation("Welcome Roding"), make.make_organisation("Naas Together")
    chloe = make.make_membership(organisation=here, name="Chloé Martin").person
    dario = make.make_membership(organisation=elsewhere, name="Dario Conti").person
    programme = make.make_programme(organisation=here, name="Arriving together")

    def participant(side: str, **answers: Any) -> Participant:
        enrolment = make.make_enrolment(programme=programme, side=side, **answers)
        person = enrolment.profile.person
        return Participant(person, actor_for(person, now=make.NOW), enrolment.profile, enrolment)

    return FourPeople(
        amina=participant(
            "newcomer",
            called="Amina",
            full_name="Amina Haddad",
            gender="f",
            born="1994-03-08",
            languages=(("ar", "native"), ("de", "A2")),
            topics_wanted=["paperwork", "conversation"],
        ),
        bruno=participant(
            "mentor",
            called="Bruno",
            full_name="Bruno Keller",
            gender="m",
            born="1961",
            languages=(("de", "native"), ("en", "B1")),
            topics_offered=["paperwork", "work"],
        ),
        chloe=Colleague(chloe, actor_for(chloe, now=make.NOW)),
        dario=Colleague(dario, actor_for(dario, now=make.NOW)),
        organisation=here,
        elsewhere=elsewhere,
        programme=programme,
    )


def signed_in(person: "Person") -> Client:
    """A browser of their own, without the way through the sign-in page."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def four_people(db: None) -> FourPeople:
    return make_four_people()
