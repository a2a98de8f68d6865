"""Everything one organisation's staff read when they open a person's file."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from backend.organisations.queries import names_in
from backend.people.models import Consent
from backend.profiles.models import Contact, Handover, Profile
from backend.profiles.queries import coordinator_name
from backend.programmes.models import Enrolment, IntakeTalk
from backend.safeguarding.models import Clearance, Restriction
from backend.safeguarding.needs import Need, needs_of
from backend.safeguarding.queries import missing_requirements


@dataclass(frozen=True)
class InProgramme:
    """One enrolment, the kinds of proof it lacks today, and the talks held for it, the latest first."""

    enrolment: Enrolment
    missing: tuple[str, ...]
    talks: tuple[IntakeTalk, ...]


@dataclass(frozen=True)
class Apart:
    """A restriction, seen from one of the two."""

    restriction: Restriction
    other: Profile


@dataclass(frozen=True)
class PersonFile:
    """`names` tells what colleagues call the people who did something here, by person id."""

    profile: Profile
    places: tuple[InProgramme, ...]
    needs: tuple[Need, ...]
    clearances: tuple[Clearance, ...]
    contacts: tuple[Contact, ...]
    apart: tuple[Apart, ...]
    household: tuple[Profile, ...]
    consents: tuple[Consent, ...]
    handovers: tuple[Handover, ...]
    coordinator: str
    names: dict[int, str]


def person_file(profile: Profile, *, day: date) -> PersonFile:
    """Twelve queries, however long the file. The caller has asked whether the actor may see `profile`."""
    enrolments = list(
        Enrolment.objects.filter(profile=profile)
        .select_related("programme")
        .prefetch_related("talks")
        .order_by("id")
    )
    missing = missing_requirements(enrolments, day=day)
    clearances = tuple(Clearance.objects.filter(profile=profile).order_by("kind", "-seen_on", "-id"))
    contacts = tuple(Contact.objects.filter(profile=profile).order_by("-at", "-id"))
    apart = Restriction.objects.filter(Q(first=profile) | Q(second=profile)).order_by("id")
    return PersonFile(
        profile=profile,
        places=tuple(InProgramme(e, missing[e.pk], tuple(e.talks.all())) for e in enrolments),
        needs=needs_of(profile, enrolments, missing=missing, is_call_due=_is_call_due(contacts, day)),
        clearances=clearances,
        contacts=contacts,
        apart=tuple(
            Apart(row, row.second if row.first_id == profile.pk else row.first)
            for row in apart.select_related("first", "second")
        ),
        household=_lives_with(profile),
        consents=_consents(profile),
        handovers=tuple(Handover.objects.filter(profiles=profile).order_by("-at", "-id")),
        coordinator=coordinator_name(profile, day=day),
        names=names_in(profile.organisation_id),
    )


def _is_call_due(contacts: tuple[Contact, ...], day: date) -> bool:
    return any(c.call_back_on and not c.called_back_at and c.call_back_on <= day for c in contacts)


def _lives_with(profile: Profile) -> tuple[Profile, ...]:
    if profile.household_id is None:
        return ()
    others = Profile.objects.filter(household=profile.household_id).exclude(pk=profile.pk)
    return tuple(others.order_by("sort_key", "pk"))


def _consents(profile: Profile) -> tuple[Consent, ...]:
    """The last line for each purpose that this organisation keeps."""
    lines = Consent.objects.filter(person=profile.person_id, organisation_id=profile.organisation_id)
    return tuple(lines.order_by("purpose", "-recorded_at", "-id").distinct("purpose"))


def access_restriction(public_id: UUID, *, profile: Profile) -> Restriction:
    """A restriction that concerns `profile`. Raises Http404."""
    rows = Restriction.objects.filter(Q(first=profile) | Q(second=profile))
    return get_object_or_404(rows.select_related("first", "second"), public_id=public_id)
