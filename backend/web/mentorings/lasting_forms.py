from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.meetings.actions.check_ins import Said
from backend.meetings.enums import Mood
from backend.pairings.models import Pairing
from backend.web.people.forms import AskedForm, day_input
from backend.web.shell.forms import CardRadio

BOTH = "both"


class CheckInForm(AskedForm):
    first_fields = ("on", "person", "channel", "language", "interpreter", "mood", "note", "call_back_on")

    on = forms.DateField(label=_("When was it?"), widget=day_input())
    person = forms.ChoiceField(label=_("With whom?"), widget=CardRadio)
    mood = forms.ChoiceField(label=_("How does it go?"), choices=Mood, widget=CardRadio)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only your colleagues can read it."),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    call_back_on = forms.DateField(
        label=_("When do you call again?"),
        help_text=_("If it is hard: promise a call. It then stands in Today."),
        required=False,
        widget=day_input(),
    )
    nothing_next = forms.BooleanField(label=_("Nothing more is needed now"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, pairing: Pairing, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [m.enrolment.profile for m in pairing.members.all() if m.until_at is None]
        self.people = {str(one.public_id): one.person_id for one in people}
        person: Any = self.fields["person"]
        person.choices = [
            *((str(one.public_id), one.called) for one in people),
            (BOTH, _("With both together")),
        ]
        self.fields["on"].initial = today

    def said(self) -> Said:
        values = self.cleaned_data
        return Said(
            on=values["on"],
            person_id=self.people.get(values["person"]),
            told=self.told(),
            mood=Mood(values["mood"]),
            note=values["note"],
        )
