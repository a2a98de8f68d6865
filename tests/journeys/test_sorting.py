"""Chloé sorts twenty suggestions: with the keyboard alone, and on a machine that runs no scripts."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, expect

from backend.core import clock
from backend.pairings.enums import DeclineReason
from backend.pairings.models import MatchRun, Offer, PairingEvent, Suggestion
from backend.people.models import Person
from backend.profiles.models import Contact
from backend.programmes.models import Enrolment
from tests.factories import make_enrolment
from tests.factories.people import FourPeople, make_four_people
from tests.support import browser as chromium
from tests.support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

REASONS = list(DeclineReason)
# What becomes of each, the longest wait first; a decline names its reason.
PLAN: list[DeclineReason | str] = [
    *(
        "approve",
        "approve",
        "call",
        REASONS[0],
        "approve",
        REASONS[1],
        "call",
        "approve",
        "approve",
        REASONS[2],
    ),
    *("call", "approve", REASONS[3], "approve", "call", REASONS[4], "approve", REASONS[5], "call", "approve"),
]
REGRETTED = 7  # after this one she thinks again: it is taken back, and then decided as planned


@dataclass(frozen=True)
class Desk:
    four: FourPeople
    suggestions: list[Suggestion]
    open: Callable[..., Page]


@pytest.fixture
def desk(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Twenty people who wait, a mentor for each, and Chloé's browser on a laptop."""
    # Playwright keeps a loop in this thread, where Django would refuse to ask its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    four = make_four_people()
    Person.objects.update(language="en")
    suggestions = suggested(four)
    with serving() as site, chromium.browser() as browser:
        client = Client()
        client.force_login(four.chloe.person)
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": site,
        }
        context = None

        def opened(*, scripts: bool) -> Page:
            nonlocal context
            context = browser.new_context(
                base_url=site, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
            )
            context.add_cookies([cookie])  # type: ignore[list-item]
            return context.new_page()

        yield Desk(four, suggestions, opened)
        if context:
            context.close()
        connections.close_all()


def suggested(four: FourPeople) -> list[Suggestion]:
    now = clock.now()
    run = MatchRun.objects.create(
        programme=four.programme, state="done", asked_by=four.chloe.person, asked_at=now, finished_at=now
    )
    return [
        Suggestion.objects.create(
            run=run,
            programme=four.programme,
            mentor=make_enrolment(programme=four.programme, side="mentor", called=f"Mentor{number}"),
            newcomer=make_enrolment(
                programme=four.programme,
                called=f"Newcomer{number}",
                registered_on=now.date() - timedelta(days=100 - number),
            ),
            fit=0.8,
            share=0.8,
            examined_at=now,
        )
        for number in range(len(PLAN))
    ]


def shows(page: Page, number: int) -> None:
    """The suggestion of this number is open."""
    expect(page.locator(".split-detail h2.h1")).to_have_text(f"Newcomer{number} and Mentor{number}")


def has_said(page: Page, number: int, text: str) -> None:
    said = page.locator(".desk-status p")
    expect(said).to_have_text(re.compile(f"^Newcomer{number} and Mentor{number}: {text}"))


def is_as_planned(desk: Desk) -> None:
    """The database says what she decided, and no more."""
    for number, (suggestion, wanted) in enumerate(zip(desk.suggestions, PLAN, strict=True)):
        suggestion.refresh_from_db()
        offers = Offer.objects.filter(suggestion=suggestion)
        promised = Contact.objects.filter(profile=suggestion.newcomer.profile).promised()
        stands = (suggestion.state, suggestion.aside, suggestion.decline_reason)
        calls = [(contact.channel, contact.call_back_on) for contact in promised]
        if wanted == "approve":
            assert (stands, offers.count(), calls) == (("released", "", ""), 1, []), number
        elif wanted == "call":
            today = desk.four.organisation.today(clock.now())
            assert (stands, offers.count(), calls) == (("proposed", "call", ""), 0, [("", today)]), number
        else:
            assert (stands, offers.count(), calls) == (("declined", "", wanted), 0, []), number
    verbs = Counter(PairingEvent.objects.exclude(suggestion=None).values_list("verb", flat=True))
    approved = PLAN.count("approve")
    assert verbs == {"release": approved + 1, "call_first": PLAN.count("call"), "decline": 6, "undo": 1}
    taken = Enrolment.objects.newcomers().values_list("places_taken", flat=True)
    assert sum(taken) == approved


def test_twenty_are_sorted_by_keyboard_alone(desk: Desk) -> None:
    page = desk.open(scripts=True)
    page.goto("/suggestions/")
    press(page, "Enter")
    for number, wanted in enumerate(PLAN):
        shows(page, number)
        if number == REGRETTED:
            press(page, "a")
            has_said(page, number, "approved")
            press(page, "z")
            has_said(page, number, "taken back")
            shows(page, number)
        if wanted in ("approve", "call"):
            press(page, "a" if wanted == "approve" else "c")
        else:
            page.keyboard.press("d")
            expect(page.locator(".desk-decline[open] :focus")).to_have_count(1)
            page.keyboard.press(str(REASONS.index(DeclineReason(wanted)) + 1))
            expect(page.locator(".desk-decline[open] :checked")).to_be_focused()
            press(page, "Enter")
        has_said(page, number, {"approve": "approved", "call": "call first"}.get(wanted, "declined"))
    expect(page.locator("#live")).to_contain_text("approved")
    expect(page.get_by_role("heading", name="All decided")).to_be_visible()
    is_as_planned(desk)


def press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_twenty_are_sorted_without_scripts(desk: Desk) -> None:
    page = desk.open(scripts=False)
    page.goto("/suggestions/")
    for number, wanted in enumerate(PLAN):
        shows(page, number)
        if number == REGRETTED:
            page.get_by_role("button", name="Approve").click()
            has_said(page, number, "approved")
            page.get_by_role("button", name="Undo").click()
            has_said(page, number, "taken back")
        if wanted in ("approve", "call"):
            page.get_by_role("button", name="Approve" if wanted == "approve" else "Call first").click()
        else:
            page.locator(".desk-decline summary", has_text="Decline").click()
            page.get_by_label(str(DeclineReason(wanted).label)).check()
            page.locator(".desk-decline[open]").get_by_role("button", name="Decline").click()
        has_said(page, number, {"approve": "approved", "call": "call first"}.get(wanted, "declined"))
    expect(page.get_by_role("heading", name="All decided")).to_be_visible()
    is_as_planned(desk)


def test_gathering_putting_off_and_searching_by_keyboard(desk: Desk) -> None:
    page = desk.open(scripts=True)
    page.goto("/suggestions/")
    press(page, "j")
    shows(page, 1)
    press(page, "k")
    shows(page, 0)
    press(page, "x")
    has_said(page, 0, "on the list to send")
    shows(page, 1)
    page.keyboard.press("s")
    expect(page.locator(".desk-decline[open] :focus")).to_have_count(1)
    page.keyboard.press("3")
    expect(page.locator(".desk-decline[open] :checked")).to_be_focused()
    press(page, "Enter")
    has_said(page, 1, "put off until")
    press(page, "z")
    shows(page, 1)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("newcomer7")
    press(page, "Enter")
    shows(page, 7)
    first, second = desk.suggestions[:2]
    for suggestion in (first, second):
        suggestion.refresh_from_db()
    assert [(s.state, s.aside) for s in (first, second)] == [("staged", ""), ("proposed", "")]
