"""From a match run to a pairing. States and their moves are in enums.py, who may do what in rules.py."""

import math

from django.db import models
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField
from backend.core.models import Base
from backend.pairings.enums import (
    OPEN_OFFER,
    OPEN_SUGGESTION,
    AnswerReason,
    DeclineReason,
    EndReason,
    OfferState,
    PairingState,
    RunState,
    SuggestionState,
    Target,
    WhatIfProblem,
    WhatIfState,
)
from backend.pairings.querysets import (
    OfferQuerySet,
    PairingQuerySet,
    RunQuerySet,
    SuggestionQuerySet,
    WhatIfQuerySet,
)
from backend.pairings.triggers import counts_places
from backend.people.enums import Channel
from backend.programmes.enums import Side

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
    error = models.CharField(max_length=200, blank=True, default="")

    data_classes = classes(
        A="id public_id created_at programme state asked_by asked_at finished_at newcomers mentors matched "
        "total_fit upper_bound gap feasible_pairs error"
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


class WhatIf(Base):
    """A question to the plan: what would change, and for whom, if somebody could do more? It does nothing."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="what_ifs")
    asked_by = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    client_id = models.UUIDField()
    change = models.JSONField()  # changes.Change as JSON: enrolments by id
    state = models.CharField(max_length=8, choices=WhatIfState, default=WhatIfState.QUEUED)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)  # changes.Comparison as JSON; {} until it is done
    error = models.CharField(max_length=12, choices=WhatIfProblem, blank=True, default="")

    data_classes = classes(
        A="id public_id created_at programme asked_by asked_at client_id state finished_at error",
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
        ]
        indexes = [models.Index(fields=["asked_at"], name="what_if_by_age")]


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

    data_classes = classes(
        A="id public_id created_at run programme mentor newcomer by_hand examined_at state decided_by "
        "decided_at",
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
        ]
        indexes = [models.Index(fields=["programme", "state"], name="suggestion_by_state")]


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
    expires_at = models.DateTimeField()
    first_accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=8, choices=AnswerReason, blank=True, default="")
    decline_note = EncryptedTextField(blank=True, default="")

    data_classes = classes(
        A="id public_id created_at suggestion programme mentor newcomer first_side state released_by "
        "released_at expires_at first_accepted_at closed_at",
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


class LearnedModel(models.Model):
    """What decisions taught about a programme's criteria, for one target; it says nothing of a person.

    The newest of a target is the one in use; a few before it are kept to compare.
    """

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="learned_models")
    target = models.CharField(max_length=8, choices=Target)
    learned_at = models.DateTimeField()
    basis = models.CharField(max_length=64)  # a digest of what it was learned from: the same again is not
    decided = models.PositiveIntegerField()
    positive = models.PositiveIntegerField()
    champion = models.CharField(max_length=12)
    challenger = models.CharField(max_length=12, blank=True, default="")
    # Within newcomers it had not seen, and that of the programme's own order; null while there are too few.
    auc = models.FloatField(null=True)
    programme_auc = models.FloatField(null=True)
    # By how much boosting ranked better than the logistic model, and the standard error of that.
    lead = models.FloatField(null=True)
    standard_error = models.FloatField(null=True)
    stale_at = models.DateTimeField(null=True)  # found by a run to belong to other criteria; not used since
    body = models.TextField()  # the JSON that `matching.learning` writes

    data_classes = classes(
        A="id programme target learned_at basis decided positive champion challenger auc programme_auc lead "
        "standard_error stale_at",
        B="body",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(positive__gt=0, positive__lt=F("decided")),
                name="model_has_seen_both_outcomes",
            )
        ]
        indexes = [models.Index(fields=["programme", "target", "-id"], name="newest_model_of_target")]
