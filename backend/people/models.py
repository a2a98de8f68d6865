"""Someone who can sign in: identifiers, language, time zone and consents; never a name or an answer."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.people.enums import Channel, IdentifierKind, Purpose


class PersonManager(BaseUserManager["Person"]):
    def create_person(self, *, password: str | None = None, **fields: Any) -> "Person":
        """Make a person; without a password nobody can sign in as them yet."""
        person = self.model(**fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username__iexact=username)


class Person(Base, AbstractBaseUser):
    username = models.CharField(_("user name"), max_length=60, null=True, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    sees_single_keys = models.BooleanField(default=True)  # WCAG 2.1.4: single-key shortcuts can be off

    data_classes = classes(
        A="id public_id created_at last_login language time_zone is_operator is_active sees_single_keys",
        C="username password",
    )

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="person_username_is_taken",
                violation_error_message=_("This user name is taken. Choose another one."),
            ),
            models.CheckConstraint(condition=~Q(username=""), name="person_username_is_null_or_not_empty"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_staff(self) -> bool:
        return self.is_operator


class Identifier(Base):
    """A phone number or e-mail address that its owner has verified. Several people may share a number."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=8, choices=IdentifierKind)
    value = EncryptedTextField()
    value_index = models.CharField(max_length=64, db_index=True)
    verified_at = models.DateTimeField()

    data_classes = classes(A="id public_id created_at person kind verified_at", C="value value_index")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value_index"], name="identifier_is_held_once")
        ]


class Slip(Base):
    """A one-time sign-in: printed as a QR code and a short code. Only the hash of the code is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="slips")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    data_classes = classes(A="id public_id created_at person made_by expires_at used_at", C="code_hash")

    class Meta:
        ordering = ["-id"]
        constraints = [
            # The older slip goes out of use when a new one is made, so a lost paper opens nothing.
            models.UniqueConstraint(
                fields=["person"], condition=Q(used_at=None), name="person_has_one_open_slip"
            )
        ]


class Consent(Base):
    """One line of the ledger: given or withdrawn. Lines are added, never changed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    organisation_id = models.BigIntegerField()  # a bare id: people lie below organisations
    purpose = models.CharField(max_length=20, choices=Purpose)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    language_shown = models.CharField(max_length=12)
    channel = models.CharField(max_length=12, choices=Channel)
    interpreter = models.CharField(max_length=100, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    data_classes = classes(
        A="id public_id created_at person organisation_id purpose given text_version language_shown channel "
        "recorded_by recorded_at",
        C="interpreter",
    )

    class Meta:
        ordering = ["recorded_at", "id"]
