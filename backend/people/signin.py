"""Signing in with a user name, a verified phone number or a verified e-mail, and a password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from backend.core.crypto import blind_index
from backend.people.enums import IdentifierKind
from backend.people.models import Person
from backend.people.phones import e164, looks_like_phone

# So many passwords are compared for a number or address, however many people it opens the door to: the
# time must not tell whether it is known, or that a family shares it.
SHARED_BY = 3


def identifier_index(kind: str, value: str) -> str:
    """The blind index of a verified phone (E.164) or e-mail (lower case)."""
    return blind_index(value, scope=f"identifier:{kind}")


def kind_of_login(login: str) -> str:
    """ "email", "phone" or "username", by the look of it alone."""
    if "@" in login:
        return IdentifierKind.EMAIL
    return IdentifierKind.PHONE if looks_like_phone(login) else "username"


def normal_login(login: str) -> str:
    """One spelling for what means the same, so that a limit counts "Amina" and "amina " together."""
    login = login.strip()
    if kind_of_login(login) == IdentifierKind.PHONE:
        return e164(login) or login
    return login.casefold()


def people_behind(login: str) -> list[Person]:
    """Everyone whom `login` may mean: one by user name, perhaps several by a number they share."""
    kind = kind_of_login(login)
    if kind == "username":
        return list(Person.objects.filter(username__iexact=login.strip()).order_by("pk"))
    index = identifier_index(kind, normal_login(login))
    found = Person.objects.filter(identifiers__kind=kind, identifiers__value_index=index)
    return list(found.order_by("pk"))


class IdentifierBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, login: str = "", password: str = "", **kwargs: Any
    ) -> Person | None:
        """The one active person with this login and password, or None; it takes as long for an unknown login.

        Two people who share a number and a password are told apart by their user names only.
        """
        if not login or not password:
            return None
        people = people_behind(login)
        fitting = [person for person in people if person.check_password(password)]
        rounds = 1 if kind_of_login(login) == "username" else SHARED_BY
        for _missing in range(rounds - len(people)):
            make_password(password)
        return fitting[0] if len(fitting) == 1 and fitting[0].is_active else None

    def get_user(self, user_id: int) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()
