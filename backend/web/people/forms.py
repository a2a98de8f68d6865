"""Forms of what happens with a person: a talk, a proof, a contact, a programme, two who must not meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_choices
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.models import Profile
from backend.programmes.enrolments import MOST_PLACES, Talk
from backend.programmes.enums import Side
from backend.programmes.models import Programme
from backend.safeguarding.enums import RequirementKind
from backend.web.shell.forms import CardRadio

CHOOSE = ("", _("Choose"))


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def asked_fields() -> dict[str, forms.Field]:
    """How somebody was spoken to: the same three questions wherever an answer is recorded."""
    spoken = [(value, label) for value, label in Channel.choices if value != Channel.SELF]
    return {
        "channel": forms.ChoiceField(label=_("How did you speak?"), choices=spoken),
        "language": forms.ChoiceField(
            label=_("In which language?"), choices=[CHOOSE, *language_choices()], required=False
        ),
        "interpreter": forms.CharField(
            label=_("Who interpreted?"),
            help_text=_("A name, or nobody."),
            max_length=100,
            required=False,
        ),
    }


def told_by(values: Mapping[str, Any]) -> Told:
    """The answers to `asked_fields`."""
    return Told(Channel(values["channel"]), values["language"], values["interpreter"])


class AskedForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= asked_fields()
        if first := getattr(self, "first_fields", ()):
            self.order_fields(first)

    def told(self) -> Told:
        return told_by(self.cleaned_data)


class TalkForm(AskedForm):
    first_fields = ("held_on", "channel", "language", "interpreter")

    held_on = forms.DateField(label=_("When was it?"), widget=day_input())
    mentoring_understood = forms.BooleanField(
        label=_("They understood what mentoring is and is not"),
        help_text=_("A mentor gives time. A mentor gives no money, no flat and no legal advice."),
        required=False,
    )
    avoid_asked = forms.BooleanField(label=_("I asked whom or which group to avoid"), required=False)
    consent_given = forms.BooleanField(
        label=_("They agreed to look for a mentor with their answers"),
        help_text=_(
            "The mentor sees languages, topics and hours. Not the name. "
            "No tick means that they say no: a yes from before is taken back."
        ),
        required=False,
    )

    def talk(self) -> Talk:
        values = self.cleaned_data
        told = self.told()
        return Talk(
            held_on=values["held_on"],
            channel=told.channel,
            language=told.language,
            interpreter=told.interpreter,
            mentoring_understood=values["mentoring_understood"],
            avoid_asked=values["avoid_asked"],
            consent_given=values["consent_given"],
        )


class ClearanceForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What did you see?"),
        choices=RequirementKind.choices,
        widget=CardRadio(
            icons={
                "police_check": "shield",
                "identity": "person",
                "references": "people",
                "interview": "message",
                "training": "book",
                "code_of_conduct": "check",
            }
        ),
    )
    seen_on = forms.DateField(label=_("Seen on"), widget=day_input())
    valid_until = forms.DateField(
        label=_("Valid until"),
        help_text=_("Leave it empty if it does not run out."),
        required=False,
        widget=day_input(),
    )


class ContactForm(AskedForm):
    first_fields = ("channel", "language", "interpreter")

    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    call_back_on = forms.DateField(
        label=_("When do you call again?"),
        help_text=_("It then stands in Today."),
        required=False,
        widget=day_input(),
    )


class OtherPersonForm(forms.Form):
    """Somebody else of the same organisation."""

    other = forms.ChoiceField(label=_("Who?"))

    def __init__(self, *args: Any, people: list[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(profile.public_id): profile for profile in people}
        choice: Any = self.fields["other"]
        choice.choices = [CHOOSE, *((key, p.full_name) for key, p in self.people.items())]

    def other_person(self) -> Profile | None:
        return self.people.get(self.cleaned_data["other"])


class RestrictionForm(OtherPersonForm):
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Only your colleagues can read it. Neither of the two is told."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class HouseholdForm(OtherPersonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].required = False
        self.fields["other"].label = _("Who do they live with?")
        self.fields["other"].help_text = _("Choose nobody to take them out of the household.")


class EnrolForm(forms.Form):
    programme = forms.ChoiceField(label=_("Programme"))
    side = forms.ChoiceField(label=_("As"), choices=Side.choices, widget=forms.RadioSelect)
    capacity = forms.IntegerField(
        label=_("For how many people at a time?"), min_value=1, max_value=MOST_PLACES, initial=1
    )
    registered_on = forms.DateField(
        label=_("Waiting since"),
        help_text=_("Leave it empty for today."),
        required=False,
        widget=day_input(),
    )

    def __init__(self, *args: Any, programmes: list[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {str(programme.public_id): programme for programme in programmes}
        choice: Any = self.fields["programme"]
        choice.choices = [(key, p.name) for key, p in self.programmes.items()]

    def chosen(self) -> Programme:
        return self.programmes[self.cleaned_data["programme"]]


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(label=_("For how many people?"), min_value=1, max_value=MOST_PLACES)
