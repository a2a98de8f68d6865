from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_choices
from backend.pairings.enums import AnswerReason, DeclineReason
from backend.pairings.events import Told
from backend.people.enums import Channel
from backend.web.shell.forms import CardRadio

# How an answer can reach a coordinator; what people answer on their own screen is no report.
REPORTED = [choice for choice in Channel.choices if choice[0] != Channel.SELF]
YES, NO = "yes", "no"


class DeclineForm(forms.Form):
    """Why a suggestion does not suit."""

    reason = forms.ChoiceField(label=_("Why does it not suit?"), choices=DeclineReason, widget=CardRadio)


class ByHandForm(forms.Form):
    """Two people of one programme; the choices are public ids of enrolments and names."""

    newcomer = forms.ChoiceField(label=_("Newcomer"))
    mentor = forms.ChoiceField(label=_("Mentor"))

    def __init__(
        self,
        *args: Any,
        newcomers: Sequence[tuple[str, str]],
        mentors: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("newcomer", newcomers), ("mentor", mentors)):
            field: Any = self.fields[name]
            field.choices = [("", _("Choose a person")), *people]


class WhyNotForm(forms.Form):
    """Another mentor for the newcomer of a suggestion."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    mentor = forms.ChoiceField(label=_("Mentor"))

    def __init__(self, *args: Any, mentors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mentor"]
        field.choices = [("", _("Choose a person")), *mentors]


class AnswerForm(forms.Form):
    """An answer that somebody gave by phone or in person, and how it was understood."""

    answer = forms.ChoiceField(
        label=_("What is the answer?"),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        widget=CardRadio(icons={YES: "check", NO: "cross"}),
    )
    reason = forms.ChoiceField(
        label=_("If no: why?"), choices=[("", _("Choose a reason")), *AnswerReason.choices], required=False
    )
    channel = forms.ChoiceField(label=_("How did you speak?"), choices=REPORTED)
    language = forms.ChoiceField(label=_("In which language?"))
    interpreter = forms.CharField(
        label=_("Who interpreted?"), max_length=100, required=False, help_text=_("Empty if nobody did.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = [("", _("Choose a language")), *language_choices()]

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if given.get("answer") == NO and not given.get("reason"):
            self.add_error("reason", _("Choose a reason. Nobody but you and your colleagues sees it."))
        return given

    @property
    def told(self) -> Told:
        given = self.cleaned_data
        return Told(Channel(given["channel"]), given["language"], given["interpreter"])
