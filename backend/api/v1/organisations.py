from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Shown
from backend.organisations.models import Organisation
from backend.pairings.actions import switch_learning


class OrganisationShown(Shown):
    territory = Named()

    class Meta:
        model = Organisation
        fields = [
            "id",
            "name",
            "kind",
            "territory",
            "country",
            "language",
            "time_zone",
            "learns",
            "verified_at",
        ]


class OrganisationChanges(Asked):
    learns = serializers.BooleanField(
        help_text="Whether suggestions learn from decisions. What was learned is deleted when it is off."
    )


class Organisations(Area):
    """Those in which you have a role."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationShown

    @property
    def things(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(self.actor).select_related("territory")

    @extend_schema(request=OrganisationChanges, responses=OrganisationShown)
    def partial_update(self, request: Request, id: UUID) -> Response:
        organisation = self.get_object()
        wanted = self.asked(OrganisationChanges)
        switch_learning(
            organisation_id=organisation.pk, learns=wanted["learns"], actor=self.actor, now=self.now
        )
        return self.shown(self.get_object())
