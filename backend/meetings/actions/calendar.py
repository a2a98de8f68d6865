"""The private address at which a person's calendar reads their meetings."""

import secrets
from datetime import datetime

from django.db import transaction

from backend.core import audit
from backend.core.actor import Actor
from backend.meetings.models import CalendarFeed
from backend.meetings.queries.calendar import hash_of
from backend.people.models import Person


@transaction.atomic
def make_feed(*, actor: Actor, now: datetime) -> tuple[CalendarFeed, str]:
    """A new private address for the actor; the one before opens nothing from now on. Returns it and its key.

    Only the keyed hash is stored, so the key is shown now or never.
    """
    person = _close(actor=actor, now=now)
    key = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(person=person, key_hash=hash_of(key), made_at=now)
    audit.record("calendar_opened", actor=actor, about=("person", person.public_id), now=now)
    return feed, key


@transaction.atomic
def revoke_feed(*, actor: Actor, now: datetime) -> None:
    """The address opens nothing from now on. Twice changes nothing."""
    person = _close(actor=actor, now=now)
    audit.record("calendar_closed", actor=actor, about=("person", person.public_id), now=now)


def _close(*, actor: Actor, now: datetime) -> Person:
    # Race: two devices make one at once. The second waits here, then replaces the first.
    rows = Person.objects.select_for_update(of=("self",), no_key=True)
    person = rows.get(pk=actor.acting_person_id)
    CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    return person
