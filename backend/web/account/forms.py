from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_timezone_location
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from backend.core.languages import current_locale
from backend.core.text import sort_key
from backend.people.models import Person
from backend.people.rules import UnfitUsername, is_fit_username
from backend.people.slips import LENGTH, plain_code
from backend.web.shell.languages import screen_languages

CONTINENTS = ("Europe/", "Atlantic/", "Asia/", "Africa/")


@lru_cache(maxsize=16)
def _zones(locale: Locale) -> tuple[tuple[str, str], ...]:
    zones = [zone for zone in available_timezones() if zone.startswith(CONTINENTS)]
    named = {z: get_timezone_location(z, locale=locale) for z in zones}
    return tuple(sorted(named.items(), key=lambda pair: sort_key(pair[1])))


def time_zones() -> list[tuple[str, str]]:
    """(IANA name, place) for the reader, in alphabetical order."""
    return list(_zones(current_locale()))


class SettingsForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    sees_single_keys = forms.BooleanField(
        label=_("Single keys do something"),
        help_text=_("For example, a approves a suggestion. Switch it off if you speak to your computer."),
        required=False,
    )

    class Meta:
        model = Person
        fields = ["language", "time_zone", "sees_single_keys"]

    def __init__(self, *args, is_staff: bool, **kwargs):
        super().__init__(*args, **kwargs)
        zones, own = time_zones(), self.instance.time_zone
        fields: dict[str, Any] = self.fields
        fields["language"].choices = [(one.code, one.own_name) for one in screen_languages()]
        fields["time_zone"].choices = zones if own in dict(zones) else [(own, own), *zones]
        if not is_staff:
            del self.fields["sees_single_keys"]

    def wanted(self) -> dict[str, Any]:
        """The values as `set_settings` takes them; who is not staff has no keys to switch."""
        return {"sees_single_keys": self.instance.sees_single_keys} | self.cleaned_data


class SignInDetailsForm(forms.Form):
    """A user name and a password of one's own."""

    username = forms.CharField(
        label=_("User name"),
        help_text=_("You need it to sign in. It need not be your real name."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=lazy(lambda: " ".join(password_validators_help_texts()[1:2]), str)(),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        if not is_fit_username(username):
            raise forms.ValidationError(UnfitUsername.sentence)
        return username


class CodeForm(forms.Form):
    """The code of a slip, typed."""

    code = forms.CharField(
        label=_("The code on your paper"),
        help_text=_("8 letters and digits. Large or small letters: both work."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )

    def clean_code(self) -> str:
        code = plain_code(self.cleaned_data["code"])
        if len(code) != LENGTH:
            raise forms.ValidationError(_("The code has 8 letters and digits. Please count them again."))
        return code
