"""The sign-ins of the living example. Their user names exist in a demo's database only."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "softlanding-demo"  # noqa: S105  shown on the sign-in page of a demo


class DemoSignin(NamedTuple):
    role: str | Promise
    name: str
    username: str
    password: str


def demo_signins() -> list[DemoSignin]:
    """Whom a visitor of the example may be, the busiest first."""
    return [
        DemoSignin(_("Coordinator"), "Chloé", "chloe", PASSWORD),
        DemoSignin(_("Mentor"), "Bruno", "bruno", PASSWORD),
        DemoSignin(_("Newcomer, reads Arabic"), "Amina", "amina", PASSWORD),
        DemoSignin(_("Coordinator of another organisation"), "Dario", "dario", PASSWORD),
        DemoSignin(_("Administrator"), "Alex", "admin", PASSWORD),
    ]
