from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Shown, verb
from backend.api.v1.cards import CardShown, card_of
from backend.insight.offers import access_question, questions_seen_by
from backend.pairings.actions import (
    accept_offer,
    answer_question,
    ask_question,
    decline_offer,
    extend_offer,
    withdraw_offer,
)
from backend.pairings.actions.offer_time import MOST_DAYS
from backend.pairings.actions.questions import LONGEST
from backend.pairings.enums import OPEN_OFFER, AnswerReason
from backend.pairings.events import Told
from backend.pairings.models import Offer, OfferQuestion
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


class QuestionShown(Shown):
    """What one side asked before answering, and what the office said."""

    class Meta:
        model = OfferQuestion
        fields = ["id", "side", "text", "asked_at", "answer", "answered_at"]


class OfferInFile(OfferShown):
    questions = QuestionShown(many=True)

    class Meta(OfferShown.Meta):
        fields = [*OfferShown.Meta.fields, "decline_reason", "decline_note", "questions"]


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


class OfferToMeInFull(OfferToMe):
    """With what one asked oneself; the other side's questions are theirs alone."""

    questions = serializers.SerializerMethodField()

    @extend_schema_field(QuestionShown(many=True))
    def get_questions(self, offer: Offer) -> list[dict[str, Any]]:
        own = questions_seen_by(offer, actor=self.context["view"].actor)
        return list(QuestionShown(own, many=True, context=self.context).data)


EITHER = PolymorphicProxySerializer(
    component_name="Offer", serializers=[OfferInFile, OfferToMeInFull], resource_type_field_name=None
)


class ToldBy(Asked):
    channel = serializers.ChoiceField(Channel.choices)
    language = serializers.CharField(max_length=12, required=False)
    interpreter = serializers.CharField(max_length=100, required=False, allow_blank=True)


class Accepted(Asked):
    told = ToldBy(required=False, help_text="How a coordinator heard an answer she records for somebody")
    side = serializers.ChoiceField(
        Side.choices, required=False, help_text="Whose answer is recorded; refused once the other is asked"
    )


class Declined(Accepted):
    reason = serializers.ChoiceField(AnswerReason.choices)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    pauses = serializers.BooleanField(required=False, help_text="They want no further offer for now")
    until = serializers.CharField(max_length=100, required=False, allow_blank=True)


class Question(Accepted):
    text = serializers.CharField(max_length=LONGEST)


class Answered(Asked):
    question = serializers.UUIDField()
    answer = serializers.CharField(max_length=LONGEST)
    told = ToldBy(required=False, help_text="How it was said already, by phone or in person")


class Extended(Asked):
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, help_text="Counted from today")


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

    @verb(Question, EITHER)
    def ask(self, request: Request, id: UUID) -> Response:
        """Ask the office something before answering; the same question again is one question."""
        offer, wanted = self.get_object(), self._answer(Question)
        ask_question(offer_id=offer.pk, **wanted, actor=self.actor, now=self.now)
        return self._again(offer)

    @verb(Answered, EITHER)
    def answer(self, request: Request, id: UUID) -> Response:
        """What the office answers to a question; the one who asked hears of it."""
        offer, wanted = self.get_object(), self._answer(Answered)
        question = access_question(wanted.pop("question"), offer=offer)
        answer_question(question_id=question.pk, **wanted, actor=self.actor, now=self.now)
        return self._again(offer)

    @verb(Extended, EITHER)
    def extend(self, request: Request, id: UUID) -> Response:
        """Give whoever is asked so many days from today."""
        pk, wanted = self.get_object().pk, self.asked(Extended)
        return self._again(extend_offer(offer_id=pk, **wanted, actor=self.actor, now=self.now))

    @verb(Nothing, EITHER)
    def withdraw(self, request: Request, id: UUID) -> Response:
        self.asked(Nothing)
        pk = self.get_object().pk
        return self._again(withdraw_offer(offer_id=pk, actor=self.actor, now=self.now))

    def shown(self, thing: Offer, status: int = 200) -> Response:
        self.log_read(thing)
        return Response(self._drawn(thing, OfferInFile, OfferToMeInFull), status=status)

    def log_read(self, thing: Offer) -> None:
        if own_side(self.actor, thing) is None:
            self.log("offer_opened", "offer", thing, thing.programme.organisation_id)

    def _drawn(
        self, offer: Offer, for_staff: type[OfferShown], for_me: type[OfferToMe] = OfferToMe
    ) -> dict[str, Any]:
        """Whoever is asked themselves sees no more than the other, whatever else they do here."""
        form = for_staff if own_side(self.actor, offer) is None else for_me
        return dict(form(offer, context=self.get_serializer_context()).data)

    def _again(self, offer: Offer) -> Response:
        return self.shown(self.things.get(pk=offer.pk))

    def _answer(self, form: type[Asked]) -> dict[str, Any]:
        wanted = self.asked(form)
        if told := wanted.pop("told", None):
            wanted["told"] = Told(**told)
        return wanted
