"""Before and just after two people first meet."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.meetings.enums import Confirmed, EveningState, GoOnAnswer
from backend.meetings.models.meetings import MeetingPlace
from backend.meetings.querysets import EveningQuerySet
from backend.people.enums import Channel


class Confirmation(models.Model):
    """A member heard what mentoring is, or agreed to the agreement; rows are added, never changed."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="confirmations")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=Confirmed)
    text_version = models.CharField(max_length=20)
    language_shown = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.SELF)
    interpreter = models.CharField(max_length=100, blank=True, default="")

    data_classes = classes(
        A="id pairing person what text_version language_shown at by channel", C="interpreter"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person", "what"], name="member_confirms_once")
        ]


class GoOn(models.Model):
    """What somebody said after the first meeting: shall we go on? Private to them and their coordinator."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="answers_to_go_on")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8, choices=GoOnAnswer)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.SELF)
    language = models.CharField(max_length=12, blank=True, default="")
    interpreter = models.CharField(max_length=100, blank=True, default="")

    data_classes = classes(A="id pairing person at by channel language", C="answer interpreter")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person"], name="member_is_asked_to_go_on_once")
        ]


class HomeConsent(models.Model):
    """A coordinator allows meetings at home: every adult there was named and is cleared."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="home_consents")
    given_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    adults = EncryptedTextField(_("every adult who lives there"))
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    data_classes = classes(A="id pairing given_by given_at revoked_at revoked_by", C="adults")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(revoked_at=None), name="home_is_allowed_once"
            )
        ]


class Evening(Base):
    """A group evening: mentors and newcomers of a programme get to know each other."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="evenings")
    state = models.CharField(max_length=10, choices=EveningState, default=EveningState.PLANNED)
    starts_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("for how long, in minutes"), default=120)
    place = models.ForeignKey(MeetingPlace, models.PROTECT, related_name="+")
    note = models.CharField(_("what guests should know"), max_length=300, blank=True, default="")
    made_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    client_id = models.UUIDField()  # made by the page: the same one twice is the same evening
    sequence = models.PositiveIntegerField(default=0)

    data_classes = classes(
        A="id public_id created_at programme state starts_at minutes place note made_by client_id sequence"
    )
    objects = EveningQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "client_id"], name="evening_is_planned_once")
        ]


class Guest(models.Model):
    evening = models.ForeignKey(Evening, models.CASCADE, related_name="guests")
    enrolment = models.ForeignKey("programmes.Enrolment", models.CASCADE, related_name="+")
    came = models.BooleanField(null=True)

    data_classes = classes(A="id evening enrolment", B="came")

    class Meta:
        ordering = ["evening", "id"]
        constraints = [models.UniqueConstraint(fields=["evening", "enrolment"], name="guest_is_invited_once")]


class Liking(models.Model):
    """Somebody got on well with somebody at a group evening. Seen by them and their coordinator alone."""

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="likings")
    who = models.ForeignKey(Guest, models.CASCADE, related_name="likes")
    whom = models.ForeignKey(Guest, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    data_classes = classes(A="id evening who at", C="whom")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["who", "whom"], name="liking_is_noted_once"),
            models.CheckConstraint(condition=~Q(who=F("whom")), name="liking_is_of_somebody_else"),
        ]
