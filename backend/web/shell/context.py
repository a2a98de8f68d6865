"""The context processor of every page: `shell`, computed only as far as a template asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from backend.core.actor import ANONYMOUS, Actor
from backend.organisations.queries import working_as
from backend.web.shell.languages import Language, current_language, screen_languages
from backend.web.shell.nav import NavLink, entries_for
from notifications.api import unseen_count

BAR = 4  # entries in the bar at the bottom of a phone
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Who:
    """The lines at the foot of the navigation."""

    organisation: str = ""
    name: str = ""

    @property
    def called(self) -> str:
        return self.name.partition(" ")[0]


class Shell:
    """What the frame around a page shows."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor:
        return getattr(self.request, "actor", ANONYMOUS)

    @property
    def signed_in(self) -> bool:
        return self.actor.person_id is not None

    @cached_property
    def language(self) -> Language:
        return current_language()

    @cached_property
    def languages(self) -> list[Language]:
        return screen_languages()

    @property
    def theme(self) -> str:
        """The theme someone chose, or nothing: then the device decides."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def keys(self) -> bool:
        """Whether single-key shortcuts are on (WCAG 2.1.4 asks for a switch)."""
        return getattr(getattr(self.request, "user", None), "sees_single_keys", True)

    @cached_property
    def nav(self) -> list[NavLink]:
        return entries_for(self.actor, self.request.path) if self.signed_in else []

    @property
    def nav_bar(self) -> list[NavLink]:
        return self.nav[:BAR]

    @property
    def nav_rest(self) -> list[NavLink]:
        return self.nav[BAR:]

    @property
    def is_staff(self) -> bool:
        return bool(self.actor.grants)

    @cached_property
    def unread(self) -> int:
        return unseen_count(self.actor.person_id) if self.actor.person_id is not None else 0

    @cached_property
    def who(self) -> Who:
        return _who(self.actor)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}


def _who(actor: Actor) -> Who:
    return Who(*working_as(actor)) if actor.grants else Who()
