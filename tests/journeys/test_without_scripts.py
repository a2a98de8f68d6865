"""The newcomer's and the mentor's part of the main job on phones that run no scripts."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from backend.core import clock
from backend.organisations.queries import actor_for
from backend.pairings.models import MatchRun, Suggestion
from backend.people.models import Person
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, make_four_people
from tests.support import browser as chromium
from tests.support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def four(transactional_db: None) -> FourPeople:
    """Amina and Bruno, whom Chloé has just brought together."""
    four, now = make_four_people(), clock.now()
    run = MatchRun.objects.create(
        programme=four.programme, state="done", asked_by=four.chloe.person, asked_at=now, finished_at=now
    )
    suggestion = Suggestion.objects.create(
        run=run,
        programme=four.programme,
        mentor=four.bruno.enrolment,
        newcomer=four.amina.enrolment,
        fit=0.8,
        share=0.8,
        parts=[],
        examined_at=now,
    )
    sent_offer(suggestion_id=suggestion.pk, actor=actor_for(four.chloe.person, now=now), now=now)
    return four


@pytest.fixture
def phone_of(four: FourPeople, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Person], Page]]:
    # Playwright keeps a loop in this thread, where Django would refuse to ask its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    contexts: list[BrowserContext] = []
    with serving() as site, chromium.browser() as browser:

        def phone(person: Person) -> Page:
            client = Client()
            client.force_login(person)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            contexts.append(
                browser.new_context(
                    base_url=site, java_script_enabled=False, viewport={"width": 390, "height": 844}
                )
            )
            contexts[-1].add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
            return contexts[-1].new_page()

        yield phone
        for context in contexts:
            context.close()
        connections.close_all()


def test_two_agree_and_write_without_scripts(four: FourPeople, phone_of: Callable[[Person], Page]) -> None:
    Person.objects.update(language="en")
    bruno, amina = phone_of(four.bruno.person), phone_of(four.amina.person)
    for page in (bruno, amina):
        page.goto("/")
        page.get_by_role("link", name="See who it is").click()
        page.get_by_role("button", name="Yes, I would like that").click()
    amina.get_by_role("link", name="Write to Bruno").click()
    amina.get_by_label("Your message").fill("Shall we meet on Tuesday?")
    amina.get_by_role("button", name="Send").click()
    expect(amina.locator(".bubble-text")).to_have_text(["Shall we meet on Tuesday?"])
    bruno.goto("/conversations/")
    expect(bruno.locator(".talk .count-new")).to_contain_text("1")
    bruno.locator(".talk a").first.click()
    expect(bruno.locator(".bubble-text")).to_have_text(["Shall we meet on Tuesday?"])
    bruno.get_by_role("button", name="I have read this").click()
    bruno.goto("/conversations/")
    expect(bruno.locator(".talk .count-new")).to_have_count(0)
