"""Meetings, the public places for them, and the calendar feed of a person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.models import Base
from backend.meetings.enums import Interpreter, MeetingKind, MeetingState
from backend.meetings.querysets import MeetingPlaceQuerySet, MeetingQuerySet
from backend.people.enums import Channel


class MeetingPlace(Base):
    """A public place where two people can meet: a library, a café, the office."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200)
    note = models.CharField(_("good to know, such as opening hours or step-free"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)

    data_classes = classes(A="id public_id created_at organisation name address note closed_at")
    objects = MeetingPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            # A form that was sent twice adds one place.
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(closed_at=None),
                name="place_name_is_used_once",
                violation_error_message=_("You have a place of this name already. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(Base):
    """The members of a pairing meet, or met. Where: one of a public place, online, or at home."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="meetings")
    kind = models.CharField(max_length=8, choices=MeetingKind, default=MeetingKind.USUAL)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PROPOSED)
    starts_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("for how long, in minutes"), default=60)
    place = models.ForeignKey(MeetingPlace, models.PROTECT, null=True, related_name="+")
    is_online = models.BooleanField(_("online"), default=False)
    is_at_home = models.BooleanField(_("at home"), default=False)
    # Who of the office is there; a first meeting is hosted unless the programme says otherwise.
    hosted_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    interpreter = models.CharField(max_length=8, choices=Interpreter, blank=True, default="")
    interpreter_name = models.CharField(_("who interprets"), max_length=100, blank=True, default="")
    made_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField()  # made by the page: the same one twice is the same meeting
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: calendars replace the older entry

    data_classes = classes(
        A="id public_id created_at pairing kind state minutes is_online hosted_by interpreter made_by "
        "client_id sequence",
        C="starts_at place is_at_home interpreter_name",
    )
    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "client_id"], name="meeting_is_made_once"),
            models.UniqueConstraint(
                fields=["pairing"],
                condition=Q(kind=MeetingKind.FIRST)
                & ~Q(state__in=[MeetingState.CANCELLED, MeetingState.MISSED]),
                name="pairing_has_one_first_meeting",
            ),
            models.CheckConstraint(
                condition=Q(place=None) | Q(is_online=False, is_at_home=False),
                name="meeting_is_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(interpreter=Interpreter.BOOKED) ^ Q(interpreter_name=""),
                name="meeting_interpreter_booked_has_a_name",
            ),
        ]
        indexes = [models.Index(fields=["pairing", "starts_at"], name="meeting_by_pairing")]


class MeetingReply(models.Model):
    """Whether a time suits somebody, said by them or told to staff. A moved meeting is asked about again."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField()  # the meeting's when they answered
    suits = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.SELF)
    language = models.CharField(max_length=12, blank=True, default="")
    interpreter = models.CharField(max_length=100, blank=True, default="")

    data_classes = classes(A="id meeting person sequence at by channel language", C="suits interpreter")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "sequence"], name="member_answers_each_time_once"
            )
        ]


class MeetingEvent(models.Model):
    """One row per change of a meeting or a group evening: who, when, from, to."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, related_name="events")
    evening = models.ForeignKey("meetings.Evening", models.CASCADE, null=True, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=40, blank=True, default="")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)

    data_classes = classes(A="id meeting evening at by system verb from_state to_state")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, evening=None) | Q(meeting=None, evening__isnull=False),
                name="meeting_event_is_about_one_thing",
            )
        ]


class CalendarFeed(Base):
    """A private address at which a person's calendar reads their meetings; only its hash is kept."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    data_classes = classes(A="id public_id created_at person made_at revoked_at", C="key_hash")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="person_has_one_calendar_feed"
            )
        ]
