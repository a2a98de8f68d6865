"""An organisation in words: facts, and who works there in which role, since when and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from babel.dates import get_timezone_location
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.core.languages import current_locale
from backend.organisations.enums import Role, Standing
from backend.organisations.models import Membership, Organisation
from backend.pairings.enums import Target
from backend.pairings.models import LearnedModel
from backend.programmes.models import Programme
from backend.web.organisation.forms import HINTS, ICONS
from backend.web.shell.cards import Tab
from backend.web.shell.languages import language
from backend.web.shell.week import Text

TONES = {Standing.ACTIVE: "good", Standing.LATER: "look", Standing.ENDED: "plain"}


@dataclass(frozen=True, slots=True)
class Line:
    """A role of one person; `href` leads to the person, for those who may change roles."""

    public_id: UUID
    href: str
    name: str
    role: Text
    icon: str
    days: str
    state: Text
    tone: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Those who have one role now or later."""

    title: Text
    hint: Text
    icon: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme; `href` is empty for those who work on no cases."""

    name: str
    href: str
    kind: Text
    state: str
    tone: str


def tabs(offices: Iterable[Organisation], *, current: Organisation) -> list[Tab]:
    """All organisations of somebody who works in several; nothing for the others."""
    made = [
        Tab(each.name, reverse("organisation", args=[each.public_id]), each.pk == current.pk)
        for each in offices
    ]
    return made if len(made) > 1 else []


def facts(office: Organisation) -> list[tuple[str, Text]]:
    return [
        (_("Kind"), office.get_kind_display()),
        (_("Town"), office.territory.name if office.territory else _("not said yet")),
        (_("Language"), language(office.language).own_name),
        (_("Time zone"), get_timezone_location(office.time_zone, locale=current_locale())),
    ]


def groups(roles: Iterable[Membership], *, day: date, linked: bool) -> list[Group]:
    """Who works here now or later, by role, in the order of `roles`; those for safeguarding stand apart."""
    ours = [role for role in _not_over(roles, day) if role.role != Role.SAFEGUARDING]
    return [
        Group(
            Role(kind).label, HINTS[kind], ICONS[kind], [line(role, day=day, linked=linked) for role in some]
        )
        for kind, some in groupby(ours, key=lambda role: role.role)
    ]


def safeguarding(roles: Iterable[Membership], *, day: date, linked: bool) -> list[Line]:
    found = (role for role in _not_over(roles, day) if role.role == Role.SAFEGUARDING)
    return [line(role, day=day, linked=linked) for role in found]


def past(roles: Iterable[Membership], *, day: date, linked: bool) -> list[Line]:
    """Roles that have ended, the latest first."""
    over = [role for role in roles if role.standing_on(day) == Standing.ENDED]
    over.sort(key=lambda role: role.ends_on or day, reverse=True)
    return [line(role, day=day, linked=linked) for role in over]


def line(role: Membership, *, day: date, linked: bool = False) -> Line:
    standing, whose = role.standing_on(day), (role.organisation.public_id, role.person.public_id)
    return Line(
        public_id=role.public_id,
        href=reverse("colleague", args=whose) if linked else "",
        name=role.name,
        role=Role(role.role).label,
        icon=ICONS[role.role],
        days=_days(role, standing),
        state=standing.label,
        tone=TONES[standing],
        is_over=standing == Standing.ENDED,
    )


def programmes(found: Iterable[Programme], *, linked: bool) -> list[ProgrammeLine]:
    return [
        ProgrammeLine(
            name=each.name,
            href=reverse("programme", args=[each.public_id]) if linked else "",
            kind=each.get_kind_display(),
            state=_state(each),
            tone="good" if each.is_open else "plain",
        )
        for each in found
    ]


def learned(found: Iterable[Programme], models: Mapping[int, LearnedModel]) -> list[tuple[str, str]]:
    """By programme that has learned, its name and from how much."""
    return [(each.name, _learned(models[each.pk])) for each in found if each.pk in models]


def _learned(model: LearnedModel) -> str:
    count = {"count": model.decided}
    if model.target == Target.ACCEPTED:
        return (
            ngettext("from %(count)d answered offer", "from %(count)d answered offers", model.decided) % count
        )
    return ngettext("from %(count)d decision", "from %(count)d decisions", model.decided) % count


def _not_over(roles: Iterable[Membership], day: date) -> list[Membership]:
    return [role for role in roles if role.standing_on(day) != Standing.ENDED]


def _days(role: Membership, standing: Standing) -> str:
    first = date_format(role.starts_on)
    if role.ends_on is not None:
        return _("%(first)s to %(last)s") % {"first": first, "last": date_format(role.ends_on)}
    said = _("from %(day)s") if standing == Standing.LATER else _("since %(day)s")
    return said % {"day": first}


def _state(programme: Programme) -> str:
    if programme.is_open:
        return _("open")
    return _("closed") if programme.closed_at else _("not open yet")
