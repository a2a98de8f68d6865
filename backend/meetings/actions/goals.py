"""Goals with small steps: the newcomer chooses them, both tick the steps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.core.live import publish_on_commit
from backend.core.states import next_state
from backend.core.text import clean_line
from backend.meetings.enums import GOAL_MOVES, GoalState
from backend.meetings.models import Goal, GoalStep
from backend.meetings.notices import lasting as notices
from backend.meetings.rules import is_newcomer_there, may_choose_goals, may_tick_steps
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.actions.pairings import people_in
from backend.pairings.enums import MemberRole
from backend.pairings.models import Pairing, PairingMember
from backend.programmes.enums import Side
from notifications.api import Kind

MOST_OPEN, MOST_STEPS = 10, 20
LONGEST_GOAL, LONGEST_STEP = 300, 200


class GoalIsEmpty(BadInput):
    code = "goal_is_empty"
    sentence = _("Write in a few words what you want to reach.")


class TooManyGoals(Expected):
    code = "too_many_goals"
    sentence = _("You have ten goals. Finish one first, or take one away.")


class TooManySteps(Expected):
    code = "too_many_steps"
    sentence = _("This goal has many steps. Finish them first, or choose another goal.")


@transaction.atomic
def choose_goal(
    *, pairing_id: int, text: str, client_id: UUID, actor: Actor, now: datetime, steps: Sequence[str] = ()
) -> Goal:
    """Add a goal with its first steps; the same `client_id` again is the same goal.

    Staff write down what the newcomer told them. Raises NotAllowed, GoalIsEmpty, TooManyGoals, TooManySteps.
    """
    # Race: two tabs each add the tenth goal. Counted under the pairing's lock.
    pairing = lock_pairing(pairing_id)
    require(may_choose_goals(actor, pairing))
    # Made from the page's id and the pairing's own: nobody can name a goal of another mentoring with it.
    public_id = uuid5(pairing.public_id, f"goal {client_id}")
    if sent := Goal.objects.filter(public_id=public_id).first():
        return sent
    _check_room(pairing)
    goal = Goal.objects.create(
        public_id=public_id,
        pairing=pairing,
        chosen_by_id=_newcomer(pairing, actor),
        text=_words(text, LONGEST_GOAL),
        state_at=now,
    )
    _write_steps(goal, steps)
    _tell(notices.GOAL_CHOSEN, pairing, actor=actor, now=now)
    return goal


@transaction.atomic
def reword_goal(*, goal_id: int, text: str, actor: Actor, now: datetime) -> Goal:
    """Raises NotAllowed, GoalIsEmpty."""
    goal = _lock_own(goal_id, actor)
    goal.text = _words(text, LONGEST_GOAL)
    goal.save(update_fields=["text"])
    _tell_pages(goal.pairing)
    return goal


@transaction.atomic
def reach_goal(*, goal_id: int, actor: Actor, now: datetime) -> Goal:
    """Raises NotAllowed, WrongState; one that is reached stays so."""
    goal = _lock_own(goal_id, actor)
    if _walk(goal, "reach", to=GoalState.REACHED, now=now):
        _tell(notices.GOAL_REACHED, goal.pairing, actor=actor, now=now)
    return goal


@transaction.atomic
def drop_goal(*, goal_id: int, actor: Actor, now: datetime) -> Goal:
    """The newcomer no longer wants it. Raises NotAllowed, WrongState."""
    goal = _lock_own(goal_id, actor)
    _walk(goal, "drop", to=GoalState.DROPPED, now=now)
    return goal


@transaction.atomic
def reopen_goal(*, goal_id: int, actor: Actor, now: datetime) -> Goal:
    """Raises NotAllowed, TooManyGoals."""
    goal = _lock_own(goal_id, actor)
    if goal.state != GoalState.OPEN:
        _check_room(goal.pairing)
    _walk(goal, "reopen", to=GoalState.OPEN, now=now)
    return goal


@transaction.atomic
def add_step(*, goal_id: int, text: str, client_id: UUID, actor: Actor, now: datetime) -> GoalStep:
    """Raises NotAllowed, GoalIsEmpty, TooManySteps."""
    goal = _lock_own(goal_id, actor)
    public_id = uuid5(goal.public_id, f"step {client_id}")
    if sent := GoalStep.objects.filter(public_id=public_id).first():
        return sent
    require(goal.steps.count() < MOST_STEPS, TooManySteps)
    step = GoalStep.objects.create(public_id=public_id, goal=goal, text=_words(text, LONGEST_STEP))
    _tell_pages(goal.pairing)
    return step


@transaction.atomic
def tick_step(*, step_id: int, actor: Actor, now: datetime) -> GoalStep:
    """Both sides may; ticked twice it keeps its first moment. Raises NotAllowed."""
    step = _lock_step(step_id, actor)
    if step.done_at is None:
        _write_done(step, now)
    return step


@transaction.atomic
def untick_step(*, step_id: int, actor: Actor, now: datetime) -> GoalStep:
    """Raises NotAllowed."""
    step = _lock_step(step_id, actor)
    if step.done_at is not None:
        _write_done(step, None)
    return step


def _lock_own(goal_id: int, actor: Actor) -> Goal:
    """The goal and its pairing, locked, for those who choose goals there."""
    pairing = lock_pairing(Goal.objects.values_list("pairing_id", flat=True).get(pk=goal_id))
    require(may_choose_goals(actor, pairing))
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal_id)
    goal.pairing = pairing
    return goal


def _lock_step(step_id: int, actor: Actor) -> GoalStep:
    pairing = lock_pairing(GoalStep.objects.values_list("goal__pairing_id", flat=True).get(pk=step_id))
    require(may_tick_steps(actor, pairing))
    return (
        GoalStep.objects.select_for_update(of=("self",), no_key=True).select_related("goal").get(pk=step_id)
    )


def _write_done(step: GoalStep, at: datetime | None) -> None:
    step.done_at = at
    step.save(update_fields=["done_at"])
    _tell_pages(step.goal.pairing)


def _walk(goal: Goal, verb: str, *, to: GoalState, now: datetime) -> bool:
    """Whether it moved; pressing the same twice moves nothing."""
    if goal.state == to:
        return False
    goal.state, goal.state_at = next_state(GOAL_MOVES, verb=verb, state=goal.state), now
    goal.save(update_fields=["state", "state_at"])
    _tell_pages(goal.pairing)
    return True


def _check_room(pairing: Pairing) -> None:
    require(pairing.goals.filter(state=GoalState.OPEN).count() < MOST_OPEN, TooManyGoals)


def _write_steps(goal: Goal, steps: Sequence[str]) -> None:
    written = [line for step in steps if (line := clean_line(step)[:LONGEST_STEP])]
    require(len(written) <= MOST_STEPS, TooManySteps)
    GoalStep.objects.bulk_create(GoalStep(goal=goal, text=line) for line in written)


def _words(text: str, longest: int) -> str:
    line = clean_line(text)[:longest]
    require(bool(line), GoalIsEmpty)
    return line


def _newcomer(pairing: Pairing, actor: Actor) -> int:
    """Whose goal it is: the newcomer who chooses it, or for staff the first of them."""
    if is_newcomer_there(actor, pairing):
        return actor.acting_person_id
    members = PairingMember.objects.filter(
        pairing=pairing, side=Side.NEWCOMER, role=MemberRole.MEMBER, until_at=None
    )
    return members.order_by("id").values_list("enrolment__profile__person", flat=True)[0]


def _tell(kind: Kind, pairing: Pairing, *, actor: Actor, now: datetime) -> None:
    others = [person_id for person_id in people_in(pairing) if person_id != actor.person_id]
    notices.about_mentoring(kind, pairing, to=others, now=now)
    _tell_pages(pairing)


def _tell_pages(pairing: Pairing) -> None:
    for person_id in people_in(pairing):
        publish_on_commit(person_id=person_id, event={"type": "pairing", "id": str(pairing.public_id)})
