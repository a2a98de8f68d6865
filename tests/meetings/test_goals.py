"""Goals are the newcomer's; steps are for both."""

from uuid import uuid4

import pytest

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.meetings.actions import goals
from backend.meetings.models import Goal, GoalStep
from notifications.models import Notice
from tests.factories import NOW
from tests.factories.talks import end
from tests.meetings.lasting import Lasting, make_lasting
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


def chosen(lasting: Lasting, actor: Actor, text: str = "Get a driving licence", **more: object) -> Goal:
    ordinary = {"client_id": uuid4(), "now": NOW}
    return goals.choose_goal(pairing_id=lasting.pairing.pk, text=text, actor=actor, **ordinary | more)  # type: ignore[arg-type]


def test_the_newcomer_chooses_a_goal_with_small_steps(lasting: Lasting) -> None:
    goal = chosen(lasting, lasting.people.amina.actor, steps=["Ask for the price", " ", "Find a school"])
    assert (goal.chosen_by_id, goal.state) == (lasting.people.amina.person.pk, "open")
    assert [step.text for step in goal.steps.all()] == ["Ask for the price", "Find a school"]
    assert list(Notice.objects.values_list("person", "kind")) == [
        (lasting.people.bruno.person.pk, "goal_chosen")
    ]


def test_the_office_writes_down_what_the_newcomer_told(lasting: Lasting) -> None:
    assert chosen(lasting, lasting.people.chloe.actor).chosen_by_id == lasting.people.amina.person.pk


@pytest.mark.parametrize("who", ["bruno", "dario"])
def test_a_goal_is_chosen_changed_and_dropped_by_nobody_else(lasting: Lasting, who: str) -> None:
    actor, goal = getattr(lasting.people, who).actor, chosen(lasting, lasting.people.amina.actor)
    acts = (
        lambda: chosen(lasting, actor),
        lambda: goals.reword_goal(goal_id=goal.pk, text="Another", actor=actor, now=NOW),
        lambda: goals.add_step(goal_id=goal.pk, text="Run", client_id=uuid4(), actor=actor, now=NOW),
        *(
            lambda act=act: act(goal_id=goal.pk, actor=actor, now=NOW)
            for act in (goals.reach_goal, goals.drop_goal, goals.reopen_goal)
        ),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    goal.refresh_from_db()
    assert (goal.text, goal.state) == ("Get a driving licence", "open")


def test_both_tick_steps_and_others_do_not(lasting: Lasting) -> None:
    step = chosen(lasting, lasting.people.amina.actor, steps=["Ask for the price"]).steps.get()
    for who in (lasting.people.bruno, lasting.people.amina):
        goals.tick_step(step_id=step.pk, actor=who.actor, now=NOW)
        goals.untick_step(step_id=step.pk, actor=who.actor, now=NOW)
    goals.tick_step(step_id=step.pk, actor=lasting.people.chloe.actor, now=NOW)
    assert GoalStep.objects.get().done_at == NOW
    with pytest.raises(NotAllowed):
        goals.tick_step(step_id=step.pk, actor=lasting.people.dario.actor, now=NOW)


def test_a_form_sent_twice_is_one_goal_and_one_step(lasting: Lasting) -> None:
    amina, client_id = lasting.people.amina.actor, uuid4()
    goal = chosen(lasting, amina, client_id=client_id)
    assert chosen(lasting, amina, client_id=client_id) == goal
    for _sent in range(2):
        goals.add_step(goal_id=goal.pk, text="Run", client_id=client_id, actor=amina, now=NOW)
    assert (Goal.objects.count(), GoalStep.objects.count()) == (1, 1)


def test_reaching_dropping_and_taking_up_again(lasting: Lasting) -> None:
    amina, goal = lasting.people.amina.actor, chosen(lasting, lasting.people.amina.actor)
    for _twice in range(2):
        assert goals.reach_goal(goal_id=goal.pk, actor=amina, now=NOW).state == "reached"
    assert goals.reopen_goal(goal_id=goal.pk, actor=amina, now=NOW).state == "open"
    assert goals.drop_goal(goal_id=goal.pk, actor=amina, now=NOW).state == "dropped"
    told = Notice.objects.filter(person=lasting.people.bruno.person.pk, kind="goal_reached")
    assert told.count() == 1


def test_ten_goals_are_enough(lasting: Lasting) -> None:
    amina = lasting.people.amina.actor
    first, *_others = [chosen(lasting, amina, f"Goal {number}") for number in range(10)]
    with pytest.raises(goals.TooManyGoals):
        chosen(lasting, amina)
    goals.drop_goal(goal_id=first.pk, actor=amina, now=NOW)
    chosen(lasting, amina)
    with pytest.raises(goals.TooManyGoals):
        goals.reopen_goal(goal_id=first.pk, actor=amina, now=NOW)


def test_an_empty_goal_is_asked_for_words(lasting: Lasting) -> None:
    with pytest.raises(goals.GoalIsEmpty):
        chosen(lasting, lasting.people.amina.actor, " \u202e ")


def test_after_the_end_goals_stay_as_they_are(lasting: Lasting) -> None:
    goal = chosen(lasting, lasting.people.amina.actor)
    end(lasting.pairing)
    with pytest.raises(NotAllowed):
        goals.reach_goal(goal_id=goal.pk, actor=lasting.people.amina.actor, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_fifty_goals_at_once_leave_ten() -> None:
    lasting = make_lasting()
    results = at_once([lambda: chosen(lasting, lasting.people.amina.actor) for _ in range(50)])
    assert sum(isinstance(one, Goal) for one in results) == 10
    assert sum(isinstance(one, goals.TooManyGoals) for one in results) == 40
    assert Goal.objects.count() == 10
