"""The two doors to the product, each a dotted path in the settings: who a person is, where a thing is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Contact:
    """How to reach one person: address or None, BCP 47 language, IANA time zone, what to call them."""

    email: str | None
    language: str
    time_zone: str
    name: str = ""


Directory = Callable[[Iterable[int]], Mapping[int, Contact]]
Link = Callable[[str, str, int], str | None]


def contacts(person_ids: Iterable[int]) -> Mapping[int, Contact]:
    """The contacts of these persons, by person id, through `settings.NOTIFICATIONS_DIRECTORY`."""
    return cast(Directory, import_string(settings.NOTIFICATIONS_DIRECTORY))(person_ids)


def reached_by_mail(person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these persons whom a mail would reach."""
    return frozenset(person_id for person_id, contact in contacts(person_ids).items() if contact.email)


def link(about_type: str, about_id: str, person_id: int) -> str | None:
    """The absolute address of what a notice is about, through `settings.NOTIFICATIONS_LINK`, or None."""
    return cast(Link, import_string(settings.NOTIFICATIONS_LINK))(about_type, about_id, person_id)
