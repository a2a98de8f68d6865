"""What decisions taught."""

from django.db import models
from django.db.models import F, Q

from backend.core.classes import classes
from backend.pairings.enums import Target


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
