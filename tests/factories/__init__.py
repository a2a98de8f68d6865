"""Valid rows for every test: plain functions with defaults, named after what they make.

    programme = make_programme()
    bruno = make_enrolment(programme=programme, side="mentor", called="Bruno")
    amina = make_enrolment(programme=programme, side="newcomer", called="Amina", slots=["tue:evening"])

What is not named is ordinary: adults in one small town, free on two evenings, who speak German. `four_people`
(people.py) is the cast that every area is tested with.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from backend.core.actor import Actor
from backend.core.text import fold, sort_key
from backend.organisations.enums import OrganisationKind, Role
from backend.organisations.models import Membership, Organisation
from backend.organisations.queries import actor_for
from backend.people.models import Person
from backend.profiles.models import Profile, ProfileLanguage, phone_index
from backend.programmes.criteria import default_criteria
from backend.programmes.enums import EnrolmentState, ProgrammeKind, Side
from backend.programmes.models import Enrolment, IntakeTalk, Programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance, Requirement
from backend.territories.enums import Kind
from backend.territories.models import Territory, TerritoryName

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "a long enough password"

# Town: latitude, longitude. Roding to Cham is 13 km, to Freising 88 km.
TOWNS = {
    "Roding": (49.1936, 12.5181),
    "Cham": (49.2189, 12.6659),
    "Freising": (48.4028, 11.7489),
    "Naas": (53.2158, -6.6669),
}
_numbers = count(1)


def make_town(
    name: str = "Roding", *, at: tuple[float, float] | None = None, country: str = "DE"
) -> Territory:
    """A town with its country, found again by a second call. `at` is (latitude, longitude)."""
    state, _made = Territory.objects.get_or_create(
        code=country, defaults={"kind": Kind.COUNTRY, "country_code": country, "name": country}
    )
    latitude, longitude = at or TOWNS.get(name, TOWNS["Roding"])
    place, made = Territory.objects.get_or_create(
        code=f"{country}:{name}"[:20],
        defaults={
            "kind": Kind.MUNICIPALITY,
            "parent": state,
            "country_code": country,
            "name": name,
            "population": 12_000,
            "latitude": latitude,
            "longitude": longitude,
        },
    )
    if made:
        TerritoryName.objects.create(territory=place, name=name, folded=fold(name), script="Latn")
    return place


town = make_town


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    ordinary = {
        "name": name or f"Welcome group {next(_numbers)}",
        "kind": OrganisationKind.NGO,
        "country": "DE",
        "language": "en",
        "time_zone": "Europe/Berlin",
    }
    return Organisation.objects.create(**ordinary | fields)


def make_person(*, username: str | None = None, password: str | None = None, **fields: Any) -> Person:
    """Someone who can sign in when a password is given; tests use `client.force_login` instead."""
    return Person.objects.create_person(username=username, password=password, **fields)


def make_membership(
    *,
    organisation: Organisation | None = None,
    person: Person | None = None,
    role: str = Role.COORDINATOR,
    name: str = "",
    **fields: Any,
) -> Membership:
    return Membership.objects.create(
        organisation=organisation or make_organisation(),
        person=person or make_person(),
        role=role,
        name=name or f"Colleague {next(_numbers)}",
        **{"starts_on": TODAY - timedelta(days=400)} | fields,
    )


def make_coordinator(*, organisation: Organisation | None = None, name: str = "") -> Actor:
    """The actor of a new coordinator."""
    return actor_for(make_membership(organisation=organisation, name=name).person, now=NOW)


def make_profile(
    *,
    organisation: Organisation | None = None,
    called: str = "",
    languages: Iterable[Sequence[str]] = (("de", "B1"),),
    phone: str = "",
    **fields: Any,
) -> Profile:
    """An adult's profile; `languages` holds (tag, level) pairs."""
    organisation = organisation or make_organisation()
    called = called or f"Person {next(_numbers)}"
    full_name = fields.pop("full_name", f"{called} Example")
    ordinary = {
        "born": "1990",
        "reach_km": 20,
        "slots": ["tue:evening", "thu:evening"],
    }
    if "town" not in fields:
        fields["town"] = make_town()
    if "person" not in fields:
        fields["person"] = make_person(language=organisation.language, time_zone=organisation.time_zone)
    profile = Profile.objects.create(
        organisation=organisation,
        called=called,
        full_name=full_name,
        sort_key=sort_key(full_name),
        phone=phone,
        phone_index=phone_index(organisation_id=organisation.pk, phone=phone),
        **ordinary | fields,
    )
    ProfileLanguage.objects.bulk_create(
        ProfileLanguage(profile=profile, tag=tag, level=level) for tag, level in languages
    )
    return profile


