"""Taking somebody in who is not at the screen: what they said, how it was asked, and what they agreed to."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from backend.core.actor import Actor
from backend.people.actions import record_consent
from backend.people.enums import Purpose
from backend.people.told import Told
from backend.profiles.actions import log_contact, register_profile
from backend.profiles.answers import ProfileAnswers
from backend.programmes.enrolments import enrol
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme


@transaction.atomic
def take_in(
    *,
    programme: Programme,
    side: Side,
    answers: ProfileAnswers,
    told: Told,
    actor: Actor,
    now: datetime,
    agreed: Iterable[Purpose] = (),
    capacity: int = 1,
    registered_on: date | None = None,
    language: str = "",
) -> Enrolment:
    """Make the profile and the enrolment, note the talk in the contact log and each consent in the ledger.

    language: in which the person is written to. Raises NotAllowed, BadAnswers, ProgrammeClosed, BadCapacity.
    """
    profile = register_profile(
        organisation_id=programme.organisation_id, answers=answers, actor=actor, now=now, language=language
    )
    enrolment = enrol(
        profile=profile,
        programme=programme,
        side=side,
        capacity=capacity,
        registered_on=registered_on,
        actor=actor,
        now=now,
    )
    log_contact(
        profile=profile,
        channel=told.channel,
        language=told.language,
        interpreter=told.interpreter,
        actor=actor,
        now=now,
    )
    for purpose in agreed:
        record_consent(
            person=profile.person,
            organisation_id=programme.organisation_id,
            purpose=purpose,
            given=True,
            channel=told.channel,
            language_shown=told.language or profile.person.language,
            interpreter=told.interpreter,
            actor=actor,
            now=now,
        )
    return enrolment
