"""Whole stacks as processes, as ourselves and, where we are root, as an ordinary user too."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deploy.postgres import Postgres
from deploy.valkey import free_port

ROOT = Path(__file__).resolve().parents[2]
Account = pwd.struct_passwd | None


def eventually(check: Callable[[], Any], *, within: float = 15, what: str = "") -> Any:
    """Ask until the answer is true; fail with `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := check()):
        assert time.monotonic() < deadline, what or f"{check} did not come true within {within} s"
        time.sleep(0.02)
    return answer


def identity(who: Account) -> dict[str, Any]:
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}


@cache
def interpreter(who: Account) -> str | None:
    """Return a Python of our version that `who` may execute, able to import what is installed."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            command = [python, "-c", "import psycopg, uvicorn, redis, cryptography, deploy.stack"]
            if not subprocess.run(
                command, cwd="/", env=environment(), capture_output=True, **identity(who)
            ).returncode:
                return python
        except OSError:
            continue
    return None


def environment(**more: str) -> dict[str, str]:
    packages = [entry for entry in sys.path if entry.endswith("-packages")]
    path = os.pathsep.join([str(ROOT), *packages, str(ROOT / "tests/deploy/older")])
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": path, "LC_ALL": "C.UTF-8"} | more


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill_9(pids: Iterable[int]) -> None:
    """Kill each; one that a killed parent has taken along already is fine."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Return the living processes below `pid`, parents first; some may end while we look."""
    found: list[int] = []
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return found
    for child in children:
        found += [int(child), *descendants(int(child))]
    return found


@dataclass
class Run:
    """One start of the small stack."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path
    seen: set[int] = field(default_factory=set)

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ready(self) -> "Run":
        line = f"Ready on http://127.0.0.1:{self.port}"
        eventually(lambda: line in self.said or self.process.poll() is not None)
        assert line in self.said, self.said
        self.seen |= set(self.tree)
        return self

    @property
    def tree(self) -> list[int]:
        return [self.process.pid, *descendants(self.process.pid)]

    @property
    def servers(self) -> tuple[str, str]:
        (line,) = [line for line in self.said.splitlines() if line.startswith("servers ")]
        _, database, valkey = line.split()
        return database, valkey

    def page(self) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return bytes(answer.read())

    def ended(self) -> int:
        return self.process.wait(30)

    def everything_ended(self) -> None:
        eventually(
            lambda: not any(map(is_alive, self.seen)), what=f"still there: {[*filter(is_alive, self.seen)]}"
        )


@dataclass
class Ground:
    """A place to start stacks in, as `who`."""

    who: Account
    folder: Path
    runs: list[Run] = field(default_factory=list)

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def start(self, port: int | None = None, mode: str = "demo", /, **env: str) -> Run:
        port = port or free_port()
        output = self.folder / f"output-{len(self.runs)}"
        python = interpreter(self.who)
        assert python
        command = [
            python,
            "-m",
            "tests.deploy.small_stack",
            mode,
            "--var",
            str(self.var),
            "--port",
            str(port),
        ]
        with output.open("wb") as file:
            process = subprocess.Popen(
                command, cwd="/", stdout=file, stderr=file, env=environment(**env), **identity(self.who)
            )
        self.runs.append(Run(process, port, output))
        return self.runs[-1]

    def close(self) -> None:
        for run in self.runs:
            if run.process.poll() is None:
                run.process.send_signal(signal.SIGTERM)
                run.process.wait(30)
        # What a run that was killed could not remove itself.
        name = Postgres(self.var / "demo" / "postgres", log=self.var).sockets.name
        for folder in (self.folder, Path("/run", name), Path(tempfile.gettempdir(), name)):
            shutil.rmtree(folder, ignore_errors=True)


def ground(who: Account) -> Iterator[Ground]:
    if interpreter(who) is None:
        pytest.skip("an ordinary user cannot reach this checkout or a Python of this version")
    folder = Path(tempfile.mkdtemp(prefix="softlanding-deploy-"))
    if who:
        os.chown(folder, who.pw_uid, who.pw_gid)
    place = Ground(who, folder)
    try:
        yield place
    finally:
        place.close()


def ordinary_user() -> Account:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


@pytest.fixture
def place() -> Iterator[Ground]:
    """A ground as ourselves: root in a container, an ordinary user elsewhere."""
    yield from ground(None)


@pytest.fixture(params=["ourselves", "ordinary user"])
def any_place(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """The same ground as ourselves and, where we are root, as an ordinary user."""
    if request.param == "ordinary user" and os.geteuid() != 0:
        pytest.skip("we are an ordinary user already")
    yield from ground(ordinary_user() if request.param == "ordinary user" else None)
