from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Ref, Shown
from backend.pairings.actions import look_again_at
from backend.profiles.models import Profile
from backend.profiles.rules import is_own
from backend.safeguarding.actions import record_clearance
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance


class ClearanceShown(Shown):
    profile = Named()

    class Meta:
        model = Clearance
        fields = ["id", "profile", "kind", "seen_on"]


class ClearanceInFile(ClearanceShown):
    class Meta(ClearanceShown.Meta):
        fields = [*ClearanceShown.Meta.fields, "valid_until"]


class NewClearance(Asked):
    profile = Ref(Profile.objects.visible_to)
    kind = serializers.ChoiceField(RequirementKind.choices)
    seen_on = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True)


class ClearanceFilter(filters.FilterSet):
    profile = filters.UUIDFilter(field_name="profile__public_id")
    kind = filters.ChoiceFilter(choices=RequirementKind.choices)


class Clearances(Area):
    """Proofs that were seen; never the papers themselves."""

    queryset = Clearance.objects.none()
    serializer_class = ClearanceShown
    detail_serializer_class = ClearanceInFile
    filterset_class = ClearanceFilter

    @property
    def things(self) -> QuerySet[Clearance]:
        return Clearance.objects.visible_to(self.actor).select_related("profile")

    @extend_schema(request=NewClearance, responses={201: ClearanceInFile})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewClearance)
        made = record_clearance(**wanted, actor=self.actor, now=self.now)
        look_again_at(profile_id=made.profile_id)
        return self.shown(made, status=201)

    def log_read(self, thing: Clearance) -> None:
        if not is_own(self.actor, thing.profile):
            self.log("clearance_opened", "clearance", thing, thing.profile.organisation_id)
