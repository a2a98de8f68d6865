"""What a list of people is narrowed to, as the address says it; also by those who write to such a list."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.utils.translation import gettext_lazy as _

from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Programme
from backend.safeguarding.needs import Need, PeopleQuery
from backend.web.shell.request import Request

WHOSE = {"mine": _("I look after them"), "nobody": _("nobody looks after them")}
NAMES = ("q", "side", "programme", "state", "need", "whose")


def narrowed(request: Request, programmes: Iterable[Programme]) -> tuple[dict[str, str], PeopleQuery]:
    """(what was asked, as it was written; the same as a query)."""
    asked = {name: request.GET.get(name, "").strip() for name in NAMES}
    query = PeopleQuery(
        text=asked["q"],
        side=known(asked["side"], Side.values),
        programme_id=next((p.pk for p in programmes if str(p.public_id) == asked["programme"]), None),
        state=known(asked["state"], EnrolmentState.values),
        need=known(asked["need"], Need.values),
        whose=known(asked["whose"], WHOSE),
    )
    return asked, query


def without(request: Request, *names: str) -> str:
    """The rest of the query string."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


def known(value: str, values: Container[str]) -> str:
    return value if value in values else ""
