from django import forms
from django.utils.translation import gettext_lazy as _

from backend.pairings.enums import EndReason
from backend.web.shell.forms import CardRadio


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why does it end?"), choices=EndReason, widget=CardRadio)
