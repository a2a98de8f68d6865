"""Making a key for a program, and finding whose it is."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from backend.api.models import Token
from backend.core import audit
from backend.core.actor import Actor
from backend.people.models import Person

PREFIX = "sl_"  # secret scanners find what has a mark of its own


@transaction.atomic
def make_token(
    *, person: Person, name: str, lifetime: timedelta | None, actor: Actor, now: datetime
) -> tuple[Token, str]:
    """Give the new token and its key, which is shown this once. lifetime: None means it never ends."""
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name[:80],
        key_hash=_hash(key),
        expires_at=now + lifetime if lifetime else None,
        created_at=now,
    )
    audit.record("token_made", actor=actor, about=("person", person.public_id), now=now)
    return token, key


def token_for(key: str, *, now: datetime) -> Token | None:
    """The token of `key`, if it is still good and its person may sign in; notes the day of its use."""
    good = Token.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), person__is_active=True)
    token = good.select_related("person").filter(key_hash=_hash(key)).first()
    if token and token.last_used_on != now.date():  # a day is enough to find forgotten keys
        Token.objects.filter(pk=token.pk).update(last_used_on=now.date())
    return token


def _hash(key: str) -> str:
    # A random key of 256 bits needs no salt and no slow hash: nobody can guess it.
    return hashlib.sha256(key.encode()).hexdigest()
