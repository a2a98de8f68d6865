from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Ref, Shown
from backend.api.v1.people import Reason
from backend.pairings.actions import request_run
from backend.pairings.enums import RunState
from backend.pairings.models import MatchRun
from backend.programmes.models import Programme


class RunShown(Shown):
    programme = Named()
    gap = serializers.FloatField(help_text="0: proved that nothing better exists")
    feasible_pairs = serializers.IntegerField(help_text="Pairs that nothing refuses")
    proof = serializers.CharField(help_text="How good the plan is known to be; empty until the run is done")

    class Meta:
        model = MatchRun
        fields = [
            "id",
            "programme",
            "state",
            "asked_at",
            "finished_at",
            "newcomers",
            "mentors",
            "matched",
            "total_fit",
            "upper_bound",
            "gap",
            "feasible_pairs",
            "proof",
        ]


class Left(serializers.Serializer):
    """A newcomer who got nobody, and why: how many mentors each reason excludes, and how many it alone."""

    newcomer = Named()
    feasible = serializers.IntegerField(help_text="Mentors who would suit, all taken by others")
    reasons = Reason(many=True)


class RunInDetail(RunShown):
    unmatched = Left(many=True)

    class Meta(RunShown.Meta):
        fields = [*RunShown.Meta.fields, "unmatched"]


class NewRun(Asked):
    programme = Ref(Programme.objects.visible_to)


class RunFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    state = filters.ChoiceFilter(choices=RunState.choices)


class Runs(Area):
    """Match runs. A new one is queued; read it again until it is done."""

    queryset = MatchRun.objects.none()
    serializer_class = RunShown
    detail_serializer_class = RunInDetail
    filterset_class = RunFilter

    @property
    def things(self) -> QuerySet[MatchRun]:
        return MatchRun.objects.visible_to(self.actor).select_related("programme")

    @extend_schema(request=NewRun, responses={202: RunInDetail})
    def create(self, request: Request) -> Response:
        programme = self.asked(NewRun)["programme"]
        return self.shown(request_run(programme_id=programme.pk, actor=self.actor, now=self.now), status=202)
