"""Keys for programs that act for a person."""

from django.db import models

from backend.core.classes import classes
from backend.core.models import Base


class Token(Base):
    """A key of one person. Only its hash is kept: who reads the table can sign in as nobody."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64, unique=True)
    last_used_on = models.DateField(null=True)
    expires_at = models.DateTimeField(null=True)

    data_classes = classes(A="id public_id created_at person last_used_on expires_at", B="name", C="key_hash")

    class Meta:
        ordering = ["-id"]
