from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.meetings.actions import goals
from backend.meetings.enums import GoalState
from backend.meetings.models import Goal, GoalStep
from backend.meetings.queries.lasting import access_step, goals_visible_to
from backend.pairings.models import Pairing
from backend.pairings.rules import is_member


class StepShown(Shown):
    class Meta:
        model = GoalStep
        fields = ["id", "text", "done_at"]


class GoalShown(Shown):
    pairing = Named()

    class Meta:
        model = Goal
        fields = ["id", "pairing", "state", "state_at"]


class GoalInDetail(GoalShown):
    steps = StepShown(many=True)

    class Meta(GoalShown.Meta):
        fields = [*GoalShown.Meta.fields, "text", "steps"]


class NewGoal(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same goal")
    pairing = Ref(Pairing.objects.visible_to)
    text = serializers.CharField(max_length=goals.LONGEST_GOAL)
    steps = serializers.ListField(
        child=serializers.CharField(max_length=goals.LONGEST_STEP),
        required=False,
        max_length=goals.MOST_STEPS,
    )


class Words(Asked):
    text = serializers.CharField(max_length=goals.LONGEST_GOAL)


class NewStep(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same step")
    text = serializers.CharField(max_length=goals.LONGEST_STEP)


class Ticked(Asked):
    step = serializers.UUIDField()
    done = serializers.BooleanField()


class GoalFilter(filters.FilterSet):
    pairing = filters.UUIDFilter(field_name="pairing__public_id")
    state = filters.MultipleChoiceFilter(choices=GoalState.choices)


class Goals(Area):
    """What newcomers want to reach. They choose, change and drop; both sides tick steps."""

    queryset = Goal.objects.none()
    serializer_class = GoalShown
    detail_serializer_class = GoalInDetail
    filterset_class = GoalFilter

    @property
    def things(self) -> QuerySet[Goal]:
        return goals_visible_to(self.actor)

    @extend_schema(request=NewGoal, responses={201: GoalInDetail})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewGoal)
        pairing = wanted.pop("pairing")
        made = goals.choose_goal(pairing_id=pairing.pk, **wanted, actor=self.actor, now=self.now)
        return self.shown(made, status=201)

    @verb(Words, GoalInDetail)
    def reword(self, request: Request, id: UUID) -> Response:
        return self._do(goals.reword_goal, Words)

    @verb(Nothing, GoalInDetail)
    def reach(self, request: Request, id: UUID) -> Response:
        return self._do(goals.reach_goal)

    @verb(Nothing, GoalInDetail)
    def drop(self, request: Request, id: UUID) -> Response:
        return self._do(goals.drop_goal)

    @verb(Nothing, GoalInDetail)
    def reopen(self, request: Request, id: UUID) -> Response:
        return self._do(goals.reopen_goal)

    @verb(NewStep, GoalInDetail)
    def add_step(self, request: Request, id: UUID) -> Response:
        return self._do(goals.add_step, NewStep)

    @verb(Ticked, GoalInDetail)
    def tick(self, request: Request, id: UUID) -> Response:
        """Both sides may, and take it back."""
        wanted = self.asked(Ticked)
        step = access_step(wanted["step"], goal=self.get_object())
        act = goals.tick_step if wanted["done"] else goals.untick_step
        act(step_id=step.pk, actor=self.actor, now=self.now)
        return self.shown(self.get_object())

    def log_read(self, thing: Goal) -> None:
        if not is_member(self.actor, thing.pairing):
            self.log("goal_opened", "goal", thing, thing.pairing.programme.organisation_id)

    def _do(self, act: Callable[..., Any], form: type[Asked] = Nothing) -> Response:
        goal, wanted = self.get_object(), self.asked(form)
        act(goal_id=goal.pk, **wanted, actor=self.actor, now=self.now)
        return self.shown(self.get_object())
