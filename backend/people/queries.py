from backend.people.models import Consent, Identifier, Person


def consents_of(person: Person) -> list[Consent]:
    """What counts today: the last line for each organisation and purpose."""
    lines = Consent.objects.filter(person=person)
    lines = lines.order_by("organisation_id", "purpose", "-recorded_at", "-id")
    return list(lines.distinct("organisation_id", "purpose"))


def identifiers_of(person: Person) -> list[Identifier]:
    return list(Identifier.objects.filter(person=person).order_by("kind", "id"))
