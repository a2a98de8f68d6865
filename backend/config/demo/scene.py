"""One organisation of the example with its town, staff and programme."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from backend.config.demo.places import Place
from backend.config.demo.world import DAYS, World
from backend.organisations.enums import Role
from backend.organisations.models import Membership, Organisation
from backend.people.demo import PASSWORD
from backend.people.models import Person
from backend.programmes.criteria import default_criteria
from backend.programmes.enums import Objective, Side
from backend.programmes.models import Enrolment, EnrolmentEvent, Programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Requirement
from backend.territories.models import Territory


class TownsMissing(LookupError):
    """The towns of the example are not in the database."""


@dataclass
class Life:
    """An enrolment through time: matchable from a day (never when None) until another."""

    enrolment: Enrolment
    since: date | None
    until: date | None = None

    def is_there_on(self, day: date) -> bool:
        return self.since is not None and self.since <= day and (self.until is None or day < self.until)


@dataclass
class Scene:
    place: Place
    organisation: Organisation
    programme: Programme
    towns: list[Territory]
    coordinator: Person
    mentors: list[Life] = field(default_factory=list)
    newcomers: list[Life] = field(default_factory=list)
    events: list[EnrolmentEvent] = field(default_factory=list)

    @property
    def zone(self) -> str:
        return self.place.time_zone


def set_scene(world: World, place: Place) -> Scene:
    """Make organisation, staff, programme and what its mentors must show. Raises TownsMissing."""
    towns = _towns(place)
    opened_at = world.moment(world.day(DAYS), place.time_zone)
    organisation = Organisation.objects.create(
        public_id=world.uuid(),
        created_at=opened_at - timedelta(days=9),
        name=place.organisation,
        kind=place.kind,
        territory=towns[0],
        language=place.language,
        time_zone=place.time_zone,
        country=place.country,
        verified_at=opened_at - timedelta(days=5),
    )
    coordinator = _staff(world, place, organisation)
    programme = Programme.objects.create(
        public_id=world.uuid(),
        created_at=opened_at - timedelta(days=4),
        organisation=organisation,
        kind=place.programme_kind,
        name=place.programme,
        territory=towns[0],
        criteria=default_criteria(place.programme_kind),
        objective=Objective.COVERAGE,
        cadence=place.cadence,
        asks_first=Side.MENTOR,
        opened_at=opened_at,
    )
    kinds = (RequirementKind.POLICE_CHECK, RequirementKind.INTERVIEW, RequirementKind.CODE_OF_CONDUCT)
    Requirement.objects.bulk_create(Requirement(programme=programme, side=Side.MENTOR, kind=k) for k in kinds)
    return Scene(place, organisation, programme, towns, coordinator)


def make_person(world: World, *, username: str | None = None, zone: str, **fields: object) -> Person:
    """A person not saved yet; only who has a user name can sign in, since scrypt takes its time."""
    return Person(
        public_id=world.uuid(),
        username=username,
        password=make_password(PASSWORD if username else None),
        time_zone=zone,
        **fields,
    )


def _staff(world: World, place: Place, organisation: Organisation) -> Person:
    started = world.day(DAYS + 9)
    people = [
        make_person(
            world,
            username=username or None,
            zone=place.time_zone,
            # Who signs in reads the example in English; the language can be changed on every page.
            language="en" if username else place.language,
            created_at=organisation.created_at,
        )
        for _name, _role, username in place.staff
    ]
    Person.objects.bulk_create(people)
    # Who coordinates also manages, as `init` arranges it.
    held = [(person, name, role) for person, (name, role, _user) in zip(people, place.staff, strict=True)]
    held.append((people[0], place.staff[0][0], Role.MANAGER))
    Membership.objects.bulk_create(
        Membership(
            public_id=world.uuid(),
            created_at=organisation.created_at,
            person=person,
            organisation=organisation,
            role=role,
            name=name,
            starts_on=started,
        )
        for person, name, role in held
    )
    return people[0]


def _towns(place: Place) -> list[Territory]:
    found = {t.code: t for t in Territory.objects.filter(code__in=[code for code, _, _ in place.towns])}
    if missing := [name for code, name, _share in place.towns if code not in found]:
        raise TownsMissing(", ".join(missing))
    return [found[code] for code, _name, _share in place.towns]
