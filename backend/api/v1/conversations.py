from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, verb
from backend.messaging import queries
from backend.messaging.actions import LONGEST, conversation_of, mark_read, send_message
from backend.messaging.models import Conversation

MOST = 200


class LineShown(serializers.Serializer):
    """A message as you see it; `client_id` is empty unless you wrote it."""

    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    author = serializers.CharField()
    is_own = serializers.BooleanField()
    client_id = serializers.CharField()
    body = serializers.CharField()


class MemberShown(serializers.Serializer):
    called = serializers.CharField()
    side = serializers.CharField()


class ThreadShown(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    others = MemberShown(many=True)
    programme = serializers.CharField()
    last_at = serializers.DateTimeField(allow_null=True)
    unread = serializers.IntegerField()
    is_open = serializers.BooleanField()


class NewMessage(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same message")
    body = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class After(Asked):
    after = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=0, help_text="The last sequence you have"
    )


class UpTo(Asked):
    up_to = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class Conversations(Area):
    """Yours alone: staff read messages only when one is reported to them."""

    queryset = Conversation.objects.none()
    serializer_class = ThreadShown
    pagination_class = None
    filter_backends = ()

    @property
    def things(self) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(self.actor)

    def get_object(self) -> Conversation:
        return queries.access_conversation(self.kwargs["id"], actor=self.actor)

    def list(self, request: Request) -> Response:
        """All of them, the latest first."""
        for pairing in queries.pairings_without_conversation(self.actor):
            conversation_of(pairing=pairing, actor=self.actor, now=self.now)
        return Response(ThreadShown(queries.conversations_of(self.actor), many=True).data)

    def retrieve(self, request: Request, id: UUID) -> Response:
        return self._thread(self.get_object())

    @extend_schema(
        methods=["get"],
        parameters=[After],
        responses=serializers.ListSerializer(child=LineShown()),
        description=f"What came after a sequence, oldest first, at most {MOST}.",
    )
    @extend_schema(methods=["post"], request=NewMessage, responses={201: LineShown})
    @action(detail=True, methods=["get", "post"])
    def messages(self, request: Request, id: UUID) -> Response:
        found = self.get_object()
        if request.method == "POST":
            return self._send(found, self.asked(NewMessage))
        after = self.asked(After, request.query_params.dict())["after"]
        lines = queries.messages_after(found, after=after, actor=self.actor, limit=MOST)
        return Response(LineShown(lines, many=True).data)

    @verb(UpTo, ThreadShown)
    def read(self, request: Request, id: UUID) -> Response:
        """Say up to which sequence you have read."""
        found, wanted = self.get_object(), self.asked(UpTo)
        mark_read(conversation_id=found.pk, **wanted, actor=self.actor, now=self.now)
        return self._thread(found)

    def _send(self, found: Conversation, wanted: dict[str, Any]) -> Response:
        message = send_message(conversation_id=found.pk, **wanted, actor=self.actor, now=self.now)
        line = queries.messages_after(found, after=message.seq - 1, actor=self.actor, limit=1)[0]
        return Response(LineShown(line).data, status=201)

    def _thread(self, found: Conversation) -> Response:
        threads = queries.conversations_of(self.actor)
        thread = next(thread for thread in threads if thread.public_id == found.public_id)
        return Response(ThreadShown(thread).data)
