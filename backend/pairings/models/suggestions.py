"""What is proposed, and what was decided about it."""

from django.db import models
from django.db.models import Q

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.pairings.enums import OPEN_SUGGESTION, Aside, DeclineReason, SuggestionState
from backend.pairings.models.runs import MatchRun
from backend.pairings.querysets import SuggestionQuerySet


class Suggestion(Base):
    """What the engine, or a coordinator by hand, proposes. Every part of the fit is kept by name."""

    run = models.ForeignKey(MatchRun, models.CASCADE, null=True, related_name="suggestions")
    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="suggestions")
    mentor = models.ForeignKey("programmes.Enrolment", models.CASCADE, related_name="+")
    newcomer = models.ForeignKey("programmes.Enrolment", models.CASCADE, related_name="+")
    fit = models.FloatField(default=0)
    share = models.FloatField(
        default=0
    )  # 0 to 1: the fit without the bonus for waiting, of the best possible
    parts = models.JSONField(default=list)  # [{name, value, weight, contribution, unknown}]
    # [{mentor: enrolment id, fit, share, regret: {newcomers, fit} or None}], best first
    alternatives = models.JSONField(default=list)
    # A pair put together by hand waits for the worker to examine it; the engine's own are examined at birth.
    by_hand = models.BooleanField(default=False)
    examined_at = models.DateTimeField(null=True)
    refusals = models.JSONField(default=list)  # names from enums.Refusal; only by hand can there be any
    state = models.CharField(max_length=12, choices=SuggestionState, default=SuggestionState.PROPOSED)
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=12, choices=DeclineReason, blank=True, default="")
    # Put aside while it is open: somebody is called first, or it comes back on a day.
    aside = models.CharField(max_length=8, choices=Aside, blank=True, default="")
    aside_until = models.DateField(null=True)

    data_classes = classes(
        A="id public_id created_at run programme mentor newcomer by_hand examined_at state decided_by "
        "decided_at aside aside_until",
        B="fit share parts alternatives",
        C="decline_reason refusals",
    )
    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-fit", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["newcomer", "mentor"],
                condition=Q(state__in=OPEN_SUGGESTION),
                name="suggestion_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[SuggestionState.RELEASED, SuggestionState.DECLINED], decided_at__isnull=False
                )
                | Q(state__in=[*OPEN_SUGGESTION, SuggestionState.SUPERSEDED], decided_at=None),
                name="suggestion_decided_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.DECLINED) ^ Q(decline_reason=""),
                name="suggestion_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(aside=Aside.LATER, aside_until__isnull=False)
                | ~Q(aside=Aside.LATER) & Q(aside_until=None),
                name="suggestion_put_off_says_until_when",
            ),
            models.CheckConstraint(
                condition=Q(aside="") | Q(state=SuggestionState.PROPOSED),
                name="suggestion_put_aside_is_not_decided",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="suggestion_by_state")]

    @property
    def is_handled(self) -> bool:
        """Whether a person has thought about it while it is open, as `handled()` finds them."""
        waits = self.state == SuggestionState.PROPOSED and (self.aside or self.by_hand)
        return self.state == SuggestionState.STAGED or bool(waits)


class SuggestionComment(Base):
    """What colleagues say to each other about a suggestion."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="comments")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = EncryptedTextField()

    data_classes = classes(A="id public_id created_at suggestion by at", C="text")

    class Meta:
        ordering = ["at", "id"]
