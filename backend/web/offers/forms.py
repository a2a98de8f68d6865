from django import forms
from django.utils.translation import gettext_lazy as _

from backend.pairings.enums import AnswerReason
from backend.web.shell.forms import CardRadio


class NoForm(forms.Form):
    """A private no; it has no price."""

    reason = forms.ChoiceField(label=_("Why not?"), choices=AnswerReason, widget=CardRadio)
    note = forms.CharField(
        label=_("Do you want to say more?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your coordinator can read this."),
    )
