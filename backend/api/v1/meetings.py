from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.offers import ToldBy
from backend.meetings import actions
from backend.meetings.enums import Interpreter, MeetingState
from backend.meetings.models import Meeting, MeetingPlace
from backend.meetings.queries.beginning import colleague_id, member_id, open_place_id
from backend.meetings.rules import looks_after
from backend.meetings.times import Arranged, Plan
from backend.organisations.models import Organisation
from backend.pairings.models import Pairing
from backend.people.told import Told


class PlaceShown(Shown):
    organisation = Named()

    class Meta:
        model = MeetingPlace
        fields = ["id", "organisation", "name", "address", "note", "closed_at"]


class PlaceWanted(Asked):
    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class NewPlace(PlaceWanted):
    organisation = Ref(Organisation.objects.visible_to)


class Places(Area):
    """Public places where people of your organisation can meet."""

    queryset = MeetingPlace.objects.none()
    serializer_class = PlaceShown

    @property
    def things(self) -> QuerySet[MeetingPlace]:
        return MeetingPlace.objects.visible_to(self.actor).select_related("organisation")

    @extend_schema(request=NewPlace, responses={201: PlaceShown})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewPlace)
        office = wanted.pop("organisation")
        made = actions.add_place(organisation_id=office.pk, **wanted, actor=self.actor, now=self.now)
        return self.shown(self.things.get(pk=made.pk), status=201)

    @verb(PlaceWanted, PlaceShown)
    def change(self, request: Request, id: UUID) -> Response:
        place, wanted = self.get_object(), self.asked(PlaceWanted)
        actions.change_place(place_id=place.pk, **wanted, actor=self.actor)
        return self.shown(self.things.get(pk=place.pk))

    @verb(Nothing, PlaceShown)
    def close(self, request: Request, id: UUID) -> Response:
        self.asked(Nothing)
        place = self.get_object()
        actions.close_place(place_id=place.pk, actor=self.actor, now=self.now)
        return self.shown(self.things.get(pk=place.pk))


class MeetingShown(Shown):
    """In a list: class B at most, so neither the time nor the place."""

    pairing = Named()

    class Meta:
        model = Meeting
        fields = ["id", "pairing", "kind", "state", "minutes", "is_online", "interpreter", "sequence"]


class MeetingInDetail(MeetingShown):
    place = PlaceShown()
    hosted_by = serializers.UUIDField(source="hosted_by.public_id", allow_null=True, default=None)

    class Meta(MeetingShown.Meta):
        fields = [
            *MeetingShown.Meta.fields,
            "starts_at",
            "place",
            "is_at_home",
            "hosted_by",
            "interpreter_name",
        ]


class When(Asked):
    """Where: one of a place, online, or at home."""

    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=15, max_value=480, default=60)
    place = serializers.UUIDField(required=False, allow_null=True, help_text="See the mentoring's beginning")
    is_online = serializers.BooleanField(default=False)
    is_at_home = serializers.BooleanField(default=False)


class Office(Asked):
    hosted_by = serializers.UUIDField(required=False, allow_null=True, help_text="A person who works there")
    interpreter = serializers.ChoiceField(Interpreter.choices, required=False, allow_blank=True, default="")
    interpreter_name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")


class NewMeeting(When, Office):
    pairing = Ref(Pairing.objects.visible_to)
    client_id = serializers.UUIDField(help_text="Made by you: the same one twice is the same meeting")


class Moved(When):
    sequence = serializers.IntegerField(min_value=0, help_text="The meeting's, as you last read it")


class Answer(Asked):
    suits = serializers.BooleanField()
    sequence = serializers.IntegerField(min_value=0, help_text="The meeting's, as you last read it")
    told = ToldBy(required=False, help_text="How a coordinator heard an answer she records for somebody")
    person = serializers.UUIDField(required=False, help_text="Whose answer is recorded")


class MeetingFilter(filters.FilterSet):
    pairing = filters.UUIDFilter(field_name="pairing__public_id")
    state = filters.MultipleChoiceFilter(choices=MeetingState.choices)


