from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.organisations.models import Organisation
from backend.profiles.enums import Level
from backend.programmes.actions import (
    HEAVIEST,
    LONGEST_GAP,
    BadCheckIns,
    BadReminder,
    ProgrammeSettings,
    are_check_ins,
)
from backend.programmes.criteria import REQUIRABLE, default_criteria, require_of, weights_of
from backend.programmes.enums import Cadence, Objective, ProgrammeKind, Side, Travels
from backend.programmes.models import Programme
from backend.safeguarding.enums import RequirementKind
from backend.web.shell.forms import CardChoice

WEIGHT_LABELS = {
    "languages": _("They share a language"),
    "hours": _("They share hours"),
    "way": _("The way is short"),
    "topics": _("The topics fit"),
    "gender": _("The wish for a woman or a man is met"),
    "waiting": _("Who waits longest comes first"),
}


# What the form shows as the programme has it.
PLAIN = (
    "name",
    "kind",
    "cadence",
    "duration_weeks",
    "asks_first",
    "offer_days",
    "reminder_days",
    "hosts_first_meeting",
    "check_in_every_days",
    "objective",
)
LEVELS = [(level, Level(str(level)).label) for level in REQUIRABLE["languages"]]
HALF_DAYS = [(1, _("1 half-day")), (2, _("2 half-days")), (3, _("3 half-days"))]


def written(days: Sequence[int]) -> str:
    """Days as they are typed: "14, 28"."""
    return ", ".join(str(day) for day in days)


class ProgrammeForm(forms.Form):
    """The settings of a programme; a new one takes the weights of its kind."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=ProgrammeKind.choices)
    cadence = forms.ChoiceField(label=_("How often do they meet?"), choices=Cadence.choices)
    duration_weeks = forms.IntegerField(
        label=_("For how many weeks?"), min_value=1, max_value=520, initial=26
    )
    asks_first = forms.ChoiceField(
        label=_("Who is asked first?"), choices=Side.choices, widget=forms.RadioSelect, initial=Side.MENTOR
    )
    offer_days = forms.IntegerField(
        label=_("How many days have they to answer?"), min_value=1, max_value=60, initial=7
    )
    reminder_days = forms.IntegerField(
        label=_("After how many days do we remind?"), min_value=1, max_value=60, initial=3
    )
    hosts_first_meeting = forms.BooleanField(
        label=_("A coordinator is there when two people meet first"), required=False, initial=True
    )
    first_check_ins = forms.CharField(
        label=_("After how many days do you ask how it goes?"),
        help_text=_("Days after the start, with commas between them. For example: 14, 28"),
        max_length=40,
        initial="14, 28",
    )
    check_in_every_days = forms.IntegerField(
        label=_("And then every how many days?"), min_value=1, max_value=LONGEST_GAP, initial=30
    )
    objective = forms.ChoiceField(
        label=_("What is the aim?"),
        choices=Objective.choices,
        widget=forms.RadioSelect,
        initial=Objective.COVERAGE,
    )
    requirements = forms.MultipleChoiceField(
        label=_("What must mentors show?"),
        help_text=_("Without all of it nobody is suggested."),
        choices=RequirementKind.choices,
        required=False,
        widget=CardChoice(),
        initial=[RequirementKind.POLICE_CHECK, RequirementKind.CODE_OF_CONDUCT],
    )

    territory_id: int | None = None

    def clean_first_check_ins(self) -> list[int]:
        """ "14, 28" as [14, 28]; a dot, a semicolon or only a blank between them will do."""
        parts = re.split(r"[\s,;.]+", self.cleaned_data["first_check_ins"].strip(" ,;."))
        days = [int(part) for part in parts if part.isdecimal()]
        if len(days) != len(parts) or not are_check_ins(days):
            raise forms.ValidationError(str(BadCheckIns.sentence))
        return days

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if {"reminder_days", "offer_days"} <= set(given) and given["reminder_days"] > given["offer_days"]:
            self.add_error("reminder_days", str(BadReminder.sentence))
        return given

    def settings(self) -> ProgrammeSettings:
        values = self.cleaned_data
        weights = {name: values[f"weight_{name}"] for name in WEIGHT_LABELS if f"weight_{name}" in values}
        require = {name: values[f"require_{name}"] for name in REQUIRABLE if f"require_{name}" in values}
        return ProgrammeSettings(
            name=values["name"],
            kind=values["kind"],
            cadence=values["cadence"],
            duration_weeks=values["duration_weeks"],
            asks_first=values["asks_first"],
            offer_days=values["offer_days"],
            reminder_days=values["reminder_days"],
            hosts_first_meeting=values["hosts_first_meeting"],
            first_check_ins=values["first_check_ins"],
            check_in_every_days=values["check_in_every_days"],
            objective=values["objective"],
            territory_id=self.territory_id,
            weights=weights,
            require=require,
        )

    def requirement_kinds(self) -> list[RequirementKind]:
        return [RequirementKind(kind) for kind in self.cleaned_data["requirements"]]


class NewProgrammeForm(ProgrammeForm):
    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(each.public_id): each for each in organisations}
        if len(organisations) > 1:
            choices = [(key, each.name) for key, each in self.organisations.items()]
            self.fields["organisation"] = forms.ChoiceField(label=_("Organisation"), choices=choices)
            self.order_fields(["organisation"])

    def organisation(self) -> Organisation:
        if "organisation" in self.fields:
            return self.organisations[self.cleaned_data["organisation"]]
        return next(iter(self.organisations.values()))


class EditProgrammeForm(ProgrammeForm):
    """With what must be, and with the weights: how much each thing counts, from 0 to 10."""

    require_languages = forms.ChoiceField(
        label=_("How well must they share a language?"),
        help_text=_("An interpreter who comes along is enough at any level."),
        choices=LEVELS,
    )
    require_hours = forms.TypedChoiceField(
        label=_("How many half-days must they share?"), choices=HALF_DAYS, coerce=int
    )
    require_way = forms.ChoiceField(
        label=_("Who must be able to travel to the other?"), choices=Travels.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, programme: Programme, requirements: list[str], **kwargs: Any) -> None:
        weights = weights_of(default_criteria(programme.kind)) | weights_of(programme.criteria)
        initial = {name: getattr(programme, name) for name in PLAIN} | {"requirements": requirements}
        initial["first_check_ins"] = written(programme.first_check_ins)
        initial |= {f"weight_{name}": weights[name] for name in WEIGHT_LABELS}
        asked = require_of(default_criteria(programme.kind)) | require_of(programme.criteria)
        initial |= {f"require_{name}": asked[name] for name in REQUIRABLE}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.territory_id = programme.territory_id
        for name, label in WEIGHT_LABELS.items():
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=label,
                min_value=0,
                max_value=HEAVIEST,
                widget=forms.NumberInput(attrs={"step": "0.5"}),
            )

    def weight_fields(self) -> list[forms.BoundField]:
        return [self[f"weight_{name}"] for name in WEIGHT_LABELS]

    def require_fields(self) -> list[forms.BoundField]:
        return [self[f"require_{name}"] for name in REQUIRABLE]

    def other_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith(("weight_", "require_"))]
