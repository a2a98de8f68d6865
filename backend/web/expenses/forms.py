from django import forms
from django.utils.translation import gettext_lazy as _

from backend.imports.paying import Format
from backend.meetings.actions.expenses import LONGEST_WHY


class RefuseForm(forms.Form):
    why = forms.CharField(
        label=_("Why not?"), help_text=_("The person reads it."), max_length=LONGEST_WHY, required=True
    )


class FormatForm(forms.Form):
    format = forms.ChoiceField(choices=[(one.value, one.name) for one in Format])

    def chosen(self) -> Format:
        return Format(self.cleaned_data["format"])
