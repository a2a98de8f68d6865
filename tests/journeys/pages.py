"""Every page of the product with the person who opens it, found by following links as they would.

What no link leads to at first is made before: a list on its way in, a slip, a sign-up, a second factor.
"""

import base64
import hmac
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from django.urls import resolve
from django.urls.exceptions import Resolver404
from playwright.sync_api import Browser, Page, expect

from backend.people.demo import PASSWORD
from tests.journeys.conftest import PATIENCE, Living

SIGN_INS = ("amina", "bruno", "chloe", "admin")
# A visitor in the middle of signing up; one who did, and one who wants to be called; somebody with a slip;
# somebody between password and code.
VISITOR, VOLUNTEER, CALLER, NEW, HALFWAY = "visitor", "volunteer", "caller", "new", "halfway"
PERSONAL = {"home", "account", "inbox"}  # another page for each role
DEEP = 3  # addresses of one kind that are followed: not each person's file leads to the same places
STEPS = ("you", "offer", "when", "safety", "check")
LISTS = {
    "mentors.csv": "Name;Town;Languages;Availability;Can help with\n"
    "Ada Long;Cham;German - native;Mon evening;school",
    "newcomers.csv": "Name;Town;Languages;Availability;Needs\n"
    "Salma Haddad;Roding;Arabic - native;Mon evening;school\n"
    "Omar Nasser;Rodinng;Arabic - native;whenever;school",
}
UNLINKED = (
    *("/", "/mine/", "/about/", "/left/", "/gallery/", "/nothing-here/", "/join/status/", "/join/resume/"),
    *("/account/me/", "/account/inactive/", "/account/welcome/", "/account/login/", "/account/logout/"),
    *("/account/reauthenticate/", "/account/password/set/", "/account/second-factor/again/"),
    *("/account/second-factor/on/", "/account/codes/", "/people/?q=Bruno"),
)


@dataclass(frozen=True)
class Found:
    """One page: its route's name, who opens it, and where."""

    route: str
    who: str
    path: str


