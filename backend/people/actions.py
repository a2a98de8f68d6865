"""What people change about themselves, and the ledger of what they agreed to."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import Expected, NotAllowed, require
from backend.people.enums import Channel, Purpose
from backend.people.models import Consent, Person
from backend.people.rules import UnfitUsername, is_fit_username

# Names the wording people agreed to; a new wording gets a new name, and the old one stays in the ledger.
CONSENT_TEXT = "2026-11"


class UsernameTaken(Expected):
    code = "username_taken"
    sentence = _("This user name is taken. Choose another one.")


@transaction.atomic
def set_sign_in(*, person: Person, username: str, password: str, actor: Actor) -> None:
    """Give `person` a user name and a password of their own choice.

    Raises NotAllowed, UnfitUsername, UsernameTaken; ValidationError (Django's) for a weak password.
    """
    require(actor.person_id == person.pk, NotAllowed)
    if not is_fit_username(username):
        raise UnfitUsername
    person.username = username
    validate_password(password, person)
    person.set_password(password)
    with refusing(UsernameTaken, constraint="person_username_is_taken"):
        person.save(update_fields=["username", "password"])


def set_settings(
    *, person: Person, language: str, time_zone: str, sees_single_keys: bool, actor: Actor
) -> None:
    """Change how pages speak to `person`. Raises NotAllowed."""
    require(actor.person_id == person.pk, NotAllowed)
    person.language, person.time_zone, person.sees_single_keys = language, time_zone, sees_single_keys
    person.save(update_fields=["language", "time_zone", "sees_single_keys"])


def set_language(*, person: Person, language: str, actor: Actor) -> None:
    """Speak `language` to `person` from now on. Raises NotAllowed."""
    require(actor.person_id == person.pk, NotAllowed)
    person.language = language
    person.save(update_fields=["language"])


def record_consent(
    *,
    person: Person,
    organisation_id: int,
    purpose: Purpose,
    given: bool,
    channel: Channel,
    language_shown: str,
    actor: Actor,
    now: datetime,
    interpreter: str = "",
) -> Consent:
    """Add a line to the ledger; the last line for a purpose is what counts."""
    return Consent.objects.create(
        person=person,
        organisation_id=organisation_id,
        purpose=purpose,
        given=given,
        text_version=CONSENT_TEXT,
        language_shown=language_shown,
        channel=channel,
        interpreter=interpreter,
        recorded_by_id=actor.acting_person_id,
        recorded_at=now,
    )
