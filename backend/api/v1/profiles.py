from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Organisation
from backend.profiles.actions import register_profile, update_profile
from backend.profiles.answers import LanguageAnswer, ProfileAnswers
from backend.profiles.enums import SLOTS, Gender, GenderWish, Level, Topic
from backend.profiles.handovers import take_over
from backend.profiles.models import Profile, ProfileLanguage
from backend.profiles.queries import found_by
from backend.profiles.rules import is_own
from backend.territories.models import Territory

ANSWERS = tuple(field.name for field in fields(ProfileAnswers) if field.name != "languages")


class LanguageShown(serializers.ModelSerializer):
    class Meta:
        model = ProfileLanguage
        fields = ["tag", "level"]
        read_only_fields = fields


class LanguageInFile(serializers.ModelSerializer):
    class Meta:
        model = ProfileLanguage
        fields = ["tag", "level", "reads", "variety", "not_with_mentor"]
        read_only_fields = fields


class ProfileShown(Shown):
    """Class B alone."""

    organisation = Named()
    town = Named()
    coordinator = Named()
    languages = LanguageShown(many=True)

    class Meta:
        model = Profile
        fields = [
            "id",
            "organisation",
            "coordinator",
            "called",
            "gender",
            "town",
            "reach_km",
            "meets_online",
            "slots",
            "hours_vary",
            "topics_offered",
            "topics_wanted",
            "languages",
        ]


class ProfileInFile(ProfileShown):
    """With class C: for the person themselves and those who look after them."""

    languages = LanguageInFile(many=True)  # type: ignore[assignment]  # a narrower list stands in the other

    class Meta(ProfileShown.Meta):
        fields = [
            *ProfileShown.Meta.fields,
            "full_name",
            "born",
            "phone",
            "email",
            "town_text",
            "wishes_gender",
            "wish_is_required",
            "interpreter_arranged",
            "avoid",
            "notes",
            "external_id",
        ]

    def get_fields(self) -> dict[str, serializers.Field]:
        shown = super().get_fields()
        profile = self.instance
        if isinstance(profile, Profile) and is_own(self.context["view"].actor, profile):
            del shown["notes"]  # what colleagues write to each other
        return shown


class LanguageAsked(Asked):
    tag = serializers.CharField(max_length=12, help_text="BCP 47, such as ar or fa-AF")
    level = serializers.ChoiceField(Level.choices, required=False, allow_blank=True)
    reads = serializers.BooleanField(required=False, allow_null=True)
    variety = serializers.CharField(max_length=60, required=False, allow_blank=True)
    not_with_mentor = serializers.BooleanField(required=False)


def _text(longest: int) -> serializers.CharField:
    return serializers.CharField(max_length=longest, required=False, allow_blank=True)


class ProfileChanges(Asked):
    full_name = serializers.CharField(max_length=160, required=False)
    called = _text(80)
    gender = serializers.ChoiceField(Gender.choices, required=False, allow_blank=True)
    born = serializers.RegexField(r"^(\d{4}(-\d\d-\d\d)?)?$", required=False, allow_blank=True)
    phone = _text(40)
    email = _text(254)
    town = Ref(lambda actor: Territory.objects.all(), required=False, allow_null=True)
    town_text = _text(120)
    reach_km = serializers.IntegerField(min_value=0, max_value=500, required=False)
    meets_online = serializers.BooleanField(required=False)
    slots = serializers.ListField(child=serializers.ChoiceField(SLOTS), required=False)
    hours_vary = serializers.BooleanField(required=False)
    topics_offered = serializers.ListField(child=serializers.ChoiceField(Topic.choices), required=False)
    topics_wanted = serializers.ListField(child=serializers.ChoiceField(Topic.choices), required=False)
    wishes_gender = serializers.ChoiceField(GenderWish.choices, required=False, allow_blank=True)
    wish_is_required = serializers.BooleanField(required=False)
    interpreter_arranged = serializers.BooleanField(required=False)
    avoid = _text(4000)
    notes = _text(8000)
    external_id = _text(60)
    languages = LanguageAsked(many=True, required=False)


