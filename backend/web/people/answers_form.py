"""The long form: everything one organisation may note of a person, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_choices
from backend.people.enums import Purpose
from backend.people.told import Told
from backend.profiles.answers import LanguageAnswer, ProfileAnswers
from backend.profiles.enums import Gender, GenderWish, Level, Topic
from backend.profiles.models import Profile
from backend.programmes.enrolments import MOST_PLACES
from backend.programmes.enums import Side
from backend.programmes.models import Programme
from backend.web.people.forms import CHOOSE, asked_fields, day_input, told_by
from backend.web.shell.forms import TOPIC_ICONS, WEEK_CHOICES, CardChoice, CardRadio, WeekInput
from backend.web.shell.languages import screen_languages
from backend.web.shell.towns import AsksForTown

SPARE_ROWS = 2
LTR = {"dir": "ltr"}


class AnswersForm(AsksForTown):
    """What one organisation notes of a person. `side` decides which topics are asked; "" asks for both."""

    full_name = forms.CharField(label=_("Full name"), max_length=160)
    called = forms.CharField(
        label=_("What to call them"),
        help_text=_("The first name, if you write nothing."),
        max_length=80,
        required=False,
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[(value, label) for value, label in Gender.choices if value],
        required=False,
        widget=forms.RadioSelect,
    )
    born = forms.CharField(
        label=_("Born"),
        help_text=_("A year or a date, such as 1989 or 1989-05-02."),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", **LTR}),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel", **LTR})
    )
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs=LTR)
    )
    town = forms.CharField(label=_("Town or village"), max_length=120, required=False)
    town_id = forms.TypedChoiceField(
        label=_("Which one is it?"),
        choices=(),
        coerce=int,
        empty_value=None,
        required=False,
        widget=CardRadio,
    )
    reach_km = forms.IntegerField(
        label=_("How far they can travel, in km"), min_value=0, max_value=500, initial=10
    )
    meets_online = forms.BooleanField(label=_("Online is fine too"), required=False)
    slots = forms.MultipleChoiceField(
        label=_("When they have time"), choices=WEEK_CHOICES, required=False, widget=WeekInput
    )
    hours_vary = forms.BooleanField(label=_("It changes every week"), required=False)
    topics_wanted = forms.MultipleChoiceField(
        label=_("What they would like help with"),
        choices=Topic.choices,
        required=False,
        widget=CardChoice(icons=TOPIC_ICONS),
    )
    topics_offered = forms.MultipleChoiceField(
        label=_("What they offer"),
        choices=Topic.choices,
        required=False,
        widget=CardChoice(icons=TOPIC_ICONS),
    )
    wishes_gender = forms.ChoiceField(
        label=_("Who should the mentor be?"),
        choices=GenderWish.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    wish_is_required = forms.BooleanField(
        label=_("Only this, or nobody"),
        help_text=_("Tick it if they said so. It cannot be dropped later."),
        required=False,
    )
    interpreter_arranged = forms.BooleanField(label=_("An interpreter comes along"), required=False)
    avoid = forms.CharField(
        label=_("People or groups to avoid"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    external_id = forms.CharField(label=_("Number in your own list"), max_length=60, required=False)

    unknown_town = _("This town is not known. Check the spelling, or write one nearby.")
    several_towns = _("There is more than one. Choose theirs.")
    groups: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
        (_("Who"), "person", ("full_name", "called", "gender", "born")),
        (_("How to reach them"), "phone", ("phone", "email")),
        (_("Languages"), "language", ("languages",)),
        (
            _("Where and when"),
            "calendar",
            ("town", "town_id", "reach_km", "meets_online", "slots", "hours_vary"),
        ),
        (_("Topics"), "heart", ("topics_wanted", "topics_offered")),
        (_("Wishes"), "overlap", ("wishes_gender", "wish_is_required", "interpreter_arranged", "avoid")),
        (_("For your office"), "edit", ("notes", "external_id")),
    )
    only_for = {
        "topics_wanted": Side.NEWCOMER,
        "topics_offered": Side.MENTOR,
        "wishes_gender": Side.NEWCOMER,
        "wish_is_required": Side.NEWCOMER,
        "interpreter_arranged": Side.NEWCOMER,
        "avoid": Side.NEWCOMER,
    }

    def __init__(
        self, *args: Any, side: str = "", country: str, before: Profile | None = None, **kwargs: Any
    ) -> None:
        self.before = before
        if before:
            kwargs["initial"] = _said(before) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, only in self.only_for.items():
            if side and side != only:
                del self.fields[name]
        self.rows = range(1, SPARE_ROWS + 1 + (before.languages.count() if before else 1))
        for row in self.rows:
            self.fields |= _language_fields(row)
        self._find_towns(country)

    def _find_towns(self, country: str) -> None:
        text = self.data.get("town", "").strip() if self.is_bound else ""
        self.find_towns("" if self._is_town_of_before(text) else text, country=country)
        if len(self.hits) < 2:
            self.hide_choice_of_towns()

    def _is_town_of_before(self, text: str) -> bool:
        return bool(self.before and self.before.town and text == self.before.town.name)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        text = values.get("town", "").strip()
        if not text or values.get("town_id") or "town_id" in self.errors:
            return values
        if self.before and self._is_town_of_before(text):
            values["town_id"] = self.before.town_id
        else:
            self.settle_town(values)
        return values

    def cards(self) -> Iterator[tuple[Any, str, list[Any]]]:
        """(title, icon, bound fields) of each group that asks something."""
        for title, icon, names in self.groups:
            fields = [self[name] for name in names if name in self.fields]
            if fields or "languages" in names:
                yield title, icon, fields

    def language_rows(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in _language_names(row)] for row in self.rows]

    def answers(self) -> ProfileAnswers:
        """The whole of what is known: what this form does not ask stays as it was."""
        values = self.cleaned_data
        kept = _answers_of(self.before) if self.before else {}
        asked = {name: values[name] for name in _PLAIN if name in self.fields}
        lists = {name: tuple(values[name]) for name in _LISTS if name in self.fields}
        place = {"town_id": values.get("town_id") or None, "town_text": values["town"]}
        return ProfileAnswers(**kept | asked | lists | place | {"languages": tuple(self._languages())})

    def _languages(self) -> Iterator[LanguageAnswer]:
        for row in self.rows:
            tag, level, reads, apart = (self.cleaned_data[name] for name in _language_names(row))
            if tag:
                variety = self._variety(tag)
                yield LanguageAnswer(tag, level, {"yes": True, "no": False}.get(reads), variety, apart)

    def _variety(self, tag: str) -> str:
        rows = self.before.languages.all() if self.before else ()
        return next((row.variety for row in rows if row.tag == tag), "")


_PLAIN = (
    "full_name",
    "called",
    "gender",
    "born",
    "phone",
    "email",
    "reach_km",
    "meets_online",
    "hours_vary",
    "wishes_gender",
    "wish_is_required",
    "interpreter_arranged",
    "avoid",
    "notes",
    "external_id",
)
_YES_NO: dict[bool | None, str] = {True: "yes", False: "no"}
_LISTS = ("slots", "topics_wanted", "topics_offered")


def _answers_of(profile: Profile) -> dict[str, Any]:
    lists = {name: tuple(getattr(profile, name)) for name in _LISTS}
    return {name: getattr(profile, name) for name in _PLAIN} | lists


def _said(profile: Profile) -> dict[str, Any]:
    """The profile as the form's initial values."""
    rows = dict(enumerate(profile.languages.all(), start=1))
    languages = {
        name: value
        for number, row in rows.items()
        for name, value in zip(
            _language_names(number),
            (row.tag, row.level, _YES_NO.get(row.reads, ""), row.not_with_mentor),
            strict=True,
        )
    }
    return (
        _answers_of(profile) | languages | {"town": profile.town.name if profile.town else profile.town_text}
    )


