"""What one of two people may know of the other, as pairings/visibility.py decides it."""

from datetime import datetime

from rest_framework import serializers

from backend.core.clock import today
from backend.pairings.visibility import Card, Stage, card
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment


class CardShown(serializers.Serializer):
    side = serializers.CharField()
    called = serializers.CharField(help_text="Empty while it is not shown")
    gender = serializers.CharField()
    age_decade = serializers.IntegerField(allow_null=True)
    languages = serializers.SerializerMethodField()
    topics = serializers.ListField(child=serializers.CharField())
    slots = serializers.ListField(child=serializers.CharField())
    hours_vary = serializers.BooleanField()
    area = serializers.CharField()

    def get_languages(self, card: Card) -> list[dict[str, str]]:
        return [{"tag": tag, "level": level} for tag, level in card.languages]


def card_of(enrolment: Enrolment, *, stage: Stage, now: datetime) -> Card:
    day = today(now=now, time_zone=enrolment.profile.organisation.time_zone)
    return card(enrolment.profile, of_side=Side(enrolment.side), stage=stage, day=day)
