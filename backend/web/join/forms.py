"""The steps of a volunteer's sign-up. What a step keeps is `kept()`: plain values that go into the draft."""

from __future__ import annotations

import re
from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_choices
from backend.people.phones import e164
from backend.people.rules import UnfitUsername, is_fit_username
from backend.profiles.enums import Gender, Level, Topic
from backend.profiles.models import Profile
from backend.programmes.applications import TooYoung
from backend.web.shell.forms import TOPIC_ICONS, WEEK_CHOICES, CardChoice, CardRadio, WeekInput
from backend.web.shell.towns import AsksForTown

REACH = [(5, _("5 km")), (10, _("10 km")), (20, _("20 km")), (40, _("40 km"))]
MOST_LANGUAGES = 8


# What is said at a field that was left empty.
NEEDED = {
    "called": _("Write what we should call you."),
    "full_name": _("Write your full name."),
    "topics": _("Choose one topic at least."),
    "slots": _("Choose a half-day at least, or tick that it changes every week."),
    "town": _("Write your town or village."),
    "born": _("Write your year of birth."),
    "conduct": _("You can help here only if you keep to the code of conduct. Tick it if you do."),
    "keep": _("Without this we cannot look for someone. Tick it to go on."),
    "username": _("Choose a user name."),
    "password": _("Choose a password."),
    "share": _("Without this we cannot suggest you to anyone. Tick it to go on."),
}


