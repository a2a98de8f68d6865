from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Gender(TextChoices):
    FEMALE = "f", _("Woman")
    MALE = "m", _("Man")
    OTHER = "x", _("Another")
    UNKNOWN = "", _("Not asked")


class GenderWish(TextChoices):
    NONE = "", _("A woman or a man")
    FEMALE = "f", _("A woman")
    MALE = "m", _("A man")


class Topic(TextChoices):
    PAPERWORK = "paperwork", _("Letters and forms")
    HEALTH = "health", _("Doctor and health")
    SCHOOL = "school", _("School")
    WORK = "work", _("Work")
    HOUSING = "housing", _("Housing")
    CONVERSATION = "conversation", _("Practising the language")
    CHILDCARE = "childcare", _("Childcare")
    DRIVING = "driving", _("Driving licence")
    COMPUTERS = "computers", _("Computer and phone")
    LEISURE = "leisure", _("Leisure")


class Level(TextChoices):
    """The Common European Framework of Reference's levels, and a mother tongue."""

    A1 = "A1", _("A1, a few words")
    A2 = "A2", _("A2, a little")
    B1 = "B1", _("B1, everyday talk")
    B2 = "B2", _("B2, well")
    C1 = "C1", _("C1, very well")
    C2 = "C2", _("C2, nearly like a mother tongue")
    NATIVE = "native", _("Mother tongue")


class Day(TextChoices):
    MON = "mon", _("Monday")
    TUE = "tue", _("Tuesday")
    WED = "wed", _("Wednesday")
    THU = "thu", _("Thursday")
    FRI = "fri", _("Friday")
    SAT = "sat", _("Saturday")
    SUN = "sun", _("Sunday")


class DayPart(TextChoices):
    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    EVENING = "evening", _("evening")


SLOTS = tuple(f"{day}:{part}" for day in Day.values for part in DayPart.values)
