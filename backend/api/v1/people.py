"""People as staff read them in a plan: by enrolment and first name; and why somebody has nobody."""

from typing import Any

from rest_framework import serializers

from backend.programmes.models import Enrolment


class Called(serializers.Serializer):
    """An enrolment you look after, and what its person is called."""

    id = serializers.UUIDField()
    called = serializers.CharField()


class Reason(serializers.Serializer):
    """How many mentors one refusal excludes, and how many nothing else excludes."""

    refusal = serializers.CharField()
    excludes = serializers.IntegerField()
    alone = serializers.IntegerField()


def called(enrolment: Enrolment | None) -> dict[str, Any] | None:
    return {"id": enrolment.public_id, "called": enrolment.profile.called} if enrolment else None