class Meetings(Area):
    """Meetings of your own mentorings, and of those you look after."""

    queryset = Meeting.objects.none()
    serializer_class = MeetingShown
    detail_serializer_class = MeetingInDetail
    filterset_class = MeetingFilter

    @property
    def things(self) -> QuerySet[Meeting]:
        rows = Meeting.objects.visible_to(self.actor).select_related(
            "pairing__programme", "place__organisation", "hosted_by"
        )
        return rows.prefetch_related("pairing__members__enrolment__profile")

    @extend_schema(request=NewMeeting, responses={201: MeetingInDetail})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewMeeting)
        pairing = wanted.pop("pairing")
        made = actions.propose_meeting(
            pairing_id=pairing.pk,
            plan=self._plan(wanted, pairing),
            arranged=self._arranged(wanted, pairing),
            client_id=wanted["client_id"],
            actor=self.actor,
            now=self.now,
        )
        return self.shown(self.things.get(pk=made.pk), status=201)

    @verb(Answer, MeetingInDetail)
    def answer(self, request: Request, id: UUID) -> Response:
        meeting, wanted = self.get_object(), self.asked(Answer)
        said = spoken_for(wanted, meeting.pairing, now=self.now)
        return self._again(actions.answer_meeting(meeting_id=meeting.pk, **said, **self._by))

    @verb(Moved, MeetingInDetail)
    def move(self, request: Request, id: UUID) -> Response:
        meeting, wanted = self.get_object(), self.asked(Moved)
        plan = self._plan(wanted, meeting.pairing)
        sequence = wanted["sequence"]
        return self._again(
            actions.change_meeting(meeting_id=meeting.pk, plan=plan, sequence=sequence, **self._by)
        )

    @verb(Office, MeetingInDetail)
    def arrange(self, request: Request, id: UUID) -> Response:
        meeting, wanted = self.get_object(), self.asked(Office)
        arranged = self._arranged(wanted, meeting.pairing)
        return self._again(actions.arrange_meeting(meeting_id=meeting.pk, arranged=arranged, **self._by))

    @verb(Nothing, MeetingInDetail)
    def cancel(self, request: Request, id: UUID) -> Response:
        return self._do(actions.cancel_meeting)

    @verb(Nothing, MeetingInDetail)
    def hold(self, request: Request, id: UUID) -> Response:
        return self._do(actions.hold_meeting)

    @verb(Nothing, MeetingInDetail)
    def miss(self, request: Request, id: UUID) -> Response:
        return self._do(actions.miss_meeting)

    def log_read(self, thing: Meeting) -> None:
        if looks_after(self.actor, thing.pairing):
            self.log("pairing_opened", "pairing", thing.pairing, thing.pairing.programme.organisation_id)

    @property
    def _by(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": self.now}

    def _do(self, act: Callable[..., Meeting]) -> Response:
        self.asked(Nothing)
        return self._again(act(meeting_id=self.get_object().pk, **self._by))

    def _again(self, meeting: Meeting) -> Response:
        return self.shown(self.things.get(pk=meeting.pk))

    def _plan(self, wanted: dict[str, Any], pairing: Pairing) -> Plan:
        place, office = wanted.get("place"), pairing.programme.organisation_id
        return Plan(
            starts_at=wanted["starts_at"],
            minutes=wanted["minutes"],
            place_id=open_place_id(place, organisation_id=office) if place else None,
            is_online=wanted["is_online"],
            is_at_home=wanted["is_at_home"],
        )

    def _arranged(self, wanted: dict[str, Any], pairing: Pairing) -> Arranged:
        host, office = wanted.get("hosted_by"), pairing.programme.organisation_id
        return Arranged(
            hosted_by_id=colleague_id(host, organisation_id=office) if host else None,
            interpreter=wanted["interpreter"],
            interpreter_name=wanted["interpreter_name"],
        )


def spoken_for(wanted: dict[str, Any], pairing: Pairing, *, now: datetime) -> dict[str, Any]:
    """The same with `told` and `person` as actions take them."""
    told, person = wanted.pop("told", None), wanted.pop("person", None)
    if told is None:
        return wanted
    heard = Told(**told)
    return wanted | {"told": heard, "person_id": member_id(person, pairing=pairing, now=now)}
