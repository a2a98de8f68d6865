from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.offers import ToldBy
from backend.insight.moves import organisation_to_move_to
from backend.pairings.actions import (
    agree_to_transfer,
    ask_to_transfer,
    refuse_transfer,
    take_transfer,
    withdraw_transfer,
)
from backend.pairings.enums import PassedOn, TransferState
from backend.pairings.events import Told
from backend.pairings.models import Transfer
from backend.pairings.passing_on import passed_on
from backend.profiles.models import Profile


class TransferShown(Shown):
    to_organisation = Named()

    class Meta:
        model = Transfer
        fields = ["id", "to_organisation", "state", "asked_at", "agreed_at", "closed_at"]


class TransferInDetail(TransferShown):
    """What is passed on, to whoever may read it; null once it came to nothing."""

    summary = serializers.CharField()
    passes_on = serializers.SerializerMethodField()
    new_profile = serializers.SerializerMethodField(
        help_text="The file there; for the organisation there alone"
    )

    class Meta(TransferShown.Meta):
        fields = [*TransferShown.Meta.fields, "summary", "passes_on", "new_profile"]

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_passes_on(self, transfer: Transfer) -> dict[str, Any] | None:
        passed = passed_on(transfer)
        if passed is None:
            return None
        languages = [{"tag": tag, "level": level} for tag, level in passed.languages]
        return {**passed.values, "languages": languages, "registered_on": passed.registered_on}

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_new_profile(self, transfer: Transfer) -> UUID | None:
        there = transfer.to_organisation_id in self.context["view"].actor.organisations()
        return transfer.new_profile.public_id if there and transfer.new_profile else None


class NewTransfer(Asked):
    profile = Ref(Profile.objects.looked_after_by)
    to_organisation = serializers.UUIDField(help_text="One that was verified")
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class Agreed(Asked):
    also = serializers.ListField(
        child=serializers.ChoiceField(PassedOn.choices), required=False, help_text="What else they pass on"
    )
    told = ToldBy(required=False, help_text="How staff heard a yes they record for somebody")


class Refused(Asked):
    told = ToldBy(required=False, help_text="How staff heard a no they record for somebody")


class TransferFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=TransferState.choices)


class Transfers(Area):
    """Moves to another organisation: your own, those of your people, and those who agreed to reach you."""

    queryset = Transfer.objects.none()
    serializer_class = TransferShown
    detail_serializer_class = TransferInDetail
    filterset_class = TransferFilter

    @property
    def things(self) -> QuerySet[Transfer]:
        seen = Transfer.objects.visible_to(self.actor)
        return seen.select_related("profile", "to_organisation", "new_profile")

    @extend_schema(request=NewTransfer, responses={201: TransferInDetail})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewTransfer)
        made = ask_to_transfer(
            profile_id=wanted["profile"].pk,
            to_organisation_id=organisation_to_move_to(wanted["to_organisation"]),
            summary=wanted.get("summary", ""),
            actor=self.actor,
            now=self.now,
        )
        return self.shown(self.things.get(pk=made.pk), status=201)

    @verb(Agreed, TransferInDetail)
    def agree(self, request: Request, id: UUID) -> Response:
        return self._walk(agree_to_transfer, Agreed, language_shown=_language())

    @verb(Refused, TransferInDetail)
    def refuse(self, request: Request, id: UUID) -> Response:
        return self._walk(refuse_transfer, Refused)

    @verb(Nothing, TransferInDetail)
    def withdraw(self, request: Request, id: UUID) -> Response:
        return self._walk(withdraw_transfer, Nothing, language_shown=_language())

    @verb(Nothing, TransferInDetail)
    def take(self, request: Request, id: UUID) -> Response:
        return self._walk(take_transfer, Nothing)

    def log_read(self, thing: Transfer) -> None:
        here = thing.profile.organisation_id
        if thing.profile.person_id != self.actor.person_id:
            office = here if here in self.actor.organisations() else thing.to_organisation_id
            self.log("transfer_read", "transfer", thing, office)

    def _walk(self, action: Any, form: type[Asked], **more: Any) -> Response:
        transfer, wanted = self.get_object(), self.asked(form)
        if told := wanted.pop("told", None):
            wanted["told"] = Told(**told)
        action(transfer_id=transfer.pk, **wanted, **more, actor=self.actor, now=self.now)
        return self.shown(self.things.get(pk=transfer.pk))


def _language() -> str:
    return translation.get_language() or "en"
