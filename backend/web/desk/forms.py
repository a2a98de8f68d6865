from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_choices
from backend.pairings.actions.offer_time import MOST_DAYS
from backend.pairings.actions.questions import LONGEST
from backend.pairings.enums import AnswerReason, DeclineReason
from backend.pairings.events import Told
from backend.people.enums import Channel
from backend.programmes.enums import Side
from backend.web.shell.forms import CardRadio

# How an answer can reach a coordinator; what people answer on their own screen is no report.
REPORTED = [choice for choice in Channel.choices if choice[0] != Channel.SELF]
YES, NO, ASKS = "yes", "no", "asks"


# Days until a suggestion comes back; the last opens the field for a day.
ON_A_DAY = "day"
COMES_BACK = [
    ("1", _("Tomorrow")),
    ("3", _("In three days")),
    ("7", _("In a week")),
    ("14", _("In two weeks")),
    ("30", _("In a month")),
    (ON_A_DAY, _("On the day below")),
]


class DeclineForm(forms.Form):
    """Why a suggestion does not suit. With `keys` a digit chooses, and Enter sends."""

    def __init__(self, *args: Any, keys: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.ChoiceField(
            label=_("Why does it not suit?"), choices=DeclineReason, widget=CardRadio(keys=keys)
        )


class PutOffForm(forms.Form):
    """Until when a suggestion waits. With `keys` a digit chooses, and Enter sends."""

    def __init__(self, *args: Any, keys: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comes_back"] = forms.ChoiceField(
            label=_("When does it come back?"), choices=COMES_BACK, widget=CardRadio(keys=keys)
        )
        self.fields["day"] = forms.DateField(
            label=_("Day"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("comes_back") == ON_A_DAY and not given.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose a day from tomorrow on."))
        return given

    def until(self, today: date) -> date:
        comes_back = self.cleaned_data["comes_back"]
        chosen: date | None = self.cleaned_data["day"]
        if comes_back == ON_A_DAY and chosen is not None:
            return chosen
        return today + timedelta(days=int(comes_back))


class CommentForm(forms.Form):
    """Something for colleagues; `client_id` makes a form that is sent twice one comment."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Write to your colleagues"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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
        choices=[(YES, _("Yes")), (NO, _("No")), (ASKS, _("They ask something first"))],
        widget=CardRadio(icons={YES: "check", NO: "cross", ASKS: "help"}),
    )
    reason = forms.ChoiceField(
        label=_("If no: why?"), choices=[("", _("Choose a reason")), *AnswerReason.choices], required=False
    )
    pauses = forms.BooleanField(label=_("If no: they want a pause as well"), required=False)
    until = forms.CharField(label=_("If they want a pause: until when?"), max_length=100, required=False)
    question = forms.CharField(
        label=_("If they ask something: what?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    channel = forms.ChoiceField(label=_("How did you speak?"), choices=REPORTED)
    language = forms.ChoiceField(label=_("In which language?"))
    interpreter = forms.CharField(
        label=_("Who interpreted?"), max_length=100, required=False, help_text=_("Empty if nobody did.")
    )

    # Whose answer this page was opened for; a colleague may have recorded it meanwhile.
    side = forms.ChoiceField(choices=Side.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = [("", _("Choose a language")), *language_choices()]

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if given.get("answer") == NO and not given.get("reason"):
            self.add_error("reason", _("Choose a reason. Nobody but you and your colleagues sees it."))
        if given.get("answer") == ASKS and not given.get("question"):
            self.add_error("question", _("Write down what they ask, in their words."))
        return given

    @property
    def told(self) -> Told:
        given = self.cleaned_data
        return Told(Channel(given["channel"]), given["language"], given["interpreter"])

    @property
    def whose(self) -> Side | None:
        return Side(self.cleaned_data["side"]) if self.cleaned_data["side"] else None


class SayForm(forms.Form):
    """What the office answers; by phone or in person it is written down in short."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read this. Do not name the other person, and do not write where they live."),
    )
    channel = forms.ChoiceField(
        label=_("Did you tell them already?"),
        choices=[("", _("No, they read it here")), *REPORTED],
        required=False,
    )
    language = forms.ChoiceField(label=_("In which language?"), required=False)
    interpreter = forms.CharField(label=_("Who interpreted?"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = [("", _("Choose a language")), *language_choices()]

    @property
    def told(self) -> Told | None:
        given = self.cleaned_data
        if not given["channel"]:
            return None
        return Told(Channel(given["channel"]), given["language"], given["interpreter"])


class ExtendForm(forms.Form):
    """More days for whoever is asked."""

    days = forms.IntegerField(
        label=_("How many days from today?"), min_value=1, max_value=MOST_DAYS, initial=7
    )
