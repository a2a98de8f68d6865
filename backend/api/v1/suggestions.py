from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.offers import OfferInFile
from backend.api.v1.people import Called, called
from backend.core.errors import require
from backend.pairings.actions import (
    approve_suggestion,
    bring_back,
    call_first,
    comment_on_suggestion,
    decline_suggestion,
    put_off,
    stage_suggestion,
    suggest_by_hand,
    undo_decision,
    unstage_suggestion,
)
from backend.pairings.actions.comments import LONGEST
from backend.pairings.actions.staging import Batch
from backend.pairings.enums import Aside, DeclineReason, SuggestionState
from backend.pairings.models import Suggestion, SuggestionComment
from backend.pairings.queries import comments_on, enrolments_by_id
from backend.pairings.rules import may_comment
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
            "aside",
            "aside_until",
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


class Later(Asked):
    until = serializers.DateField(help_text="The day on which it is to be looked at again")


class NewComment(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same comment")
    text = serializers.CharField(max_length=LONGEST)


class CommentShown(Shown):
    by = Named()

    class Meta:
        model = SuggestionComment
        fields = ["id", "by", "at", "text"]


class KeptBack(serializers.Serializer):
    suggestion = serializers.UUIDField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BatchShown(serializers.Serializer):
    """What came of many at once: those it was done to, and those that stay, each with the reason."""

    done = serializers.ListField(child=serializers.UUIDField())
    kept = KeptBack(many=True)


def batch_shown(batch: Batch) -> dict[str, Any]:
    return {
        "done": [row.public_id for row in batch.done],
        "kept": [
            {"suggestion": row.suggestion.public_id, "code": row.why.code, "detail": str(row.why)}
            for row in batch.kept
        ],
    }


class SuggestionFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    run = filters.UUIDFilter(field_name="run__public_id")
    state = filters.MultipleChoiceFilter(choices=SuggestionState.choices)
    aside = filters.MultipleChoiceFilter(choices=Aside.choices)


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

    @verb(Nothing, SuggestionInFile)
    def stage(self, request: Request, id: UUID) -> Response:
        """Put it on the list to send; nobody is asked yet."""
        return self._done(stage_suggestion)

    @verb(Nothing, SuggestionInFile)
    def unstage(self, request: Request, id: UUID) -> Response:
        """Take it off the list to send."""
        return self._done(unstage_suggestion)

    @verb(Nothing, SuggestionInFile)
    def call_first(self, request: Request, id: UUID) -> Response:
        """Put it aside until the newcomer was called; the call stands on Today."""
        return self._done(call_first)

    @verb(Later, SuggestionInFile)
    def put_off(self, request: Request, id: UUID) -> Response:
        """Put it aside until a day; then it is to be looked at again."""
        return self._done(put_off, Later)

    @verb(Nothing, SuggestionInFile)
    def bring_back(self, request: Request, id: UUID) -> Response:
        """Let it stand among those to look at again."""
        return self._done(bring_back)

    @verb(Nothing, SuggestionInFile)
    def undo(self, request: Request, id: UUID) -> Response:
        """Take the last decision back, within half a minute."""
        return self._done(undo_decision)

    @extend_schema(
        methods=["get"],
        responses=serializers.ListSerializer(child=CommentShown()),
        description="What colleagues say about it, oldest first.",
    )
    @extend_schema(methods=["post"], request=NewComment, responses={201: CommentShown})
    @action(detail=True, methods=["get", "post"])
    def comments(self, request: Request, id: UUID) -> Response:
        found = self.get_object()
        if request.method == "POST":
            said = comment_on_suggestion(
                suggestion_id=found.pk, **self.asked(NewComment), actor=self.actor, now=self.now
            )
            return Response(CommentShown(said).data, status=201)
        require(may_comment(self.actor, found))
        self.log_read(found)
        return Response(CommentShown(comments_on(found), many=True).data)

    def _done(self, action: Callable[..., Suggestion], form: type[Asked] = Nothing) -> Response:
        wanted, pk = self.asked(form), self.get_object().pk
        return self.shown(action(suggestion_id=pk, **wanted, actor=self.actor, now=self.now))

    def log_read(self, thing: Suggestion) -> None:
        self.log("suggestion_opened", "suggestion", thing, thing.programme.organisation_id)
