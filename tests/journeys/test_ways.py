"""What a page weighs, the keyboard alone, and leaving fast: on the example, as deployed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import brotli
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.people.demo import PASSWORD
from tests.journeys.conftest import Living, NewVisitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
KB = 1000


@pytest.fixture
def come(browser: Browser, example: Living) -> Iterator[Callable[..., Page]]:
    """Opens a browser in which one of the example's people is signed in."""
    visitors = NewVisitor(browser, example)

    def arrives(who: str, **how: bool) -> Page:
        page = visitors(**how)
        page.goto("/account/login/")
        page.locator("#id_login").fill(who)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    yield arrives
    visitors.leave()


@dataclass
class Traffic:
    """What goes over the line while a page opens, in bytes by address.

    Whitenoise serves files as Brotli. Pages are compressed by the proxy before the product, which is
    not here, so each counts with what Brotli makes of it.
    """

    page: Page
    sizes: dict[str, int] = field(default_factory=dict)

    def of(self, path: str, *, empty_cache: bool = False) -> dict[str, int]:
        self.sizes = {}
        line = self.page.context.new_cdp_session(self.page)
        line.send("Network.enable")
        if empty_cache:
            line.send("Network.clearBrowserCache")
        asked: dict[str, str] = {}
        line.on("Network.responseReceived", lambda event: self._note(asked, event))
        line.on("Network.loadingFinished", lambda event: self._weigh(asked, event))
        answer = self.page.goto(path)
        self.page.wait_for_load_state("networkidle")
        line.detach()
        assert answer
        sizes = {url: size for url, size in self.sizes.items() if size}
        return sizes | {answer.url: len(brotli.compress(answer.body(), quality=5))}

    def _note(self, asked: dict[str, str], event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["response"]["url"]

    def _weigh(self, asked: dict[str, str], event: dict[str, Any]) -> None:
        if url := asked.get(event["requestId"]):
            self.sizes[url] = int(event["encodedDataLength"])


def test_a_newcomers_first_visit_is_light_and_the_next_lighter(come: Callable[..., Page]) -> None:
    page = come("amina", phone=True)
    page.goto("/conversations/")
    talk = page.locator("a.row-title").first.get_attribute("href")
    assert talk
    for path in ("/", talk.partition("#")[0]):
        page.goto("about:blank")
        first = Traffic(page).of(path, empty_cache=True)
        assert len(first) <= 6, first
        assert sum(first.values()) <= 50 * KB, first
        assert first[page.url] <= 14 * KB, first
        page.goto("about:blank")
        again = Traffic(page).of(path)
        assert sum(again.values()) <= 10 * KB, again


def test_the_first_tab_leads_past_the_navigation(come: Callable[..., Page]) -> None:
    page = come("chloe")
    page.goto("/people/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.evaluate("it => document.querySelector('main').contains(it)")
    assert focused.evaluate("it => getComputedStyle(it).outlineWidth") == "3px"


def test_the_desk_is_worked_by_keys(come: Callable[..., Page]) -> None:
    page = come("chloe")
    page.goto("/suggestions/")
    shown = page.locator(".split-detail h2").first
    name = shown.inner_text()
    page.keyboard.press("j")
    expect(shown).not_to_have_text(name)
    page.keyboard.press("k")
    expect(shown).to_have_text(name)
    page.keyboard.press("?")
    expect(page.locator(".desk-help dl")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator(".desk-decline :focus")).to_have_count(1)


def test_single_keys_do_nothing_once_they_are_off(come: Callable[..., Page]) -> None:
    page = come("chloe")
    try:
        switch_keys(page, on=False)
        page.goto("/suggestions/")
        expect(page.locator("kbd")).to_have_count(0)
        before = page.url
        for key in ("j", "a", "d", "?"):
            page.keyboard.press(key)
        expect(page.locator("details[open]")).to_have_count(0)
        assert page.url == before
    finally:
        switch_keys(page, on=True)


def switch_keys(page: Page, *, on: bool) -> None:
    page.goto("/account/me/")
    page.locator("[name=sees_single_keys]").set_checked(on)
    page.locator("form:has([name=sees_single_keys])").get_by_role("button").click()
    page.wait_for_load_state()


def test_leaving_fast_leaves_nothing_to_go_back_to(come: Callable[..., Page]) -> None:
    page = come("amina", phone=True)
    page.goto("/conversations/")
    page.locator("a.row-title").first.click()
    expect(page.locator(".bubble").first).to_be_visible()
    talk = page.url
    page.locator(".quick-exit").click()
    page.wait_for_url("**/left/")
    expect(page).to_have_title("Welcome")
    assert [cookie["name"] for cookie in page.context.cookies() if cookie["name"] == "session"] == []
    page.go_back()
    expect(page.locator(".bubble")).to_have_count(0)
    page.goto(talk)
    expect(page.locator("#id_password")).to_be_visible()
    expect(page.locator(".bubble")).to_have_count(0)
