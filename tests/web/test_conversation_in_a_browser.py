"""What the scripts of a conversation promise, in a real browser on the real socket."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend.messaging.models import Message
from backend.people.models import Person
from tests.factories.people import make_four_people
from tests.factories.talks import Talk, make_talk
from tests.support import browser as chromium
from tests.support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talk(transactional_db: None) -> Talk:
    return make_talk(make_four_people())


@pytest.fixture
def browser(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright keeps a loop in this thread, where Django would refuse to ask its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium.browser() as one:
        yield one
        connections.close_all()  # the one opened beside that loop is not the one known outside


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def on_phone(browser: Browser, site: str, talk: Talk) -> Iterator[Callable[[Any], Page]]:
    """Opens the conversation on the phone of one of its people."""
    contexts: list[BrowserContext] = []

    def open_page(who: Any) -> Page:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key_of(who.person), "url": site}]
        )
        page = context.new_page()
        page.goto(f"{site}/conversations/{talk.conversation.public_id}/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def key_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def write(page: Page, body: str) -> None:
    page.fill("#body", body)
    page.get_by_role("button", name="Send").click()


def test_a_message_appears_on_the_other_open_page(talk: Talk, on_phone: Any) -> None:
    amina, bruno = on_phone(talk.people.amina), on_phone(talk.people.bruno)
    write(bruno, "<b>Guten</b> Morgen")
    expect(amina.locator(".thread .bubble-text")).to_have_text(["<b>Guten</b> Morgen"], timeout=5000)
    expect(bruno.locator("[data-waiting]")).to_have_count(0)
    expect(bruno.locator("#body")).to_have_value("")


def test_what_is_written_without_a_line_goes_out_once_in_order(talk: Talk, on_phone: Any) -> None:
    amina, bruno = on_phone(talk.people.amina), on_phone(talk.people.bruno)
    bruno.context.set_offline(True)
    for body in ("one", "two"):
        write(bruno, body)
    expect(bruno.locator("[data-waiting]")).to_have_count(2)
    bruno.context.set_offline(False)
    expect(amina.locator(".thread .bubble-text")).to_have_text(["one", "two"], timeout=15000)
    expect(bruno.locator("[data-waiting]")).to_have_count(0)
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert bruno.evaluate("localStorage.length") == 0


def test_an_answer_that_was_lost_does_not_send_twice(talk: Talk, on_phone: Any) -> None:
    bruno = on_phone(talk.people.bruno)
    lost = []

    def lose_the_first(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # the server has it, the page never hears so
            route.abort()
        else:
            route.continue_()

    bruno.route("**/messages/**", lose_the_first)
    write(bruno, "Hello")
    # Its own event, or the next try, settles it.
    expect(bruno.locator("[data-seq]")).to_have_count(1, timeout=15000)
    bruno.reload()
    expect(bruno.locator("[data-seq]")).to_have_count(1)
    expect(bruno.locator("[data-waiting]")).to_have_count(0)
    assert (lost, Message.objects.count()) == ([200], 1)


def test_signing_out_elsewhere_closes_the_page_and_forgets_what_waits(talk: Talk, on_phone: Any) -> None:
    bruno = on_phone(talk.people.bruno)
    other = bruno.context.new_page()
    other.goto(bruno.url.split("/conversations")[0] + "/notices/")
    bruno.route("**/messages/**", lambda route: route.abort())
    write(bruno, "never sent")
    expect(bruno.locator("[data-waiting]")).to_have_count(1)
    other.get_by_role("button", name="Sign out").click()
    bruno.wait_for_url("**/account/login/**", timeout=4000)
    assert bruno.evaluate("localStorage.length") == 0
    assert Message.objects.count() == 0
