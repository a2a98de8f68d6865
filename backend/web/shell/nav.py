"""The entries of the navigation, who sees them, and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.web.shell.week import Text

Count = Callable[[Actor], int]
OFFICE = ("coordinator", "caseworker", "manager", "safeguarding", "observer")
CASES = ("coordinator", "caseworker")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation; `roles` is empty for everybody who works on no cases."""

    url_name: str
    label: Text
    icon: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as one reader sees it."""

    href: str
    label: Text
    icon: str
    current: bool
    count: int | None


# On a phone the first four stand at the bottom of the screen, the others at the end of the page.
ENTRIES = (
    Entry("today", _("Today"), "today", CASES),
    Entry("desk:list", _("Suggestions"), "overlap", CASES),
    Entry("people", _("People"), "people", CASES),
    Entry("home", _("Home"), "home"),
    Entry("inbox", _("Messages"), "message"),
    Entry("inbox", _("Messages"), "message", CASES),
    Entry("mentorings:list", _("Mentorings"), "heart", CASES),
    Entry("expenses:list", _("Expenses"), "receipt", CASES),
    Entry("figures", _("Figures"), "chart", OFFICE),
    Entry("imports:start", _("Import"), "import", ("coordinator",)),
)
_counts: dict[str, Count] = {}


def count_with(url_name: str, count: Count) -> None:
    """Show `count(actor)` beside the entry `url_name`. Called once, from the urls module of that area."""
    _counts[url_name] = count


def entries_for(actor: Actor, path: str) -> list[NavLink]:
    """The navigation of one reader on the page `path`; entries whose page does not exist are left out."""
    roles = {grant.role for grant in actor.grants}
    has_cases = not roles.isdisjoint(CASES)
    mine = [e for e in ENTRIES if (roles & set(e.roles) if e.roles else not has_cases)]
    links = ((entry, url_if_any(entry.url_name)) for entry in mine)
    return [_link(entry, href, actor, path) for entry, href in links if href]


def _link(entry: Entry, href: str, actor: Actor, path: str) -> NavLink:
    count = _counts.get(entry.url_name)
    current = path == href or (href != "/" and path.startswith(href))
    return NavLink(href, entry.label, entry.icon, current, count(actor) if count else None)


def url_if_any(url_name: str, *args: Any, **kwargs: Any) -> str:
    """Give the address of a page, or nothing where no page has that name."""
    try:
        return reverse(url_name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""
