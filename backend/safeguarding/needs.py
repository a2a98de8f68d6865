"""What is missing before somebody can be matched, and the list of people by it.

`needs_of` says it for loaded rows, `PeopleQuery.found` asks the database the same; a test compares them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.profiles.models import Contact, Profile, ProfileLanguage
from backend.profiles.queries import found_by
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance, Requirement
from backend.safeguarding.queries import missing_requirements


class Need(TextChoices):
    """In the order in which they are met. Those of `RequirementKind` carry its names."""

    CALL = "call", _("the promised call")
    TALK = "talk", _("the first talk")
    IDENTITY = "identity", _("identity seen")
    INTERVIEW = "interview", _("the interview")
    REFERENCES = "references", _("references")
    POLICE_CHECK = "police_check", _("the police check")
    CODE_OF_CONDUCT = "code_of_conduct", _("the code of conduct")
    TRAINING = "training", _("the training")
    AGE = "age", _("the year of birth")
    LANGUAGES = "languages", _("the languages")
    HOURS = "hours", _("the hours")
    TOWN = "town", _("the town")


@dataclass(frozen=True)
class PeopleQuery:
    """What a list of people is narrowed to; empty means all. `programme_id` and `town_id` are keys."""

    text: str = ""
    side: str = ""
    programme_id: int | None = None
    state: str = ""
    need: str = ""
    town_id: int | None = None
    whose: str = ""  # "mine", or "nobody"

    def found(self, actor: Actor, *, day: date) -> "QuerySet[Profile]":
        """The actor's cases that fit, in the order of their names."""
        cases = Profile.objects.looked_after_by(actor)
        if self.whose == "mine":
            cases = cases.filter(coordinator=actor.person_id)
        elif self.whose == "nobody":
            cases = cases.of_nobody(day)
        people: QuerySet[Profile] = cases.with_coordinator(day)
        enrolled = Enrolment.objects.filter(profile=OuterRef("pk"))
        if self.side or self.state or self.programme_id:
            wanted = {"side": self.side, "state": self.state, "programme": self.programme_id}
            people = people.filter(Exists(enrolled.filter(**{k: v for k, v in wanted.items() if v})))
        if self.town_id:
            people = people.filter(town=self.town_id)
        if self.text:
            people = found_by(people, self.text, organisation_ids=actor.organisations(*CASE_ROLES))
        if self.need:
            people = people.filter(_in_database(Need(self.need), day))
        return people.annotate(is_call_due=_is_call_due(day)).order_by("sort_key", "pk")


@dataclass(frozen=True)
class CaseLine:
    """One person of a list, with their enrolments and what they need."""

    profile: Profile
    enrolments: tuple[Enrolment, ...]
    needs: tuple[Need, ...]


def case_lines(profiles: Sequence[Any], *, day: date) -> list[CaseLine]:
    """The same people, in the same order. Two queries for any number.

    `profiles` come from `PeopleQuery.found`, with their languages prefetched.
    """
    proofs = Clearance.objects.filter(profile=OuterRef("profile")).valid_on(day).order_by().values("kind")
    rows: Any = (
        Enrolment.objects.filter(profile__in=profiles)
        .select_related("programme")
        .annotate(proofs=ArraySubquery(proofs))
        .order_by("id")
    )
    enrolments: dict[int, list[Enrolment]] = {profile.pk: [] for profile in profiles}
    for row in rows:
        enrolments[row.profile_id].append(row)
    held = {(row.profile_id, kind) for row in rows for kind in row.proofs}
    missing = missing_requirements(rows, day=day, held=held)
    return [
        CaseLine(
            profile,
            tuple(enrolments[profile.pk]),
            needs_of(profile, enrolments[profile.pk], missing=missing, is_call_due=profile.is_call_due),
        )
        for profile in profiles
    ]


def needs_of(
    profile: Profile,
    enrolments: Iterable[Enrolment],
    *,
    missing: dict[int, tuple[str, ...]],
    is_call_due: bool,
) -> tuple[Need, ...]:
    """What stands between this person and a match; nothing once they left every programme."""
    current = [e for e in enrolments if e.state != EnrolmentState.ENDED]
    found = {Need(kind) for e in current if e.state == EnrolmentState.APPLIED for kind in missing[e.pk]}
    if any(e.state == EnrolmentState.REGISTERED for e in current):
        found.add(Need.TALK)
    if current:
        found |= {need for need, is_missing in _OF_THE_PERSON.items() if is_missing(profile)}
    if is_call_due:
        found.add(Need.CALL)
    return tuple(need for need in Need if need in found)


_OF_THE_PERSON: dict[Need, Callable[[Profile], bool]] = {
    Need.AGE: lambda profile: not profile.born,
    Need.LANGUAGES: lambda profile: not profile.languages.all(),
    Need.HOURS: lambda profile: not profile.slots and not profile.hours_vary,
    Need.TOWN: lambda profile: profile.town_id is None,
}


def _is_call_due(day: date) -> Exists:
    promised = Contact.objects.promised().filter(call_back_on__lte=day)
    return Exists(promised.filter(profile=OuterRef("pk")))


def _in_database(need: Need, day: date) -> Q | Exists:
    here = Enrolment.objects.filter(profile=OuterRef("pk"))
    if need == Need.CALL:
        return _is_call_due(day)
    if need == Need.TALK:
        return Exists(here.filter(state=EnrolmentState.REGISTERED))
    if need in _OF_THE_PERSON:
        return Q(_lacks(need), Exists(here.exclude(state=EnrolmentState.ENDED)))
    proofs = Clearance.objects.filter(profile=OuterRef("profile"), kind=need).valid_on(day)
    asked = Requirement.objects.filter(programme=OuterRef("programme"), side=OuterRef("side"), kind=need)
    return Exists(here.filter(Exists(asked), ~Exists(proofs), side=Side.MENTOR, state=EnrolmentState.APPLIED))


def _lacks(need: Need) -> Q:
    if need == Need.AGE:
        return Q(born="")
    if need == Need.HOURS:
        return Q(slots=[], hours_vary=False)
    if need == Need.TOWN:
        return Q(town=None)
    return Q(~Exists(ProfileLanguage.objects.filter(profile=OuterRef("pk"))))
