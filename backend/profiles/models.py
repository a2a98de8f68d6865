"""What one organisation knows of a person. Another organisation has its own profile of them, or none."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField, blind_index
from backend.core.models import Base
from backend.people.enums import Channel
from backend.profiles.enums import SLOTS, Gender, GenderWish, Level, Topic
from backend.profiles.querysets import (
    ContactQuerySet,
    HandoverQuerySet,
    HouseholdQuerySet,
    ProfileQuerySet,
)


class Household(Base):
    """People who arrived or live together: a family, siblings, a couple."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="households")
    name = models.CharField(_("name"), max_length=120)

    data_classes = classes(A="id public_id created_at organisation", C="name")
    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]


class Profile(Base):
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="profiles")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="profiles")
    household = models.ForeignKey(Household, models.SET_NULL, null=True, blank=True, related_name="members")
    # The colleague who looks after this person; None until somebody takes them over.
    coordinator = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")

    full_name = models.CharField(_("full name"), max_length=160)
    called = models.CharField(_("first name, or what to call them"), max_length=80)
    sort_key = models.CharField(max_length=255, editable=False)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True, default="")
    # "1989" or "1989-05-02": many know or give the year alone.
    born = EncryptedTextField(_("year or date of birth"), blank=True, default="")
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True, default="")

    town = models.ForeignKey("territories.Territory", models.PROTECT, null=True, blank=True, related_name="+")
    town_text = models.CharField(_("town as it was written"), max_length=120, blank=True, default="")
    reach_km = models.PositiveSmallIntegerField(_("how far they can travel, in km"), default=10)
    meets_online = models.BooleanField(_("can meet online"), default=False)

    slots = ArrayField(models.CharField(max_length=13), verbose_name=_("when"), default=list, blank=True)
    hours_vary = models.BooleanField(_("changes weekly"), default=False)
    topics_offered = ArrayField(models.CharField(max_length=20, choices=Topic), default=list, blank=True)
    topics_wanted = ArrayField(models.CharField(max_length=20, choices=Topic), default=list, blank=True)
    wishes_gender = models.CharField(
        _("would like"), max_length=1, choices=GenderWish, blank=True, default=""
    )
    wish_is_required = models.BooleanField(_("only this"), default=False)
    interpreter_arranged = models.BooleanField(_("an interpreter comes along"), default=False)
    avoid = EncryptedTextField(_("people or groups to avoid"), blank=True, default="")
    notes = EncryptedTextField(_("notes"), blank=True, default="")
    external_id = models.CharField(_("number in your own list"), max_length=60, blank=True, default="")

    data_classes = classes(
        A="id public_id created_at organisation person household coordinator",
        B="called gender town reach_km meets_online slots hours_vary topics_offered topics_wanted",
        C="full_name sort_key born phone phone_index email town_text wishes_gender wish_is_required "
        "interpreter_arranged avoid notes external_id",
    )
    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="person_has_one_profile_here"),
            models.CheckConstraint(condition=~Q(full_name=""), name="profile_has_a_name"),
            models.CheckConstraint(
                condition=Q(slots__contained_by=list(SLOTS)), name="profile_slots_are_half_days_of_the_week"
            ),
            models.CheckConstraint(
                condition=Q(topics_offered__contained_by=Topic.values)
                & Q(topics_wanted__contained_by=Topic.values),
                name="profile_topics_are_known",
            ),
            models.CheckConstraint(
                condition=Q(wish_is_required=False) | ~Q(wishes_gender=""),
                name="profile_requires_only_a_wish_it_has",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sort_key", "id"], name="profile_list"),
            models.Index(fields=["organisation", "phone_index"], name="profile_phone"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def born_on(self) -> date | None:
        """The day they were born; of a year alone its last day, so that nobody counts as adult too early."""
        if not self.born:
            return None
        return date.fromisoformat(self.born) if len(self.born) == 10 else date(int(self.born), 12, 31)

    def age_on(self, day: date) -> int | None:
        """Completed years on `day`, or None when unknown."""
        if (born := self.born_on) is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def is_adult_on(self, day: date) -> bool:
        """False too when the age is unknown."""
        age = self.age_on(day)
        return age is not None and age >= 18

    @property
    def initials(self) -> str:
        words = self.full_name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class ProfileLanguage(models.Model):
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="languages")
    tag = models.CharField(_("language"), max_length=12)
    level = models.CharField(_("level"), max_length=6, choices=Level, blank=True, default="")
    reads = models.BooleanField(_("reads it"), null=True, blank=True)
    variety = models.CharField(
        _("variety, such as Kurmanji or Levantine"), max_length=60, blank=True, default=""
    )
    not_with_mentor = models.BooleanField(_("not with my mentor"), default=False)

    data_classes = classes(A="id profile", B="tag level", C="reads variety not_with_mentor")

    class Meta:
        ordering = ["profile", "id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "tag"], name="language_is_named_once"),
        ]


class Contact(Base):
    """One line of the contact log: who spoke with them, how, and when to call back."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="contacts")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    # Empty: nobody was spoken to yet, a call is only promised.
    channel = models.CharField(_("how"), max_length=12, choices=Channel, blank=True, default="")
    language = models.CharField(_("in which language"), max_length=12, blank=True, default="")
    interpreter = models.CharField(_("with which interpreter"), max_length=100, blank=True, default="")
    note = EncryptedTextField(_("note"), blank=True, default="")
    call_back_on = models.DateField(_("call back on"), null=True, blank=True)
    called_back_at = models.DateTimeField(null=True, blank=True)

    data_classes = classes(
        A="id public_id created_at profile by at channel language call_back_on called_back_at",
        C="interpreter note",
    )
    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel="") | Q(call_back_on__isnull=False),
                name="contact_without_a_talk_promises_a_call",
            )
        ]
        indexes = [
            models.Index(fields=["call_back_on"], condition=Q(called_back_at=None), name="contact_promised")
        ]


class Handover(Base):
    """A colleague passed people on to another, with what the other must know."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    from_person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    summary = EncryptedTextField(_("what your colleague must know"), blank=True, default="")
    profiles = models.ManyToManyField(Profile, related_name="handovers")

    data_classes = classes(A="id public_id created_at organisation from_person to_person by at", C="summary")
    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]


def phone_index(*, organisation_id: int, phone: str) -> str:
    """The blind index of a phone number inside one organisation; "" for no number."""
    return blind_index(phone, scope=f"profile-phone:{organisation_id}") if phone else ""


from backend.profiles.drafts import Draft  # noqa: E402  a model of this app, in a module of its own

__all__ = ["Contact", "Draft", "Handover", "Household", "Profile", "ProfileLanguage", "phone_index"]
