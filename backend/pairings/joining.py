"""What people hear when somebody joins or leaves a mentoring: first names, and nothing about why."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from backend.pairings.farewells import CHANGE, TELL_US, tell
from backend.pairings.models import Pairing
from notifications.api import Kind, notify, register

SOMEBODY_JOINED = register(
    Kind(
        code="somebody_joined",
        subject=CHANGE,
        line=_("%(name)s now takes part in your mentoring."),
        body=_("%(name)s now takes part in your mentoring. You can write to each other."),
    )
)
YOU_JOINED = register(
    Kind(
        code="you_joined",
        subject=_("Softlanding: good news"),
        line=_("You now take part in a mentoring with %(names)s."),
        body=_("You now take part in a mentoring with %(names)s. You can write to each other."),
    )
)
SOMEBODY_LEFT = register(
    Kind(
        code="somebody_left",
        subject=CHANGE,
        line=_("%(name)s no longer takes part in your mentoring. The mentoring goes on."),
        body=_("%(name)s no longer takes part in your mentoring. The mentoring goes on."),
    )
)
YOU_LEFT = register(
    Kind(
        code="you_left",
        subject=CHANGE,
        line=_("You no longer take part in this mentoring. Thank you for your time."),
        body=_("You no longer take part in this mentoring. Thank you for your time."),
        action=TELL_US,
    )
)
SOMEBODY_STANDS_IN = register(
    Kind(
        code="somebody_stands_in",
        subject=CHANGE,
        line=_("%(name)s now comes instead of %(before)s. Your mentoring goes on."),
        body=_("%(name)s now comes instead of %(before)s. Your mentoring goes on without a gap."),
    )
)

LONGEST = 150  # what a notice may hold of names


def somebody_joined(
    pairing: Pairing, *, name: str, names: Iterable[str], who: int, others: list[int]
) -> None:
    tell(SOMEBODY_JOINED, pairing, to=others, data={"name": name})
    you_joined(pairing, names=names, who=who)


def you_joined(pairing: Pairing, *, names: Iterable[str], who: int) -> None:
    tell(YOU_JOINED, pairing, to=[who], data={"names": ", ".join(names)[:LONGEST]})


def somebody_left(pairing: Pairing, *, name: str, who: int, others: list[int], may_evaluate: bool) -> None:
    tell(SOMEBODY_LEFT, pairing, to=others, data={"name": name})
    you_left(pairing, who=who, may_evaluate=may_evaluate)


def you_left(pairing: Pairing, *, who: int, may_evaluate: bool) -> None:
    """Whoever left sees no more of it than the page on which they say how it was."""
    about = ("evaluation", pairing.public_id) if may_evaluate else ("left", pairing.public_id)
    no_data: Mapping[str, str] = {}
    notify(YOU_LEFT, to=[who], about=about, data=no_data)


def somebody_stands_in(pairing: Pairing, *, name: str, before: str, to: list[int]) -> None:
    tell(SOMEBODY_STANDS_IN, pairing, to=to, data={"name": name, "before": before})
