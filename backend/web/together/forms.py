from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.meetings.evaluations import LONGEST, Said
from backend.web.shell.forms import CardRadio

FIVE = [
    ("5", _("Very much")),
    ("4", _("Rather")),
    ("3", _("In part")),
    ("2", _("Rather not")),
    ("1", _("Not at all")),
]
AGAIN = [("yes", _("Yes")), ("no", _("No")), ("", _("I do not know"))]


class EvaluationForm(forms.Form):
    """Four short questions at the end."""

    match = forms.ChoiceField(label=_("Did you suit each other?"), choices=FIVE, widget=CardRadio)
    programme = forms.ChoiceField(label=_("Did the programme help you?"), choices=FIVE, widget=CardRadio)
    again = forms.ChoiceField(
        label=_("Would you do it again?"), choices=AGAIN, widget=CardRadio, required=False
    )
    text = forms.CharField(
        label=_("What do you want to tell us?"),
        help_text=_("You can leave this empty."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def said(self) -> Said:
        given: dict[str, Any] = self.cleaned_data
        return Said(
            match=int(given["match"]),
            programme=int(given["programme"]),
            again={"yes": True, "no": False}.get(given["again"]),
            text=given["text"],
        )
