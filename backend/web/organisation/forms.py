from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.organisations.enums import Role
from backend.organisations.models import Organisation
from backend.web.account.forms import time_zones
from backend.web.people.forms import day_input
from backend.web.shell.forms import CardRadio
from backend.web.shell.languages import screen_languages
from backend.web.shell.towns import AsksForTown

ICONS: dict[str, str] = {
    Role.COORDINATOR: "overlap",
    Role.CASEWORKER: "people",
    Role.MANAGER: "settings",
    Role.OBSERVER: "eye",
    Role.SAFEGUARDING: "shield",
}
HINTS: dict[str, Any] = {
    Role.COORDINATOR: _("Keeps files and decides who suits whom."),
    Role.CASEWORKER: _("Keeps files, but decides no suggestions."),
    Role.MANAGER: _("Adds colleagues and gives roles."),
    Role.OBSERVER: _("Sees the organisation and its programmes, and no files."),
    Role.SAFEGUARDING: _("Is there when somebody may be in danger."),
}


class RoleForm(forms.Form):
    """One more role. `on` is the day it begins, unless another is chosen."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, widget=CardRadio(icons=ICONS, hints=HINTS)
    )
    starts_on = forms.DateField(label=_("From"), widget=day_input())

    def granted(self) -> dict[str, Any]:
        """The values as `grant_role` and `add_colleague` take them."""
        return self.cleaned_data | {"role": Role(self.cleaned_data["role"])}


class ColleagueForm(RoleForm):
    name = forms.CharField(label=_("Name"), help_text=_("As colleagues know them."), max_length=120)
    field_order = ("name", "role", "starts_on")


class OrganisationForm(AsksForTown):
    """Where it works, in which language it is written to, and its clock."""

    town = forms.CharField(label=_("Town or region"), max_length=120, required=False)
    town_id = forms.TypedChoiceField(
        label=_("Which one is it?"),
        choices=(),
        coerce=int,
        empty_value=None,
        required=False,
        widget=CardRadio,
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("New colleagues start in it."))
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.place = organisation.territory
        named = self.place.name if self.place else ""
        kwargs["initial"] = {
            "town": named,
            "language": organisation.language,
            "time_zone": organisation.time_zone,
        }
        super().__init__(*args, **kwargs)
        zones, own = time_zones(), organisation.time_zone
        fields: dict[str, Any] = self.fields
        fields["language"].choices = [(one.code, one.own_name) for one in screen_languages()]
        fields["time_zone"].choices = zones if own in dict(zones) else [(own, own), *zones]
        text = self.data.get("town", "").strip() if self.is_bound else ""
        self.find_towns("" if text == named else text, country=organisation.country)
        if len(self.hits) < 2:
            self.hide_choice_of_towns()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        text = values.get("town", "").strip()
        if self.place and text == self.place.name:  # it may be a region, which is not searched for
            values["town_id"] = self.place.pk
        elif text and not values.get("town_id") and "town_id" not in self.errors:
            self.settle_town(values)
        return values

    def settings(self) -> dict[str, Any]:
        """The values as `change_organisation` takes them; no town is an answer too."""
        values = self.cleaned_data
        territory_id = values["town_id"] if values["town"].strip() else None
        return {
            "territory_id": territory_id,
            "language": values["language"],
            "time_zone": values["time_zone"],
        }
