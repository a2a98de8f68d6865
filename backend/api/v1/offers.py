from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Shown, verb
from backend.api.v1.cards import CardShown, card_of
from backend.pairings.actions import accept_offer, decline_offer, withdraw_offer
from backend.pairings.enums import OPEN_OFFER, AnswerReason
from backend.pairings.events import Told
from backend.pairings.models import Offer
from backend.pairings.rules import own_side
from backend.pairings.visibility import Stage, stage_of
from backend.people.enums import Channel
from backend.programmes.enums import Side

PEOPLE = [f"{side}__profile__{more}" for side in Side.values for more in ("organisation", "town__parent")]


class OfferShown(Shown):
    programme = Named()
    mentor = Named()
    newcomer = Named()

    class Meta:
        model = Offer
        fields = [
            "id",
            "programme",
            "mentor",
            "newcomer",
            "first_side",
            "state",
            "released_at",
            "expires_at",
            "first_accepted_at",
            "closed_at",
        ]


class OfferInFile(OfferShown):
    class Meta(OfferShown.Meta):
        fields = [*OfferShown.Meta.fields, "decline_reason", "decline_note"]


class OfferToMe(serializers.Serializer):
    """As one of the two sees it. Who said no, and why, stays with those who said it and their coordinator."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField()
    other = serializers.SerializerMethodField()

    def get_state(self, offer: Offer) -> str:
        """asked: you; waiting: for the other; accepted: by both; closed, also by the end of the mentoring."""
        if self._stage(offer) is Stage.TOGETHER:
            return "accepted"
        if offer.state not in OPEN_OFFER:
            return "closed"
        return "asked" if offer.side_asked == self._side(offer) else "waiting"

    @extend_schema(responses=CardShown)
    def get_other(self, offer: Offer) -> dict[str, Any]:
        other = offer.newcomer if self._side(offer) == Side.MENTOR else offer.mentor
        return dict(CardShown(card_of(other, stage=self._stage(offer), now=self.context["view"].now)).data)

    def _stage(self, offer: Offer) -> Stage:
        return stage_of(offer, actor=self.context["view"].actor)

    def _side(self, offer: Offer) -> Side | None:
        return own_side(self.context["view"].actor, offer)


EITHER = PolymorphicProxySerializer(
    component_name="Offer", serializers=[OfferInFile, OfferToMe], resource_type_field_name=None
)


class ToldBy(Asked):
    channel = serializers.ChoiceField(Channel.choices)
    language = serializers.CharField(max_length=12, required=False)
    interpreter = serializers.CharField(max_length=100, required=False, allow_blank=True)


class Accepted(Asked):
    told = ToldBy(required=False, help_text="How a coordinator heard an answer she records for somebody")


class Declined(Accepted):
    reason = serializers.ChoiceField(AnswerReason.choices)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class OfferFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")


class Offers(Area):
    """Offers you were asked about, and those of the programmes you work on."""

    queryset = Offer.objects.none()
    serializer_class = OfferShown
    filterset_class = OfferFilter

    @property
    def things(self) -> QuerySet[Offer]:
        seen = Offer.objects.visible_to(self.actor).select_related("programme", *PEOPLE)
        languages = (f"{side}__profile__languages" for side in Side.values)
        return seen.prefetch_related(*languages, "pairing__members__enrolment__profile")

    @extend_schema(
        responses=PolymorphicProxySerializer(
            component_name="OfferInList",
            serializers=[OfferShown, OfferToMe],
            resource_type_field_name=None,
            many=True,
        )
    )
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([self._drawn(offer, OfferShown) for offer in page])

    @extend_schema(responses=EITHER)
    def retrieve(self, request: Request, id: UUID) -> Response:
        return self.shown(self.get_object())

    @verb(Accepted, EITHER)
    def accept(self, request: Request, id: UUID) -> Response:
        pk, wanted = self.get_object().pk, self._answer(Accepted)
        return self._again(accept_offer(offer_id=pk, **wanted, actor=self.actor, now=self.now))

    @verb(Declined, EITHER)
    def decline(self, request: Request, id: UUID) -> Response:
        pk, wanted = self.get_object().pk, self._answer(Declined)
        return self._again(decline_offer(offer_id=pk, **wanted, actor=self.actor, now=self.now))

    @verb(Nothing, EITHER)
    def withdraw(self, request: Request, id: UUID) -> Response:
        self.asked(Nothing)
        pk = self.get_object().pk
        return self._again(withdraw_offer(offer_id=pk, actor=self.actor, now=self.now))

    def shown(self, thing: Offer, status: int = 200) -> Response:
        self.log_read(thing)
        return Response(self._drawn(thing, OfferInFile), status=status)

    def log_read(self, thing: Offer) -> None:
        if own_side(self.actor, thing) is None:
            self.log("offer_opened", "offer", thing, thing.programme.organisation_id)

    def _drawn(self, offer: Offer, for_staff: type[OfferShown]) -> dict[str, Any]:
        """Whoever is asked themselves sees no more than the other, whatever else they do here."""
        form = for_staff if own_side(self.actor, offer) is None else OfferToMe
        return dict(form(offer, context=self.get_serializer_context()).data)

    def _again(self, offer: Offer) -> Response:
        return self.shown(self.things.get(pk=offer.pk))

    def _answer(self, form: type[Asked]) -> dict[str, Any]:
        wanted = self.asked(form)
        if told := wanted.pop("told", None):
            wanted["told"] = Told(**told)
        return wanted
