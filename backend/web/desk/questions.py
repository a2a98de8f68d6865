"""A question to the plan as a form: one of each kind at a time."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_choices
from backend.pairings.actions.what_if import NoYes
from backend.pairings.changes import Change, Dropped, More
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.enums import Topic
from backend.programmes.actions import HEAVIEST
from backend.programmes.criteria import WEIGHABLE
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.web.desk.drawing import names
from backend.web.desk.forms import REPORTED
from backend.web.desk.reasons import part_name
from backend.web.shell.forms import WEEK_CHOICES, WeekInput

TOGETHER, APART = "together", "apart"
GENDER = "gender"
WISHES = [("", _("No wish")), (GENDER, _("A woman or a man")), *Topic.choices]
COUNTS = [("", _("Nothing else")), *((name, part_name(name)) for name in WEIGHABLE)]


class OneOfMany(forms.Select):
    """One choice for whoever looks; a link or a button may send several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return [value for value in values if value]


class WhatIfForm(forms.Form):
    """People are named by the public id of their enrolment; all fields may stay empty but one must not."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    person = forms.MultipleChoiceField(label=_("Who could do more?"), required=False, widget=OneOfMany)
    reach_km = forms.IntegerField(
        label=_("How far could they travel, in km?"), required=False, min_value=1, max_value=500
    )
    slots = forms.MultipleChoiceField(
        label=_("When else could they meet?"), required=False, choices=WEEK_CHOICES, widget=WeekInput
    )
    interpreter = forms.BooleanField(label=_("An interpreter comes along"), required=False)
    online = forms.BooleanField(label=_("They can meet online"), required=False)

    mentor = forms.ChoiceField(label=_("Mentor"), required=False)
    newcomer = forms.ChoiceField(label=_("Newcomer"), required=False)
    together = forms.ChoiceField(
        label=_("Are they together?"),
        required=False,
        choices=[(TOGETHER, _("Together, whatever the plan says")), (APART, _("Not together"))],
        initial=TOGETHER,
        widget=forms.RadioSelect,
    )

    counts = forms.ChoiceField(label=_("What counts otherwise?"), required=False, choices=COUNTS)
    weight = forms.FloatField(
        label=_("How much?"),
        required=False,
        min_value=0,
        max_value=HEAVIEST,
        help_text=_("From 0, not at all, to 10. Only the proportions matter."),
    )

    wisher = forms.ChoiceField(label=_("Whose wish?"), required=False)
    wish = forms.ChoiceField(
        label=_("Which wish could be left out?"),
        required=False,
        choices=WISHES,
        help_text=_("A wish that is required always stays."),
    )
    channel = forms.ChoiceField(
        label=_("How did they say yes?"),
        required=False,
        choices=[("", _("Choose how you spoke")), *REPORTED],
    )
    language = forms.ChoiceField(label=_("In which language?"), required=False)
    interpreted_by = forms.CharField(
        label=_("Who interpreted?"), max_length=100, required=False, help_text=_("Empty if nobody did.")
    )

    def __init__(
        self, *args: Any, newcomers: Sequence[Enrolment], mentors: Sequence[Enrolment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.public_id): row for row in (*newcomers, *mentors)}
        for name, rows in (
            ("person", (*newcomers, *mentors)),
            ("mentor", mentors),
            ("newcomer", newcomers),
            ("wisher", newcomers),
        ):
            self._offer(name, [("", _("Nobody")), *names(rows)])
        self._offer("language", [("", _("Choose a language")), *language_choices()])

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("mentor")) != bool(given.get("newcomer")):
            self.add_error("newcomer", _("Choose a mentor and a newcomer."))
        if bool(given.get("counts")) != (given.get("weight") is not None):
            self.add_error("weight", _("Choose what counts, and how much."))
        if bool(given.get("wisher")) != bool(given.get("wish")):
            self.add_error("wish", _("Choose whose wish it is, and which."))
        elif given.get("wish") and not (given.get("channel") and given.get("language")):
            self.add_error("channel", NoYes.sentence)
        return given

    @property
    def client(self) -> UUID:
        client_id: UUID = self.cleaned_data["client_id"]
        return client_id

    @property
    def change(self) -> Change:
        """The question as the action takes it; the form is valid."""
        given = self.cleaned_data
        pair = (self._id("mentor"), self._id("newcomer"))
        pairs = ((pair[0], pair[1]),) if pair[0] and pair[1] else ()
        apart = given["together"] == APART
        return Change(
            more=tuple(more for who in given["person"] if not (more := self._more(who)).is_empty),
            wishes=self._wishes(),
            weights={given["counts"]: given["weight"]} if given["counts"] else {},
            lock=() if apart else pairs,
            forbid=pairs if apart else (),
        )

    def _id(self, name: str) -> int:
        """The enrolment chosen in this field, or 0."""
        return self.people[self.cleaned_data[name]].pk if self.cleaned_data[name] else 0

    def _more(self, who: str) -> More:
        given, enrolment = self.cleaned_data, self.people[who]
        return More(
            enrolment.pk,
            reach_km=given["reach_km"],
            slots=tuple(given["slots"]),
            interpreter=given["interpreter"] and enrolment.side == Side.NEWCOMER,
            online=given["online"],
        )

    def _wishes(self) -> tuple[Dropped, ...]:
        given = self.cleaned_data
        if not given["wish"]:
            return ()
        told = Told(Channel(given["channel"]), given["language"], given["interpreted_by"])
        topics = () if given["wish"] == GENDER else (given["wish"],)
        return (Dropped(self._id("wisher"), told, gender=given["wish"] == GENDER, topics=topics),)


def prefilled(asked: Mapping[str, str]) -> dict[str, Any]:
    """What a link may say beforehand: any field, by its name."""
    given = {name: asked[name] for name in WhatIfForm.base_fields if asked.get(name)}
    return given | {"person": [given["person"]]} if "person" in given else given
