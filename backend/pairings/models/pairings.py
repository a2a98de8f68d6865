"""Mentorings, who takes part in them, and every change on the way there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.models import Base
from backend.pairings.enums import EndReason, PairingState
from backend.pairings.models.offers import Offer
from backend.pairings.models.suggestions import Suggestion
from backend.pairings.querysets import PairingQuerySet
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

    data_classes = classes(
        A="id public_id created_at programme offer state started_at ended_at", C="end_reason"
    )
    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PairingState.ENDED, ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(state=PairingState.ENDED) & Q(ended_at=None, end_reason=""),
                name="pairing_ended_has_time_and_reason",
            )
        ]


class PairingMember(models.Model):
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="members")
    enrolment = models.ForeignKey("programmes.Enrolment", models.PROTECT, related_name="memberships")
    side = models.CharField(max_length=10, choices=Side)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    data_classes = classes(A="id pairing enrolment side from_at until_at")

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
            counts_places(name="member_takes_a_place", takes="{row}.until_at IS NULL", who=["enrolment_id"])
        ]


class PairingEvent(models.Model):
    """One row per change of a suggestion, an offer or a pairing: who, when, from, to, why."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, null=True, related_name="events")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, related_name="events")
    pairing = models.ForeignKey(Pairing, models.CASCADE, null=True, related_name="events")
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
        A="id suggestion offer pairing at by system verb from_state to_state channel language",
        C="why interpreter",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suggestion__isnull=False, offer=None, pairing=None)
                | Q(suggestion=None, offer__isnull=False, pairing=None)
                | Q(suggestion=None, offer=None, pairing__isnull=False),
                name="event_is_about_one_thing",
            )
        ]
