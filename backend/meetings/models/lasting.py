"""What keeps a mentoring going, and what is said at its end."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.meetings.enums import ExpenseState, GoalState, Mood
from backend.meetings.querysets import ExpenseQuerySet
from backend.people.enums import Channel


class Goal(Base):
    """Something the newcomer wants to reach, chosen by them."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="goals")
    chosen_by = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=GoalState, default=GoalState.OPEN)
    state_at = models.DateTimeField()
    text = EncryptedTextField(_("what you want to reach"))

    data_classes = classes(A="id public_id created_at pairing chosen_by state state_at", C="text")

    class Meta:
        ordering = ["id"]


class GoalStep(Base):
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="steps")
    text = EncryptedTextField(_("a small step"))
    done_at = models.DateTimeField(null=True)

    data_classes = classes(A="id public_id created_at goal done_at", C="text")

    class Meta:
        ordering = ["id"]


class CheckIn(Base):
    """The coordinator asked how it goes: one talk, with one side or both."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="check_ins")
    on = models.DateField(_("when"))
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    # Whom they spoke with; None: with both together.
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    channel = models.CharField(_("how"), max_length=12, choices=Channel)
    language = models.CharField(_("in which language"), max_length=12, blank=True, default="")
    interpreter = models.CharField(_("with which interpreter"), max_length=100, blank=True, default="")
    mood = models.CharField(_("how it goes"), max_length=6, choices=Mood)
    note = EncryptedTextField(_("note"), blank=True, default="")

    data_classes = classes(
        A="id public_id created_at pairing on by person channel language", C="interpreter mood note"
    )

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["pairing", "on"], name="check_in_by_pairing")]


class Expense(Base):
    """What a member paid for the mentoring, with a picture of the receipt; the office approves it."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="expenses")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    on = models.DateField(_("when"))
    cents = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(max_length=3, default="EUR")
    what = models.CharField(_("what for"), max_length=160)
    # Pixels copied and encoded anew, then encrypted: what a phone writes into a picture is gone.
    receipt = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=ExpenseState, default=ExpenseState.SENT)
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(_("why not"), max_length=200, blank=True, default="")
    # When it was handed on to be paid: those of one moment stand in one list.
    exported_at = models.DateTimeField(null=True)
    client_id = models.UUIDField()

    data_classes = classes(
        A="id public_id created_at pairing person state decided_by decided_at exported_at client_id",
        B="on cents currency",
        C="what receipt why",
    )
    objects = ExpenseQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "client_id"], name="expense_is_sent_once"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="expense_costs_something"),
            models.CheckConstraint(
                condition=Q(state=ExpenseState.SENT, decided_at=None, decided_by=None)
                | ~Q(state=ExpenseState.SENT) & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="expense_decided_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state=ExpenseState.REFUSED) ^ Q(why=""), name="expense_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=ExpenseState.EXPORTED) ^ Q(exported_at=None),
                name="expense_handed_on_says_when",
            ),
        ]


class Evaluation(Base):
    """What a member says at the end, of the match and of the programme. 1 (not at all) to 5 (very)."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="evaluations")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.SELF)
    match = models.PositiveSmallIntegerField(_("We suited each other"))
    programme = models.PositiveSmallIntegerField(_("The programme helped me"))
    again = models.BooleanField(_("I would do it again"), null=True)
    text = EncryptedTextField(_("what you want to tell us"), blank=True, default="")

    data_classes = classes(
        A="id public_id created_at pairing person at by channel", C="match programme again text"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person"], name="member_evaluates_once"),
            models.CheckConstraint(
                condition=Q(match__range=(1, 5), programme__range=(1, 5)), name="evaluation_is_from_1_to_5"
            ),
        ]