@dataclass
class Visitors:
    """People with a phone each, and the pages they found, by route."""

    browser: Browser
    product: Living
    tabs: dict[str, Page] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)  # how many addresses of a route were followed

    def arrive(self) -> None:
        """Let all come, make what has no link yet, and look around."""
        for who in SIGN_INS:
            self._signs_in(who)
        for made in (self._signs_up, self._brings_in_lists, self._turns_on_the_second_factor):
            self._note(made())
        for who in ("amina", "bruno", "chloe", VISITOR, VOLUNTEER, "admin"):
            self._note(self._follows_links(who))
        self._note(self._hands_out_a_slip())
        self._note(self._follows_links(NEW))

    def leave(self) -> None:
        for tab in self.tabs.values():
            tab.context.close()

    def speak(self, who: str, language: str) -> None:
        """From now on `who` reads every page in `language`."""
        if self.spoken.get(who) == language:
            return
        context = self.tabs[who].context
        token = next(c["value"] for c in context.cookies() if c["name"] == "csrf")
        form = {"csrfmiddlewaretoken": token, "language": language, "next": "/about/"}
        assert context.request.post("/language/", form=form).ok
        self.spoken[who] = language

    def _note(self, pages: Iterator[Found]) -> None:
        for page in pages:
            self.found.setdefault(self._key(page.route, page.who), page)

    def _key(self, route: str, who: str) -> str:
        return f"{route} of {who}" if route in PERSONAL else route

    def _comes(self, who: str) -> Page:
        context = self.browser.new_context(
            base_url=self.product.url,
            viewport={"width": 390, "height": 844},
            locale="en-IE",
            bypass_csp=True,  # or the page would refuse the script that examines it
            reduced_motion="reduce",  # nothing is looked at while it moves
        )
        context.set_default_timeout(PATIENCE)
        self.tabs[who] = context.new_page()
        self.tabs[who].goto("/account/login/")
        return self.tabs[who]

    def _signs_in(self, who: str, *, username: str = "") -> None:
        page = self._comes(who)
        page.locator("#id_login").fill(username or who)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        self.speak(who, "en")

    def _follows_links(self, who: str) -> Iterator[Found]:
        waiting, followed = [*UNLINKED], set[str]()
        while waiting:
            path = waiting.pop(0)
            route = self._key(route_of(path), who)
            if path in followed or self.seen.get(route, 0) >= DEEP:
                continue
            followed.add(path)
            self.seen[route] = self.seen.get(route, 0) + 1
            answer = self.tabs[who].context.request.get(path)
            if "html" not in answer.headers.get("content-type", ""):
                continue
            there = answer.url.removeprefix(self.product.url)
            yield Found(route_of(there), who, there)
            waiting += links_in(answer.text(), there)

    def _signs_up(self) -> Iterator[Found]:
        """The visitor stops before the last step, the others send."""
        for who in (VISITOR, VOLUNTEER, CALLER):
            page = self._comes(who)
            page.goto("/join/")
            page.get_by_label("Roding").check()
            page.get_by_role("button", name="Start").click()
            go_on(page, called="Nora", full_name="Nora Beck", email="nora@example.org")
            page.locator("[name=topics]").first.check()
            go_on(page, language_1="de", level_1="native")
            page.get_by_label("It changes every week").check()
            go_on(page, town="Roding")
            for box in ("conduct", "keep", "share"):
                page.locator(f"[name={box}]").check()
            go_on(page, born="1980")
        go_on(self.tabs[VOLUNTEER], "Send", username="nora.beck", password=PASSWORD)
        page.get_by_label("No account. Call me.").check()
        go_on(page, "Send")
        yield Found("join_sent", CALLER, "/join/sent/")
        yield from (Found(f"join_step {step}", VISITOR, f"/join/{step}/") for step in STEPS)

    def _brings_in_lists(self) -> Iterator[Found]:
        """One list is taken in; of another the questions stay open."""
        page = self.tabs["chloe"]
        for name, text in LISTS.items():
            page.goto("/import/")
            sheet = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
            page.get_by_label("Your lists").set_input_files([sheet])  # type: ignore[list-item]
            page.get_by_role("button", name="Upload and look").click()
            page.get_by_role("button", name="Continue to the rows").click()
            batch = page.url.removeprefix(self.product.url).removesuffix("rows/")
            if name == "mentors.csv":
                page.goto(f"{batch}take-in/")
                page.get_by_role("button", name=re.compile("^Take in")).click()
                expect(page.get_by_role("heading", name="Your list is in")).to_be_visible(timeout=60_000)
                yield Found("imports:done", "chloe", f"{batch}done/")
        yield Found("imports:mapping", "chloe", f"{batch}columns/")
        yield Found("imports:rows", "chloe", f"{batch}rows/")
        yield Found("imports:commit", "chloe", f"{batch}take-in/")

    def _turns_on_the_second_factor(self) -> Iterator[Found]:
        for who in ("bruno", "admin"):
            page = self.tabs[who]
            page.goto("/account/second-factor/on/")  # the password is asked for once more
            page.locator("#id_password").fill(PASSWORD)
            page.locator("#id_password").press("Enter")
            page.wait_for_url("**/on/")
        yield Found("mfa_activate_totp", "bruno", "/account/second-factor/on/")
        secret = page.locator("#authenticator_secret").input_value()
        page.locator("#id_code").fill(code_now(secret))
        page.locator("#id_code").press("Enter")
        page.wait_for_url(lambda url: "/on/" not in url)
        self._signs_in(HALFWAY, username="admin")
        yield Found("mfa_authenticate", HALFWAY, "/account/second-factor/enter/")
        yield Found("mfa_reauthenticate", "admin", "/account/second-factor/again/")
        yield Found("mfa_deactivate_totp", "admin", "/account/second-factor/off/")
        yield Found("mfa_view_recovery_codes", "admin", "/account/codes/")

    def _hands_out_a_slip(self) -> Iterator[Found]:
        """The first one is used; the second stays unused."""
        page = self.tabs["chloe"]
        for who in (NEW, ""):
            page.goto(self.found["slip_make"].path)
            page.get_by_role("button", name="Make a slip").click()
            path = "/account/slip/" + re.sub(r"\W", "", page.locator(".code").first.inner_text()) + "/"
            if who:
                self._comes(who).goto(path)
                self.tabs[who].locator("main .button").click()  # in their own language
                self.tabs[who].wait_for_url("**/welcome/")
        yield Found("slip_open", VISITOR, path)


def go_on(page: Page, press: str = "Continue", **values: str) -> None:
    """Fill in the fields of one step and send it."""
    for name, value in values.items():
        box = page.locator(f"[name={name}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    here = page.url
    page.get_by_role("main").get_by_role("button", name=press).click()
    page.wait_for_url(lambda url: url != here)


def code_now(secret: str) -> str:
    """What an authenticator app shows (RFC 6238)."""
    count = struct.pack(">Q", int(time.time() // 30))
    digest = hmac.digest(base64.b32decode(secret), count, "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def route_of(path: str) -> str:
    """The name of an address, with its namespace; nothing where no page is."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


def links_in(html: str, base: str) -> list[str]:
    """Addresses of our own pages; what another program drew (the API's) is left out."""
    links = [unescape(link) for link in re.findall(r'href="([^"#]+)', html)]
    links = [base.partition("?")[0] + link if link.startswith("?") else link for link in links]
    return [link for link in links if re.match(r"/(?!/|static/|api/)", link)]
