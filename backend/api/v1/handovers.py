from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Ref, Shown, cases
from backend.organisations.queries import colleagues_of
from backend.profiles.handovers import LONGEST, hand_over
from backend.profiles.models import Handover


class HandoverShown(Shown):
    """Who passed people on to whom; `from_person` is empty where nobody looked after them."""

    organisation = Named()
    from_person = Named()
    to_person = Named()
    by = Named()

    class Meta:
        model = Handover
        fields = ["id", "organisation", "from_person", "to_person", "by", "at"]


class HandoverInFile(HandoverShown):
    profiles = Named(many=True)

    class Meta(HandoverShown.Meta):
        fields = [*HandoverShown.Meta.fields, "summary", "profiles"]


class NewHandover(Asked):
    profiles = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)
    from_person = Ref(colleagues_of, allow_null=True, help_text="Who looks after all of them now")
    to_person = Ref(colleagues_of)
    summary = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class Handovers(Area):
    """People passed on from one colleague to another, with what the other must know."""

    queryset = Handover.objects.none()
    serializer_class = HandoverShown
    detail_serializer_class = HandoverInFile

    @property
    def things(self) -> QuerySet[Handover]:
        seen = Handover.objects.visible_to(self.actor)
        return seen.select_related("organisation", "from_person", "to_person", "by")

    @extend_schema(request=NewHandover, responses={201: HandoverInFile})
    def create(self, request: Request) -> Response:
        """The same again is the same handover; 409 names a colleague who was faster."""
        wanted = self.asked(NewHandover)
        before = wanted["from_person"]
        made = hand_over(
            profile_ids=[profile.pk for profile in cases(wanted["profiles"], actor=self.actor)],
            from_person_id=before.pk if before else None,
            to_person=wanted["to_person"],
            summary=wanted["summary"],
            actor=self.actor,
            now=self.now,
        )
        return self.shown(made, status=201)

    def log_read(self, thing: Handover) -> None:
        self.log("handover_opened", "handover", thing, thing.organisation_id)
