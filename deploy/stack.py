"""The whole stack on one machine: servers, pages, worker and beat, started, watched and stopped together.

`python -m deploy demo` serves the living example, `run` the operator's own data, `services` only
PostgreSQL and Valkey for work on the code.
"""

import argparse
import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from deploy import keys
from deploy.postgres import Postgres, explain
from deploy.process import Refused, end, spawn, tail
from deploy.supervisor import Service, Supervisor
from deploy.valkey import Valkey

ROOT = Path(__file__).resolve().parents[1]
APPLICATION = "backend.config.asgi:application"
WEB_PROCESSES = 2  # measured with 2,000 sockets: two wait 0.02 s where one waits 0.12 s
# What `make manage` needs to work on the data of a running stack.
ENVIRONMENT = "environment"
SHARED = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "DEMO", "DEBUG", "ALLOWED_HOSTS")
LARGEST_LOG = 10_000_000


class Stopped(BaseException):
    """A signal asked us to stop."""


def main(arguments: Sequence[str] | None = None, *, kind: "type[Stack] | None" = None) -> int:
    """Run until a signal; return the exit status. What cannot go on is said in one sentence."""
    options = parse(arguments)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_once)
    try:
        with ExitStack() as ending:
            (kind or Stack)(options, ending).serve()
    except Stopped:
        say("Stopped.")
        return 0
    except Refused as sentence:
        print(sentence, file=sys.stderr)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(explain("No space left on device", what="The stack", where=options.var), file=sys.stderr)
    return 1


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("mode", choices=["demo", "run", "services"])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where data and logs live")
    options = parser.parse_args(arguments)
    options.var = options.var.absolute()
    return options


