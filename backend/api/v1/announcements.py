from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, cases, verb
from backend.messaging.announcements import LONGEST, MOST, announce, read_announcement, readers_of
from backend.messaging.models import Announcement
from backend.organisations.models import Organisation


class AnnouncementShown(Shown):
    """What an organisation wrote to many of its people."""

    organisation = Named()

    class Meta:
        model = Announcement
        fields = ["id", "organisation", "at"]


class Readers(serializers.Serializer):
    people = serializers.IntegerField()
    readers = serializers.IntegerField()


class AnnouncementInFile(AnnouncementShown):
    read = serializers.SerializerMethodField(help_text="How many have read it; for staff alone")

    class Meta(AnnouncementShown.Meta):
        fields = [*AnnouncementShown.Meta.fields, "text", "read"]

    @extend_schema(responses=Readers(allow_null=True))
    def get_read(self, announcement: Announcement) -> dict[str, int] | None:
        counted = readers_of(announcement, actor=self.context["view"].actor)
        return dict(zip(("people", "readers"), counted, strict=True)) if counted else None


class NewAnnouncement(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same announcement")
    organisation = Ref(Organisation.objects.visible_to)
    profiles = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)
    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class Announcements(Area):
    """What was written to you as one of many, and what your organisations wrote so."""

    queryset = Announcement.objects.none()
    serializer_class = AnnouncementShown
    detail_serializer_class = AnnouncementInFile

    @property
    def things(self) -> QuerySet[Announcement]:
        return Announcement.objects.visible_to(self.actor).select_related("organisation")

    @extend_schema(request=NewAnnouncement, responses={201: AnnouncementInFile})
    def create(self, request: Request) -> Response:
        """Each is told alone. Who cannot be reached is left out; `read.people` says how many it is for."""
        wanted = self.asked(NewAnnouncement)
        made = announce(
            organisation=wanted["organisation"],
            profile_ids=[profile.pk for profile in cases(wanted["profiles"], actor=self.actor)],
            text=wanted["text"],
            client_id=wanted["client_id"],
            actor=self.actor,
            now=self.now,
        )
        return self.shown(made, status=201)

    @verb(Nothing, AnnouncementInFile)
    def read(self, request: Request, id: UUID) -> Response:
        """Say that you have read it."""
        self.asked(Nothing)
        found = self.get_object()
        read_announcement(announcement=found, actor=self.actor, now=self.now)
        return self.shown(found)
