from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Ref, Shown, verb
from backend.core.clock import today
from backend.people.enums import Channel
from backend.profiles.models import Profile
from backend.programmes import enrolments
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.queries import missing_requirements


class EnrolmentShown(Shown):
    profile = Named()
    programme = Named()

    class Meta:
        model = Enrolment
        fields = [
            "id",
            "profile",
            "programme",
            "side",
            "state",
            "state_at",
            "capacity",
            "places_taken",
            "registered_on",
        ]


class EnrolmentInDetail(EnrolmentShown):
    missing = serializers.SerializerMethodField(help_text="What must still be shown before a match")

    class Meta(EnrolmentShown.Meta):
        fields = [*EnrolmentShown.Meta.fields, "missing"]

    @extend_schema(responses=serializers.ListField(child=serializers.ChoiceField(RequirementKind.choices)))
    def get_missing(self, enrolment: Enrolment) -> list[str]:
        zone = enrolment.programme.organisation.time_zone
        day = today(now=self.context["view"].now, time_zone=zone)
        return [*missing_requirements([enrolment], day=day)[enrolment.pk]]


class NewEnrolment(Asked):
    profile = Ref(Profile.objects.visible_to)
    programme = Ref(Programme.objects.visible_to)
    side = serializers.ChoiceField(Side.choices)
    capacity = serializers.IntegerField(min_value=1, max_value=enrolments.MOST_PLACES, required=False)
    registered_on = serializers.DateField(required=False)


class Talk(Asked):
    held_on = serializers.DateField()
    channel = serializers.ChoiceField(Channel.choices)
    mentoring_understood = serializers.BooleanField()
    avoid_asked = serializers.BooleanField()
    consent_given = serializers.BooleanField()
    language = serializers.CharField(max_length=12, required=False)
    interpreter = serializers.CharField(max_length=100, required=False, allow_blank=True)


class Capacity(Asked):
    capacity = serializers.IntegerField(min_value=1, max_value=enrolments.MOST_PLACES)


class Reason(Asked):
    why = serializers.CharField(max_length=200, required=False, allow_blank=True)


class EnrolmentFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    profile = filters.UUIDFilter(field_name="profile__public_id")
    side = filters.ChoiceFilter(choices=Side.choices)
    state = filters.MultipleChoiceFilter(choices=EnrolmentState.choices)


class Enrolments(Area):
    """People in programmes: those you look after, and yourself."""

    queryset = Enrolment.objects.none()
    serializer_class = EnrolmentShown
    detail_serializer_class = EnrolmentInDetail
    filterset_class = EnrolmentFilter

    @property
    def things(self) -> QuerySet[Enrolment]:
        seen = Enrolment.objects.visible_to(self.actor)
        return seen.select_related("profile", "programme__organisation")

    @extend_schema(request=NewEnrolment, responses={201: EnrolmentInDetail})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewEnrolment)
        return self.shown(enrolments.enrol(**wanted, actor=self.actor, now=self.now), status=201)

    @verb(Talk, EnrolmentInDetail)
    def talk(self, request: Request, id: UUID) -> Response:
        """Record an intake talk as it was held."""
        enrolment = self.get_object()
        talk = enrolments.Talk(**self.asked(Talk))
        enrolments.record_intake_talk(enrolment_id=enrolment.pk, talk=talk, actor=self.actor, now=self.now)
        return self.shown(self.get_object())

    @verb(Capacity, EnrolmentInDetail)
    def capacity(self, request: Request, id: UUID) -> Response:
        wanted = self.asked(Capacity)
        pk = self.get_object().pk
        return self.shown(enrolments.set_capacity(enrolment_id=pk, **wanted, actor=self.actor, now=self.now))

    @verb(Reason, EnrolmentInDetail)
    def refer(self, request: Request, id: UUID) -> Response:
        """Something else comes first for this newcomer."""
        return self._move(enrolments.refer)

    @verb(Reason, EnrolmentInDetail)
    def postpone(self, request: Request, id: UUID) -> Response:
        return self._move(enrolments.postpone)

    @verb(Reason, EnrolmentInDetail)
    def pause(self, request: Request, id: UUID) -> Response:
        return self._move(enrolments.pause)

    @verb(Reason, EnrolmentInDetail)
    def resume(self, request: Request, id: UUID) -> Response:
        return self._move(enrolments.resume)

    @verb(Reason, EnrolmentInDetail)
    def end(self, request: Request, id: UUID) -> Response:
        return self._move(enrolments.end_enrolment)

    def _move(self, action: Callable[..., Enrolment]) -> Response:
        pk, wanted = self.get_object().pk, self.asked(Reason)
        return self.shown(action(enrolment_id=pk, **wanted, actor=self.actor, now=self.now))
