from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Known
from backend.territories.queries import search_towns


class TownQuestion(Asked):
    q = serializers.CharField(max_length=100, help_text="A name, or its beginning, in any script")
    country = serializers.RegexField("^[A-Za-z]{2}$", required=False, help_text="ISO code to stay in")


class Town(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    matched_name = serializers.CharField(help_text="The spelling that fitted")
    region = serializers.CharField()
    country = serializers.CharField()
    confidence = serializers.FloatField(help_text="Above 0, at most 1")


class Territories(Known):
    """Towns, by any of their names."""

    @extend_schema(
        operation_id="territories_search",
        parameters=[TownQuestion],
        responses=serializers.ListSerializer(child=Town()),
    )
    def get(self, request: Request) -> Response:
        question: dict[str, Any] = self.asked(TownQuestion, request.query_params.dict())
        hits = search_towns(question["q"], country=question.get("country"))
        return Response(Town(hits, many=True).data)
