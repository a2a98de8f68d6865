"""Encryption of class C and D values, and blind indexes for looking them up.

The keys are outside the database and its backups (`FIELD_KEYS`); the first encrypts, all decrypt, so a key
is rotated by putting a new one in front and running `manage.py rotate_keys`.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.checks import Error, register
from django.db import models
from django.db.models.lookups import Exact


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises InvalidToken when no key in FIELD_KEYS made `token`."""
    return _fernet(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()


def encrypt_bytes(data: bytes) -> bytes:
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(data)


def decrypt_bytes(token: bytes) -> bytes:
    """Raises InvalidToken when no key in FIELD_KEYS made `token`."""
    return _fernet(tuple(settings.FIELD_KEYS)).decrypt(token)


def rotate(token: str) -> str:
    return _fernet(tuple(settings.FIELD_KEYS)).rotate(token.encode()).decode()


def blind_index(value: str, *, scope: str) -> str:
    """A keyed hash by which equal values are found without being readable; 64 hex digits.

    `scope` (such as "phone:org:7") keeps indexes of different organisations from being compared.
    """
    key = hashlib.sha256(b"softlanding blind index " + settings.INDEX_KEY.encode()).digest()
    return hmac.new(key, f"{scope}\0{value}".encode(), hashlib.sha256).hexdigest()


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class EncryptedTextField(_Text):
    """Text that the database only sees encrypted. It cannot be filtered or ordered by; "" stays ""."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _IsEmpty
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: it cannot be looked up by {lookup_name!r}.")
        return super().get_lookup(lookup_name)


class _IsEmpty(Exact):
    """The one comparison that works: "" stays "", so constraints may ask whether anything was written."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise TypeError("An encrypted field can only be compared with an empty text.")
        return self.rhs


@register()
def keys_are_usable(app_configs: object, **kwargs: object) -> list[Error]:
    try:
        decrypt(encrypt("x"))
    except (ValueError, InvalidToken, IndexError) as problem:
        return [Error(f"FIELD_KEYS holds no usable Fernet key ({problem}).", id="core.E001")]
    return []