def make_programme(
    *,
    organisation: Organisation | None = None,
    open: bool = True,
    requires: Iterable[str] = (RequirementKind.POLICE_CHECK, RequirementKind.CODE_OF_CONDUCT),
    **fields: Any,
) -> Programme:
    """A mentoring programme, open unless said otherwise; `requires` is asked of its mentors."""
    kind = fields.setdefault("kind", ProgrammeKind.MENTORING)
    ordinary = {
        "name": f"Mentoring {next(_numbers)}",
        "criteria": default_criteria(kind),
        "opened_at": NOW - timedelta(days=300) if open else None,
    }
    programme = Programme.objects.create(
        organisation=organisation or make_organisation(), **ordinary | fields
    )
    Requirement.objects.bulk_create(
        Requirement(programme=programme, side=Side.MENTOR, kind=kind) for kind in requires
    )
    return programme


def make_enrolment(
    *,
    programme: Programme | None = None,
    profile: Profile | None = None,
    side: str = Side.NEWCOMER,
    ready: bool = True,
    cleared: bool = True,
    state: str = "",
    capacity: int = 1,
    registered_on: date = TODAY - timedelta(days=30),
    **answers: Any,
) -> Enrolment:
    """Someone in a programme: a newcomer who is ready, a mentor who is cleared, unless said otherwise.

    answers: fields of the profile, which is made when none is given.
    """
    programme = programme or make_programme()
    profile = profile or make_profile(organisation=programme.organisation, **answers)
    is_newcomer = side == Side.NEWCOMER
    waiting = EnrolmentState.READY if ready else EnrolmentState.REGISTERED
    enrolment = Enrolment.objects.create(
        profile=profile,
        programme=programme,
        side=side,
        state=state or (waiting if is_newcomer else EnrolmentState.APPLIED),
        state_at=NOW - timedelta(days=20),
        capacity=capacity,
        registered_on=registered_on,
    )
    if enrolment.state == EnrolmentState.READY:
        make_talk(enrolment)
    if not is_newcomer and cleared:
        for requirement in programme.requirements.filter(side=side):
            make_clearance(profile, requirement.kind)
    return enrolment


def make_talk(enrolment: Enrolment, **fields: Any) -> IntakeTalk:
    ordinary = {
        "held_on": TODAY - timedelta(days=20),
        "channel": "in_person",
        "language": "de",
        "mentoring_understood": True,
        "avoid_asked": True,
        "consent_given": True,
    }
    if "held_by" not in fields:
        fields["held_by"] = _someone_of(enrolment.programme.organisation)
    return IntakeTalk.objects.create(enrolment=enrolment, **ordinary | fields)


def make_clearance(profile: Profile, kind: str = RequirementKind.POLICE_CHECK, **fields: Any) -> Clearance:
    if "seen_by" not in fields:
        fields["seen_by"] = _someone_of(profile.organisation)
    return Clearance.objects.create(
        profile=profile, kind=kind, **{"seen_on": TODAY - timedelta(days=100)} | fields
    )


def _someone_of(organisation: Organisation) -> Person:
    """A colleague in the office, the first there is."""
    found = organisation.memberships.order_by("id").first()
    return found.person if found else make_membership(organisation=organisation).person