def stop_once(number: int, frame: FrameType | None) -> None:
    """Unwind, which stops every child; a second signal must not interrupt that."""
    for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def stage(doing: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    started = time.monotonic()
    yield
    say(f"  {doing}: {time.monotonic() - started:.1f} s")


class Stack:
    """One start. `ending` collects what has to be undone, in reverse order."""

    def __init__(self, options: argparse.Namespace, ending: ExitStack) -> None:
        self.mode, self.host, self.port = options.mode, options.host, options.port
        self.var: Path = options.var
        self.home = self.var / self.mode  # the example and the operator's own data never mix
        self.logs = self.var / "log" / self.mode
        self.ending = ending
        self.supervisor = Supervisor()
        self.environment = dict(os.environ)

    def serve(self) -> None:
        """Start everything, say where it answers, and watch it until stopped or beyond help."""
        self.check_intent()
        for folder in (self.home, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.ending.enter_context(only_start(self.home))
        listener = None if self.mode == "services" else self.ending.enter_context(self.listen())
        self.ending.callback(self.supervisor.stop)
        self.configure()
        with stage("PostgreSQL and Valkey"):
            self.start_servers()
        if listener is None:
            for name in ("DATABASE_URL", "REDIS_URL"):
                say(f"export {name}='{self.environment[name]}'")
        else:
            self.prepare()
            with stage("pages"):
                self.start_pages(listener)
                self.wait_for_page()
            say(f"Ready on http://{self.host}:{self.port}")
            self.start_workers()
        self.supervisor.watch()

    def check_intent(self) -> None:
        """Refuse to serve real people from an embedded database that nobody asked for."""
        asked = self.mode != "run" or switched_on("SOFTLANDING_EMBEDDED") or switched_on("DEBUG")
        missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
        if missing and not asked:
            raise Refused(
                f"{' and '.join(missing)} not set: name your server there, "
                "or set SOFTLANDING_EMBEDDED=1 to use the one that comes with this."
            )

    def configure(self) -> None:
        """Fill the environment of the children: keys, addresses, and what the example needs."""
        embedded = self.mode == "demo" or switched_on("SOFTLANDING_EMBEDDED") or switched_on("DEBUG")
        if embedded:
            self.environment = keys.load(self.var / "secrets.env") | self.environment
        defaults = {
            "DJANGO_SETTINGS_MODULE": "backend.config.settings",
            "PYTHONUNBUFFERED": "1",
            "SITE_URL": f"http://{self.host}:{self.port}",
            # Celery runs Django's checks at every start, 0.7 s of each process; `make check` runs them once.
            "CELERY_SKIP_CHECKS": "1",
            # scikit-learn in the one worker must not take both cores from the pages
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        if self.mode == "demo":
            self.environment["DEMO"] = "1"
        self.environment = defaults | self.environment

    def start_servers(self) -> None:
        """Start side by side what the environment does not name already."""
        servers: list[Postgres | Valkey] = []
        for name, server in (
            ("DATABASE_URL", Postgres(self.home / "postgres", log=self.log("postgres"))),
            ("REDIS_URL", Valkey(self.home / "valkey", log=self.log("valkey"))),
        ):
            if not self.environment.get(name):
                self.supervisor.add(
                    Service(
                        server.name, start=server.restart, stop=server.stop, log=server.log, is_server=True
                    )
                )
                servers.append(server)
                self.environment[name] = server.url
        for server in servers:
            server.wait()
        keys.write(self.home / ENVIRONMENT, {name: self.environment.get(name, "") for name in SHARED})

    def prepare(self) -> None:
        """Bring the database up to date, and fill it once, in a process that ends again."""
        child = self.python("-m", "deploy.prepare", self.mode, log=None)
        try:
            if child.wait():
                raise Refused("The database could not be prepared; the reason stands above.")
        finally:
            end(child)

    def start_pages(self, listener: socket.socket) -> None:
        for number in range(1, WEB_PROCESSES + 1):
            self.add_pages(number, APPLICATION, listener)

    def start_workers(self) -> None:
        """Start worker and beat, after the first page: side by side they would hold it up on two cores.
        Nothing is lost meanwhile, since every job is a row first."""
        celery = ("-m", "celery", "-A", "backend.config.celery")
        # Threads, since most tasks wait for the network; no mingle or gossip, since there is one worker.
        worker = ("worker", "--pool=threads", "--concurrency=2", "--without-mingle", "--without-gossip")
        # No pid file: one left by a crash would keep beat from starting.
        beat = ("beat", "--pidfile=", f"--schedule={self.home / 'beat'}")
        self.add("worker", *celery, *worker, "--loglevel=INFO")
        self.add("beat", *celery, *beat, "--loglevel=WARNING")

    def add_pages(self, number: int, application: str, listener: socket.socket) -> None:
        fd = listener.fileno()
        self.add(f"pages {number}", "-m", "deploy.web", application, str(fd), fds=[fd])

    def add(self, name: str, *arguments: str, fds: Sequence[int] = ()) -> None:
        log = self.log(name.replace(" ", "-"))
        self.supervisor.add(Service(name, start=lambda: self.python(*arguments, log=log, fds=fds), log=log))

    def python(self, *arguments: str, log: Path | None, fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        command = [sys.executable, *arguments]
        if log is None:
            return spawn(command, cwd=ROOT, env=self.environment)
        with log.open("ab") as output:
            return spawn(command, log=output, cwd=ROOT, env=self.environment, pass_fds=fds)

    def log(self, name: str) -> Path:
        """Return the log file of a child, put aside once it has grown large."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def listen(self) -> socket.socket:
        """Take the port before anything else is started. All web processes accept from this socket,
        so that a connection waits in its queue while one of them is started anew."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE:
                raise Refused(
                    f"Port {self.port} is in use: stop what uses it, "
                    f"or take another with make {self.mode} PORT={self.port + 1}."
                ) from error
            raise Refused(f"{self.host}:{self.port} cannot be used: {error.strerror}.") from error
        listener.listen(2048)
        return listener

    def wait_for_page(self, *, patience: float = 90) -> None:
        """Return once the first page answers, children watched meanwhile; raises Refused."""
        deadline = time.monotonic() + patience
        while not self.page_answers():
            self.supervisor.look()
            if time.monotonic() > deadline:
                log = self.log("pages-1")
                raise Refused(f"No page answered within {patience:.0f} s; {log} ends with:\n{tail(log)}")
            time.sleep(0.05)

    def page_answers(self) -> bool:
        """Ask as a browser would; the queue of the listener holds the question until a process is there."""
        host = self.environment.get("ALLOWED_HOSTS", "").split(",")[0].strip() or f"127.0.0.1:{self.port}"
        # The kernel takes a connection to the address that means "all" as one to this machine.
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/", headers={"Host": host, "Accept": "text/html"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def only_start(home: Path) -> Iterator[TextIO]:
    """Hold the lock on this data. The kernel frees it when we die, however that happens."""
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise Refused(
                f"{home} is in use by another start (process {holder}): stop that one first."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


def switched_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}
