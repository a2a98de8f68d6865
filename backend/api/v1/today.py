from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Known
from backend.insight.today import Kind, Line, Part, Whose, today_of
from backend.organisations.enums import CASE_ROLES
from backend.profiles.actions import log_listing

# Their day is class C: until when a proof holds, and when two people meet. It stands on the page it leads to.
WITHOUT_DAY = (Kind.PROOF_ENDS, Kind.HOST)


class TodayLine(serializers.Serializer):
    """One thing to do, to wait for or to be glad of; `about` is the profile, offer, suggestion or pairing."""

    part = serializers.ChoiceField([part.value for part in Part], source="kind.part.value")
    kind = serializers.ChoiceField([kind.value for kind in Kind], source="kind.value")
    age = serializers.IntegerField(help_text="In days; below zero for what is still to come")
    about = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    other = serializers.CharField(allow_blank=True)
    who = serializers.CharField(help_text="The colleague responsible; empty for nobody", allow_blank=True)
    is_mine = serializers.SerializerMethodField()
    what = serializers.ListField(child=serializers.CharField(), help_text="Kinds of requirement")
    on = serializers.SerializerMethodField()
    count = serializers.IntegerField()
    cents = serializers.IntegerField()
    currency = serializers.CharField(allow_blank=True)

    def get_is_mine(self, line: Line) -> bool:
        return line.who_id is not None and line.who_id == self.context["actor"].person_id

    @extend_schema(responses=serializers.DateField(allow_null=True))
    def get_on(self, line: Line) -> str | None:
        return None if line.on is None or line.kind in WITHOUT_DAY else line.on.isoformat()


class WhoseAsked(Asked):
    whose = serializers.ChoiceField([whose.value for whose in Whose], default=Whose.ALL.value)


class TodayLines(Known):
    """What needs action now, what waits for others and what goes well, the most pressing first."""

    @extend_schema(
        operation_id="today_list",
        parameters=[WhoseAsked],
        responses=serializers.ListSerializer(child=TodayLine()),
    )
    def get(self, request: Request) -> Response:
        if not self.actor.organisations(*CASE_ROLES):
            raise Http404
        whose = Whose(self.asked(WhoseAsked, request.query_params.dict())["whose"])
        day = timezone.localdate(self.now)
        found = today_of(actor=self.actor, now=self.now, day=day, whose=whose)
        log_listing(actor=self.actor, now=self.now)
        lines = [*found.needs_you, *found.waits_for_others, *found.going_well]
        return Response(TodayLine(lines, many=True, context={"actor": self.actor}).data)
