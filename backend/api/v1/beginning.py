"""What is said and allowed at the beginning of a mentoring: verbs of /pairings/."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Nothing, verb
from backend.api.v1.meetings import spoken_for
from backend.api.v1.offers import ToldBy
from backend.insight.meetings import Start, start_of, times_for_both
from backend.meetings import actions
from backend.meetings.enums import Confirmed, GoOnAnswer
from backend.meetings.queries.beginning import places_open
from backend.meetings.rules import looks_after
from backend.pairings.models import Pairing
from backend.pairings.rules import is_member


class Confirming(Asked):
    what = serializers.ChoiceField(Confirmed.choices)
    language = serializers.CharField(max_length=12, help_text="In which the text was shown or read out")
    told = ToldBy(required=False, help_text="How a coordinator heard what she records for somebody")
    person = serializers.UUIDField(required=False, help_text="Whose word is recorded")


class GoingOn(Asked):
    answer = serializers.ChoiceField(GoOnAnswer.choices)
    told = ToldBy(required=False, help_text="How a coordinator heard what she records for somebody")
    person = serializers.UUIDField(required=False, help_text="Whose word is recorded")


class AtHome(Asked):
    adults = serializers.ListField(
        child=serializers.CharField(max_length=200), min_length=1, max_length=20,
        help_text="Every adult who lives there",
    )  # fmt: skip
    each_is_cleared = serializers.BooleanField(help_text="You state that each of them is cleared")


class WhereItStands(serializers.Serializer):
    """One member; what others said of going on is for staff alone."""

    person = serializers.UUIDField()
    called = serializers.CharField()
    missing = serializers.ListField(child=serializers.ChoiceField(Confirmed.choices))
    go_on = serializers.CharField(help_text="Empty: not said, or not for you")


class SomewhereToMeet(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    address = serializers.CharField()


class BeginningShown(serializers.Serializer):
    """What is missing before they meet, and when and where they could."""

    needs_first_meeting = serializers.BooleanField()
    home_allowed = serializers.BooleanField()
    members = WhereItStands(many=True)
    times = serializers.ListField(child=serializers.DateTimeField())
    places = SomewhereToMeet(many=True)


class Beginning(Area):
    """To be mixed into the resource of mentorings."""

    @extend_schema(responses=BeginningShown)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def beginning(self, request: Request, id: UUID) -> Response:
        pairing = self.get_object()
        return self._beginning(pairing)

    @verb(Confirming, BeginningShown)
    def confirm(self, request: Request, id: UUID) -> Response:
        pairing = self.get_object()
        said = spoken_for(self.asked(Confirming), pairing, now=self.now)
        actions.confirm(pairing_id=pairing.pk, **said, actor=self.actor, now=self.now)
        return self._beginning(pairing)

    @verb(GoingOn, BeginningShown)
    def go_on(self, request: Request, id: UUID) -> Response:
        pairing = self.get_object()
        said = spoken_for(self.asked(GoingOn), pairing, now=self.now)
        actions.answer_go_on(pairing_id=pairing.pk, **said, actor=self.actor, now=self.now)
        return self._beginning(pairing)

    @verb(AtHome, BeginningShown)
    def allow_home(self, request: Request, id: UUID) -> Response:
        pairing, wanted = self.get_object(), self.asked(AtHome)
        actions.allow_home(pairing_id=pairing.pk, **wanted, actor=self.actor, now=self.now)
        return self._beginning(pairing)

    @verb(Nothing, BeginningShown)
    def revoke_home(self, request: Request, id: UUID) -> Response:
        pairing = self.get_object()
        self.asked(Nothing)
        actions.revoke_home(pairing_id=pairing.pk, actor=self.actor, now=self.now)
        return self._beginning(pairing)

    def _beginning(self, pairing: Pairing) -> Response:
        is_staff = looks_after(self.actor, pairing)
        if not is_member(self.actor, pairing):
            self.log("pairing_opened", "pairing", pairing, pairing.programme.organisation_id)
        start = start_of(pairing, now=self.now)
        shown = {
            "needs_first_meeting": start.needs_first,
            "home_allowed": start.home is not None,
            "members": [self._member(start, member.person_id, is_staff) for member in start.asked],
            "times": times_for_both(pairing, now=self.now),
            "places": places_open(pairing.programme.organisation_id),
        }
        return Response(BeginningShown(shown).data)

    def _member(self, start: Start, person_id: int, is_staff: bool) -> dict[str, Any]:
        said = start.go_on.get(person_id)
        may_see = is_staff or person_id == self.actor.person_id
        return {
            "person": start.public_id_of(person_id),
            "called": next(m.called for m in start.members if m.person_id == person_id),
            "missing": start.missing.get(person_id, []),
            "go_on": said.answer if said and may_see else "",
        }
