from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    NGO = "ngo", _("Non-profit organisation")
    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Region")
    CITIZENS = "citizens", _("Citizens' group")
    EMPLOYER = "employer", _("Employer")
    SCHOOL = "school", _("School")
    FAITH = "faith", _("Faith community")
    NETWORK = "network", _("Network")


class Role(TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    CASEWORKER = "caseworker", _("Caseworker")
    MANAGER = "manager", _("Manager")
    OBSERVER = "observer", _("Observer")
    SAFEGUARDING = "safeguarding", _("Safeguarding")


class Standing(TextChoices):
    """Whether a role is in force on a day."""

    ACTIVE = "active", _("active")
    LATER = "later", _("later")
    ENDED = "ended", _("ended")


# Who may open the files of the people an organisation looks after (class B and C of its own cases).
CASE_ROLES = (Role.COORDINATOR, Role.CASEWORKER)
