"""What is still missing before a volunteer meets someone: done, or waiting for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.queries import missing_requirements, required_kinds
from backend.web.shell.words import Text

# What is to be done, and whether the volunteer acts first.
WORDS: dict[str, tuple[Text, bool]] = {
    RequirementKind.POLICE_CHECK: (_("Ask for it at your town hall. Show it to your coordinator."), True),
    RequirementKind.IDENTITY: (_("Bring your identity card to the first talk. We keep no copy."), True),
    RequirementKind.REFERENCES: (_("Name two people who know you. Your coordinator calls them."), True),
    RequirementKind.INTERVIEW: (_("Your coordinator invites you."), False),
    RequirementKind.TRAINING: (_("Your coordinator tells you the next date."), False),
    RequirementKind.CODE_OF_CONDUCT: (_("You agreed. Your coordinator goes through it with you."), False),
}


@dataclass(frozen=True)
class Task:
    title: Text
    text: Text
    is_done: bool
    waits_for_you: bool


@dataclass(frozen=True)
class Place:
    """One programme the reader volunteers in."""

    programme: str
    organisation: str
    tasks: Sequence[Task]
    is_ready: bool
    is_ended: bool


def checks_of(programme: Programme) -> list[tuple[Text, Text]]:
    """(what will be checked, how) before anyone meets a newcomer in this programme."""
    kinds = required_kinds(programme_id=programme.pk, side=Side.MENTOR)
    agreed_here = RequirementKind.CODE_OF_CONDUCT
    return [(RequirementKind(kind).label, WORDS[kind][0]) for kind in kinds if kind != agreed_here]


def places(enrolments: Sequence[Enrolment], *, now: datetime) -> list[Place]:
    missing = missing_requirements(enrolments, day=now.date())
    return [_place(enrolment, frozenset(missing[enrolment.pk])) for enrolment in enrolments]


def _place(enrolment: Enrolment, missing: frozenset[str]) -> Place:
    kinds = required_kinds(programme_id=enrolment.programme_id, side=Side.MENTOR)
    return Place(
        programme=enrolment.programme.name,
        organisation=enrolment.programme.organisation.name,
        tasks=[
            Task(RequirementKind(kind).label, WORDS[kind][0], kind not in missing, WORDS[kind][1])
            for kind in kinds
        ],
        is_ready=not missing,
        is_ended=enrolment.state == EnrolmentState.ENDED,
    )
