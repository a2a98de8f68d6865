from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Named, Nothing, Shown, verb
from backend.api.v1.beginning import Beginning
from backend.api.v1.cards import CardShown, card_of
from backend.pairings.actions import end_pairing, pause_pairing, resume_pairing
from backend.pairings.enums import EndReason, PairingState
from backend.pairings.models import Pairing
from backend.pairings.rules import is_member
from backend.pairings.visibility import Stage


class PairedShown(serializers.Serializer):
    enrolment = serializers.UUIDField(source="enrolment.public_id")
    side = serializers.CharField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField(allow_null=True)


class PairingShown(Shown):
    programme = Named()
    members = PairedShown(many=True)

    class Meta:
        model = Pairing
        fields = ["id", "programme", "state", "started_at", "ended_at", "members"]


class PairingInFile(PairingShown):
    class Meta(PairingShown.Meta):
        fields = [*PairingShown.Meta.fields, "end_reason"]


class MyPairing(serializers.Serializer):
    """As a member sees it."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    others = serializers.SerializerMethodField()

    @extend_schema(responses=CardShown(many=True))
    def get_others(self, pairing: Pairing) -> list[dict[str, Any]]:
        view = self.context["view"]
        others = [
            member.enrolment
            for member in pairing.members.all()
            if member.until_at is None and member.enrolment.profile.person_id != view.actor.person_id
        ]
        cards = [card_of(other, stage=Stage.TOGETHER, now=view.now) for other in others]
        return list(CardShown(cards, many=True).data)


EITHER = PolymorphicProxySerializer(
    component_name="Pairing", serializers=[PairingInFile, MyPairing], resource_type_field_name=None
)


class Ending(Asked):
    reason = serializers.ChoiceField(EndReason.choices)


class PairingFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    state = filters.MultipleChoiceFilter(choices=PairingState.choices)


class Pairings(Beginning):
    """Your own mentorings, and those of the programmes you work on."""

    queryset = Pairing.objects.none()
    serializer_class = PairingShown
    filterset_class = PairingFilter

    @property
    def things(self) -> QuerySet[Pairing]:
        seen = Pairing.objects.visible_to(self.actor).select_related("programme__organisation")
        return seen.prefetch_related(
            "members__enrolment__profile__organisation",
            "members__enrolment__profile__town__parent",
            "members__enrolment__profile__languages",
        )

    @extend_schema(
        responses=PolymorphicProxySerializer(
            component_name="PairingInList",
            serializers=[PairingShown, MyPairing],
            resource_type_field_name=None,
            many=True,
        )
    )
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([self._drawn(pairing, PairingShown) for pairing in page])

    @extend_schema(responses=EITHER)
    def retrieve(self, request: Request, id: UUID) -> Response:
        return self.shown(self.get_object())

    @verb(Ending, EITHER)
    def end(self, request: Request, id: UUID) -> Response:
        return self._move(end_pairing, Ending)

    @verb(Nothing, EITHER)
    def pause(self, request: Request, id: UUID) -> Response:
        return self._move(pause_pairing)

    @verb(Nothing, EITHER)
    def resume(self, request: Request, id: UUID) -> Response:
        return self._move(resume_pairing)

    def shown(self, thing: Pairing, status: int = 200) -> Response:
        if not is_member(self.actor, thing):
            self.log("pairing_opened", "pairing", thing, thing.programme.organisation_id)
        return Response(self._drawn(thing, PairingInFile), status=status)

    def _drawn(self, pairing: Pairing, for_staff: type[PairingShown]) -> dict[str, Any]:
        form = MyPairing if is_member(self.actor, pairing) else for_staff
        return dict(form(pairing, context=self.get_serializer_context()).data)

    def _move(self, action: Callable[..., Pairing], form: type[Asked] = Nothing) -> Response:
        pairing, wanted = self.get_object(), self.asked(form)
        action(pairing_id=pairing.pk, **wanted, actor=self.actor, now=self.now)
        return self.shown(self.get_object())
