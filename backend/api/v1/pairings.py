from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.beginning import Beginning
from backend.api.v1.cards import CardShown, card_of
from backend.api.v1.lasting import LastingVerbs
from backend.api.v1.offers import ToldBy
from backend.core.errors import require
from backend.meetings.actions.evaluations import evaluate
from backend.meetings.evaluations import HIGHEST, LONGEST, LOWEST, Said, evaluations_of
from backend.pairings.actions import (
    add_member,
    ask_to_end,
    end_pairing,
    member_leaves,
    pause_pairing,
    replace_mentor,
    resume_pairing,
)
from backend.pairings.enums import EndReason, MemberRole, PairingState
from backend.pairings.events import Told
from backend.pairings.models import Pairing
from backend.pairings.rules import is_member, may_change_members
from backend.pairings.visibility import Stage
from backend.programmes.models import Enrolment


class PairedShown(serializers.Serializer):
    enrolment = serializers.UUIDField(source="enrolment.public_id")
    side = serializers.CharField()
    role = serializers.CharField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField(allow_null=True)


class PairingShown(Shown):
    programme = Named()
    members = PairedShown(many=True)

    class Meta:
        model = Pairing
        fields = ["id", "programme", "state", "started_at", "closes_at", "ended_at", "members"]


class EvaluationShown(serializers.Serializer):
    """What a member said at the end; for staff alone."""

    person = serializers.UUIDField(source="person.public_id")
    at = serializers.DateTimeField()
    channel = serializers.CharField()
    match = serializers.IntegerField()
    programme = serializers.IntegerField()
    again = serializers.BooleanField(allow_null=True)
    text = serializers.CharField()


class PairingInFile(PairingShown):
    evaluations = serializers.SerializerMethodField()

    class Meta(PairingShown.Meta):
        fields = [*PairingShown.Meta.fields, "grace_until", "pause_reason", "end_reason", "evaluations"]

    @extend_schema_field(EvaluationShown(many=True))
    def get_evaluations(self, pairing: Pairing) -> list[dict[str, Any]]:
        said = evaluations_of(pairing, actor=self.context["view"].actor)
        return list(EvaluationShown(said, many=True).data)


class MyPairing(serializers.Serializer):
    """As a member sees it."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(
        allow_null=True, help_text="Until then they may write to each other"
    )
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
    closes = serializers.BooleanField(
        required=False, help_text="One that comes to an end closes now, whatever days are left to write"
    )


class Joining(Asked):
    """Somebody joins; how they, and those who are there, said yes."""

    enrolment = Ref(Enrolment.objects.looked_after_by)
    role = serializers.ChoiceField(MemberRole.choices, required=False)
    told = ToldBy()
    others_told = ToldBy()


class Leaving(Asked):
    leaving = Ref(Enrolment.objects.looked_after_by, help_text="Enrolment of the member who leaves")
    reason = serializers.ChoiceField(EndReason.choices)


class StandingIn(Joining):
    leaving = Ref(Enrolment.objects.looked_after_by, help_text="Enrolment of the mentor who leaves")
    reason = serializers.ChoiceField(EndReason.choices)


class Evaluating(Asked):
    """From 1 (not at all) to 5 (very)."""

    match = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    programme = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    again = serializers.BooleanField(required=False, allow_null=True)
    text = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    member = Ref(
        Enrolment.objects.looked_after_by, required=False, help_text="Whose words staff record, with `told`"
    )
    told = ToldBy(required=False)


class PairingFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    state = filters.MultipleChoiceFilter(choices=PairingState.choices)


class Pairings(LastingVerbs, Beginning):
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

    @verb(Nothing, EITHER)
    def ask_to_end(self, request: Request, id: UUID) -> Response:
        """Tell the office that you would like to end it; it calls you."""
        return self._move(ask_to_end)

    @verb(Joining, EITHER)
    def join(self, request: Request, id: UUID) -> Response:
        return self._change(add_member, Joining)

    @verb(Leaving, EITHER)
    def leave(self, request: Request, id: UUID) -> Response:
        return self._change(member_leaves, Leaving)

    @verb(StandingIn, EITHER)
    def stand_in(self, request: Request, id: UUID) -> Response:
        """A mentor leaves and another comes, in one step."""
        return self._change(replace_mentor, StandingIn)

    @verb(Evaluating, EITHER)
    def evaluate(self, request: Request, id: UUID) -> Response:
        """Say how it was, once it is over; staff record what a member told them."""
        pairing, wanted = self.get_object(), self.asked(Evaluating)
        member, told = wanted.pop("member", None), wanted.pop("told", None)
        evaluate(
            pairing_id=pairing.pk,
            person_id=member.profile.person_id if member else self.person.pk,
            said=Said(**wanted),
            told=Told(**told) if told else None,
            actor=self.actor,
            now=self.now,
        )
        return self.shown(self.get_object())

    def shown(self, thing: Pairing, status: int = 200) -> Response:
        if not is_member(self.actor, thing):
            self.log("pairing_opened", "pairing", thing, thing.programme.organisation_id)
        return Response(self._drawn(thing, PairingInFile), status=status)

    def _drawn(self, pairing: Pairing, for_staff: type[PairingShown]) -> dict[str, Any]:
        form = MyPairing if is_member(self.actor, pairing) else for_staff
        return dict(form(pairing, context=self.get_serializer_context()).data)

    def _change(self, action: Callable[..., object], form: type[Asked]) -> Response:
        """Members may not; they are told so before they are asked for ids they cannot know."""
        require(may_change_members(self.actor, self.get_object()))
        return self._move(action, form)

    def _move(self, action: Callable[..., object], form: type[Asked] = Nothing) -> Response:
        pairing, wanted = self.get_object(), self.asked(form)
        _named(pairing, wanted)
        action(pairing_id=pairing.pk, **wanted, actor=self.actor, now=self.now)
        return self.shown(self.get_object())


def _named(pairing: Pairing, wanted: dict[str, Any]) -> None:
    """What a request names by public id, as the actions call it."""
    for told in ("told", "others_told"):
        if told in wanted:
            wanted[told] = Told(**wanted[told])
    leaving, joining = wanted.pop("leaving", None), wanted.pop("enrolment", None)
    if leaving is not None:
        wanted["member_id"] = _seat_of(pairing, leaving)
    if joining is not None:
        wanted["enrolment_id"] = joining.pk


def _seat_of(pairing: Pairing, enrolment: Enrolment) -> int:
    """Their latest seat in it; 0, which is none, for somebody who takes no part."""
    return max((m.pk for m in pairing.members.all() if m.enrolment_id == enrolment.pk), default=0)
