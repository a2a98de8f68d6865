from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequirementKind(TextChoices):
    POLICE_CHECK = "police_check", _("Police check")
    IDENTITY = "identity", _("Identity seen")
    REFERENCES = "references", _("References")
    INTERVIEW = "interview", _("First talk")
    TRAINING = "training", _("Training")
    CODE_OF_CONDUCT = "code_of_conduct", _("Code of conduct")


class RestrictionKind(TextChoices):
    AVOID = "avoid", _("to avoid")
    BLOCK = "block", _("blocked")
