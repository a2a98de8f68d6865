"""What colleagues hear about the people they look after."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backend.profiles.models import Handover
from notifications.api import Kind, notify, register

PEOPLE_HANDED_OVER = register(
    Kind(
        code="people_handed_over",
        subject=_("Softlanding: a handover to you"),
        line=ngettext_lazy(
            "%(name)s hands %(count)d person over to you.",
            "%(name)s hands %(count)d people over to you.",
            "count",
        ),
        body=ngettext_lazy(
            "%(name)s hands %(count)d person over to you. Open the page to read what you must know.",
            "%(name)s hands %(count)d people over to you. Open the page to read what you must know.",
            "count",
        ),
        action=_("Read the handover"),
    )
)
PEOPLE_PASSED_ON = register(
    Kind(
        code="people_passed_on",
        subject=_("Softlanding: a handover"),
        line=ngettext_lazy(
            "%(name)s passed on %(count)d person you looked after.",
            "%(name)s passed on %(count)d people you looked after.",
            "count",
        ),
        body=ngettext_lazy(
            "%(name)s passed on %(count)d person you looked after. Open the page to see to whom.",
            "%(name)s passed on %(count)d people you looked after. Open the page to see to whom.",
            "count",
        ),
        paths=("bell",),
    )
)


def handed_over(handover: Handover, *, by: str, count: int) -> None:
    """Tell whoever gets the people, and whoever had them, unless they did it themselves."""
    told = {PEOPLE_HANDED_OVER: handover.to_person_id, PEOPLE_PASSED_ON: handover.from_person_id}
    for kind, person_id in told.items():
        if person_id not in (None, handover.by_id):
            about = ("handover", handover.public_id)
            notify(kind, to=[person_id], about=about, data={"name": by[:80], "count": count})
