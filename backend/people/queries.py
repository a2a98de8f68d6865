from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.people.enums import Purpose
from backend.people.models import Consent, Identifier, Person


def consents_of(person: Person) -> list[Consent]:
    """What counts today: the last line for each organisation and purpose."""
    lines = Consent.objects.filter(person=person)
    lines = lines.order_by("organisation_id", "purpose", "-recorded_at", "-id")
    return list(lines.distinct("organisation_id", "purpose"))


def took_back(*purposes: Purpose, person_ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """(person id, organisation id) of those whose last word there on one of `purposes` is no. One query."""
    lines = Consent.objects.filter(person__in=set(person_ids), purpose__in=purposes)
    last = lines.order_by("person", "organisation_id", "purpose", "-recorded_at", "-id").distinct(
        "person", "organisation_id", "purpose"
    )
    said = last.values_list("person", "organisation_id", "given")
    return frozenset((person_id, organisation_id) for person_id, organisation_id, given in said if not given)


def identifiers_of(person: Person) -> list[Identifier]:
    return list(Identifier.objects.filter(person=person).order_by("kind", "id"))


def able_to_sign_in(*, now: datetime) -> QuerySet[Person]:
    """Those with a login and a password, or whose browser may still be signed in from a slip."""
    known = Q(username__isnull=False) | Exists(Identifier.objects.filter(person=OuterRef("pk")))
    has_password = known & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    still_in = Q(last_login__gt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE))
    return Person.objects.filter(has_password | still_in, is_active=True).order_by()
