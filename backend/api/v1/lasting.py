"""What happens while a mentoring lasts: meetings that were held, and where they write. Verbs of a pairing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Known, Nothing, verb
from backend.meetings.actions.elsewhere import ask_for_pause, write_elsewhere, write_here
from backend.meetings.actions.logging import (
    LONGEST,
    SHORTEST,
    Noted,
    log_meeting,
    log_month,
    take_back_meeting,
)
from backend.meetings.enums import MeetingKind, MeetingState, PauseWish
from backend.meetings.models import Meeting
from backend.meetings.queries.lasting import access_meeting
from backend.pairings.models import Pairing


class HeldMeeting(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(MeetingKind.choices)
    state = serializers.ChoiceField(MeetingState.choices)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(help_text="0 where only the month is known")


class NotedShown(serializers.Serializer):
    meeting = HeldMeeting()
    was_there = serializers.BooleanField(help_text="It was noted before, and nothing changed")


class Met(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same meeting")
    on = serializers.DateField(help_text="The day, where the organisation works")
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, default=60)
    another = serializers.BooleanField(default=False, help_text="A second meeting on a day that has one")


class MetInMonth(Asked):
    client_id = serializers.UUIDField()
    month = serializers.DateField(input_formats=["%Y-%m"], help_text="This month or the last: 2026-11")


class WhichMeeting(Asked):
    meeting = serializers.UUIDField()


class Elsewhere(Asked):
    elsewhere = serializers.BooleanField()


class PauseAsked(Asked):
    reason = serializers.ChoiceField(PauseWish.choices)


class WritesElsewhere(serializers.Serializer):
    writes_elsewhere_at = serializers.DateTimeField(allow_null=True)


class LastingVerbs(Known):
    """For the area of pairings; for members and for staff whom they told."""

    get_object: Callable[[], Pairing]

    @verb(Met, NotedShown)
    def met(self, request: Request, id: UUID) -> Response:
        """They met. A day counts once; one that was agreed for it took place."""
        return self._noted(log_meeting, Met)

    @verb(MetInMonth, NotedShown)
    def met_in_month(self, request: Request, id: UUID) -> Response:
        """They write elsewhere, and met in that month."""
        return self._noted(log_month, MetInMonth)

    @verb(WhichMeeting, HeldMeeting)
    def take_back_meeting(self, request: Request, id: UUID) -> Response:
        """Within a day, by whoever noted it."""
        pairing, wanted = self.get_object(), self.asked(WhichMeeting)
        meeting: Meeting = access_meeting(wanted["meeting"], pairing=pairing)
        return Response(
            HeldMeeting(take_back_meeting(meeting_id=meeting.pk, actor=self.actor, now=self.now)).data
        )

    @verb(Elsewhere, WritesElsewhere)
    def elsewhere(self, request: Request, id: UUID) -> Response:
        """They use the messenger they know, or write here again."""
        pairing, wanted = self.get_object(), self.asked(Elsewhere)
        act = write_elsewhere if wanted["elsewhere"] else write_here
        return Response(WritesElsewhere(act(pairing_id=pairing.pk, actor=self.actor, now=self.now)).data)

    @verb(PauseAsked, Nothing)
    def ask_pause(self, request: Request, id: UUID) -> Response:
        """A member asks the office for a pause."""
        pairing, wanted = self.get_object(), self.asked(PauseAsked)
        reason = PauseWish(wanted["reason"])
        ask_for_pause(pairing_id=pairing.pk, reason=reason, actor=self.actor, now=self.now)
        return Response({})

    def _noted(self, act: Callable[..., Noted], form: type[Asked]) -> Response:
        pairing, wanted = self.get_object(), self.asked(form)
        noted: Any = act(pairing_id=pairing.pk, **wanted, actor=self.actor, now=self.now)
        return Response(NotedShown(noted).data)
