from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.pairings.actions.questions import LONGEST
from backend.pairings.enums import AnswerReason
from backend.programmes.enums import Side
from backend.web.shell.forms import CardRadio

PAUSE = {
    Side.MENTOR: _("No, and I would like a pause"),
    Side.NEWCOMER: _("No, and I want no mentor for now"),
}


class NoForm(forms.Form):
    """A private no; it has no price. A pause may go with it."""

    reason = forms.ChoiceField(label=_("Why not?"), choices=AnswerReason, widget=CardRadio)
    note = forms.CharField(
        label=_("Do you want to say more?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your coordinator can read this."),
    )
    pauses = forms.BooleanField(
        required=False,
        help_text=_("We do not ask you again until you tell us that you are back."),
    )
    until = forms.CharField(
        label=_("Until when?"),
        required=False,
        max_length=100,
        help_text=_("Only if you would like a pause. For example: until the summer."),
    )

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pauses"].label = PAUSE[side]


class AskForm(forms.Form):
    """What somebody wants to know before they answer."""

    text = forms.CharField(
        label=_("What do you want to know?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your coordinator can read this. The other person does not see it."),
    )
