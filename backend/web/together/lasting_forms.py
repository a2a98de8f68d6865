"""What members and staff write down while a mentoring lasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.meetings.actions.expenses import LONGEST_WHAT, NoSuchAmount
from backend.meetings.actions.goals import LONGEST_GOAL, LONGEST_STEP
from backend.meetings.enums import PauseWish
from backend.meetings.money import NotAnAmount, cents_of
from backend.meetings.receipts import MOST_BYTES, PictureTooLarge, Receipt, read_receipt
from backend.web.shell.forms import CardRadio

TODAY, YESTERDAY, OTHER = "today", "yesterday", "other"
DAYS = [(TODAY, _("Today")), (YESTERDAY, _("Yesterday")), (OTHER, _("Another day"))]
LENGTHS = [(30, _("Half an hour")), (60, _("One hour")), (120, _("Two hours")), (180, _("Longer"))]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OnceForm(forms.Form):
    """Makes something: the same form sent again makes nothing more."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class MetForm(OnceForm):
    """Answered already as most would answer it: one tap opens it, the second sends.

    of_others: staff write down what members told them.
    """

    day = forms.ChoiceField(label=_("When did you meet?"), choices=DAYS, initial=TODAY, widget=CardRadio)
    on = forms.DateField(
        label=_("Which day?"), help_text=_("Only for another day."), required=False, widget=day_input()
    )
    minutes = forms.TypedChoiceField(
        label=_("How long?"), choices=LENGTHS, initial=60, coerce=int, widget=CardRadio
    )

    def __init__(self, *args: Any, of_others: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_others:
            self.fields["day"].label = _("When did they meet?")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("day") == OTHER and not values.get("on") and "on" not in self.errors:
            self.add_error("on", _("Choose the day of the meeting."))
        return values

    def chosen(self, *, today: date) -> date:
        """The day, where the organisation works. Whoever writes a day means it."""
        if on := self.cleaned_data["on"]:
            return on
        return today - timedelta(days=self.cleaned_data["day"] == YESTERDAY)


class AgainForm(forms.Form):
    """A day on which a meeting is noted already, and how long another one was."""

    on = forms.DateField()
    minutes = forms.TypedChoiceField(choices=LENGTHS, coerce=int)


class MonthForm(OnceForm):
    month = forms.DateField(input_formats=["%Y-%m"], widget=forms.HiddenInput)


class GoalForm(OnceForm):
    text = forms.CharField(label=_("What do you want to reach?"), max_length=LONGEST_GOAL)
    steps = forms.CharField(
        label=_("Small first steps"),
        help_text=_("One on each line."),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, of_others: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_others:
            self.fields["text"].label = _("What does the newcomer want to reach?")


class StepForm(OnceForm):
    text = forms.CharField(label=_("One more step"), max_length=LONGEST_STEP)


class WordsForm(forms.Form):
    text = forms.CharField(label=_("Say it in other words"), max_length=LONGEST_GOAL)


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why do you need a pause?"), choices=PauseWish, widget=CardRadio)


class AmountField(forms.CharField):
    """An amount of money as people write it; gives whole cents."""

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            return cents_of(text)
        except NotAnAmount:
            raise forms.ValidationError(str(NoSuchAmount())) from None


class ExpenseForm(OnceForm):
    cents = AmountField(
        label=_("How much did you pay?"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}),
    )
    on = forms.DateField(label=_("When?"), widget=day_input())
    what = forms.CharField(
        label=_("What for?"), help_text=_("For example: bus tickets, coffee."), max_length=LONGEST_WHAT
    )
    receipt = forms.FileField(
        label=_("A photo of the receipt"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. Only you and your office can see it."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        error_messages={
            "required": _("Take a photo of the receipt, or choose one."),
            "empty": _("This file is empty. Choose the photo again."),
        },
    )

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cents"].help_text = _("In %(currency)s, for example 12.50.") % {"currency": currency}

    def clean_receipt(self) -> bytes:
        sent = self.cleaned_data["receipt"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(str(PictureTooLarge()))
        return sent.read()

    def picture(self) -> Receipt:
        """The photo, drawn anew: last, since it takes a moment. Raises PictureTooLarge, PictureUnreadable."""
        return read_receipt(self.cleaned_data["receipt"])
