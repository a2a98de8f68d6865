"""Mentorings, who takes part in them, and every change on the way there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.pairings.enums import (
    LASTING,
    OPEN_TRANSFER,
    EndReason,
    MemberRole,
    PairingState,
    PauseReason,
    TransferState,
)
from backend.pairings.models.offers import Offer
from backend.pairings.models.suggestions import Suggestion
from backend.pairings.querysets import MemberQuerySet, PairingQuerySet, TransferQuerySet
from backend.pairings.triggers import counts_places
from backend.people.enums import Channel
from backend.programmes.enums import Side


class Pairing(Base):
    """All said yes. Its members may be more than two: a couple, siblings, a stand-in."""

    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="pairings")
    offer = models.OneToOneField(Offer, models.PROTECT, null=True, related_name="pairing")
    state = models.CharField(max_length=14, choices=PairingState, default=PairingState.ACTIVE)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=14, choices=EndReason, blank=True, default="")
    # Coming to an end: told, the places free, the conversation open until then.
    closes_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason, blank=True, default="")
    # A proof of its mentor ran out: it ends then unless there is a new one.
    grace_until = models.DateTimeField(null=True)
    # They use the messenger they know; the office asks once a month whether they met.
    writes_elsewhere_at = models.DateTimeField(null=True)
    asked_if_met_on = models.DateField(null=True)

    data_classes = classes(
        A="id public_id created_at programme offer state started_at ended_at closes_at grace_until "
        "writes_elsewhere_at asked_if_met_on",
        C="end_reason pause_reason",
    )
    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PairingState.ENDED, ended_at__isnull=False) & ~Q(end_reason="")
                | Q(state=PairingState.WINDING_DOWN, ended_at=None, closes_at__isnull=False)
                & ~Q(end_reason="")
                | Q(state__in=LASTING, ended_at=None, end_reason="", closes_at=None),
                name="pairing_ended_has_time_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=PairingState.PAUSED) | Q(pause_reason=""),
                name="pairing_that_goes_on_has_no_reason_to_pause",
            ),
        ]


class PairingMember(models.Model):
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="members")
    enrolment = models.ForeignKey("programmes.Enrolment", models.PROTECT, related_name="memberships")
    side = models.CharField(max_length=10, choices=Side)
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.MEMBER)
    # False while it comes to an end: both can be matched again.
    takes_place = models.BooleanField(default=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    data_classes = classes(A="id pairing enrolment side role takes_place from_at until_at")
    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["pairing", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "enrolment"],
                condition=Q(until_at=None),
                name="member_is_in_a_pairing_once",
            )
        ]
        triggers = [
            counts_places(
                name="member_takes_a_place",
                takes="{row}.until_at IS NULL AND {row}.takes_place",
                who=["enrolment_id"],
            )
        ]


class Transfer(Base):
    """A person moves to a town where another organisation works, and agrees that it takes over.

    The other organisation learns nothing before that yes, and then no more than `summary` and class B.
    """

    profile = models.ForeignKey("profiles.Profile", models.CASCADE, related_name="transfers")
    to_organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.ASKING)
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    summary = EncryptedTextField(_("what your colleagues there must know"), blank=True, default="")
    # The answers as the person read them, as JSON: these are passed on, whatever changes in the file later.
    answers = EncryptedTextField(blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    new_profile = models.ForeignKey("profiles.Profile", models.SET_NULL, null=True, related_name="+")

    data_classes = classes(
        A="id public_id created_at profile to_organisation state asked_by asked_at agreed_at closed_at "
        "taken_by new_profile",
        C="summary answers",
    )
    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile"], condition=Q(state__in=OPEN_TRANSFER), name="person_moves_to_one_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_TRANSFER) ^ Q(closed_at__isnull=False),
                name="transfer_closed_says_when",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=False)
                | ~Q(state__in=[TransferState.AGREED, TransferState.TAKEN]),
                name="transfer_needs_the_persons_yes",
            ),
        ]


class PairingEvent(models.Model):
    """One row per change of a suggestion, offer, pairing or transfer: who, when, from, to, why."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, null=True, related_name="events")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, related_name="events")
    pairing = models.ForeignKey(Pairing, models.CASCADE, null=True, related_name="events")
    transfer = models.ForeignKey(Transfer, models.CASCADE, null=True, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=40, blank=True, default="")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14)
    why = models.CharField(max_length=20, blank=True, default="")
    # How an answer reached a coordinator who recorded it for somebody.
    channel = models.CharField(_("how"), max_length=12, choices=Channel, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="")
    interpreter = models.CharField(max_length=100, blank=True, default="")

    data_classes = classes(
        A="id suggestion offer pairing transfer at by system verb from_state to_state channel language",
        C="why interpreter",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suggestion__isnull=False, offer=None, pairing=None, transfer=None)
                | Q(suggestion=None, offer__isnull=False, pairing=None, transfer=None)
                | Q(suggestion=None, offer=None, pairing__isnull=False, transfer=None)
                | Q(suggestion=None, offer=None, pairing=None, transfer__isnull=False),
                name="event_is_about_one_thing",
            )
        ]
