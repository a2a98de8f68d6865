"""How forms are drawn: `{{ form }}` gives labels, hints, errors and the summary at the top."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget
from django.utils.functional import lazy

from backend.profiles.enums import SLOTS
from backend.web.shell.week import DAYS, PARTS, slot_words


class Renderer(DjangoTemplates):
    """Draws fields and forms with the templates of the design system; set as FORM_RENDERER."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class WeekInput(forms.CheckboxSelectMultiple):
    """A week as a grid of checkboxes. Values are slots ("mon:evening"); the choices are WEEK_CHOICES."""

    template_name = "components/week_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = {
            str(option["value"]): option
            for _g, group, _i in context["widget"]["optgroups"]
            for option in group
        }
        context["parts"] = [label for _key, label in PARTS]
        context["days"] = [
            (label, [(part, options.get(f"{day}:{key}")) for key, part in PARTS])
            for day, label, _short in DAYS
        ]
        return context


class _Cards(ChoiceWidget):
    """Choices as cards. `icons` maps a value to the name of an icon, `hints` to a line underneath.

    With `keys` the digits choose: 1 the first, 2 the second.
    """

    template_name = "components/card_choice.html"

    def __init__(
        self,
        *args: Any,
        icons: dict[str, str] | None = None,
        hints: dict[str, Any] | None = None,
        keys: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.icons, self.hints, self.keys = icons or {}, hints or {}, keys

    def create_option(
        self, name: str, value: Any, label: Any, selected: bool, index: int, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, index, *args, **kwargs)
        key = str(index + 1) if self.keys and index < 9 else ""
        if key:
            option["attrs"] |= {"data-key": key, "aria-keyshortcuts": key}
        known = {"icon": self.icons.get(str(value), ""), "hint": self.hints.get(str(value), "")}
        return option | known | {"key": key}


class CardChoice(_Cards, forms.CheckboxSelectMultiple):
    """Cards of which several may be ticked."""

    template_name = _Cards.template_name


class CardRadio(_Cards, forms.RadioSelect):
    """Cards of which one may be chosen."""

    template_name = _Cards.template_name


TOPIC_ICONS = {
    "paperwork": "mail",
    "health": "heart",
    "school": "book",
    "work": "work",
    "housing": "home",
    "conversation": "message",
    "childcare": "child",
    "driving": "flag",
    "computers": "phone",
    "leisure": "smile",
}
WEEK_CHOICES = [(slot, lazy(slot_words, str)(slot)) for slot in SLOTS]
