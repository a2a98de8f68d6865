"""Match runs, what they left over, and questions to a plan."""

import math

from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext

from backend.core.classes import classes
from backend.core.models import Base
from backend.pairings.enums import RunState, WhatIfProblem, WhatIfState
from backend.pairings.querysets import RunQuerySet, WhatIfQuerySet

# The engine adds in whole numbers and says 0 where it proved the best; below this only storing rounds.
PROVED = 1e-9


class MatchRun(Base):
    """One pass of the engine over a programme. Only one at a time is queued or running."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="runs")
    state = models.CharField(max_length=8, choices=RunState, default=RunState.QUEUED)
    asked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    newcomers = models.PositiveIntegerField(default=0)
    mentors = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    total_fit = models.FloatField(default=0)
    upper_bound = models.FloatField(default=0)
    gap = models.FloatField(default=0)  # 0: proved that nothing better exists; as a share of the bound
    feasible_pairs = models.PositiveBigIntegerField(default=0)  # pairs that nothing refuses
    # Which one more mentor would help most: [{language, town, hours, gender, could_meet, more_matched}]
    advice = models.JSONField(default=list)
    error = models.CharField(max_length=200, blank=True, default="")

    data_classes = classes(
        A="id public_id created_at programme state asked_by asked_at finished_at newcomers mentors matched "
        "total_fit upper_bound gap feasible_pairs error",
        B="advice",
    )
    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="programme_has_one_run_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RunState.DONE, RunState.FAILED], finished_at__isnull=False)
                | Q(state__in=[RunState.QUEUED, RunState.RUNNING], finished_at=None),
                name="run_that_ended_says_when",
            ),
        ]

    @property
    def proof(self) -> str:
        """How good the plan is known to be, in the reader's language; "" until the run is done."""
        if self.state != RunState.DONE:
            return ""
        if self.gap <= PROVED:
            return gettext("The best that is possible, proved.")
        # Rounded up: it may be less, never more.
        better = math.ceil(1000 * (self.upper_bound - self.total_fit) / max(1.0, abs(self.total_fit))) / 10
        percent = formats.number_format(better, decimal_pos=1)
        return gettext("Up to %(percent)s %% better might be possible.") % {"percent": percent}


class Unmatched(models.Model):
    """Why a newcomer got nobody in a run: how many mentors each refusal excludes, and how many it alone."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="unmatched")
    newcomer = models.ForeignKey("programmes.Enrolment", models.CASCADE, related_name="+")
    feasible = models.PositiveIntegerField()  # mentors not refused, all taken by others
    reasons = models.JSONField(default=list)  # [{refusal, excludes, alone}], most first

    data_classes = classes(A="id run newcomer", B="feasible reasons")

    class Meta:
        ordering = ["run", "newcomer", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "newcomer"], name="unmatched_is_named_once")]


class MentorChoice(models.Model):
    """Whom a mentor with a free place could meet, by a run: those who fit best, suggested or not."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="choices")
    mentor = models.ForeignKey("programmes.Enrolment", models.CASCADE, related_name="+")
    newcomers = models.JSONField(default=list)  # [{newcomer: enrolment id, fit, share}], best first

    data_classes = classes(A="id run mentor", B="newcomers")

    class Meta:
        ordering = ["run", "mentor", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "mentor"], name="mentor_chooses_once_in_a_run")]


class WhatIf(Base):
    """A question to the plan: what would change, and for whom, if somebody could do more? It does nothing."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="what_ifs")
    asked_by = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    client_id = models.UUIDField()
    change = models.JSONField()  # changes.Change as JSON: enrolments by id
    state = models.CharField(max_length=8, choices=WhatIfState, default=WhatIfState.QUEUED)
    finished_at = models.DateTimeField(null=True)
    # engine.Answer as JSON, and `print`, by what the plan was made; where two cannot be put together,
    # `against`: [{mentor, newcomer, refusals}]; {} until it is done
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=12, choices=WhatIfProblem, blank=True, default="")
    # Kept: what was asked has become so. What is thrown away is deleted.
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    data_classes = classes(
        A="id public_id created_at programme asked_by asked_at client_id state finished_at error kept_at "
        "kept_by",
        B="result",
        C="change",
    )
    objects = WhatIfQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "client_id"], name="what_if_is_asked_once"),
            models.CheckConstraint(
                condition=Q(state=WhatIfState.QUEUED) ^ Q(finished_at__isnull=False),
                name="what_if_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None, kept_by=None)
                | Q(kept_at__isnull=False, kept_by__isnull=False, state=WhatIfState.DONE),
                name="what_if_kept_says_when_and_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="what_if_by_age")]
