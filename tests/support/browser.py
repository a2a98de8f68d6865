"""One Chromium for the journeys: Debian's where it is, installed where we may, else Playwright's own."""

import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

DEBIAN = "/usr/bin/chromium"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL = (
    ["apt-get", "update", "-q"],
    ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
)


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a headless Chromium. Without one the test is skipped with the reason; with CI=true it fails."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright, find(playwright))
        except PlaywrightError as error:
            missing(f"no browser starts: {str(error).strip().splitlines()[0]}")
        try:
            yield chromium
        finally:
            chromium.close()


def launch(playwright: Playwright, program: str | None) -> Browser:
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    return playwright.chromium.launch(executable_path=program, args=flags, headless=True)


@functools.cache
def find(playwright: Playwright) -> str | None:
    """Return the program to start, or None for Playwright's own."""
    if not Path(DEBIAN).exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in INSTALL:
            subprocess.run(command, env=env, check=False, capture_output=True, timeout=600)
    if Path(DEBIAN).exists():
        return DEBIAN
    if not Path(playwright.chromium.executable_path).exists():
        missing(f"no {DEBIAN}, and neither apt-get nor playwright has installed one")
    return None


def missing(reason: str) -> NoReturn:
    """Skip; where CI promises a browser, fail instead, so that no journey is lost unnoticed."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"Browser tests must run here, but {reason}.")
    pytest.skip(f"Browser tests need Chromium: {reason}. Install it with apt-get install chromium.")
