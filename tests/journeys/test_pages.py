"""Every page, for everyone: what axe finds, sideways scroll, light and dark, both directions."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import cycle

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Living
from tests.journeys.pages import Found, Visitors
from tests.security.access import ACCESS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
EXAMINE = """() => axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
}).then(found => found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html.slice(0, 160)}`)))"""
TOO_WIDE = """() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const sticksOut = ({ width, left, right }) => width && (right > innerWidth + 1 || left < -1);
    const isDrawn = part => !part.closest(".unseen");  // what is only read aloud is cut off
    return [...document.querySelectorAll("body *")]
        .filter(part => isDrawn(part) && sticksOut(part.getBoundingClientRect()))
        .slice(0, 3).map(part => `${part.tagName}.${part.className} ${part.textContent.trim().slice(0, 40)}`);
}"""
LOOKS = [(theme, language) for theme in ("light", "dark") for language in ("en", "ar")]
# Addresses that answer a GET with something else than a page of ours, and why.
NOT_PAGES = {
    "healthz": "says ok",
    "readyz": "JSON",
    "desk:run_state": "a fragment",
    "conversation_messages": "a fragment",
    "notices_counts": "JSON",
    "join_continue": "leads on",
    "conversation_of_pairing": "leads on",
    "organisations": "leads on",
    "imports:batch": "leads on",
    "mfa_download_recovery_codes": "a text file",
    "calendar:meeting": "a calendar entry",
    "calendar:evening": "a calendar entry",
    "calendar:feed": "a calendar",
    "expenses:receipt": "a picture",
    "mentorings:thanks": "a certificate",
    "together:thanks": "a certificate",
}
# The example holds nothing yet that leads here; tests/web/ opens them, but no axe has looked at them.
NOT_LOOKED_AT = {
    *(
        "announcement",
        "handover",
        "hand_over_mine",
        "desk:what_if_answer",
        "evenings:detail",
        "evenings:invite",
    ),
    *("meetings:arrange", "meetings:confirm", "meetings:move", "mentorings:evaluation", "transfers:page"),
    *("together:evaluation", "together:month"),
}


@pytest.fixture(scope="module")
def visitors(browser: Browser, example: Living) -> Iterator[Visitors]:
    everybody = Visitors(browser, example)
    everybody.arrive()
    yield everybody
    everybody.leave()


# One test, since a second one on the other worker would make all the pages once more.
def test_each_page_is_found_and_fit_in_one_of_its_looks(visitors: Visitors) -> None:
    pages = {name for name, access in ACCESS.items() if access.get is not None}
    ours = {name for name in pages if not name.startswith("api:")} - NOT_PAGES.keys() - NOT_LOOKED_AT
    found = {route.partition(" ")[0] for route in visitors.found}
    missing = sorted(ours - found)
    assert not missing, f"make {', '.join(missing)} in tests/journeys/pages.py, or say above why it is none"
    looks = cycle((LOOKS[0], LOOKS[3], LOOKS[2], LOOKS[1]))
    faults = [fault for page in visitors.found.values() for fault in look_at(visitors, page, *next(looks))]
    assert faults == []


@pytest.mark.prove
@pytest.mark.parametrize(("theme", "language"), [*LOOKS, ("light", "de")])
def test_each_page_in_every_look(visitors: Visitors, theme: str, language: str) -> None:
    faults = [fault for page in visitors.found.values() for fault in look_at(visitors, page, theme, language)]
    assert faults == []


def look_at(visitors: Visitors, found: Found, theme: str, language: str) -> Iterator[str]:
    """Open a page on a phone and give what is wrong with it, a sentence for each fault."""
    tab = visitors.tabs[found.who]
    visitors.speak(found.who, language)
    tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    tab.goto(found.path)
    where = f"{found.route} ({found.who}, {theme}, {language})"
    if tab.locator("html").get_attribute("lang") != language:
        yield f"{where}: is not in {language}"
    # As tall as the page: nothing lies under the bar that stays at the bottom of the screen.
    tab.set_viewport_size({"width": 390, "height": max(844, tab.evaluate("document.body.scrollHeight"))})
    tab.evaluate(AXE)
    yield from (f"{where}: {fault}" for fault in tab.evaluate(EXAMINE))
    tab.set_viewport_size({"width": 320, "height": 640})
    yield from (f"{where} at 320 px: {part}" for part in tab.evaluate(TOO_WIDE))
    tab.add_style_tag(content="html { font-size: 225% !important }")  # twice what app.css sets
    yield from (f"{where} in large text: {part}" for part in tab.evaluate(TOO_WIDE))
