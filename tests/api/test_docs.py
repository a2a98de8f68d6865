"""The page that explains the API keeps the policy of every other page: nothing inline, no other host."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.support.browser import browser

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
    event => window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_docs_page_breaks_no_policy_and_asks_no_other_host(live_server: Any, settings: Any) -> None:
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    client = Client()
    client.force_login(make.make_person(username="chloe"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    with browser() as chromium:
        context = chromium.new_context()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.add_init_script(WATCH)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        answer = page.goto(live_server.url + reverse("api:docs"))
        assert answer and "unsafe" not in answer.headers["content-security-policy"]
        # Only what is in sight is drawn of so many.
        first = page.locator(".opblock").first
        first.wait_for(timeout=30_000)
        first.click()
        page.wait_for_selector(".opblock-body")
        assert page.evaluate("window.violations") == []
    elsewhere = [url for url in asked if not url.startswith((live_server.url, "data:"))]
    assert elsewhere == []
