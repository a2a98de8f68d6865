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
from backend.api.v1.suggestions import BatchShown, batch_shown
from backend.api.v1.what_ifs import NewWhatIf, WhatIfInDetail, change_of, status_of
from backend.organisations.models import Organisation
from backend.pairings.actions import ask_what_if, release_staged, undo_release
from backend.programmes.actions import (
    LONGEST_GAP,
    MOST_FIRST_CHECK_INS,
    ProgrammeSettings,
    close_programme,
    open_programme,
    update_programme,
)
from backend.programmes.criteria import REQUIRABLE, WEIGHABLE, require_of, weights_of
from backend.programmes.enums import Cadence, Objective, ProgrammeKind, Side
from backend.programmes.models import Programme
from backend.safeguarding.actions import start_programme
from backend.territories.models import Territory

SETTINGS = (
    "name",
    "kind",
    "cadence",
    "duration_weeks",
    "asks_first",
    "offer_days",
    "hosts_first_meeting",
    "first_check_ins",
    "check_in_every_days",
    "objective",
    "territory_id",
)


class Require(Asked):
    """What must be before two people are suggested to each other; what is left out stays as it is."""

    languages = serializers.ChoiceField(
        REQUIRABLE["languages"], required=False, help_text="The least level of a language they share"
    )
    hours = serializers.ChoiceField(
        REQUIRABLE["hours"], required=False, help_text="The least number of half-days they share"
    )
    way = serializers.ChoiceField(
        REQUIRABLE["way"], required=False, help_text="Who must be able to travel to the other"
    )


class ProgrammeShown(Shown):
    organisation = Named()
    territory = Named()
    weights = serializers.SerializerMethodField(help_text="What counts how much, from 0 to 10")
    require = serializers.SerializerMethodField(help_text="What must be")

    class Meta:
        model = Programme
        fields = [
            "id",
            "organisation",
            "territory",
            "name",
            "kind",
            "cadence",
            "duration_weeks",
            "asks_first",
            "offer_days",
            "reminder_days",
            "hosts_first_meeting",
            "first_check_ins",
            "check_in_every_days",
            "objective",
            "weights",
            "require",
            "opened_at",
            "closed_at",
        ]

    def get_weights(self, programme: Programme) -> dict[str, float]:
        return weights_of(programme.criteria)

    @extend_schema_field(Require)
    def get_require(self, programme: Programme) -> dict[str, str | int]:
        return require_of(programme.criteria)


class ProgrammeChanges(Asked):
    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(ProgrammeKind.choices, required=False)
    cadence = serializers.ChoiceField(Cadence.choices, required=False)
    duration_weeks = serializers.IntegerField(min_value=1, max_value=520, required=False)
    asks_first = serializers.ChoiceField(Side.choices, required=False)
    offer_days = serializers.IntegerField(min_value=1, max_value=60, required=False)
    reminder_days = serializers.IntegerField(
        min_value=1, max_value=60, required=False, help_text="At most the days to answer"
    )
    hosts_first_meeting = serializers.BooleanField(required=False)
    first_check_ins = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LONGEST_GAP),
        min_length=1,
        max_length=MOST_FIRST_CHECK_INS,
        required=False,
        help_text="Days after the start, each later than the one before: 14, 28",
    )
    check_in_every_days = serializers.IntegerField(min_value=1, max_value=LONGEST_GAP, required=False)
    objective = serializers.ChoiceField(Objective.choices, required=False)
    territory = Ref(lambda actor: Territory.objects.all(), required=False, allow_null=True)
    weights = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=10),
        required=False,
        help_text=f"Any of {', '.join(WEIGHABLE)}",
    )
    require = Require(required=False)


class NewProgramme(ProgrammeChanges):
    organisation = Ref(Organisation.objects.visible_to)
    name = serializers.CharField(max_length=120)


class ReleasedAt(Asked):
    released_at = serializers.DateTimeField(help_text="When the batch was sent: `decided_at` of each")


class ProgrammeFilter(filters.FilterSet):
    organisation = filters.UUIDFilter(field_name="organisation__public_id")
    kind = filters.ChoiceFilter(choices=ProgrammeKind.choices)


class Programmes(Area):
    """The programmes of the organisations in which you have a role."""

    queryset = Programme.objects.none()
    serializer_class = ProgrammeShown
    filterset_class = ProgrammeFilter

    @property
    def things(self) -> QuerySet[Programme]:
        return Programme.objects.visible_to(self.actor).select_related("organisation", "territory")

    @extend_schema(request=NewProgramme, responses={201: ProgrammeShown})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewProgramme)
        organisation = wanted.pop("organisation")
        programme = start_programme(
            organisation_id=organisation.pk,
            settings=ProgrammeSettings(**_settings(wanted)),
            actor=self.actor,
            now=self.now,
        )
        return self.shown(programme, status=201)

    @extend_schema(request=ProgrammeChanges, responses=ProgrammeShown)
    def partial_update(self, request: Request, id: UUID) -> Response:
        programme = self.get_object()
        wanted = {name: getattr(programme, name) for name in SETTINGS} | _settings(
            self.asked(ProgrammeChanges)
        )
        settings = ProgrammeSettings(**wanted)
        return self.shown(
            update_programme(programme_id=programme.pk, settings=settings, actor=self.actor, now=self.now)
        )

    @verb(Nothing, ProgrammeShown)
    def open(self, request: Request, id: UUID) -> Response:
        self.asked(Nothing)
        return self.shown(open_programme(programme_id=self.get_object().pk, actor=self.actor, now=self.now))

    @verb(Nothing, ProgrammeShown)
    def close(self, request: Request, id: UUID) -> Response:
        self.asked(Nothing)
        return self.shown(close_programme(programme_id=self.get_object().pk, actor=self.actor, now=self.now))

    @extend_schema(request=NewWhatIf, responses={200: WhatIfInDetail, 202: WhatIfInDetail})
    @action(detail=True, methods=["post"], url_path="what-ifs")
    def what_ifs(self, request: Request, id: UUID) -> Response:
        """Ask the plan what would change, and for whom; a worker answers. Nothing is done to anybody."""
        programme, wanted = self.get_object(), self.asked(NewWhatIf)
        what_if = ask_what_if(
            programme_id=programme.pk,
            change=change_of(wanted),
            client_id=wanted["client_id"],
            actor=self.actor,
            now=self.now,
        )
        shown = WhatIfInDetail(what_if, context=self.get_serializer_context())
        return Response(shown.data, status=status_of(what_if))

    @verb(Nothing, BatchShown)
    def release(self, request: Request, id: UUID) -> Response:
        """Send every suggestion on the list to send; what cannot go stays there, and says why."""
        self.asked(Nothing)
        batch = release_staged(programme_id=self.get_object().pk, actor=self.actor, now=self.now)
        return Response(batch_shown(batch))

    @verb(ReleasedAt, BatchShown)
    def undo_release(self, request: Request, id: UUID) -> Response:
        """Take back all that were sent together, within half a minute."""
        wanted, pk = self.asked(ReleasedAt), self.get_object().pk
        return Response(batch_shown(undo_release(programme_id=pk, **wanted, actor=self.actor, now=self.now)))


def _settings(wanted: dict[str, Any]) -> dict[str, Any]:
    if "territory" in wanted:
        town = wanted.pop("territory")
        wanted["territory_id"] = town.pk if town else None
    return wanted
