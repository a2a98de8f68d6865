from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Known
from notifications.api import bell, mark_seen, unseen_count

MOST = 100


class NoticeShown(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField()
    line = serializers.CharField(help_text="A sentence in the language asked for")
    url = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class Seen(Asked):
    up_to = serializers.UUIDField(help_text="The newest notice that was shown")


class Counted(serializers.Serializer):
    unseen = serializers.IntegerField()


class Notices(Known):
    """What you were told, the newest first."""

    @extend_schema(operation_id="notices_list", responses=serializers.ListSerializer(child=NoticeShown()))
    def get(self, request: Request) -> Response:
        return Response(NoticeShown(bell(self.actor.acting_person_id, MOST), many=True).data)


class NoticesSeen(Known):
    """Mark as seen what was shown; what arrived since stays new."""

    @extend_schema(request=Seen, responses=Counted)
    def post(self, request: Request) -> Response:
        person_id = self.actor.acting_person_id
        mark_seen(person_id, self.now, up_to=self.asked(Seen)["up_to"])
        return Response({"unseen": unseen_count(person_id)})
