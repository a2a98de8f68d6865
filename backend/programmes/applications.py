"""A volunteer's own sign-up: from the draft to a person, a profile, an enrolment and what they agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, require
from backend.people.actions import record_consent, set_sign_in
from backend.people.enums import Channel, Purpose
from backend.people.models import Person
from backend.profiles.actions import register_profile
from backend.profiles.answers import ProfileAnswers
from backend.profiles.drafts import lock_draft
from backend.profiles.models import Profile
from backend.programmes.enrolments import ProgrammeClosed, enrol
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme


class TooYoung(BadInput):
    code = "too_young"
    sentence = _("You can volunteer here from the day you turn 18.")


@dataclass(frozen=True)
class SignIn:
    """The user name and password somebody chose for themselves."""

    username: str
    password: str


@transaction.atomic
def apply_as_volunteer(
    *,
    draft_id: int,
    programme: Programme,
    answers: ProfileAnswers,
    agreed: Iterable[Purpose],
    sign_in: SignIn | None,
    language: str,
    now: datetime,
) -> Profile:
    """Send the draft; sending it again gives the same profile. Without `sign_in` staff will call.

    Raises DraftGone, TooYoung, ProgrammeClosed, BadAnswers, UnfitUsername, UsernameTaken, ValidationError.
    """
    # Race: the button is pressed twice. The second waits here and finds the profile of the first.
    draft = lock_draft(draft_id)
    if draft.profile is not None:
        return draft.profile
    require(programme.is_open, ProgrammeClosed)
    organisation = programme.organisation
    person = Person.objects.create_person(language=language, time_zone=organisation.time_zone)
    actor = Actor(person_id=person.pk)
    if sign_in:
        set_sign_in(person=person, username=sign_in.username, password=sign_in.password, actor=actor)
    profile = register_profile(
        organisation_id=organisation.pk, answers=answers, actor=actor, now=now, person=person
    )
    require(profile.is_adult_on(now.date()), TooYoung)
    enrol(profile=profile, programme=programme, side=Side.MENTOR, actor=actor, now=now)
    for purpose in agreed:
        record_consent(
            person=person,
            organisation_id=organisation.pk,
            purpose=purpose,
            given=True,
            channel=Channel.SELF,
            language_shown=language,
            actor=actor,
            now=now,
        )
    draft.profile, draft.answers_json, draft.changed_at = profile, "{}", now  # the profile has them now
    draft.save(update_fields=["profile", "answers_json", "changed_at"])
    return profile


def programmes_to_join() -> list[Programme]:
    """Open programmes, by town. Everyone may see their name and town, and nothing else of them."""
    rows = Programme.objects.open().select_related("territory", "organisation__territory")
    return sorted(rows, key=lambda programme: (town_of(programme), programme.name, programme.pk))


def open_programme(public_id: str) -> Programme | None:
    """The open programme with this public id, given as text; None for any other text."""
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    return Programme.objects.open().select_related("organisation").filter(public_id=wanted).first()


def town_of(programme: Programme) -> str:
    """Where it is run, or "" where nobody said."""
    place = programme.territory or programme.organisation.territory
    return place.name if place else ""


def applications_of(actor: Actor) -> list[Enrolment]:
    """The actor's own places as a volunteer, the newest first."""
    rows = Enrolment.objects.mentors().filter(profile__person=actor.person_id)
    return list(rows.select_related("programme__organisation", "profile").order_by("-registered_on", "-id"))
