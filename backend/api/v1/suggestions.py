from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.offers import OfferInFile
from backend.api.v1.people import Called, called
from backend.pairings.actions import approve_suggestion, decline_suggestion, suggest_by_hand
from backend.pairings.enums import DeclineReason, SuggestionState
from backend.pairings.models import Suggestion
from backend.pairings.queries import enrolments_by_id
from backend.programmes.models import Enrolment


class Part(serializers.Serializer):
    """One part of the fit, by name."""

    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField()
    contribution = serializers.FloatField()
    unknown = serializers.BooleanField()


class SuggestionShown(Shown):
    programme = Named()
    run = Named()
    mentor = Named()
    newcomer = Named()
    parts = Part(many=True)

    class Meta:
        model = Suggestion
        fields = [
            "id",
            "programme",
            "run",
            "mentor",
            "newcomer",
            "fit",
            "share",
            "parts",
            "by_hand",
            "examined_at",
            "state",
            "decided_at",
        ]


class Regret(serializers.Serializer):
    """What choosing this mentor would cost everybody together, at least."""

    newcomers = serializers.IntegerField()
    fit = serializers.FloatField()


class Alternative(serializers.Serializer):
    mentor = Called()
    fit = serializers.FloatField()
    share = serializers.FloatField()
    regret = Regret(allow_null=True)


class SuggestionInFile(SuggestionShown):
    alternatives = serializers.SerializerMethodField(help_text="Other mentors for this newcomer, best first")

    class Meta(SuggestionShown.Meta):
        fields = [*SuggestionShown.Meta.fields, "refusals", "decline_reason", "alternatives"]

    @extend_schema_field(Alternative(many=True))
    def get_alternatives(self, suggestion: Suggestion) -> list[dict[str, Any]]:
        stored = suggestion.alternatives
        people = enrolments_by_id((row["mentor"] for row in stored), actor=self.context["view"].actor)
        return [row | {"mentor": called(people[row["mentor"]])} for row in stored if row["mentor"] in people]


class ByHand(Asked):
    mentor = Ref(Enrolment.objects.looked_after_by)
    newcomer = Ref(Enrolment.objects.looked_after_by)


class Declined(Asked):
    reason = serializers.ChoiceField(DeclineReason.choices)


class SuggestionFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    run = filters.UUIDFilter(field_name="run__public_id")
    state = filters.MultipleChoiceFilter(choices=SuggestionState.choices)


class Suggestions(Area):
    """Who could suit whom, and why. `mentor` and `newcomer` are enrolments."""

    queryset = Suggestion.objects.none()
    serializer_class = SuggestionShown
    detail_serializer_class = SuggestionInFile
    filterset_class = SuggestionFilter

    @property
    def things(self) -> QuerySet[Suggestion]:
        seen = Suggestion.objects.visible_to(self.actor)
        return seen.select_related("programme", "run", "mentor", "newcomer")

    @extend_schema(request=ByHand, responses={201: SuggestionInFile})
    def create(self, request: Request) -> Response:
        """Put two people together by hand; a worker then says how they fit."""
        wanted = self.asked(ByHand)
        suggestion = suggest_by_hand(
            mentor_id=wanted["mentor"].pk,
            newcomer_id=wanted["newcomer"].pk,
            actor=self.actor,
            now=self.now,
        )
        return self.shown(suggestion, status=201)

    @verb(Nothing, OfferInFile)
    def approve(self, request: Request, id: UUID) -> Response:
        """Send it as an offer; the first side is asked."""
        self.asked(Nothing)
        offer = approve_suggestion(suggestion_id=self.get_object().pk, actor=self.actor, now=self.now)
        return Response(OfferInFile(offer).data)

    @verb(Declined, SuggestionInFile)
    def decline(self, request: Request, id: UUID) -> Response:
        wanted, pk = self.asked(Declined), self.get_object().pk
        return self.shown(decline_suggestion(suggestion_id=pk, **wanted, actor=self.actor, now=self.now))

    def log_read(self, thing: Suggestion) -> None:
        self.log("suggestion_opened", "suggestion", thing, thing.programme.organisation_id)
