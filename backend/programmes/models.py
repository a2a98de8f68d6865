from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.models import Base
from backend.people.enums import Channel
from backend.programmes.enums import (
    MENTOR_STATES,
    NEWCOMER_STATES,
    Cadence,
    EnrolmentState,
    Objective,
    ProgrammeKind,
    Side,
)
from backend.programmes.querysets import EnrolmentQuerySet, ProgrammeQuerySet


def first_check_ins() -> list[int]:
    """Within two weeks, and twice in the first month."""
    return [14, 28]


class Programme(Base):
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="programmes")
    kind = models.CharField(_("kind"), max_length=16, choices=ProgrammeKind)
    name = models.CharField(_("name"), max_length=120)
    territory = models.ForeignKey("territories.Territory", models.PROTECT, null=True, related_name="+")
    criteria = models.JSONField()
    objective = models.CharField(max_length=10, choices=Objective, default=Objective.COVERAGE)
    cadence = models.CharField(
        _("how often they meet"), max_length=12, choices=Cadence, default=Cadence.WEEKLY
    )
    duration_weeks = models.PositiveSmallIntegerField(_("how many weeks"), default=26)
    asks_first = models.CharField(_("who is asked first"), max_length=10, choices=Side, default=Side.MENTOR)
    offer_days = models.PositiveSmallIntegerField(_("days to answer an offer"), default=7)
    reminder_days = models.PositiveSmallIntegerField(_("days until we remind"), default=3)
    hosts_first_meeting = models.BooleanField(_("we are there when they meet first"), default=True)
    # In days after the start; afterwards one every so many days.
    first_check_ins = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("first check-ins"), default=first_check_ins
    )
    check_in_every_days = models.PositiveSmallIntegerField(_("days between later check-ins"), default=30)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    data_classes = classes(
        A="id public_id created_at organisation kind name territory criteria objective cadence "
        "duration_weeks asks_first offer_days reminder_days hosts_first_meeting first_check_ins "
        "check_in_every_days opened_at closed_at"
    )
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="programme_name_is_used_once",
                violation_error_message=_("You have a programme of this name already. Choose another name."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False),
                name="programme_opened_before_it_closed",
            ),
            models.CheckConstraint(condition=Q(offer_days__gte=1), name="programme_gives_a_day_to_answer"),
            models.CheckConstraint(
                condition=Q(check_in_every_days__gte=1), name="programme_checks_in_at_most_daily"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class Enrolment(Base):
    """A profile in a programme, on one side, with its capacity."""

    profile = models.ForeignKey("profiles.Profile", models.CASCADE, related_name="enrolments")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="enrolments")
    side = models.CharField(max_length=10, choices=Side)
    state = models.CharField(max_length=20, choices=EnrolmentState)
    state_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField(_("how many at a time"), default=1)
    # Kept by triggers on offers and members of pairings (pairings/triggers.py); never written from Python.
    places_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    registered_on = models.DateField(_("registered on"))
    # When they were last told that they still wait: once a month, never twice.
    waiting_written_on = models.DateField(null=True)

    data_classes = classes(
        A="id public_id created_at profile programme side state state_at capacity places_taken "
        "waiting_written_on",
        B="registered_on",
    )
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["registered_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "programme", "side"], name="enrolment_is_made_once"),
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("capacity")),
                name="enrolment_places_stay_within_capacity",
                violation_error_message=_(
                    "More places are taken than that. End or withdraw something first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(side=Side.NEWCOMER, state__in=NEWCOMER_STATES)
                | Q(side=Side.MENTOR, state__in=MENTOR_STATES),
                name="enrolment_state_belongs_to_its_side",
            ),
        ]
        indexes = [models.Index(fields=["programme", "side", "state"], name="enrolment_by_state")]

    @property
    def places_free(self) -> int:
        return self.capacity - self.places_taken


class IntakeTalk(Base):
    """The talk that makes a newcomer ready: by whom, how, in which language, with which interpreter."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="talks")
    held_on = models.DateField(_("held on"))
    held_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(_("how"), max_length=12, choices=Channel)
    language = models.CharField(_("in which language"), max_length=12, blank=True, default="")
    interpreter = models.CharField(_("with which interpreter"), max_length=100, blank=True, default="")
    mentoring_understood = models.BooleanField(_("They understood what mentoring is and is not"))
    avoid_asked = models.BooleanField(_("They were asked whom to avoid"))
    consent_given = models.BooleanField(_("They agreed"))

    data_classes = classes(
        A="id public_id created_at enrolment held_on held_by channel language mentoring_understood "
        "avoid_asked consent_given",
        C="interpreter",
    )

    class Meta:
        ordering = ["-held_on", "-id"]


class EnrolmentEvent(models.Model):
    """One row per change of state: who, when, from, to, why."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=40, blank=True, default="")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    why = models.CharField(max_length=200, blank=True, default="")

    data_classes = classes(A="id enrolment at by system verb from_state to_state", C="why")

    class Meta:
        ordering = ["id"]
