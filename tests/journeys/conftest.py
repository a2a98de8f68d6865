"""The whole product as it is deployed: PostgreSQL, Valkey, two pages, worker, beat, and a browser."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext

from deploy.valkey import free_port
from tests.deploy.conftest import eventually
from tests.support import browser as chromium

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15_000  # milliseconds a page may take before a step counts as failed


@dataclass(frozen=True)
class Living:
    """A running stack: where its pages are, and how to run a command of `manage.py` on its data."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        """Run this Python on the product's data; give what it said."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def living() -> Iterator[Living]:
    """The stack with an empty database of its own and the towns of one country."""
    product = _product("living")
    product.manage("migrate", "--verbosity=0")
    product.manage("import_places", "--countries", "IE")
    with _running(product):
        yield product


@pytest.fixture(scope="session")
def example() -> Iterator[Living]:
    """The stack with the example's people, mentorings and conversations, a sixth of them."""
    product = _product("example", DEMO="1")
    product.run("-m", "tests.journeys.fill")
    with _running(product):
        yield product


def _product(name: str, **environment: str) -> Living:
    port = free_port()
    return Living(
        f"http://127.0.0.1:{port}",
        os.environ
        | {
            "DATABASE_URL": _new_database(f"{name}_{os.getpid()}"),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "INDEX_KEY": os.environ["SECRET_KEY"],  # or the stack would make one that `manage` does not know
            "DEBUG": "0",
            "EMAIL_URL": "consolemail://",
        }
        | environment,
    )


@contextmanager
def _running(product: Living) -> Iterator[None]:
    folder = Path(tempfile.mkdtemp(prefix="softlanding-journey-"))
    _say_done(product.environment["DATABASE_URL"], "import_places")
    said = folder / "said"
    port = product.url.rpartition(":")[2]
    # A Valkey of its own: with one for two stacks, the worker of one is woken for the jobs of the other.
    environment = {name: value for name, value in product.environment.items() if name != "REDIS_URL"}
    with said.open("wb") as output:
        stack = subprocess.Popen(
            [sys.executable, "-m", "deploy", "run", "--port", port, "--var", str(folder)],
            cwd=ROOT,
            env=environment | {"SOFTLANDING_EMBEDDED": "1"},
            stdout=output,
            stderr=output,
        )
    try:
        ready = f"Ready on {product.url}"
        eventually(lambda: ready in said.read_text() or stack.poll() is not None, within=90)
        assert ready in said.read_text(), said.read_text()
        yield
    finally:
        stack.send_signal(signal.SIGTERM)
        stack.wait(30)


def _new_database(name: str) -> str:
    """A database beside those of the tests; gives its address."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    before, _, query = address.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{query}"


def _say_done(address: str, command: str) -> None:
    """The stack fills a new database with all of Europe; this one has what it needs."""
    from deploy.prepare import DONE

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(DONE)
        connection.execute("INSERT INTO deploy_done (name) VALUES (%s)", [command])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.browser() as one:
        yield one


@pytest.fixture
def new_visitor(browser: Browser, living: Living) -> Iterator["NewVisitor"]:
    visitors = NewVisitor(browser, living)
    yield visitors
    visitors.leave()


class NewVisitor:
    """Somebody with a browser of their own; `phone`: as newcomers come. Errors of scripts fail the test."""

    def __init__(self, browser: Browser, living: Living) -> None:
        self.browser, self.living = browser, living
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def __call__(self, *, phone: bool = False, scripts: bool = True):
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 1000}
        context = self.browser.new_context(
            base_url=self.living.url, viewport=size, java_script_enabled=scripts, locale="en-IE"
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)
        self.contexts.append(context)
        return page

    def _listen(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.errors == []
