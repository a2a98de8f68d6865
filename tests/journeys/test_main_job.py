"""The main job, from two spreadsheets to a message that appears on the other's open page by itself.

Chloé works on a laptop; the mentor and the newcomer come on phones of their own, each with a printed slip.
"""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Living, NewVisitor

SHEETS = Path(__file__).resolve().parents[2].parent / "shared" / "import" / "en"

pytestmark = [
    pytest.mark.timeout(420),
    pytest.mark.skipif(
        not SHEETS.is_dir(), reason="needs the example spreadsheets in ../shared/import, which are not here"
    ),
]


def test_from_two_spreadsheets_to_a_message(living: Living, new_visitor: NewVisitor) -> None:
    chloe = new_visitor()
    signs_in_for_the_first_time(chloe, living)
    opens_a_programme(chloe)
    brings_in_the_lists(chloe)
    runs_the_matching(chloe)
    newcomer_page, mentor_page = approves_the_first_suggestion(chloe)

    mentor = new_visitor(phone=True)
    uses_slip(mentor, makes_slip(chloe, mentor_page))
    says_yes(mentor)
    expect(mentor.get_by_role("heading", name="Thank you for your yes")).to_be_visible()

    newcomer = new_visitor(phone=True)
    uses_slip(newcomer, makes_slip(chloe, newcomer_page))
    says_yes(newcomer)
    expect(newcomer.get_by_role("heading", name="both said yes")).to_be_visible()

    write_to_each_other_without_a_reload(newcomer, mentor)
    each_heard_of_it(chloe, mentor)


def signs_in_for_the_first_time(page: Page, living: Living) -> None:
    """The operator names the organisation; Chloé opens the address that was printed."""
    said = living.manage(
        *["init", "--organisation", "Welcome Naas", "--country", "IE", "--coordinator", "Chloé Winter"],
        *["--username", "chloe", "--safeguarding", "Nora Byrne", "--safeguarding", "Peter Daly"],
    )
    address = re.search(r"http://\S+", said)
    assert address, said
    uses_slip(page, address.group())
    expect(page).to_have_url(re.compile("/today/$"))


def uses_slip(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.get_by_role("link", name="Later").click()


def opens_a_programme(page: Page) -> None:
    page.goto("/programmes/new/")
    page.get_by_label("Name", exact=True).fill("Mentoring in Naas")
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_role("button", name=re.compile("^Open")).click()
    expect(page.get_by_role("button", name=re.compile("^Close"))).to_be_visible()


def brings_in_the_lists(page: Page) -> None:
    page.goto("/import/")
    page.get_by_label("Your lists").set_input_files([SHEETS / "mentors.csv", SHEETS / "newcomers.csv"])
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="Continue to the rows").click()
    page.get_by_role("button", name="Take all as read").click()
    page.get_by_role("link", name="Go on", exact=True).click()
    for vouched in ("I have seen these police checks", "^Code of conduct", "talks were held"):
        page.get_by_label(re.compile(vouched)).check()
    page.get_by_role("button", name=re.compile("^Take in")).click()
    expect(page.get_by_role("heading", name="Your list is in")).to_be_visible(timeout=60_000)


def runs_the_matching(page: Page) -> None:
    page.goto("/suggestions/")
    page.get_by_role("button", name="Run the matching").click()
    # The worker does it; the page shows what came of it without being told to.
    expect(page.get_by_text(re.compile(r"Suggestion 1 of \d+"))).to_be_visible(timeout=60_000)


def approves_the_first_suggestion(page: Page) -> tuple[str, str]:
    """Give the addresses of the newcomer's and the mentor's file."""
    expect(page.get_by_text("What they share")).to_be_visible()
    files = page.locator(".overlap-card a, .overlap a").evaluate_all("links => links.map(l => l.href)")
    people = [address for address in files if "/people/" in address]
    assert len(people) == 2, files
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="asked")).to_be_visible()
    return people[0], people[1]


def makes_slip(page: Page, file: str) -> str:
    """Print a slip from somebody's file; give the address behind its code."""
    page.goto(file)
    page.get_by_role("link", name="Sign-in slip").click()
    page.get_by_role("button", name="Make a slip").click()
    code = page.locator(".code").first.inner_text()
    return "/account/slip/" + re.sub(r"\W", "", code) + "/"


def says_yes(page: Page) -> None:
    """The offer goes out half a minute after the approval; the page is asked until the question is there."""
    question = page.get_by_role("link", name="See who it is")
    until = time.monotonic() + 90
    page.goto("/")
    while not question.count() and time.monotonic() < until:
        page.wait_for_timeout(1_000)
        page.goto("/")
    question.click()
    page.get_by_role("button", name="Yes, I would like that").click()


def write_to_each_other_without_a_reload(newcomer: Page, mentor: Page) -> None:
    newcomer.get_by_role("link", name=re.compile("^Write to")).first.click()
    mentor.goto("/")
    mentor.get_by_role("link", name=re.compile("^Write to")).first.click()
    mentor.wait_for_load_state()
    loads: list[str] = []
    mentor.on("load", lambda page: loads.append(page.url))

    newcomer.get_by_label("Your message").fill("Hello! Shall we meet on Tuesday at the library?")
    newcomer.get_by_role("button", name="Send").click()
    expect(mentor.get_by_text("Shall we meet on Tuesday at the library?")).to_be_visible()

    mentor.get_by_label("Your message").fill("نعم، أراك هناك")
    mentor.get_by_role("button", name="Send").click()
    expect(newcomer.get_by_text("نعم، أراك هناك")).to_be_visible()
    assert loads == []


def each_heard_of_it(chloe: Page, mentor: Page) -> None:
    chloe.goto("/notices/")
    expect(chloe.get_by_text(re.compile("both said yes")).first).to_be_visible()
    mentor.goto("/notices/")
    expect(mentor.get_by_text(re.compile("both said yes")).first).to_be_visible()
