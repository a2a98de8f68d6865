"""A released suggestion: one object, two replies."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.pairings.enums import OPEN_OFFER, AnswerReason, OfferState
from backend.pairings.models.suggestions import Suggestion
from backend.pairings.querysets import OfferQuerySet
from backend.pairings.triggers import counts_places
from backend.programmes.enums import Side


class Offer(Base):
    """A released suggestion: one object, two replies, asked one after the other."""

    suggestion = models.OneToOneField(Suggestion, models.PROTECT, related_name="offer")
    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="offers")
    mentor = models.ForeignKey("programmes.Enrolment", models.PROTECT, related_name="offers_as_mentor")
    newcomer = models.ForeignKey("programmes.Enrolment", models.PROTECT, related_name="offers_as_newcomer")
    first_side = models.CharField(max_length=10, choices=Side)
    state = models.CharField(max_length=14, choices=OfferState, default=OfferState.ASKING_FIRST)
    released_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    # None for half a minute, while it can be undone: nobody but staff sees it before.
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    first_accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=8, choices=AnswerReason, blank=True, default="")
    decline_note = EncryptedTextField(blank=True, default="")

    data_classes = classes(
        A="id public_id created_at suggestion programme mentor newcomer first_side state released_by "
        "released_at sent_at reminded_at expires_at first_accepted_at closed_at",
        C="decline_reason decline_note",
    )
    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "newcomer"], condition=Q(state__in=OPEN_OFFER), name="offer_is_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_OFFER) ^ Q(closed_at__isnull=False), name="offer_closed_says_when"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[OfferState.ASKING_SECOND, OfferState.ACCEPTED], first_accepted_at__isnull=False
                )
                | ~Q(state__in=[OfferState.ASKING_SECOND, OfferState.ACCEPTED]),
                name="offer_second_is_asked_after_first_accepted",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | Q(first_accepted_at=None, reminded_at=None),
                name="offer_is_answered_after_it_was_sent",
            ),
        ]
        triggers = [
            counts_places(
                name="offer_takes_places",
                takes="{row}.state IN ('asking_first', 'asking_second')",
                who=["mentor_id", "newcomer_id"],
            )
        ]

    @property
    def side_asked(self) -> Side | None:
        """The side whose answer is awaited now."""
        if self.state == OfferState.ASKING_FIRST:
            return Side(self.first_side)
        return Side(self.first_side).other if self.state == OfferState.ASKING_SECOND else None


class OfferQuestion(Base):
    """What somebody wants to know before they answer, and what the office says. Private to that side."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="questions")
    side = models.CharField(max_length=10, choices=Side)
    text = EncryptedTextField(_("your question"))
    asked_at = models.DateTimeField()
    answer = EncryptedTextField(_("your answer"), blank=True, default="")
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    data_classes = classes(
        A="id public_id created_at offer side asked_at answered_by answered_at", C="text answer"
    )

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="question_answered_says_what_when_and_by_whom",
            )
        ]
