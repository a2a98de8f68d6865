"""The product as notifications sees it, small enough to read: an address book and a way to pages."""

from collections.abc import Iterable, Mapping

from notifications.api import Contact

address_book: dict[int, Contact] = {}


def contacts(person_ids: Iterable[int]) -> Mapping[int, Contact]:
    return {person_id: address_book[person_id] for person_id in person_ids if person_id in address_book}


def link(about_type: str, about_id: str, person_id: int) -> str | None:
    return f"https://town.example.org/{about_type}/{about_id}" if about_type == "offer" else None
