"""The whole product as it is deployed: PostgreSQL, Valkey, two page processes, worker and beat, and a browser."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
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
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="softlanding-journey-"))
    environment = os.environ | {
        "DATABASE_URL": _new_database(f"journey_{os.getpid()}"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEBUG": "0",
        "EMAIL_URL": "consolemail://",
    }
    product = Living(f"http://127.0.0.1:{port}", environment)
    product.manage("migrate", "--verbosity=0")
    product.manage("import_places", "--countries", "IE")
    _say_done(environment["DATABASE_URL"], "import_places")
    said = folder / "said"
    with said.open("wb") as output:
        stack = subprocess.Popen(
            [sys.executable, "-m", "deploy", "run", "--port", str(port), "--var", str(folder)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        ready = f"Ready on {product.url}"
        eventually(lambda: ready in said.read_text() or stack.poll() is not None, within=90)
        assert ready in said.read_text(), said.read_text()
        yield product
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
    """Somebody with a browser of their own; `phone` is how newcomers come. Errors of scripts fail the test."""

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
