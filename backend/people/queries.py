from collections.abc import Iterable

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
