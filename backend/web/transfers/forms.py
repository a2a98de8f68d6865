from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.organisations.models import Organisation
from backend.pairings.enums import PassedOn
from backend.web.mentorings.forms import ToldForm, told_fields
from backend.web.shell.forms import CardChoice


class MoveForm(forms.Form):
    """Where somebody moves, and what the colleagues there must know."""

    organisation = forms.ChoiceField(
        label=_("Which organisation works there?"),
        help_text=_("It learns nothing before the person says yes."),
    )
    summary = forms.CharField(
        label=_("What must your colleagues there know?"),
        help_text=_("The person reads every word of it first."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, *args: Any, places: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.public_id): place for place in places}
        choice: Any = self.fields["organisation"]
        named = [(key, _place(place)) for key, place in self.places.items()]
        choice.choices = [("", _("Choose an organisation")), *named]

    def chosen(self) -> Organisation:
        return self.places[self.cleaned_data["organisation"]]


class AgreeForm(forms.Form):
    also = forms.MultipleChoiceField(
        label=_("You can also pass on:"),
        help_text=_("Only what you tick. You can leave all of it out."),
        choices=PassedOn,
        required=False,
        widget=CardChoice(icons={"name": "person", "reach": "phone", "born": "calendar"}),
    )

    def ticked(self) -> list[PassedOn]:
        return [PassedOn(value) for value in self.cleaned_data["also"]]


class AgreeToldForm(AgreeForm, ToldForm):
    """The same, as staff heard it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].label = _("They also want to pass on:")
        self.fields["also"].help_text = _("Only what they said themselves.")
        self.fields |= told_fields("", _("How did you read it to them?"))


def _place(organisation: Organisation) -> str:
    """Name and town, and nothing else of an organisation elsewhere."""
    town = organisation.territory
    return f"{organisation.name} · {town.name}" if town else organisation.name
