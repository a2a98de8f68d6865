from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.meetings.enums import Interpreter
from backend.meetings.models import MeetingPlace
from backend.meetings.times import Arranged, Plan
from backend.people.enums import Channel
from backend.web.meetings.drawing import LENGTHS, length, place_choices
from backend.web.people.forms import AskedForm
from backend.web.shell import words
from backend.web.shell.forms import CardChoice, CardRadio

OTHER = "other"


class MomentField(forms.DateTimeField):
    """A day and a time by the clock of `zone`; an hour that summer time skips or repeats is refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *, zone: str, **options: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)


class PlanForm(forms.Form):
    """When and where two people meet. `times` are proposed; another one may be written down."""

    at = forms.ChoiceField(label=_("When?"), widget=CardRadio)
    minutes = forms.TypedChoiceField(label=_("For how long?"), coerce=int, initial=60)
    where = forms.ChoiceField(label=_("Where?"), widget=CardRadio)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, times: Sequence[datetime], places: Sequence[MeetingPlace], home: bool, zone: str,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.places = {str(place.public_id): place for place in places}
        self.fields["client_id"].initial = uuid4
        choices: Any = self.fields
        proposed = [(at.isoformat(), words.weekday_and_time(at, zone=zone)) for at in times]
        choices["at"].choices = [*proposed, (OTHER, _("Another time"))]
        choices["minutes"].choices = [(minutes, length(minutes)) for minutes in LENGTHS]
        choices["where"].choices = place_choices(places, home=home)
        self.fields["other"] = MomentField(
            label=_("Another time: which?"), required=False, zone=zone, help_text=_("Day and time.")
        )
        self.order_fields(["at", "other", "minutes", "where"])
        if not proposed:
            self.fields["at"].widget = forms.HiddenInput()
            self.fields["at"].initial = OTHER
            self.fields["other"].label = _("When?")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("at") == OTHER and not given.get("other") and "other" not in self.errors:
            self.add_error("other", _("Choose a day and a time."))
        return given

    @property
    def plan(self) -> Plan:
        given = self.cleaned_data
        other = given["at"] == OTHER
        where = given["where"]
        return Plan(
            starts_at=given["other"].astimezone(UTC) if other else datetime.fromisoformat(given["at"]),
            minutes=given["minutes"],
            place_id=self.places[where].pk if where in self.places else None,
            is_online=where == "online",
            is_at_home=where == "home",
        )

    @property
    def client(self) -> UUID:
        return self.cleaned_data["client_id"]


def arranged_fields(colleagues: Sequence[tuple[int, str]], *, needed: bool) -> dict[str, forms.Field]:
    """Who of the office comes along, and who interprets."""
    named = [(str(pk), name) for pk, name in colleagues]
    return {
        "host": forms.ChoiceField(
            label=_("Who of you comes along?"),
            choices=named if needed else [("", _("Nobody")), *named],
            required=needed,
        ),
        "interpreter": forms.ChoiceField(
            label=_("Interpreter"), choices=Interpreter.choices, required=False, initial=""
        ),
        "interpreter_name": forms.CharField(
            label=_("Who interprets?"),
            max_length=100,
            required=False,
            help_text=_("Once somebody is booked."),
        ),
    }


def arranged_in(given: dict[str, Any]) -> Arranged:
    return Arranged(
        hosted_by_id=int(given["host"]) if given.get("host") else None,
        interpreter=given.get("interpreter", ""),
        interpreter_name=given.get("interpreter_name", ""),
    )


class HostedPlanForm(PlanForm):
    """The same for staff, who also say who comes along."""

    def __init__(
        self, *args: Any, colleagues: Sequence[tuple[int, str]], needed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(arranged_fields(colleagues, needed=needed))


class ArrangeForm(forms.Form):
    def __init__(
        self, *args: Any, colleagues: Sequence[tuple[int, str]], needed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(arranged_fields(colleagues, needed=needed))


class ToldForm(AskedForm):
    """What somebody told the office on the telephone: all of one talk at once."""

    first_fields = ("said", "channel", "language", "interpreter")

    said = forms.MultipleChoiceField(label=_("What did they say?"), widget=CardChoice)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, words.Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["said"].choices = choices
        fields["channel"].initial = Channel.PHONE


class HomeForm(forms.Form):
    adults = forms.CharField(
        label=_("Every adult who lives there"),
        help_text=_("One name in each line. Also whoever is there only now and then."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
    )
    each_is_cleared = forms.BooleanField(label=_("I have seen that each of them is cleared"), required=False)
