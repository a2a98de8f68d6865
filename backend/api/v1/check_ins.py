from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Ref, Shown
from backend.meetings.actions.check_ins import Said, record_check_in
from backend.meetings.enums import Mood
from backend.meetings.models import CheckIn
from backend.meetings.queries.lasting import check_ins_visible_to
from backend.pairings.models import Pairing
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.models import Profile


class CheckInShown(Shown):
    pairing = Named()

    class Meta:
        model = CheckIn
        fields = ["id", "pairing", "on", "channel", "language"]


class CheckInDetail(CheckInShown):
    class Meta(CheckInShown.Meta):
        fields = [*CheckInShown.Meta.fields, "interpreter", "mood", "note"]


class NewCheckIn(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same check-in")
    pairing = Ref(Pairing.objects.visible_to)
    on = serializers.DateField()
    profile = Ref(
        Profile.objects.looked_after_by, required=False, help_text="With whom; left out: with both together"
    )
    channel = serializers.ChoiceField(Channel.choices)
    language = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    interpreter = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    mood = serializers.ChoiceField(Mood.choices)
    note = serializers.CharField(max_length=4_000, required=False, allow_blank=True, default="")
    call_back_on = serializers.DateField(required=False, help_text="A promised call")
    nothing_next = serializers.BooleanField(default=False, help_text="It is hard, and nothing more is needed")


class CheckInFilter(filters.FilterSet):
    pairing = filters.UUIDFilter(field_name="pairing__public_id")
    on_after = filters.DateFilter(field_name="on", lookup_expr="gte")


class CheckIns(Area):
    """How it goes, as coordinators heard it. Members never see these."""

    queryset = CheckIn.objects.none()
    serializer_class = CheckInShown
    detail_serializer_class = CheckInDetail
    filterset_class = CheckInFilter

    @property
    def things(self) -> QuerySet[CheckIn]:
        return check_ins_visible_to(self.actor).select_related("pairing__programme")

    @extend_schema(request=NewCheckIn, responses={201: CheckInDetail})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewCheckIn)
        profile = wanted.get("profile")
        said = Said(
            on=wanted["on"],
            person_id=profile.person_id if profile else None,
            told=Told(Channel(wanted["channel"]), wanted["language"], wanted["interpreter"]),
            mood=Mood(wanted["mood"]),
            note=wanted["note"],
        )
        made = record_check_in(
            pairing_id=wanted["pairing"].pk,
            said=said,
            client_id=wanted["client_id"],
            call_back_on=wanted.get("call_back_on"),
            nothing_next=wanted["nothing_next"],
            actor=self.actor,
            now=self.now,
        )
        return self.shown(made, status=201)

    def log_read(self, thing: CheckIn) -> None:
        self.log("check_in_opened", "check_in", thing, thing.pairing.programme.organisation_id)
