from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backend.core.languages import language_choices
from backend.pairings.enums import EndReason, MemberRole
from backend.people.enums import Channel
from backend.people.told import Told
from backend.web.shell.forms import CardRadio
from backend.web.together.forms import EvaluationForm

# How an answer can reach a coordinator; what people answer on their own screen is no report.
REPORTED = [choice for choice in Channel.choices if choice[0] != Channel.SELF]


def _days(reason: EndReason) -> str:
    days = reason.days_to_say_goodbye
    if not days:
        return str(_("They cannot write to each other any more."))
    words = ngettext("They can write for %(days)d more day.", "They can write for %(days)d more days.", days)
    return words % {"days": days}


def reasons() -> CardRadio:
    """Why it ends, each with how long the members may still write."""
    return CardRadio(hints={reason.value: lazy(_days, str)(reason) for reason in EndReason})


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why does it end?"), choices=EndReason, widget=reasons())


def told_fields(prefix: str, heard: Any) -> dict[str, forms.Field]:
    """How a yes was heard: three questions, `heard` is the first."""
    return {
        f"{prefix}channel": forms.ChoiceField(label=heard, choices=REPORTED),
        f"{prefix}language": forms.ChoiceField(
            label=_("In which language?"), choices=[("", _("Choose")), *language_choices()], required=False
        ),
        f"{prefix}interpreter": forms.CharField(
            label=_("Who interpreted?"), help_text=_("Empty if nobody did."), max_length=100, required=False
        ),
    }


class ToldForm(forms.Form):
    """A form in which staff record what they were told."""

    def told(self, prefix: str = "") -> Told:
        given = self.cleaned_data
        return Told(
            Channel(given[f"{prefix}channel"]), given[f"{prefix}language"], given[f"{prefix}interpreter"]
        )


class BothToldForm(ToldForm):
    """Somebody joins: how they said yes, and how those who are there did."""

    def __init__(self, *args: Any, people: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= told_fields("", _("How did the new person say yes?"))
        self.fields |= told_fields("others_", _("How did those who are there say yes?"))
        who: Any = self.fields["who"]
        who.choices = people


class JoinForm(BothToldForm):
    who = forms.ChoiceField(label=_("Who joins?"))
    role = forms.ChoiceField(
        label=_("As what?"),
        choices=MemberRole,
        initial=MemberRole.MEMBER,
        widget=CardRadio(icons={"member": "people", "stand_in": "clock", "interpreter": "message"}),
    )


class LeaveForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why do they leave?"), choices=EndReason, widget=CardRadio)


class StandInForm(BothToldForm):
    STAYS = [
        (MemberRole.STAND_IN, _("for a while")),
        (MemberRole.MEMBER, _("from now on")),
    ]
    who = forms.ChoiceField(label=_("Who comes instead?"), widget=CardRadio)
    role = forms.ChoiceField(
        label=_("For how long?"), choices=STAYS, initial=MemberRole.STAND_IN, widget=CardRadio
    )
    reason = forms.ChoiceField(
        label=_("Why does the mentor leave?"), choices=EndReason, initial=EndReason.WORK
    )


class TheirEvaluationForm(EvaluationForm, ToldForm):
    """What a member said by phone or in person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = told_fields("", _("How did you speak?"))
        self.fields |= {"channel": asked["channel"]}

    def told(self, prefix: str = "") -> Told:
        return Told(Channel(self.cleaned_data["channel"]))
