"""Programmes from making to closing. Who is in them: enrolments.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import BadInput, Expected, require
from backend.core.states import WrongState
from backend.core.text import clean_line
from backend.organisations.enums import Role
from backend.organisations.queries import people_with_role
from backend.programmes.criteria import (
    WEIGHABLE,
    default_criteria,
    is_requirable,
    weights_of,
    with_require,
    with_weights,
)
from backend.programmes.enums import Cadence, Objective, ProgrammeKind, Side
from backend.programmes.models import Programme
from backend.programmes.rules import may_run_programmes

SAFEGUARDING_PERSONS = 2
HEAVIEST = 10.0
MOST_FIRST_CHECK_INS = 6
LONGEST_GAP = 365  # days


class ProgrammeNameTaken(Expected):
    code = "programme_name_taken"
    sentence = _("You have a programme of this name already. Choose another name.")


class NeedsSafeguarding(Expected):
    code = "needs_safeguarding"
    sentence = _("A programme opens with two people for safeguarding. Name them first.")


class BadSettings(BadInput):
    code = "bad_settings"
    sentence = _("Give a name, at least one week, 1 to 60 days to answer, and weights from 0 to 10.")


class BadReminder(BadSettings):
    sentence = _("Remind after 1 day or more, and no later than the last day to answer.")


class BadCheckIns(BadSettings):
    sentence = _("Give 1 to 6 days for the first check-ins, each later than the one before: 14, 28.")


class BadLaterCheckIns(BadSettings):
    sentence = _("Give 1 to 365 days between later check-ins.")


class BadRequire(BadSettings):
    sentence = _("Choose a language level from A1 to B2, 1 to 3 half-days, and who must travel.")


@dataclass(frozen=True)
class ProgrammeSettings:
    """What is left out of weights and require stays as it is, or as the kind suggests.

    reminder_days: None means as before, or 3, and never after the last day to answer.
    weights: {name from criteria.WEIGHABLE: 0 to 10}; require: {name: one of criteria.REQUIRABLE[name]}.
    """

    name: str
    kind: str = ProgrammeKind.MENTORING
    cadence: str = Cadence.WEEKLY
    duration_weeks: int = 26
    asks_first: str = Side.MENTOR
    offer_days: int = 7
    reminder_days: int | None = None
    hosts_first_meeting: bool = True
    first_check_ins: Sequence[int] = (14, 28)
    check_in_every_days: int = 30
    objective: str = Objective.COVERAGE
    territory_id: int | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    require: Mapping[str, str | int] = field(default_factory=dict)


@transaction.atomic
def create_programme(
    *, organisation_id: int, settings: ProgrammeSettings, actor: Actor, now: datetime
) -> Programme:
    """Make a programme, not open yet; `safeguarding.actions.start_programme` also asks for its proofs.

    Raises NotAllowed, BadSettings or one of its kinds, ProgrammeNameTaken.
    """
    require(may_run_programmes(actor, organisation_id))
    programme = Programme(
        organisation_id=organisation_id, created_at=now, criteria=default_criteria(settings.kind)
    )
    _apply(programme, settings)
    _save(programme)
    return programme


@transaction.atomic
def update_programme(
    *, programme_id: int, settings: ProgrammeSettings, actor: Actor, now: datetime
) -> Programme:
    """Change the settings of a programme; runs and offers made before stay as they are.

    Raises NotAllowed, BadSettings or one of its kinds, ProgrammeNameTaken.
    """
    programme = _locked(programme_id, actor)
    changed = _apply(programme, settings)
    _save(programme, changed)
    return programme


@transaction.atomic
def set_weights(*, programme_id: int, weights: Mapping[str, float], actor: Actor, now: datetime) -> Programme:
    """Let these criteria count so much from the next run on. Raises NotAllowed, BadSettings."""
    # Race: a colleague changes the settings; the second sees what the first did. No key lock: a match run
    # that has written suggestions of this programme must not wait for us, nor we for it.
    programme = Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
    require(may_run_programmes(actor, programme.organisation_id))
    criteria = with_weights(programme.criteria, weights)
    require(are_weights(weights) and any(weights_of(criteria).values()), BadSettings)
    if programme.criteria != criteria:
        programme.criteria = criteria
        programme.save(update_fields=["criteria"])
    return programme


@transaction.atomic
def open_programme(*, programme_id: int, actor: Actor, now: datetime) -> Programme:
    """Open it, or open it again. Raises NotAllowed, NeedsSafeguarding, WrongState when it is open."""
    programme = _locked(programme_id, actor)
    require(not programme.is_open, WrongState)
    named = people_with_role(programme.organisation_id, Role.SAFEGUARDING, now=now)
    require(len(named) >= SAFEGUARDING_PERSONS, NeedsSafeguarding)
    programme.opened_at, programme.closed_at = now, None
    programme.save(update_fields=["opened_at", "closed_at"])
    return programme


@transaction.atomic
def close_programme(*, programme_id: int, actor: Actor, now: datetime) -> Programme:
    """Take nobody in and match nobody any more; what runs goes on. Raises NotAllowed, WrongState."""
    programme = _locked(programme_id, actor)
    require(programme.is_open, WrongState)
    programme.closed_at = now
    programme.save(update_fields=["closed_at"])
    return programme


def _locked(programme_id: int, actor: Actor) -> Programme:
    # Race: two colleagues open, close or change it at once; the second sees what the first did.
    programme = Programme.objects.select_for_update().get(pk=programme_id)
    require(may_run_programmes(actor, programme.organisation_id))
    return programme


def _apply(programme: Programme, settings: ProgrammeSettings) -> list[str]:
    """Set what differs; returns the names of those fields. Raises BadSettings, or one that says more."""
    require(_are_sound(settings), BadSettings)
    reminder = settings.reminder_days
    if reminder is None:
        reminder = min(programme.reminder_days, settings.offer_days)
    require(1 <= reminder <= settings.offer_days, BadReminder)
    require(are_check_ins(settings.first_check_ins), BadCheckIns)
    require(1 <= settings.check_in_every_days <= LONGEST_GAP, BadLaterCheckIns)
    require(all(is_requirable(*each) for each in settings.require.items()), BadRequire)
    criteria = with_require(with_weights(programme.criteria, settings.weights), settings.require)
    wanted: dict[str, Any] = {
        "name": clean_line(settings.name),
        "kind": settings.kind,
        "cadence": settings.cadence,
        "duration_weeks": settings.duration_weeks,
        "asks_first": settings.asks_first,
        "offer_days": settings.offer_days,
        "reminder_days": reminder,
        "hosts_first_meeting": settings.hosts_first_meeting,
        "first_check_ins": list(settings.first_check_ins),
        "check_in_every_days": settings.check_in_every_days,
        "objective": settings.objective,
        "territory_id": settings.territory_id,
        "criteria": criteria,
    }
    changed = [name for name, value in wanted.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, wanted[name])
    return changed


def _are_sound(settings: ProgrammeSettings) -> bool:
    return (
        0 < len(clean_line(settings.name)) <= 120
        and settings.kind in ProgrammeKind.values
        and settings.cadence in Cadence.values
        and settings.asks_first in Side.values
        and settings.objective in Objective.values
        and 1 <= settings.duration_weeks <= 520
        and 1 <= settings.offer_days <= 60
        and are_weights(settings.weights)
        and (not settings.weights or any(settings.weights.values()))
    )


def are_check_ins(days: Sequence[int]) -> bool:
    """Whether these are 1 to 6 days within a year, each later than the one before."""
    ascending = all(one < next_one for one, next_one in pairwise(days))
    in_a_year = all(1 <= day <= LONGEST_GAP for day in days)
    return 1 <= len(days) <= MOST_FIRST_CHECK_INS and ascending and in_a_year


def are_weights(weights: Mapping[str, float]) -> bool:
    """Whether each is known and from 0 to the heaviest."""
    return set(weights) <= set(WEIGHABLE) and all(0 <= weight <= HEAVIEST for weight in weights.values())


def _save(programme: Programme, changed: list[str] | None = None) -> None:
    with refusing(ProgrammeNameTaken, constraint="programme_name_is_used_once"):
        programme.save(update_fields=changed)
