from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.meetings import PlaceShown
from backend.meetings import actions
from backend.meetings.models import Evening, MeetingPlace
from backend.meetings.queries.evenings import (
    guest_ids,
    guests_of,
    invitable_ids,
    likings_of,
    others_who_came,
    own_guest,
)
from backend.meetings.rules import may_see_likings, works_on_evening
from backend.programmes.models import Programme


class EveningShown(Shown):
    programme = Named()
    place = PlaceShown()

    class Meta:
        model = Evening
        fields = ["id", "programme", "state", "starts_at", "minutes", "place", "note", "sequence"]


class GuestShown(serializers.Serializer):
    enrolment = serializers.UUIDField()
    called = serializers.CharField()
    came = serializers.BooleanField(allow_null=True)


class LikingShown(serializers.Serializer):
    newcomer = serializers.UUIDField(source="newcomer.public_id")
    mentor = serializers.UUIDField(source="mentor.public_id")
    both = serializers.BooleanField()


class EveningInDetail(EveningShown):
    """Staff see the guests and coordinators who got on; a guest sees who of the other side came."""

    guests = serializers.SerializerMethodField()
    likings = serializers.SerializerMethodField()

    class Meta(EveningShown.Meta):
        fields = [*EveningShown.Meta.fields, "guests", "likings"]

    @extend_schema(responses=GuestShown(many=True))
    def get_guests(self, evening: Evening) -> list[dict[str, Any]]:
        actor = self.context["view"].actor
        if works_on_evening(actor, evening):
            return [
                {"enrolment": g.enrolment.public_id, "called": g.enrolment.profile.called, "came": g.came}
                for g in guests_of(evening)
            ]
        guest = own_guest(evening, actor=actor)
        others = others_who_came(guest) if guest is not None and guest.came else []
        return [{"enrolment": o.enrolment, "called": o.called, "came": True} for o in others]

    @extend_schema(responses=LikingShown(many=True))
    def get_likings(self, evening: Evening) -> list[dict[str, Any]]:
        sees = may_see_likings(self.context["view"].actor, evening)
        return list(LikingShown(likings_of(evening), many=True).data) if sees else []


class NewEvening(Asked):
    programme = Ref(Programme.objects.visible_to)
    place = Ref(MeetingPlace.objects.visible_to)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=15, max_value=480, default=120)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    client_id = serializers.UUIDField(help_text="Made by you: the same one twice is the same evening")


class People(Asked):
    enrolments = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class Evenings(Area):
    """Group evenings to which you are invited, and those of the programmes you work on."""

    queryset = Evening.objects.none()
    serializer_class = EveningShown
    detail_serializer_class = EveningInDetail

    @property
    def things(self) -> QuerySet[Evening]:
        return Evening.objects.visible_to(self.actor).select_related("programme", "place__organisation")

    @extend_schema(request=NewEvening, responses={201: EveningInDetail})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewEvening)
        made = actions.plan_evening(
            programme_id=wanted["programme"].pk,
            place_id=wanted["place"].pk,
            starts_at=wanted["starts_at"],
            minutes=wanted["minutes"],
            note_for_guests=wanted["note"],
            client_id=wanted["client_id"],
            actor=self.actor,
            now=self.now,
        )
        return self.shown(self.things.get(pk=made.pk), status=201)

    @verb(People, EveningInDetail)
    def invite(self, request: Request, id: UUID) -> Response:
        evening, wanted = self.get_object(), self._people()
        ids = invitable_ids(evening, wanted)
        actions.invite(evening_id=evening.pk, enrolment_ids=ids, actor=self.actor, now=self.now)
        return self._again(evening)

    @verb(People, EveningInDetail)
    def hold(self, request: Request, id: UUID) -> Response:
        evening, wanted = self.get_object(), self._people()
        came = guest_ids(evening, wanted)
        actions.hold_evening(evening_id=evening.pk, came=came, actor=self.actor, now=self.now)
        return self._again(evening)

    @verb(People, EveningInDetail)
    def likings(self, request: Request, id: UUID) -> Response:
        evening, wanted = self.get_object(), self._people()
        whom = guest_ids(evening, wanted)
        actions.note_likings(evening_id=evening.pk, whom=whom, actor=self.actor, now=self.now)
        return self._again(evening)

    @verb(Nothing, EveningInDetail)
    def cancel(self, request: Request, id: UUID) -> Response:
        self.asked(Nothing)
        evening = self.get_object()
        actions.cancel_evening(evening_id=evening.pk, actor=self.actor, now=self.now)
        return self._again(evening)

    def log_read(self, thing: Evening) -> None:
        if works_on_evening(self.actor, thing):
            self.log("evening_opened", "evening", thing, thing.programme.organisation_id)

    def _people(self) -> Collection[UUID]:
        return set(self.asked(People)["enrolments"])

    def _again(self, evening: Evening) -> Response:
        return self.shown(self.things.get(pk=evening.pk))