class NewProfile(ProfileChanges):
    organisation = Ref(Organisation.objects.visible_to)
    full_name = serializers.CharField(max_length=160)


class ProfileFilter(filters.FilterSet):
    organisation = filters.UUIDFilter(field_name="organisation__public_id")
    town = filters.UUIDFilter(field_name="town__public_id")
    topic = filters.MultipleChoiceFilter(
        choices=Topic.choices, field_name="topics_wanted", lookup_expr="contains"
    )
    q = filters.CharFilter(method="named", help_text="A name, a telephone number or an e-mail address")

    def named(self, profiles: QuerySet[Profile], name: str, text: str) -> QuerySet[Profile]:
        mine = self.request.parser_context["view"].actor.organisations(*CASE_ROLES)
        return found_by(profiles, text, organisation_ids=mine)


class Profiles(Area):
    """The people your organisations look after, and your own profiles."""

    queryset = Profile.objects.none()
    serializer_class = ProfileShown
    detail_serializer_class = ProfileInFile
    filterset_class = ProfileFilter

    @property
    def things(self) -> QuerySet[Profile]:
        seen = Profile.objects.visible_to(self.actor)
        return seen.select_related("organisation", "town", "coordinator").prefetch_related("languages")

    @extend_schema(request=NewProfile, responses={201: ProfileInFile})
    def create(self, request: Request) -> Response:
        wanted = self.asked(NewProfile)
        organisation = wanted.pop("organisation")
        profile = register_profile(
            organisation_id=organisation.pk,
            answers=_answers(wanted),
            actor=self.actor,
            now=self.now,
        )
        return self.shown(profile, status=201)

    @extend_schema(request=ProfileChanges, responses=ProfileInFile)
    def partial_update(self, request: Request, id: UUID) -> Response:
        profile = self.get_object()
        wanted = self.asked(ProfileChanges)
        if is_own(self.actor, profile):
            wanted.pop("notes", None)
        changed = update_profile(
            profile_id=profile.pk, answers=_answers(wanted, of=profile), actor=self.actor, now=self.now
        )
        return self.shown(changed)

    @verb(Nothing, ProfileInFile)
    def take_over(self, request: Request, id: UUID) -> Response:
        """Look after somebody whom nobody looks after; 409 names a colleague who was faster."""
        self.asked(Nothing)
        take_over(profile_id=self.get_object().pk, actor=self.actor, now=self.now)
        return self.shown(self.get_object())

    def log_read(self, thing: Profile) -> None:
        if not is_own(self.actor, thing):
            self.log("profile_opened", "profile", thing, thing.organisation_id)


def _answers(wanted: dict[str, Any], of: Profile | None = None) -> ProfileAnswers:
    """What is asked for; what is not named stays as it is in the profile `of`."""
    if "town" in wanted:
        town = wanted.pop("town")
        wanted["town_id"] = town.pk if town else None
    if "languages" in wanted:
        wanted["languages"] = tuple(LanguageAnswer(**language) for language in wanted["languages"])
    for name in ("slots", "topics_offered", "topics_wanted"):
        if name in wanted:
            wanted[name] = tuple(wanted[name])
    return ProfileAnswers(**_as_it_is(of) | wanted) if of else ProfileAnswers(**wanted)


def _as_it_is(profile: Profile) -> dict[str, Any]:
    answers = {name: getattr(profile, name) for name in ANSWERS}
    for name in ("slots", "topics_offered", "topics_wanted"):
        answers[name] = tuple(answers[name])
    answers["languages"] = tuple(
        LanguageAnswer(row.tag, row.level, row.reads, row.variety, row.not_with_mentor)
        for row in profile.languages.all()
    )
    return answers
