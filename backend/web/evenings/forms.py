from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.meetings.models import Guest, MeetingPlace
from backend.meetings.queries.evenings import Other
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.web.meetings.drawing import length
from backend.web.meetings.forms import MomentField
from backend.web.shell import words
from backend.web.shell.forms import CardChoice

LENGTHS = (60, 90, 120, 180, 240)


class EveningForm(forms.Form):
    minutes = forms.TypedChoiceField(label=_("For how long?"), coerce=int, initial=120)
    place = forms.ChoiceField(label=_("Where?"))
    note = forms.CharField(
        label=_("What guests should know"),
        help_text=_("Such as: there is food, children are welcome, the door is at the back."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[MeetingPlace], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.public_id): place.pk for place in places}
        fields: Any = self.fields
        fields["client_id"].initial = uuid4
        fields["starts_at"] = MomentField(label=_("When?"), zone=zone)
        fields["minutes"].choices = [(minutes, length(minutes)) for minutes in LENGTHS]
        fields["place"].choices = [
            (str(place.public_id), words.joined(place.name, place.address)) for place in places
        ]
        self.order_fields(["starts_at", "minutes", "place", "note"])

    def wanted(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "starts_at": given["starts_at"],
            "minutes": given["minutes"],
            "place_id": self.places[given["place"]],
            "note_for_guests": given["note"],
            "client_id": given["client_id"],
        }


class InviteForm(forms.Form):
    """People of both sides; the values are public ids of enrolments."""

    newcomers = forms.MultipleChoiceField(label=_("Newcomers"), required=False, widget=CardChoice)
    mentors = forms.MultipleChoiceField(label=_("Mentors"), required=False, widget=CardChoice)

    def __init__(self, *args: Any, people: Sequence[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids = {str(row.public_id): row.pk for row in people}
        fields: Any = self.fields
        for name, side in (("newcomers", Side.NEWCOMER), ("mentors", Side.MENTOR)):
            fields[name].choices = [
                (str(row.public_id), row.profile.full_name) for row in people if row.side == side
            ]
            if not fields[name].choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not (given.get("newcomers") or given.get("mentors")):
            raise forms.ValidationError(_("Choose whom to invite."))
        return given

    def chosen(self) -> list[int]:
        given = self.cleaned_data
        return [self.ids[key] for name in ("newcomers", "mentors") for key in given.get(name) or ()]


class CameForm(forms.Form):
    """Values are public ids of enrolments."""

    came = forms.MultipleChoiceField(label=_("Who came?"), widget=CardChoice)

    def __init__(self, *args: Any, guests: Sequence[Guest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["came"]
        self.ids = {str(guest.enrolment.public_id): guest.pk for guest in guests}
        field.choices = [(str(g.enrolment.public_id), g.enrolment.profile.full_name) for g in guests]
        field.initial = [str(guest.enrolment.public_id) for guest in guests if guest.came]

    def chosen(self) -> list[int]:
        return [self.ids[key] for key in self.cleaned_data["came"]]


class LikingForm(forms.Form):
    """Values are public ids of enrolments, labels first names."""

    whom = forms.MultipleChoiceField(
        label=_("Whom did you get on with?"),
        help_text=_("Tap one or more names, or none. Only your coordinator sees it."),
        required=False,
        widget=CardChoice,
    )

    def __init__(self, *args: Any, others: Sequence[Other], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whom"]
        self.ids = {str(other.enrolment): other.guest_id for other in others}
        field.choices = [(str(other.enrolment), other.called) for other in others]

    def chosen(self) -> list[int]:
        return [self.ids[key] for key in self.cleaned_data["whom"]]