class Step(forms.Form):
    """`country` and `today` are those of the programme."""

    def __init__(self, *args: Any, country: str, today: date, **kwargs: Any) -> None:
        self.country, self.today = country, today
        super().__init__(*args, **kwargs)
        for name, sentence in NEEDED.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = sentence

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}

    def kept(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class YouForm(Step):
    called = forms.CharField(
        label=_("What should we call you?"),
        help_text=_("Your first name is enough."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    full_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("Only your coordinator sees it."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    gender = forms.ChoiceField(
        label=_("You are"),
        choices=[("f", Gender.FEMALE.label), ("m", Gender.MALE.label), ("x", Gender.OTHER.label)],
        help_text=_("Some people would like to meet a woman, or a man."),
        required=False,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        number = e164(text, country=self.country) if text else ""
        if number is None:
            raise forms.ValidationError(_("We cannot read this number. Write it with all its digits."))
        return number

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not (values.get("phone") or values.get("email") or self.errors):
            self.add_error("phone", _("Write a phone number or an e-mail address, so that we can answer."))
        return values


class OfferForm(Step):
    """Topics, and one row for each language with its level; the first row is needed."""

    topics = forms.MultipleChoiceField(
        label=_("What could you help with?"),
        choices=Topic.choices,
        widget=CardChoice(icons=TOPIC_ICONS),
    )

    def __init__(self, *args: Any, rows: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = range(1, max(1, min(rows, MOST_LANGUAGES)) + 1)
        for row in self.rows:
            self.fields[f"language_{row}"] = forms.ChoiceField(
                label=_("Language") if row == 1 else _("Another language"),
                choices=[("", _("Choose")), *language_choices()],
                required=row == 1,
            )
            self.fields[f"language_{row}"].error_messages["required"] = _("Choose a language.")
            self.fields[f"level_{row}"] = forms.ChoiceField(
                label=_("How well"), choices=[("", _("Choose")), *reversed(Level.choices)], required=row == 1
            )

        self.fields["level_1"].error_messages["required"] = _("Choose how well you speak this language.")

    def language_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"language_{row}"], self[f"level_{row}"]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        seen: set[str] = set()
        for row in self.rows:
            tag, level = values.get(f"language_{row}"), values.get(f"level_{row}")
            if tag and not level and f"level_{row}" not in self.errors:
                self.add_error(f"level_{row}", _("Choose how well you speak this language."))
            if tag in seen:
                self.add_error(f"language_{row}", _("You named this language above already."))
            seen.add(tag or "-")
        return values

    def kept(self) -> dict[str, Any]:
        values = self.cleaned_data
        rows = ((values[f"language_{row}"], values[f"level_{row}"]) for row in self.rows)
        return {"topics": values["topics"], "languages": [[tag, level] for tag, level in rows if tag]}


class WhenForm(AsksForTown, Step):
    slots = forms.MultipleChoiceField(
        label=_("When could you meet someone?"),
        help_text=_("One or two half-days are plenty. You can change this at any time."),
        choices=WEEK_CHOICES,
        required=False,
        widget=WeekInput,
    )
    hours_vary = forms.BooleanField(label=_("It changes every week"), required=False)
    town = forms.CharField(
        label=_("Your town or village"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    town_id = forms.TypedChoiceField(
        label=_("Which one do you mean?"), choices=(), coerce=int, required=False, widget=CardRadio
    )
    reach_km = forms.TypedChoiceField(label=_("How far could you go?"), choices=REACH, coerce=int, initial=10)
    meets_online = forms.BooleanField(
        label=_("Online is fine too"), help_text=_("By video or phone."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slots"].required = not self.data.get("hours_vary")
        self.find_towns(self.data.get("town", self.initial.get("town", "")), country=self.country)
        if self.data and self.data.get("town_id") not in {str(hit.territory_id) for hit in self.hits}:
            sent: Any = copy(self.data)
            sent["town_id"] = ""  # chosen for what the town was before
            self.data = sent
        if len(self.hits) < 2 or not (self.is_bound or self.initial.get("town_id")):
            self.hide_choice_of_towns()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("town") and not values.get("town_id") and "town_id" not in self.errors:
            self.settle_town(values)
        return values


class SafetyForm(Step):
    born = forms.CharField(
        label=_("Year of birth"),
        help_text=_("Four digits, such as 1989. You must be 18 or older."),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "dir": "ltr"}),
    )
    conduct = forms.BooleanField(
        label=_("I keep to the code of conduct"), help_text=_("You find it above. It is short.")
    )
    keep = forms.BooleanField(
        label=_("You may keep my answers"), help_text=_("To find someone who suits me. I can take this back.")
    )
    share = forms.BooleanField(
        label=_("You may show my answers to the person you suggest"),
        help_text=_("My first name, but not my full name, phone or e-mail. I can take this back."),
    )

    def clean_born(self) -> str:
        born = self.cleaned_data["born"].strip()
        if not re.fullmatch(r"(19|20)\d\d(-\d\d-\d\d)?", born):
            raise forms.ValidationError(_("Write the year with four digits, such as 1989."))
        try:
            age = Profile(born=born).age_on(self.today)
        except ValueError:
            raise forms.ValidationError(_("There is no such day. Write it like 1989-05-31.")) from None
        if age is not None and age < 18 and self.today.year - int(born[:4]) == 18 and len(born) == 4:
            raise forms.ValidationError(_("You turn 18 this year. Write the whole date, such as 2008-05-31."))
        if age is None or age < 18:
            raise forms.ValidationError(TooYoung.sentence)
        return born


class CheckForm(Step):
    """An account at the end, or none: then somebody calls."""

    account = forms.ChoiceField(
        label=_("How do you want to go on?"),
        choices=[("own", _("I choose a user name and a password")), ("call", _("No account. Call me."))],
        initial="own",
        widget=CardRadio(icons={"own": "key", "call": "phone"}),
    )
    username = forms.CharField(
        label=_("User name"),
        help_text=_("3 letters or more. It need not be your real name."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("10 letters, digits or signs, or more."),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wants_account = self.data.get("account", "own") == "own"
        self.fields["username"].required = self.fields["password"].required = wants_account

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        if username and not is_fit_username(username):
            raise forms.ValidationError(UnfitUsername.sentence)
        return username


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code of your answers"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}),
    )


STEPS: dict[str, type[Step]] = {
    "you": YouForm,
    "offer": OfferForm,
    "when": WhenForm,
    "safety": SafetyForm,
    "check": CheckForm,
}
TITLES = {
    "you": _("About you"),
    "offer": _("What you offer"),
    "when": _("When and where"),
    "safety": _("Safety"),
    "check": _("Check your answers"),
}
