from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from backend.core.actor import Actor
from backend.core.text import clean_line, fold
from backend.organisations.models import Membership, Organisation
from backend.people.phones import e164, looks_like_phone
from backend.profiles.models import Contact, Handover, Profile, phone_index


def find_same_person(
    *, organisation_id: int, phone: str = "", email: str = "", full_name: str = "", born: str = ""
) -> list[Profile]:
    """Profiles of this organisation that may be the same person, the surest first; never looks elsewhere.

    phone: E.164. A shared telephone alone may be a family's, so the caller asks rather than merges. A name
    counts only with an equal year of birth.
    """
    here = Profile.objects.filter(organisation=organisation_id)
    same = Q(pk__in=[])
    if phone:
        same |= Q(phone_index=phone_index(organisation_id=organisation_id, phone=phone))
    if email:
        same |= Q(email__iexact=email.strip())
    found = list(here.filter(same).order_by("id"))
    wanted = fold(full_name)
    if wanted and born:
        # Dates of birth are encrypted: those of this name are read, then compared.
        of_name = named(here, full_name).exclude(pk__in=[p.pk for p in found]).order_by("id")
        found += [p for p in of_name if fold(p.full_name) == wanted and p.born[:4] == born[:4]]
    return sorted(found, key=lambda p: (fold(p.full_name) != wanted, p.pk))


def named(profiles: "QuerySet[Profile]", text: str) -> "QuerySet[Profile]":
    """Those whose name or number in the organisation's list has every word of `text`, accents or not."""
    for word in text.split():
        # As written too: folding takes marks from Cyrillic and Arabic letters that the database keeps.
        means = Q(full_name__icontains=word) | Q(called__icontains=word) | Q(external_id__iexact=word)
        if bare := fold(word).split():
            means |= Q(*(Q(full_name__unaccent__icontains=part) for part in bare))
            means |= Q(*(Q(called__unaccent__icontains=part) for part in bare))
        profiles = profiles.filter(means)
    return profiles


def found_by(
    profiles: "QuerySet[Profile]", text: str, *, organisation_ids: frozenset[int]
) -> "QuerySet[Profile]":
    """Those whom `text` may mean: a telephone number, an e-mail address, or words of the name."""
    text = clean_line(text)
    if "@" in text:
        return profiles.filter(email__iexact=text)
    if looks_like_phone(text) and (number := e164(text)):
        indexes = [phone_index(organisation_id=pk, phone=number) for pk in organisation_ids]
        return profiles.filter(phone_index__in=indexes)
    return named(profiles, text)


def promised_calls(organisation_ids: frozenset[int], *, until: date) -> list[Contact]:
    """Calls promised for `until` or earlier and not yet made, the oldest first."""
    rows = Contact.objects.filter(profile__organisation__in=organisation_ids, call_back_on__lte=until)
    return list(rows.promised().select_related("profile").order_by("call_back_on", "id"))


def access_profile(public_id: UUID, *, actor: Actor) -> Profile:
    """A case the actor works on. Raises Http404 for any other, and for their own."""
    cases = Profile.objects.looked_after_by(actor).select_related(
        "organisation", "person", "town", "household", "coordinator"
    )
    return get_object_or_404(cases.prefetch_related("languages"), public_id=public_id)


def access_contact(public_id: UUID, *, profile: Profile) -> Contact:
    """A line of this person's contact log. Raises Http404."""
    return get_object_or_404(Contact, profile=profile, public_id=public_id)


def others_beside(profile: Profile) -> list[Profile]:
    """Everyone else the same organisation looks after, by name."""
    here = Profile.objects.filter(organisation=profile.organisation_id).exclude(pk=profile.pk)
    return list(here.select_related("household").order_by("sort_key", "pk"))


def access_handover(public_id: UUID, *, actor: Actor) -> Handover:
    """One between colleagues of the actor's organisations. Raises Http404."""
    rows = Handover.objects.visible_to(actor).select_related("organisation")
    return get_object_or_404(rows, public_id=public_id)


def people_of(handover: Handover) -> list[Profile]:
    """Those who were handed over, by name."""
    return list(handover.profiles.order_by("sort_key", "pk"))


def my_people(actor: Actor) -> "QuerySet[Profile]":
    """Those whom the actor looks after, by name."""
    mine = Profile.objects.looked_after_by(actor).filter(coordinator=actor.person_id)
    return mine.order_by("sort_key", "pk")


def person_here(public_id: UUID | None, *, organisation: Organisation) -> int | None:
    """The id of somebody who works, or worked, in this organisation; None for nobody. Raises Http404."""
    if public_id is None:
        return None
    found = Membership.objects.filter(organisation=organisation, person__public_id=public_id).first()
    if found is None:
        raise Http404
    return found.person_id


def coordinator_name(profile: Profile, *, day: date) -> str:
    """What colleagues call whoever looks after this person on `day`, or ""."""
    found: Any = Profile.objects.filter(pk=profile.pk).with_coordinator(day).only("pk").get()
    return str(found.coordinator_name)


def cases_named(public_ids: Iterable[UUID | str], *, actor: Actor) -> list[Profile]:
    """Those of the actor's cases with these public ids; what names nobody is left out. One query."""
    known = [UUID(str(each)) for each in public_ids if _is_id(each)]
    return list(Profile.objects.looked_after_by(actor).filter(public_id__in=known).order_by("pk"))


def _is_id(text: UUID | str) -> bool:
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False
