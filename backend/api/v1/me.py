from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Known
from backend.organisations.models import Organisation
from backend.people.actions import set_settings
from backend.people.models import Person

SETTINGS = ("language", "time_zone", "sees_single_keys")


class Work(serializers.Serializer):
    """Where you work, and as what."""

    organisation = serializers.UUIDField()
    role = serializers.CharField()


class MeShown(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    username = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    time_zone = serializers.CharField()
    sees_single_keys = serializers.BooleanField()
    work = serializers.SerializerMethodField()

    @extend_schema(responses=Work(many=True))
    def get_work(self, person: Person) -> list[dict[str, Any]]:
        actor = self.context["actor"]
        ids = dict(Organisation.objects.visible_to(actor).values_list("pk", "public_id"))
        return [{"organisation": ids[grant.organisation_id], "role": grant.role} for grant in actor.grants]


class MySettings(Asked):
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=60, required=False, help_text="Such as Europe/Berlin")
    sees_single_keys = serializers.BooleanField(required=False)

    def validate_time_zone(self, name: str) -> str:
        if name not in available_timezones():
            raise serializers.ValidationError("Name a zone such as Europe/Berlin.")
        return name


class Me(Known):
    """Yourself: how pages speak to you, and where you work."""

    @extend_schema(responses=MeShown)
    def get(self, request: Request) -> Response:
        return Response(MeShown(self.person, context={"actor": self.actor}).data)

    @extend_schema(request=MySettings, responses=MeShown)
    def patch(self, request: Request) -> Response:
        wanted = {name: getattr(self.person, name) for name in SETTINGS} | self.asked(MySettings)
        set_settings(person=self.person, actor=self.actor, **wanted)
        return self.get(request)
