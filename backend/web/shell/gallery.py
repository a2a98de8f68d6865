"""The gallery: every component in its usual, empty, long, error and right-to-left state."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.web.shell.access import public
from backend.web.shell.cards import Event, OverlapCard, SharedLanguage, Side, Tab
from backend.web.shell.context import THEMES
from backend.web.shell.forms import WEEK_CHOICES, CardChoice, CardRadio, WeekInput
from backend.web.shell.languages import language, screen_languages
from backend.web.templatetags.ui import ICONS

LONG = "Maria-Theresia Hohenstauffen-Wolkersdorfer zu Oberviechtach"


class ExampleForm(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label="What should we call you?", help_text="Your first name is enough.")
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    town = forms.ChoiceField(label="Town", choices=[("", "—"), ("r", "Roding"), ("f", "Falkenstein")])
    topics = forms.MultipleChoiceField(
        label="What could you help with?",
        choices=[
            ("paperwork", "Letters from offices"),
            ("health", "Doctor and health"),
            ("talk", "Conversation"),
        ],
        widget=CardChoice(
            icons={"paperwork": "mail", "health": "heart", "talk": "message"},
            hints={"talk": "an hour a week"},
        ),
    )
    where = forms.ChoiceField(
        label="Where?",
        choices=[("in_person", "In person"), ("online", "Online")],
        widget=CardRadio(icons={"in_person": "pin", "online": "phone"}),
    )
    week = forms.MultipleChoiceField(
        label="When could you meet someone?",
        help_text="One or two half-days are plenty. You can change this at any time.",
        choices=WEEK_CHOICES,
        widget=WeekInput,
    )
    story = forms.CharField(label="Anything else?", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="I have read the code of conduct", help_text="It is one page long.")


def example_card(name: str = "Selam Gebre") -> OverlapCard:
    return OverlapCard(
        a=Side(
            "SG",
            name,
            "34, two children, Roding",
            "Wants help with letters from offices, the doctor, school and a driving licence.",
            "Asked for: a woman or a man, in person",
        ),
        b=Side(
            "BM",
            "Bruno Mayer",
            "58, mentor since 2024, Falkenstein",
            "Offers letters, health, school, conversation. Two earlier mentorings, both to the end.",
            "Police check until May 2028 · 1 of 2 places free",
        ),
        languages=(SharedLanguage("German", "A1", "native"), SharedLanguage("English", "B1", "C1")),
        slots_a=frozenset({"tue:morning", "sat:morning", "thu:afternoon", "wed:evening"}),
        slots_b=frozenset({"mon:evening", "wed:evening", "thu:evening", "sat:morning"}),
        way="6 km, both within reach",
        wishes_met=("letters", "health", "school"),
        wishes_total=4,
        given_up="nobody near can help with the driving licence.",
        label="fits well",
        value=0.83,
    )


def lonely_card() -> OverlapCard:
    return OverlapCard(a=Side("?", LONG), b=Side("KF", "Karin"))


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show all components; `?lang=ar` and `?theme=dark` change the frame. 404 unless DEBUG or DEMO is on."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    code = request.GET.get("lang", "")
    theme = request.GET.get("theme", "")
    if theme in THEMES:
        request.COOKIES["theme"] = theme
    with translation.override(code if translation.check_for_language(code) else translation.get_language()):
        return render(request, "shell/gallery.html", _examples(code))


def _examples(code: str) -> dict[str, object]:
    wrong = ExampleForm({"name": "", "week": ["mon:evening", "sat:morning"], "topics": ["health"]})
    return {
        "direction": language(code or "en").direction,
        "themes": THEMES,
        "screen_languages": screen_languages(),
        "icons": sorted(file.stem for file in ICONS.glob("*.svg")),
        "long": LONG,
        "card": example_card(),
        "lonely_card": lonely_card(),
        "free_form": ExampleForm(auto_id="free_%s", initial={"week": ["mon:evening", "wed:evening"]}),
        "wrong_form": wrong,
        "tabs": [Tab("Needs you", "#", True, 7), Tab("Waits for others", "#", count=3), Tab("Fine", "#")],
        "columns": ["Name", "Languages", "Waiting"],
        "table": [
            ["Selam Gebre", "Tigrinya, German A1", "148 days"],
            ["Olena Kovalenko", "Ukrainian", "96 days"],
        ],
        "facts": [("Languages", "Tigrinya (native), German A1"), ("Town", "Roding"), ("Asked for", LONG)],
        "bars": [
            (f"week {week}", value) for week, value in enumerate((4, 6, 5, 9, 12, 11, 14, 15, 13, 10), 1)
        ],
        "events": [
            Event("21 November", "Offer sent", "Bruno is asked first.", "send"),
            Event("19 November", "Suggestion approved", "by Chloé Winter", "check"),
        ],
        "page": Paginator(range(60), 20).page(2),
        "text": _("Suggestions"),
    }
