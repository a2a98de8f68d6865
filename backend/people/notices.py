"""What people hear about the ways into their own account."""

from django.utils.translation import gettext_lazy as _

from backend.people.models import Person
from notifications.api import Kind, notify, register

SLIP_MADE = register(
    Kind(
        code="slip_made",
        subject=_("Softlanding: a new way in"),
        line=_("Your coordinator made a new sign-in slip for you. Did you not ask for it? Please tell them."),
        body=_("Your coordinator made a new sign-in slip for you. Did you not ask for it? Please tell them."),
    )
)


def slip_made(person: Person) -> None:
    """Tell whoever has been here before; nobody can use a slip behind their back."""
    if person.last_login is not None:
        notify(SLIP_MADE, to=[person.pk], about=("account", person.public_id), data={})
