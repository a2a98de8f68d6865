"""The design system: every component draws, misuse is refused with what is known, pages keep their budget."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory, override_settings

from backend.web.shell import gallery as page
from backend.web.shell.cards import Event, OverlapCard, Tab
from backend.web.shell.charts import bars
from backend.web.shell.context import Shell
from backend.web.shell.gallery import ExampleForm, example_card, gallery, lonely_card
from backend.web.shell.preferences import preferences
from backend.web.shell.registry import ComponentError, all_components
from backend.web.shell.views import quick_exit
from backend.web.shell.week import compare

GALLERY = (Path(page.__file__).parents[1] / "templates/shell/gallery.html").read_text()


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def get_gallery(**query: str) -> HttpResponse:
    request = RequestFactory().get("/gallery/", query)
    request._messages = []  # type: ignore[attr-defined]
    return gallery(request)


@pytest.fixture(autouse=True)
def demo() -> Any:
    with override_settings(DEMO=True):
        yield


class Stack(HTMLParser):
    """Fails on tags that are not closed in order, on inline behaviour, and on an id that is used twice."""

    VOID = frozenset({"meta", "link", "input", "img", "br", "circle", "path", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.inline += [name for name, _value in attrs if name == "style" or name.startswith(("on", "hx-on"))]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag, f"</{tag}> closes another element at line {self.getpos()[0]}"


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_component_draws_well_formed_in_the_gallery(language: str) -> None:
    answer = get_gallery(lang=language, theme="dark")
    html = answer.content.decode()
    parser = Stack()
    parser.feed(html)
    assert answer.status_code == 200
    assert parser.open == []
    assert parser.inline == []
    assert len(parser.ids) == len(set(parser.ids))
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}" data-theme="dark"' in html


@pytest.mark.parametrize("component", all_components(), ids=lambda component: component.name)
def test_every_component_is_in_the_gallery(component: Any) -> None:
    inner = {"error_summary", "avatar", "meter", "week"}
    shown = re.search(rf'{{% (c|wrap) "{component.name}"', GALLERY)
    assert shown or component.name in inner


def test_the_gallery_is_closed_outside_debug_and_demo(settings: Any) -> None:
    settings.DEBUG = settings.DEMO = False
    with pytest.raises(Http404):
        get_gallery()


def test_an_unknown_prop_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ComponentError, match=r"“badge” does not know colour\. Its props: icon, label, tone\."
    ):
        draw('{% c "badge" label="x" colour="red" %}')


def test_a_missing_prop_is_named() -> None:
    with pytest.raises(ComponentError, match=r"“tile” needs href, icon\."):
        draw('{% c "tile" title="x" %}')


def test_a_value_outside_the_choice_is_refused() -> None:
    with pytest.raises(
        ComponentError, match=r"knows for tone only plain, action, good, look, danger, not red"
    ):
        draw('{% c "badge" label="x" tone="red" %}')


def test_an_unknown_component_or_icon_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ComponentError, match=r"no component “bagde”\. Known: .*badge"):
        draw('{% c "bagde" label="x" %}')
    with pytest.raises(ComponentError, match=r"no icon “sun”\. Known: .*today"):
        draw('{% icon "sun" %}')


def test_attributes_are_taken_only_where_declared() -> None:
    assert 'hx-get="/a?b&amp;c"' in draw('{% c "button" label="x" hx_get=url %}', url="/a?b&c")
    with pytest.raises(ComponentError, match="takes no attributes such as hx_get"):
        draw('{% c "badge" label="x" hx_get="/" %}')


def test_what_people_write_is_escaped() -> None:
    html = draw(
        '{% c "row" title=t text=t href=t initials=t %}{% c "bubble" text=t %}', t='"><script>x</script>'
    )
    assert "<script" not in html


def test_a_component_sees_nothing_of_the_page() -> None:
    assert "secret" not in draw('{% c "badge" label="x" %}', icon="secret", body="secret", tone="secret")


def test_two_weeks_lie_over_each_other() -> None:
    week = compare(
        a={"mon:evening", "sat:morning"}, b={"sat:morning", "sun:evening", "nonsense"}, name_a="A", name_b="B"
    )
    assert week.shared == 1
    assert {part: [cell.who for cell in cells] for part, cells in week.rows} == {
        "morning": ["", "", "", "", "", "ab", ""],
        "afternoon": [""] * 7,
        "evening": ["a", "", "", "", "", "", "b"],
    }


def test_the_overlap_card_says_in_words_what_it_shows() -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", draw('{% c "overlap_card" card=card %}', card=example_card()))
    for words in (
        "German A1 with native",
        "2 half-days a week",
        "6 km",
        "3 of 4 wishes met",
        "Given up:",
        "both",
    ):
        assert words in re.sub(r"\s+", " ", text)


def test_an_overlap_card_with_nothing_shared_still_draws() -> None:
    assert "0 half-days" in draw('{% c "overlap_card" card=card %}', card=lonely_card())


def test_a_form_says_the_same_words_at_the_top_and_at_the_field() -> None:
    html = draw("{{ form }}", form=ExampleForm({}))
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert 'href="#id_name">What should we call you?</a> This field is required.' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.count('id="id_name_error"') == 1
    # A group of boxes has no single field to jump to: the link leads to its error, which exists.
    assert 'href="#id_week_error"' in html
    assert html.count('id="id_week_error"') == 1


def test_the_week_input_keeps_what_was_ticked() -> None:
    form = ExampleForm({"week": ["mon:evening", "sat:morning"]})
    ticked = re.findall(r'name="week" value="([\w:]+)"[^>]* checked', draw("{{ form.week }}", form=form))
    assert ticked == ["mon:evening", "sat:morning"]
    assert form.fields["week"].clean(["mon:evening"]) == ["mon:evening"]


def test_lists_of_values_draw() -> None:
    assert 'aria-current="page"' in draw(
        '{% c "tabs" items=i %}', i=[Tab("One", "/1", current=True), Tab("Two", "/2")]
    )
    assert "Offer sent" in draw('{% c "timeline" events=i %}', i=[Event("today", "Offer sent")])
    assert 'data-label="B"' in draw('{% c "data_table" columns=c rows=r %}', c=["A", "B"], r=[["1", "2"]])


def test_a_table_refuses_a_row_of_another_length() -> None:
    with pytest.raises(ValueError, match="shorter"):
        draw('{% c "data_table" columns=c rows=r %}', c=["A", "B"], r=[["1"]])


def test_leaving_fast_signs_out_and_forgets() -> None:
    request = RequestFactory().post("/leave/")
    request.session = SessionStore()
    request.session["_auth_user_id"] = "1"
    answer = quick_exit(request)
    assert (answer.status_code, answer["Location"]) == (302, "/left/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer["Cache-Control"] == "no-store"
    assert request.session.is_empty()
    assert quick_exit(RequestFactory().get("/leave/")).status_code == 405


def test_a_theme_is_taken_only_from_the_known_ones() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = 'dark" onload="x'
    assert Shell(request).theme == ""


def test_choices_are_remembered_and_lead_back_to_us_only() -> None:
    factory = RequestFactory()
    answer = preferences(factory.post("/preferences/", {"theme": "dark", "next": "/home/"}))
    assert answer["Location"] == "/home/"
    assert {name: cookie.value for name, cookie in answer.cookies.items()} == {"theme": "dark"}
    assert preferences(factory.post("/preferences/", {"theme": "pink"})).cookies["theme"].value == ""
    assert preferences(factory.post("/preferences/", {"next": "https://evil.example/"}))["Location"] == "/"


def test_bars_reach_from_nothing_to_the_greatest() -> None:
    assert [(bar.y, bar.height) for bar in bars([("a", 0), ("b", 5), ("c", 10)])] == [
        ("88.0", "2.0"),
        ("45.0", "45.0"),
        ("0.0", "90.0"),
    ]
    assert bars([]) == []


def test_style_and_scripts_of_a_newcomer_page_fit_the_budget() -> None:
    names = ["css/app.css", "js/live.js", "js/conversation.js"]
    sizes = {name: len(brotli.compress(Path(str(finders.find(name))).read_bytes())) for name in names}
    assert sum(sizes.values()) <= 15_000, sizes


def test_an_overlap_card_is_frozen() -> None:
    with pytest.raises(AttributeError):
        OverlapCard(a=example_card().a, b=example_card().b).way = "x"  # type: ignore[misc]
