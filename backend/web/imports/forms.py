from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backend.imports.actions import MOST_BYTES, MOST_FILES, FilesTooLarge, NoFile
from backend.imports.queries import Standing
from backend.imports.taking_in import Ticks
from backend.people.enums import Channel
from backend.programmes.models import Programme
from backend.safeguarding.enums import RequirementKind
from backend.web.shell.forms import CardChoice

HELD = [(c.value, c.label) for c in (Channel.IN_PERSON, Channel.PHONE, Channel.ONLINE)]


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; checked by their sizes before anything is read."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(FilesField, self).clean(one, initial) for one in (data or [None])]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(str(NoFile()))
        if sum(file.size for file in files) > MOST_BYTES:
            raise forms.ValidationError(str(FilesTooLarge()))
        return files


class ProgrammeForm(forms.Form):
    """Asks for one of the programmes given to it; `chosen` is the one."""

    programme = forms.ChoiceField(label=gettext_lazy("Which programme?"))

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {str(one.public_id): one for one in programmes}
        programme: Any = self.fields["programme"]
        programme.choices = choices_of(self.programmes.values())

    @property
    def chosen(self) -> Programme:
        return self.programmes[self.cleaned_data["programme"]]


class UploadForm(ProgrammeForm):
    programme = forms.ChoiceField(label=gettext_lazy("Into which programme?"))
    files = FilesField(  # type: ignore[assignment]  # in a form, `files` also names what was sent
        label=gettext_lazy("Your lists"),
        help_text=gettext_lazy("Excel (.xlsx) or .csv, up to 6 files, 5 MB together."),
        widget=FilesInput(attrs={"multiple": True, "accept": ".csv,.xlsx,.tsv,.txt"}),
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )


class ExportForm(ProgrammeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="export_%s", **kwargs)  # beside the other form on the page


class TicksForm(forms.Form):
    """What each box says is exactly what it does; a box that would be about nobody is not shown."""

    police_checks_seen = forms.BooleanField(
        required=False, label=gettext_lazy("I have seen these police checks")
    )
    in_order = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("I have seen from every volunteer in the list"),
        widget=CardChoice(),
    )
    talks_held = forms.BooleanField(required=False, label=gettext_lazy("The intake talks were held"))
    talks_channel = forms.ChoiceField(
        required=False,
        label=gettext_lazy("How were most of the talks held?"),
        choices=HELD,
        initial=Channel.IN_PERSON,
    )

    def __init__(
        self, *args: Any, standing: Standing, asked: Iterable[str], mentors: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._explain("police_checks_seen", standing.checks_valid, _police_text(standing.checks_valid))
        others = [kind for kind in RequirementKind if kind in set(asked) - {RequirementKind.POLICE_CHECK}]
        in_order = self.fields["in_order"]
        assert isinstance(in_order, forms.MultipleChoiceField)
        in_order.choices = [(kind.value, kind.label) for kind in others]
        self._explain("in_order", mentors if others else 0, _in_order_text(mentors))
        self._explain("talks_held", standing.newcomers, _talks_text(standing.newcomers))
        if not standing.newcomers:
            del self.fields["talks_channel"]

    def _explain(self, name: str, people: int, text: str) -> None:
        if people:
            self.fields[name].help_text = text
        else:
            del self.fields[name]

    def ticks(self) -> Ticks:
        said = self.cleaned_data
        return Ticks(
            police_checks_seen=bool(said.get("police_checks_seen")),
            in_order=tuple(said.get("in_order", ())),
            talks_held=bool(said.get("talks_held")),
            talks_channel=Channel(said.get("talks_channel") or Channel.IN_PERSON),
        )


def choices_of(programmes: Iterable[Programme]) -> list[tuple[str, str]]:
    """By name; with the organisation where there are several."""
    found = list(programmes)
    several = len({one.organisation_id for one in found}) > 1

    def name(one: Programme) -> str:
        return f"{one.name} · {one.organisation.name}" if several else one.name

    return [(str(one.public_id), name(one)) for one in found]


def _police_text(count: int) -> str:
    return ngettext(
        "Notes for %(count)d volunteer that you saw the check today, valid until the day in the list.",
        "Notes for %(count)d volunteers that you saw each check today, valid until the day in the list.",
        count,
    ) % {"count": count}


def _in_order_text(count: int) -> str:
    return ngettext(
        "Notes for %(count)d volunteer that you saw this today. What you leave out stays open.",
        "Notes for all %(count)d volunteers that you saw this today. What you leave out stays open.",
        count,
    ) % {"count": count}


def _talks_text(count: int) -> str:
    many = ngettext(
        "Makes %(count)d newcomer ready to be matched, in your name and with today's date.",
        "Makes all %(count)d newcomers ready to be matched, in your name and with today's date.",
        count,
    ) % {"count": count}
    sure = _("Each of them knows what mentoring is, was asked whom to avoid, and agreed.")
    return f"{many} {sure}"