def _language_names(row: int) -> tuple[str, ...]:
    return f"language_{row}", f"level_{row}", f"reads_{row}", f"apart_{row}"


def _language_fields(row: int) -> dict[str, forms.Field]:
    tag, level, reads, apart = _language_names(row)
    return {
        tag: forms.ChoiceField(label=_("Language"), choices=[CHOOSE, *language_choices()], required=False),
        level: forms.ChoiceField(
            label=_("Level"), choices=[CHOOSE, *reversed(Level.choices)], required=False
        ),
        reads: forms.ChoiceField(
            label=_("Reads it"),
            choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))],
            required=False,
        ),
        apart: forms.BooleanField(label=_("Not with the mentor"), required=False),
    }


class NewPersonForm(AnswersForm):
    """Somebody taken in by staff: the answers, the programme, how it was asked and what they agreed to."""

    groups = (
        (_("The programme"), "flag", ("programme", "registered_on", "capacity")),
        *AnswersForm.groups,
        (_("How you asked"), "message", ("channel", "language", "interpreter", "speaks")),
        (_("What they agreed to"), "check", ("keep", "is_another")),
    )

    def __init__(
        self, *args: Any, programmes: list[Programme], side: str, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, side=side, **kwargs)
        self.programmes = {str(programme.public_id): programme for programme in programmes}
        self.fields |= {
            "programme": forms.ChoiceField(
                label=_("Programme"), choices=[(key, p.name) for key, p in self.programmes.items()]
            ),
            "registered_on": forms.DateField(
                label=_("Since when do they wait?") if side == Side.NEWCOMER else _("Applied on"),
                widget=day_input(),
                initial=today,
            ),
            **asked_fields(),
            "speaks": forms.ChoiceField(
                label=_("In which language do we write to them?"),
                choices=[(each.code, each.own_name) for each in screen_languages()],
            ),
            "keep": forms.BooleanField(
                label=_("They agreed that we keep these answers"),
                help_text=_("Say what they are for, and that they can take it back."),
            ),
        }
        if side == Side.MENTOR:
            self.fields["capacity"] = forms.IntegerField(
                label=_("For how many people at a time?"), min_value=1, max_value=MOST_PLACES, initial=1
            )

    def programme(self) -> Programme:
        return self.programmes[self.cleaned_data["programme"]]

    def told(self) -> Told:
        return told_by(self.cleaned_data)

    def agreed(self) -> tuple[Purpose, ...]:
        return (Purpose.PROFILE,) if self.cleaned_data["keep"] else ()

    def ask_whether_another(self) -> None:
        """Somebody like this is here already: let staff say that it is another person."""
        self.fields["is_another"] = forms.BooleanField(label=_("It is another person"))
        self.add_error("is_another", _("Open the file you know, or tick that it is another person."))
