"""The two doors of `notifications`: how to reach a person, and the address of what a notice is about."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from backend.people.enums import IdentifierKind, Purpose
from backend.people.models import Consent, Identifier, Person
from backend.profiles.models import Profile
from notifications.api import Contact

# The page of each type of thing, and the list it stands in where it has no page of its own.
PAGES = {
    "account": ("", "account"),
    "announcement": ("announcement", "home"),
    "case": ("mentorings:detail", "mentorings:list"),
    "conversation": ("conversation", "inbox"),
    "evaluation": ("together:evaluation", "home"),
    "evening": ("evenings:detail", "home"),
    "expenses": ("", "expenses:list"),
    "handover": ("handover", "people"),
    "left": ("", "home"),
    "mentoring": ("together:page", "home"),
    "month": ("together:month", "home"),
    "offer": ("offers:detail", "home"),
    "own_expenses": ("together:expenses", "home"),
    "pairing": ("conversation_of_pairing", "inbox"),
    "profile": ("person", "people"),
    "run": ("", "desk:list"),
    "suggestion": ("desk:detail", "desk:list"),
    "together": ("together:page", "home"),
    "transfer": ("transfers:page", "home"),
    "unmatched": ("desk:unmatched", "desk:list"),
    "waiting": ("", "home"),
}


def contacts(person_ids: Iterable[int]) -> dict[int, Contact]:
    """How to reach these persons, by id. Four queries, however many they are.

    The address is one they verified themselves, or one the coordinator entered for whom mail was agreed to.
    Whoever took that consent back gets no mail. Where two organisations know somebody, an address
    that one of them entered would receive what the other tells: then only a verified one counts.
    """
    people = Person.objects.in_bulk(set(person_ids))
    consents = _consents_to_mail(people)
    verified = dict(
        Identifier.objects.filter(person__in=people, kind=IdentifierKind.EMAIL)
        .order_by("verified_at", "id")
        .values_list("person", "value")  # the latest comes last and stays
    )
    profiles: dict[int, list[Profile]] = {}
    for profile in Profile.objects.filter(person__in=people).order_by("id"):
        profiles.setdefault(profile.person_id, []).append(profile)
    return {
        person.pk: Contact(
            email=_address(person, verified.get(person.pk), profiles.get(person.pk, []), consents),
            language=person.language,
            time_zone=person.time_zone,
            name=next((profile.called for profile in profiles.get(person.pk, [])), ""),
        )
        for person in people.values()
    }


def link(about_type: str, about_id: str, person_id: int) -> str | None:
    """The absolute address of what a notice is about, or None where nothing is to be opened."""
    page, collection = PAGES.get(about_type, ("", ""))
    for name, args in ((page, [about_id]), (collection, [])):
        try:
            return f"{settings.SITE_URL}{reverse(name, args=args)}"
        except NoReverseMatch:
            continue
    return None


def _consents_to_mail(person_ids: Iterable[int]) -> dict[tuple[int, int], bool]:
    """{(person id, organisation id): the last word on being written to}."""
    rows = Consent.objects.filter(person__in=person_ids, purpose=Purpose.CONTACT)
    return {
        (person_id, organisation_id): given
        for person_id, organisation_id, given in rows.order_by("recorded_at", "id").values_list(
            "person", "organisation_id", "given"
        )
    }


def _address(
    person: Person, verified: str | None, profiles: list[Profile], consents: dict[tuple[int, int], bool]
) -> str | None:
    words = [given for (person_id, _organisation), given in consents.items() if person_id == person.pk]
    if not person.is_active or (words and not any(words)):
        return None
    alone = profiles if len(profiles) == 1 else []
    agreed = (p.email for p in alone if p.email and consents.get((person.pk, p.organisation_id)))
    return verified or next(agreed, None)
